//! What each schema is in Rust: a type that is there already, or one of its own. Gives no names.

use std::collections::BTreeSet;

use crate::contract::{
    Additional, Api, Bound, Length, NumberFormat, SchemaId, Schemas, Shape, StringFormat,
};

/// What the values of a schema are in Rust, `null` aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any JSON value, `null` among them.
    Any,
    /// No value.
    Never,
    /// `bool`.
    Boolean,
    /// A whole number.
    Integer(Width),
    /// `f64`.
    Number,
    /// A text.
    Text(Text),
    /// `Vec` of that.
    List(SchemaId),
    /// A map of member names to that, or to anything.
    Map(Option<SchemaId>),
    /// A type of its own that holds a value within bounds.
    Constrained,
    /// An enum of listed values.
    Enumeration,
    /// A struct.
    Object,
    /// An enum of alternatives.
    Union,
}

impl Form {
    /// Whether the schema has a type of its own.
    #[must_use]
    pub fn is_own(self) -> bool {
        matches!(self, Self::Constrained | Self::Enumeration | Self::Object | Self::Union)
    }
}

/// The width of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u64`, where the bounds leave the range of `i64`.
    U64,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// `String`.
    Plain,
    /// Bytes in base64.
    Base64,
    /// A date.
    Date,
    /// A date and time.
    DateTime,
    /// A UUID.
    Uuid,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
}

/// The form of every schema, by its number.
#[must_use]
pub(super) fn forms(api: &Api) -> Vec<Form> {
    let mut forms: Vec<Form> =
        api.schemas
            .iter()
            .map(|(_, schema)| {
                if is_constrained(&schema.shape) { Form::Constrained } else { plain(&schema.shape) }
            })
            .collect();
    let aliases = endless_aliases(&api.schemas, &forms);
    let unions = endless_unions(&api.schemas);
    let fixes = aliases.into_iter().map(|id| (id, Form::Constrained));
    for (id, fixed) in fixes.chain(unions.into_iter().map(|id| (id, Form::Never))) {
        if let Some(form) = forms.get_mut(id.0 as usize) {
            *form = fixed;
        }
    }
    forms
}

/// The form of a shape whose bounds are left aside.
#[must_use]
pub(super) fn plain(shape: &Shape) -> Form {
    match shape {
        Shape::Any => Form::Any,
        Shape::Never => Form::Never,
        Shape::Boolean => Form::Boolean,
        Shape::Integer { format, minimum, maximum, .. } => {
            Form::Integer(width(*format, minimum.as_ref(), maximum.as_ref()))
        }
        Shape::Number { .. } => Form::Number,
        Shape::String { format, .. } => Form::Text(text(format)),
        Shape::Enumeration(values) if values.is_empty() => Form::Never,
        Shape::Enumeration(_) => Form::Enumeration,
        Shape::Array { items, .. } => Form::List(*items),
        Shape::Object { properties, additional, .. } => match additional {
            _ if !properties.is_empty() => Form::Object,
            Additional::Refused => Form::Object,
            Additional::Unsaid | Additional::Any => Form::Map(None),
            Additional::Of(member) => Form::Map(Some(*member)),
        },
        Shape::Union(union) if union.variants.is_empty() => Form::Never,
        Shape::Union(_) => Form::Union,
    }
}

fn text(format: &StringFormat) -> Text {
    match format {
        StringFormat::Byte => Text::Base64,
        StringFormat::Date => Text::Date,
        StringFormat::DateTime => Text::DateTime,
        StringFormat::Uuid => Text::Uuid,
        StringFormat::Ipv4 => Text::Ipv4,
        StringFormat::Ipv6 => Text::Ipv6,
        StringFormat::Unsaid
        | StringFormat::Binary
        | StringFormat::Password
        | StringFormat::Other(_) => Text::Plain,
    }
}

fn width(format: NumberFormat, minimum: Option<&Bound>, maximum: Option<&Bound>) -> Width {
    let beyond = |bound: Option<&Bound>| {
        bound.is_some_and(|bound| {
            bound.value.as_u64().is_some_and(|value| i64::try_from(value).is_err())
        })
    };
    match format {
        NumberFormat::Int32 => Width::I32,
        _ if beyond(minimum) || beyond(maximum) => Width::U64,
        _ => Width::I64,
    }
}

