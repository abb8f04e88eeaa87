//! What the doc comments of models say.

use crate::contract::{Property, Schema, Shape};
use crate::emit::doc;
use crate::name::{ModelNames, Name};

/// About a type.
pub(super) fn of_type(schema: &Schema, names: &ModelNames) -> String {
    let said = of_schema(schema).filter(|_| !names.is_common);
    let further = notes(schema.deprecated, schema.unsupported, schema.read_only, schema.write_only);
    doc::paragraphs([said.unwrap_or(&names.about), &further])
}

/// What a schema says of itself.
pub(super) fn of_schema(schema: &Schema) -> Option<&str> {
    let texts = [schema.description.as_deref(), schema.title.as_deref()];
    texts.into_iter().flatten().find_map(doc::said)
}

/// About a member of an object, under the name it has in Rust.
pub(super) fn of_property(property: &Property, schema: Option<&Schema>, field: &Name) -> String {
    let wire = doc::code(&property.name);
    let own = property.description.as_deref().and_then(doc::said);
    let said = own.or(schema.and_then(of_schema));
    let named = match said {
        None => format!("The member {wire}."),
        Some(_) if property.name == field.as_str() => String::new(),
        Some(_) => format!("On the wire: {wire}."),
    };
    let flag = |of: fn(&Schema) -> bool| schema.is_some_and(of);
    let further = notes(
        flag(|schema| schema.deprecated),
        property.unsupported || flag(|schema| schema.unsupported),
        flag(|schema| schema.read_only),
        flag(|schema| schema.write_only),
    );
    let default = property.default.as_ref().or(schema.and_then(|schema| schema.default.as_ref()));
    let default = default.map(|value| format!("When absent: {}.", doc::code(&value.to_string())));
    doc::paragraphs([
        said.unwrap_or_default(),
        &named,
        &further,
        default.as_deref().unwrap_or_default(),
    ])
}

/// What the bounds of a shape are, as a sentence.
pub(super) fn bounds(shape: &Shape) -> String {
    let mut parts = Vec::new();
    match shape {
        Shape::Integer { minimum, maximum, multiple_of, .. }
        | Shape::Number { minimum, maximum, multiple_of, .. } => {
            for (bound, inclusive, exclusive) in
                [(minimum, "at least", "more than"), (maximum, "at most", "less than")]
            {
                parts.extend(bound.as_ref().map(|bound| {
                    let word = if bound.exclusive { exclusive } else { inclusive };
                    format!("{word} {}", bound.value)
                }));
            }
            parts.extend(multiple_of.as_ref().map(|divisor| format!("a multiple of {divisor}")));
        }
        Shape::String { length, pattern, .. } => {
            parts.extend(count(length.minimum, length.maximum, "character"));
            parts
                .extend(pattern.as_ref().map(|pattern| format!("matching {}", doc::code(pattern))));
        }
        Shape::Array { length, unique, .. } => {
            parts.extend(count(length.minimum, length.maximum, "item"));
            parts.extend(unique.then(|| "no two alike".to_owned()));
        }
        Shape::Object { size, .. } => parts.extend(count(size.minimum, size.maximum, "member")),
        _ => {}
    }
    if parts.is_empty() { String::new() } else { format!("Bounds: {}.", parts.join(", ")) }
}

fn count(minimum: Option<u64>, maximum: Option<u64>, what: &str) -> Option<String> {
    let plural = |count: u64| if count == 1 { "" } else { "s" };
    match (minimum, maximum) {
        (None, None) => None,
        (Some(least), None) => Some(format!("at least {least} {what}{}", plural(least))),
        (None, Some(most)) => Some(format!("at most {most} {what}{}", plural(most))),
        (Some(least), Some(most)) => Some(format!("{least} to {most} {what}{}", plural(most))),
    }
}

fn notes(deprecated: bool, unsupported: bool, read_only: bool, write_only: bool) -> String {
    let notes = [
        (deprecated, "Deprecated."),
        (unsupported, "Named as not supported."),
        (read_only, "Sent by the server only."),
        (write_only, "Sent by the client only."),
    ];
    let said: Vec<&str> =
        notes.iter().filter(|(applies, _)| *applies).map(|(_, note)| *note).collect();
    said.join(" ")
}
