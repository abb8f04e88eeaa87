//! Whether a framing's conditions hold of an exchange.
//!
//! What a request leaves out counts as its documented default, and as null where there is none.

use generator::contract::{
    Condition, Content, Location, Operation, Pointer, Schema, SchemaId, Shape, Subject,
};
use serde_json::Value;

use super::schema::Validators;
use crate::call::{ArgumentValue, Call};
use crate::transcript::Head;

/// Whether a condition holds.
pub(super) fn holds(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    head: &Head,
    condition: &Condition,
) -> bool {
    let found = match &condition.subject {
        Subject::Status => Some(Value::from(head.status)),
        Subject::ResponseHeader(name) => {
            head.fields(name).next().and_then(|field| field.text().map(Value::from))
        }
        Subject::Body(pointer) => body(validators, operation, call, pointer),
        Subject::Query(name) => argument(validators, operation, call, Location::Query, name),
        Subject::Header(name) => argument(validators, operation, call, Location::Header, name),
    };
    same(&found.unwrap_or_default(), &condition.equals)
}

fn body(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    pointer: &Pointer,
) -> Option<Value> {
    if let Some(value) = call.json().and_then(|body| pointer.get(body)) {
        return Some(value.clone());
    }
    let json = |content: &&Content| content.media_type.is_json();
    let schema = operation.body.as_ref()?.content.iter().find(json)?.schema?;
    default_at(validators, schema, pointer)
}

/// The default of the member that `pointer` leads to.
fn default_at(validators: &Validators, schema: SchemaId, pointer: &Pointer) -> Option<Value> {
    let inner = pointer.segments().iter().try_fold(schema, |schema, segment| match &validators
        .schema(schema)?
        .shape
    {
        Shape::Object { properties, .. } => properties
            .iter()
            .find(|property| property.name == *segment)
            .map(|property| property.schema),
        _ => None,
    })?;
    validators.schema(inner).and_then(|schema: &Schema| schema.default.clone())
}

fn argument(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    location: Location,
    name: &str,
) -> Option<Value> {
    let is_it = |known: &str| match location {
        Location::Header => known.eq_ignore_ascii_case(name),
        _ => known == name,
    };
    let given =
        call.arguments.iter().find(|given| given.location == location && is_it(&given.name));
    if let Some(given) = given {
        return Some(match &given.value {
            ArgumentValue::Value(value) => value.clone(),
            ArgumentValue::Raw(text) => Value::from(text.as_str()),
        });
    }
    let parameter = operation
        .parameters
        .iter()
        .find(|known| known.location == location && is_it(&known.name))?;
    validators.schema(parameter.schema)?.default.clone()
}

/// A text that was sent for a number or a flag is that number or flag.
fn same(found: &Value, wanted: &Value) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    match (found, wanted) {
        (Value::String(text), Value::Number(_) | Value::Bool(_)) => {
            read(text).as_ref() == Some(wanted)
        }
        (Value::Number(_) | Value::Bool(_), Value::String(text)) => {
            read(text).as_ref() == Some(found)
        }
        _ => found == wanted,
    }
}
