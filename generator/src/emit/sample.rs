//! A small value of a schema, for what the emitted code itself has to say in refusals. Emits nothing.

use serde_json::{Map, Number, Value};

use crate::contract::{Api, Bound, Length, Property, SchemaId, Shape, StringFormat};
use crate::lower::fits;

/// Schemas nested deeper than this are not followed.
const DEEPEST: usize = 12;

/// A small value of the schema, if one can be made without guessing at a pattern.
#[must_use]
pub(crate) fn sample(api: &Api, schema: SchemaId) -> Option<Value> {
    sample_at(api, schema, 0)
}

/// Whether the value fits the schema.
#[must_use]
pub(crate) fn accepts(api: &Api, schema: SchemaId, value: &Value) -> bool {
    fits(&api.schemas, schema, value).is_ok()
}

fn sample_at(api: &Api, id: SchemaId, depth: usize) -> Option<Value> {
    let schema = api.schemas.get(id).filter(|_| depth < DEEPEST)?;
    if let Some(given) = schema.examples.iter().chain(&schema.default).next() {
        return Some(given.clone());
    }
    let made = match &schema.shape {
        Shape::Any => Value::Null,
        Shape::Never => return None,
        Shape::Boolean => Value::Bool(false),
        Shape::Integer { minimum, maximum, .. } | Shape::Number { minimum, maximum, .. } => {
            number(minimum.as_ref(), maximum.as_ref())?
        }
        Shape::String { format, length, .. } => Value::String(text(format, length)?),
        Shape::Enumeration(values) => values.first()?.clone(),
        Shape::Array { items, length, .. } => {
            let count =
                usize::try_from(length.minimum.unwrap_or(0)).ok().filter(|count| *count < 16)?;
            let items = (0..count).map(|_| sample_at(api, *items, depth + 1));
            Value::Array(items.collect::<Option<_>>()?)
        }
        Shape::Object { properties, .. } => {
            let required = properties.iter().filter(|property| property.required);
            let member = |property: &Property| {
                Some((property.name.clone(), sample_at(api, property.schema, depth + 1)?))
            };
            Value::Object(required.map(member).collect::<Option<Map<_, _>>>()?)
        }
        Shape::Union(union) => {
            let mut made = union.variants.iter().filter_map(|it| sample_at(api, *it, depth + 1));
            made.find(|value| accepts(api, id, value))?
        }
    };
    if accepts(api, id, &made) { Some(made) } else { schema.nullable.then_some(Value::Null) }
}

fn number(minimum: Option<&Bound>, maximum: Option<&Bound>) -> Option<Value> {
    let bound = |bound: Option<&Bound>, step: f64| {
        let bound = bound?;
        let value = bound.value.as_f64()?;
        Some(if bound.exclusive { value + step } else { value })
    };
    let value = bound(minimum, 1.0).filter(|least| *least > 0.0);
    let value = value.or(bound(maximum, -1.0).filter(|most| *most < 0.0)).unwrap_or(0.0).ceil();
    serde_json::from_str::<Number>(&format!("{value:.0}")).ok().map(Value::Number)
}

fn text(format: &StringFormat, length: &Length) -> Option<String> {
    Some(match format {
        StringFormat::Date => "1970-01-01".to_owned(),
        StringFormat::DateTime => "1970-01-01T00:00:00Z".to_owned(),
        StringFormat::Uuid => "00000000-0000-0000-0000-000000000000".to_owned(),
        StringFormat::Ipv4 => "0.0.0.0".to_owned(),
        StringFormat::Ipv6 => "::".to_owned(),
        StringFormat::Byte => String::new(),
        _ => "-".repeat(usize::try_from(length.minimum.unwrap_or(0)).ok().filter(|it| *it < 256)?),
    })
}
