//! Which values can travel in which place, and when a value that arrived is the one that was sent.

use generator::contract::{
    Additional, Api, Location, Operation, Parameter, PathPart, SchemaId, Shape, Style,
};
use serde_json::Value;

/// Whether a value can be written so that it can be read back: not all can, in every place and style.
pub(crate) fn travels(
    api: &Api,
    operation: &Operation,
    parameter: &Parameter,
    value: &Value,
) -> bool {
    if parameter.content.is_some() {
        return true;
    }
    let texts: Vec<String> = match value {
        Value::Null => return false,
        _ if !is_read_so(api, parameter, value) => return false,
        Value::Array(items) if items.is_empty() || items.iter().any(|it| text(it).is_none()) => {
            return false;
        }
        Value::Array(items) => items.iter().filter_map(text).collect(),
        Value::Object(members) => {
            if members.is_empty() || !are_known(api, parameter, members.keys()) {
                return false;
            }
            if members.values().any(|it| text(it).is_none()) {
                return false;
            }
            members.iter().flat_map(|(name, it)| [Some(name.clone()), text(it)]).flatten().collect()
        }
        scalar => text(scalar).into_iter().collect(),
    };
    let is_list = value.is_array() || value.is_object();
    texts.iter().all(|text| is_written(operation, parameter, is_list, text))
}

/// Texts do not always tell an object from anything else: where one is possible, they are read as one. A list of one is
/// written like its item: where that is possible, it is read as one.
fn is_read_so(api: &Api, parameter: &Parameter, value: &Value) -> bool {
    let mut shapes = alternatives(api, parameter.schema);
    let has_object = shapes.any(|shape| matches!(shape, Shape::Object { .. }));
    match value {
        Value::Object(_) => true,
        Value::Array(_) if has_object => false,
        Value::Array(_) => !is_single(api, parameter.schema, value),
        _ => !has_object || parameter.tells_objects(),
    }
}

/// Whether a value is a list of one where an item by itself is possible, too.
pub(crate) fn is_single(api: &Api, schema: SchemaId, value: &Value) -> bool {
    let is_item = |shape: &Shape| !matches!(shape, Shape::Array { .. } | Shape::Object { .. });
    value.as_array().is_some_and(|items| items.len() == 1) && alternatives(api, schema).any(is_item)
}

/// The shapes of a union; none of any other schema.
fn alternatives(api: &Api, schema: SchemaId) -> impl Iterator<Item = &Shape> {
    let shape = |id| api.schemas.get(id).map(|schema| &schema.shape);
    let variants = match shape(schema) {
        Some(Shape::Union(union)) => union.variants.as_slice(),
        _ => &[],
    };
    variants.iter().filter_map(move |id| shape(*id))
}

fn is_written(operation: &Operation, parameter: &Parameter, is_list: bool, text: &str) -> bool {
    let taken = match (parameter.location, parameter.style) {
        (Location::Header, _) => &[',', '='][..],
        (_, Style::Label) => &['.'],
        (_, Style::SpaceDelimited) => &[' ', '+'],
        (_, Style::PipeDelimited) => &['|'],
        (_, Style::DeepObject) => &['[', ']'],
        _ => &[],
    };
    if is_list && (text.is_empty() || text.contains(taken)) {
        return false;
    }
    match parameter.location {
        Location::Header => {
            text.trim() == text
                && !text.is_empty()
                && text.chars().all(|it| matches!(it, ' '..='~'))
        }
        Location::Path => !text.is_empty() && stands_apart(operation, parameter, text),
        _ => true,
    }
}

/// Whether a value beside text does not hold that text.
fn stands_apart(operation: &Operation, parameter: &Parameter, value: &str) -> bool {
    let own = operation.path.segment_of(&parameter.name);
    let parts = own.and_then(|at| operation.path.segments.get(at));
    parts.into_iter().flat_map(|segment| &segment.0).all(|part| match part {
        PathPart::Literal(text) => !value.contains(text.as_str()),
        PathPart::Parameter(_) => true,
    })
}

/// Members of other names are read from an open query, where every parameter would be one.
fn are_known<'m>(
    api: &Api,
    parameter: &Parameter,
    mut names: impl Iterator<Item = &'m String>,
) -> bool {
    match api.schemas.get(parameter.schema).map(|schema| &schema.shape) {
        Some(Shape::Object { properties, additional, .. }) => {
            let is_open = matches!(additional, Additional::Of(_))
                && !(parameter.style == Style::Form && parameter.explode);
            names.all(|name| is_open || properties.iter().any(|known| known.name == *name))
        }
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Whether two values are the same, numbers by their value.
pub(crate) fn same(sent: &Value, seen: &Value) -> bool {
    match (sent, seen) {
        (Value::Number(one), Value::Number(other)) => {
            one == other
                || one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| near(one, other))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|it| same(one, it)))
        }
        _ => sent == seen,
    }
}

/// `serde_json` reads a fraction to within two units in its last place, unless it is told to take its time.
fn near(one: f64, other: f64) -> bool {
    one == other || one.fract() != 0.0 && (one - other).abs() <= 2.0 * f64::EPSILON * one.abs()
}

/// The same for a parameter, whose type a text does not tell: where the schema leaves it open, equal texts will do.
pub(crate) fn same_text(api: &Api, parameter: &Parameter, sent: &Value, seen: &Value) -> bool {
    let shape = api.schemas.get(parameter.schema).map(|schema| &schema.shape);
    let is_open = matches!(shape, Some(Shape::Any | Shape::Union(_) | Shape::Enumeration(_)));
    same(sent, seen) || is_open && text(sent).is_some() && text(sent) == text(seen)
}
