//! Near misses: values that break exactly one constraint, and say which.

use std::fmt;

use generator::contract::{
    Additional, Bound, Length, NumberFormat, Place, Pointer, Property, SchemaId, Schemas, Shape,
};
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::valid::{Depth, integer_range, is_sent, valid, whole_number};

/// A constraint that a value can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constraint {
    /// The JSON type.
    Type,
    /// `minimum`.
    Minimum,
    /// `maximum`.
    Maximum,
    /// `multipleOf`.
    MultipleOf,
    /// The width a number's `format` names.
    Format,
    /// `minLength`.
    MinLength,
    /// `maxLength`.
    MaxLength,
    /// `pattern`.
    Pattern,
    /// `enum`.
    Enumeration,
    /// `minItems`.
    MinItems,
    /// `maxItems`.
    MaxItems,
    /// `uniqueItems`.
    UniqueItems,
    /// `required`.
    Required,
    /// `additionalProperties: false`.
    AdditionalProperties,
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Type => "type",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::MultipleOf => "multipleOf",
            Self::Format => "format",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::Pattern => "pattern",
            Self::Enumeration => "enum",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::UniqueItems => "uniqueItems",
            Self::Required => "required",
            Self::AdditionalProperties => "additionalProperties",
        })
    }
}

/// Values that break one constraint.
#[derive(Clone, Debug)]
pub struct Miss {
    /// Where in the value the fault is.
    pub pointer: Pointer,
    /// What is broken.
    pub constraint: Constraint,
    /// Where the constraint stands.
    pub place: Place,
    /// Such values.
    pub values: BoxedStrategy<Value>,
}

/// No schema gives more near misses than this.
const MOST: usize = 200;
/// Near misses are made this many members deep.
const DEEPEST: usize = 5;
/// The longest text that is made to be too long.
const LONGEST: u64 = 40_000;

/// Every constraint of the schema, broken once: in the value itself, and in each member and item below it.
#[must_use]
pub fn misses(schemas: &Schemas, id: SchemaId) -> Vec<Miss> {
    let mut found = below(schemas, id, 0);
    found.truncate(MOST);
    found
}

fn below(schemas: &Schemas, id: SchemaId, level: usize) -> Vec<Miss> {
    let Some(schema) = schemas.get(id) else { return Vec::new() };
    let miss = |(constraint, values): (Constraint, BoxedStrategy<Value>)| Miss {
        pointer: Pointer::root(),
        constraint,
        place: schema.place.clone(),
        values,
    };
    let own = own(schemas, id, &schema.shape);
    let mut found: Vec<_> = own.into_iter().map(miss).collect();
    if level < DEEPEST {
        found.extend(inner(schemas, id, &schema.shape, level));
    }
    found
}

/// Constraints of the value itself.
fn own(schemas: &Schemas, id: SchemaId, shape: &Shape) -> Vec<(Constraint, BoxedStrategy<Value>)> {
    let mut found = Vec::new();
    found.extend(wrong_type(shape).map(|values| (Constraint::Type, values)));
    match shape {
        Shape::Integer { format, minimum, maximum, multiple_of } => {
            found.extend(outside(*format, minimum.as_ref(), maximum.as_ref()));
            found.extend(between(multiple_of.as_ref()));
        }
        Shape::Number { minimum, maximum, .. } => {
            found.extend(minimum.as_ref().map(|bound| (Constraint::Minimum, beyond(bound, -1.0))));
            found.extend(maximum.as_ref().map(|bound| (Constraint::Maximum, beyond(bound, 1.0))));
        }
        Shape::String { length, pattern, .. } => {
            found.extend(text_lengths(*length, pattern.is_some()));
            found.extend(pattern.as_deref().and_then(unlike));
        }
        Shape::Enumeration(values) => found.extend(unlisted(values)),
        Shape::Array { length, unique, .. } => found.extend(counts(schemas, id, *length, *unique)),
        Shape::Object { additional: Additional::Refused, .. } => {
            let values = valid(schemas, id, Depth(1))
                .prop_map(|value| with_member(value, "unknownMember", Value::Bool(true)));
            found.push((Constraint::AdditionalProperties, values.boxed()));
        }
        _ => {}
    }
    found
}

