//! Inline schemas of single values that stand for the same type: bounds and lists of values that occur again and again
//! get one type, which is called after what it holds or where it is used, not after the way to the first of them.

use std::collections::HashMap;

use super::{Case, Form, Name};
use crate::contract::{Api, Length, Schema, SchemaId, Shape};

/// How often each kind of inline schema occurs.
pub(super) struct Alike {
    kinds: HashMap<String, Kind>,
}

/// What is known of schemas that are alike.
#[derive(Default)]
struct Kind {
    count: usize,
    first: Option<SchemaId>,
}

impl Alike {
    /// Counts the schemas of an API.
    pub(super) fn of(api: &Api, forms: &[Form]) -> Self {
        let mut kinds: HashMap<String, Kind> = HashMap::new();
        for ((_, schema), form) in api.schemas.iter().zip(forms) {
            if let Some(key) = key(schema, *form) {
                kinds.entry(key).or_default().count += 1;
            }
        }
        Self { kinds }
    }

    /// Whether that schema is of a kind that occurs several times, and the one of it that was met before.
    pub(super) fn meet(&mut self, id: SchemaId, schema: &Schema, form: Form) -> Met {
        let kind = key(schema, form).and_then(|key| self.kinds.get_mut(&key));
        let Some(kind) = kind.filter(|kind| kind.count > 1) else { return Met::Alone };
        match kind.first {
            Some(first) => Met::Again(first),
            None => {
                kind.first = Some(id);
                Met::First
            }
        }
    }
}

/// What became known when a schema was met.
pub(super) enum Met {
    /// No other is like it.
    Alone,
    /// It is the first of its kind.
    First,
    /// It is like that one.
    Again(SchemaId),
}

/// The same text for what becomes the same type; `None` for what has a name, and for what others stand in.
fn key(schema: &Schema, form: Form) -> Option<String> {
    let is_single = match (&schema.shape, form) {
        (Shape::Enumeration(_), Form::Enumeration) => true,
        (shape, Form::Constrained) => {
            matches!(shape, Shape::Integer { .. } | Shape::Number { .. } | Shape::String { .. })
        }
        _ => false,
    };
    let is_plain = schema.name.is_none() && !schema.deprecated && !schema.unsupported;
    (is_single && is_plain).then(|| {
        let source = &schema.place.source;
        format!("{source} {:?} {:?} {form:?}", schema.shape, schema.default)
    })
}

/// What a type is called by its bounds alone; `None` where they are no few numbers.
pub(super) fn called(shape: &Shape) -> Option<Name> {
    let text = match shape {
        Shape::String { length, pattern: None, .. } => {
            let Length { minimum, maximum } = *length;
            let minimum = minimum.map(|least| format!("from {least}"));
            let maximum = maximum.map(|most| format!("to {most}"));
            format!("text {} {}", minimum.unwrap_or_default(), maximum.unwrap_or_default())
        }
        Shape::Integer { minimum, maximum, multiple_of: None, .. } => {
            let end = |word: &str, bound: Option<&crate::contract::Bound>| match bound {
                None => Some(String::new()),
                Some(bound) if bound.exclusive => None,
                Some(bound) => {
                    Some(format!("{word} {}", bound.value.to_string().replace('-', "minus ")))
                }
            };
            format!("integer {} {}", end("from", minimum.as_ref())?, end("to", maximum.as_ref())?)
        }
        _ => return None,
    };
    Some(Name::new(&text, Case::Type))
}

/// What stands at the top of a type that several members have.
pub(super) const ABOUT: &str = "What several members and parameters are.";