fn is_constrained(shape: &Shape) -> bool {
    let bounded = |length: &Length| *length != Length::default();
    match shape {
        Shape::Integer { minimum, maximum, multiple_of, .. }
        | Shape::Number { minimum, maximum, multiple_of, .. } => {
            minimum.is_some() || maximum.is_some() || multiple_of.is_some()
        }
        Shape::String { length, pattern, .. } => bounded(length) || pattern.is_some(),
        Shape::Array { length, unique, .. } => bounded(length) || *unique,
        Shape::Object { size, .. } => bounded(size) && matches!(plain(shape), Form::Map(_)),
        _ => false,
    }
}

/// Lists and maps that hold themselves with no type between: as aliases they would have no end.
fn endless_aliases(schemas: &Schemas, forms: &[Form]) -> Vec<SchemaId> {
    let mut endless = BTreeSet::new();
    for (start, _) in schemas.iter() {
        let mut seen = BTreeSet::new();
        let mut at = Some(start);
        while let Some(id) = at {
            if endless.contains(&id) {
                break;
            }
            if !seen.insert(id) {
                endless.insert(id);
                break;
            }
            at = match forms.get(id.0 as usize) {
                Some(Form::List(inner) | Form::Map(Some(inner))) => Some(*inner),
                _ => None,
            };
        }
    }
    endless.into_iter().collect()
}

/// Unions that are alternatives of themselves, with nothing but unions between: trying them has no end.
fn endless_unions(schemas: &Schemas) -> Vec<SchemaId> {
    let variants = |id: SchemaId| match schemas.get(id).map(|schema| &schema.shape) {
        Some(Shape::Union(union)) => union.variants.as_slice(),
        _ => &[],
    };
    let is_endless = |start: SchemaId| {
        let mut seen = BTreeSet::new();
        let mut next = variants(start).to_vec();
        while let Some(id) = next.pop() {
            if id == start {
                return true;
            }
            if seen.insert(id) {
                next.extend(variants(id));
            }
        }
        false
    };
    schemas.iter().map(|(id, _)| id).filter(|id| is_endless(*id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Place, Pointer, Schema, Union, UnionKind};

    fn api(shapes: Vec<Shape>) -> Api {
        let mut schemas = Schemas::default();
        for shape in shapes {
            schemas.push(schema(shape));
        }
        Api {
            title: String::new(),
            version: String::new(),
            description: None,
            servers: Vec::new(),
            tags: Vec::new(),
            operations: Vec::new(),
            webhooks: Vec::new(),
            schemas,
            security_schemes: std::collections::BTreeMap::new(),
            provenance: None,
            source: "api.yaml".into(),
        }
    }

    fn schema(shape: Shape) -> Schema {
        let place =
            Place { source: "api.yaml".into(), pointer: Pointer::root(), line: 1, column: 1 };
        Schema {
            name: None,
            title: None,
            description: None,
            nullable: false,
            shape,
            default: None,
            examples: Vec::new(),
            deprecated: false,
            read_only: false,
            write_only: false,
            unsupported: false,
            provenance: None,
            place,
        }
    }

    fn list(items: u32) -> Shape {
        Shape::Array { items: SchemaId(items), length: Length::default(), unique: false }
    }

    fn union(variants: &[u32]) -> Shape {
        let variants = variants.iter().copied().map(SchemaId).collect();
        Shape::Union(Union { kind: UnionKind::OneOf, variants, discriminator: None })
    }

    #[test]
    fn a_list_of_itself_is_a_type_of_its_own() {
        let forms = forms(&api(vec![list(1), list(1), list(3), list(2), Shape::Any, list(4)]));
        let expected = [
            Form::List(SchemaId(1)),
            Form::Constrained,
            Form::Constrained,
            Form::List(SchemaId(2)),
            Form::Any,
            Form::List(SchemaId(4)),
        ];
        assert_eq!(forms, expected);
    }

    #[test]
    fn a_union_of_itself_has_no_value() {
        let forms =
            forms(&api(vec![union(&[1, 3]), union(&[0]), union(&[4]), Shape::Boolean, list(2)]));
        let expected =
            [Form::Never, Form::Never, Form::Union, Form::Boolean, Form::List(SchemaId(2))];
        assert_eq!(forms, expected);
    }
}