/// Faults in members and items.
fn inner(schemas: &Schemas, id: SchemaId, shape: &Shape, level: usize) -> Vec<Miss> {
    match shape {
        Shape::Object { properties, .. } => properties
            .iter()
            .filter(|property| is_sent(schemas, property))
            .flat_map(|property| in_member(schemas, id, property, level))
            .collect(),
        Shape::Array { items, .. } => below(schemas, *items, level + 1)
            .into_iter()
            .map(|miss| {
                deeper(miss, "0", |_, value| Value::Array(vec![value]), Just(Value::Null).boxed())
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn in_member(schemas: &Schemas, object: SchemaId, property: &Property, level: usize) -> Vec<Miss> {
    let whole = valid(schemas, object, Depth(1));
    let mut found: Vec<_> = below(schemas, property.schema, level + 1)
        .into_iter()
        .map(|miss| {
            let name = property.name.clone();
            deeper(
                miss,
                &property.name,
                move |whole, value| with_member(whole, &name, value),
                whole.clone(),
            )
        })
        .collect();
    if property.required {
        let name = property.name.clone();
        found.push(Miss {
            pointer: Pointer::root().child(&*name),
            constraint: Constraint::Required,
            place: property.place.clone(),
            values: whole.prop_map(move |value| without_member(value, &name)).boxed(),
        });
    }
    found
}

/// The same miss, one step further in.
fn deeper(
    miss: Miss,
    segment: &str,
    put: impl Fn(Value, Value) -> Value + 'static,
    whole: BoxedStrategy<Value>,
) -> Miss {
    let segments =
        std::iter::once(segment.to_owned()).chain(miss.pointer.segments().iter().cloned());
    Miss {
        pointer: Pointer::from_segments(segments),
        values: (whole, miss.values).prop_map(move |(whole, value)| put(whole, value)).boxed(),
        ..miss
    }
}

fn with_member(whole: Value, name: &str, value: Value) -> Value {
    let mut map = match whole {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    map.insert(name.to_owned(), value);
    Value::Object(map)
}

fn without_member(whole: Value, name: &str) -> Value {
    match whole {
        Value::Object(mut map) => {
            map.remove(name);
            Value::Object(map)
        }
        other => other,
    }
}

/// Values of every other JSON type. `null` is left out where a server may well read it as absent.
fn wrong_type(shape: &Shape) -> Option<BoxedStrategy<Value>> {
    let text = || Value::from("abc");
    let list = || Value::Array(vec![Value::Bool(true)]);
    let object = || Value::Object(Map::from_iter([("a".to_owned(), Value::Bool(true))]));
    let others = match shape {
        Shape::Boolean => vec![text(), Value::from(12), list()],
        Shape::Integer { .. } => vec![text(), Value::from(1.5), list(), object()],
        Shape::Number { .. } => vec![text(), list(), object()],
        Shape::String { .. } => vec![Value::from(12), Value::Bool(true), list(), object()],
        Shape::Array { .. } => vec![text(), Value::from(12), object()],
        Shape::Object { .. } => vec![text(), Value::from(12), list()],
        Shape::Enumeration(values) if values.iter().all(Value::is_string) => {
            vec![Value::from(12), list()]
        }
        _ => return None,
    };
    Some(proptest::sample::select(others).boxed())
}

fn outside(
    format: NumberFormat,
    minimum: Option<&Bound>,
    maximum: Option<&Bound>,
) -> Vec<(Constraint, BoxedStrategy<Value>)> {
    let (low, high) = integer_range(format, minimum, maximum);
    let side = |bounded: bool, constraint, edge: i128, sign: i128| {
        let constraint = match (bounded, format) {
            (true, _) => constraint,
            (false, NumberFormat::Int32 | NumberFormat::Int64) => Constraint::Format,
            (false, _) => return None,
        };
        let near = (1i128..=3).prop_map(move |step| whole_number(edge.saturating_add(step * sign)));
        Some((constraint, near.boxed()))
    };
    side(minimum.is_some(), Constraint::Minimum, low, -1)
        .into_iter()
        .chain(side(maximum.is_some(), Constraint::Maximum, high, 1))
        .collect()
}

fn between(multiple_of: Option<&Number>) -> Option<(Constraint, BoxedStrategy<Value>)> {
    let step = multiple_of?.as_i64().filter(|step| *step > 1)?;
    Some((
        Constraint::MultipleOf,
        (0i64..10).prop_map(move |count| Value::from(count * step + 1)).boxed(),
    ))
}

fn beyond(bound: &Bound, sign: f64) -> BoxedStrategy<Value> {
    let edge = bound.value.as_f64().unwrap_or_default();
    (1u8..10)
        .prop_map(move |step| {
            Number::from_f64(sign.mul_add(f64::from(step), edge)).map_or(Value::Null, Value::Number)
        })
        .boxed()
}

fn text_lengths(length: Length, patterned: bool) -> Vec<(Constraint, BoxedStrategy<Value>)> {
    // With a pattern beside it, a text of the wrong length breaks both, which is not a near miss.
    if patterned {
        return Vec::new();
    }
    let letters = |count: u64| {
        Just(Value::String("a".repeat(usize::try_from(count).unwrap_or_default()))).boxed()
    };
    let short = length
        .minimum
        .filter(|least| *least > 0)
        .map(|least| (Constraint::MinLength, letters(least - 1)));
    let long = length
        .maximum
        .filter(|most| *most < LONGEST)
        .map(|most| (Constraint::MaxLength, letters(most + 1)));
    short.into_iter().chain(long).collect()
}

fn unlike(pattern: &str) -> Option<(Constraint, BoxedStrategy<Value>)> {
    let expression = regex::Regex::new(pattern).ok()?;
    let tries = [
        "",
        " ",
        "a",
        "A",
        "0",
        "-",
        "é",
        "\u{1F980}",
        "a b",
        "!!",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];
    let unlike: Vec<_> = tries
        .into_iter()
        .filter(|text| !text.is_empty() && !expression.is_match(text))
        .map(Value::from)
        .collect();
    (!unlike.is_empty()).then(|| (Constraint::Pattern, proptest::sample::select(unlike).boxed()))
}

fn unlisted(values: &[Value]) -> Option<(Constraint, BoxedStrategy<Value>)> {
    let texts: Vec<_> = values.iter().filter_map(Value::as_str).collect();
    if texts.len() == values.len() {
        let near = texts.first().map(|text| Value::from(format!("{text}x")))?;
        let others = vec![near, Value::from("NOT_LISTED")];
        return Some((Constraint::Enumeration, proptest::sample::select(others).boxed()));
    }
    let numbers: Vec<_> = values.iter().filter_map(Value::as_i64).collect();
    let highest =
        (numbers.len() == values.len()).then(|| numbers.iter().max().copied()).flatten()?;
    Some((Constraint::Enumeration, Just(Value::from(highest.saturating_add(1))).boxed()))
}

fn counts(
    schemas: &Schemas,
    id: SchemaId,
    length: Length,
    unique: bool,
) -> Vec<(Constraint, BoxedStrategy<Value>)> {
    let Some(Shape::Array { items, .. }) = schemas.get(id).map(|schema| &schema.shape) else {
        return Vec::new();
    };
    let of = |count: u64| {
        let count = usize::try_from(count).unwrap_or_default();
        proptest::collection::vec(valid(schemas, *items, Depth(1)), count)
            .prop_map(Value::Array)
            .boxed()
    };
    let few = length
        .minimum
        .filter(|least| (1..=1000).contains(least))
        .map(|least| (Constraint::MinItems, of(least - 1)));
    let many = length
        .maximum
        .filter(|most| !unique && *most < 1000)
        .map(|most| (Constraint::MaxItems, of(most + 1)));
    let twice = unique.then(|| {
        let pair = valid(schemas, *items, Depth(1))
            .prop_map(|item| Value::Array(vec![item.clone(), item]));
        (Constraint::UniqueItems, pair.boxed())
    });
    few.into_iter().chain(many).chain(twice).collect()
}
