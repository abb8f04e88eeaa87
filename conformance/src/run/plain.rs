//! The plainest call of an operation: what is required, from the user, examples, defaults, else what is simplest.
//!
//! Knows nothing of resources: what only exists on the target is missing here.

use generator::contract::{
    Api, Body, Content, Link, LinkValue, Method, Operation, Parameter, Pointer,
};
use proptest::strategy::{Strategy, ValueTree};
use serde_json::Value;

use super::provide::is_success;
use super::session::Session;
use crate::call::{Call, CallBody, Intent};
use crate::strategy::{Depth, Sender, valid};

/// A call with nothing but what is required, from examples, defaults and the user; resources are missing.
pub(super) fn plain(session: &Session<'_>, operation: &Operation, intent: Intent) -> Call {
    let mut call = Call::new(operation.id.clone(), intent);
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        call = call.with(
            parameter.location,
            &parameter.name,
            value_for(session, operation, parameter),
        );
    }
    if let Some(body) = &operation.body {
        call.body = body_for(session, operation, body);
    }
    call
}

/// A value for a parameter: the user's, else an example, else the default, else the simplest that is valid.
pub(super) fn value_for(
    session: &Session<'_>,
    operation: &Operation,
    parameter: &Parameter,
) -> Value {
    let schema = session.api.schemas.get(parameter.schema);
    session
        .settings
        .parameters
        .get(&parameter.name)
        .or_else(|| parameter.examples.first().map(|example| &example.value))
        .or_else(|| schema.and_then(|schema| schema.examples.first().or(schema.default.as_ref())))
        .cloned()
        .unwrap_or_else(|| {
            let mut runner =
                session.runner(&format!("{}/parameter/{}", operation.id, parameter.name));
            let tree = valid(&session.api.schemas, parameter.schema, Depth(0), Sender::Client)
                .new_tree(&mut runner);
            tree.map_or(Value::Null, |tree| tree.current())
        })
}

/// The JSON media type of a body, if it has one.
pub(super) fn json_content(body: &Body) -> Option<&Content> {
    body.content.iter().find(|content| content.media_type.is_json())
}

fn body_for(session: &Session<'_>, operation: &Operation, body: &Body) -> CallBody {
    let Some(content) = json_content(body) else { return CallBody::None };
    let example = content.examples.first().map(|example| example.value.clone());
    let value = example.or_else(|| {
        let id = content.schema.filter(|_| body.required)?;
        let mut runner = session.runner(&format!("{}/body", operation.id));
        Some(
            valid(&session.api.schemas, id, Depth(0), Sender::Client)
                .new_tree(&mut runner)
                .ok()?
                .current(),
        )
    });
    match value {
        Some(value) => CallBody::Json(content.media_type.clone(), named(session, operation, value)),
        None => CallBody::None,
    }
}

/// The body of a creation with the run's own name where its identity stands: where a link reads it from the answer.
pub(super) fn named(session: &Session<'_>, operation: &Operation, mut value: Value) -> Value {
    for pointer in identity_pointers(session.api, operation) {
        if let Some(Value::String(name)) = at_mut(&mut value, &pointer) {
            *name = session.fresh_name();
        }
    }
    value
}

/// Where a creation's answer holds what a path is made of.
pub(super) fn identity_pointers(api: &Api, operation: &Operation) -> Vec<Pointer> {
    if operation.method != Method::Post {
        return Vec::new();
    }
    let mut found: Vec<Pointer> = Vec::new();
    let responses = operation.responses.iter().filter(|(key, _)| is_success(*key));
    for link in responses.flat_map(|(_, response)| &response.links) {
        if let Some(LinkValue::ResponseBody(pointer)) = named_by(api, link)
            && !found.contains(pointer)
        {
            found.push(pointer.clone());
        }
    }
    found
}

/// What a link fills the last part of a path with: what comes before it is where a thing is, not which.
fn named_by<'l>(api: &Api, link: &'l Link) -> Option<&'l LinkValue> {
    if link.parameters.len() == 1 {
        return link.parameters.values().next();
    }
    let target = api.operation(&link.operation)?;
    let last = target.path.parameters().last()?;
    link.parameters.get(last).or_else(|| link.parameters.get(&format!("path.{last}")))
}

/// The value at `pointer`, to change it.
pub(super) fn at_mut<'v>(value: &'v mut Value, pointer: &Pointer) -> Option<&'v mut Value> {
    pointer.segments().iter().try_fold(value, |inner, segment| match inner {
        Value::Object(map) => map.get_mut(segment),
        Value::Array(items) => items.get_mut(segment.parse::<usize>().ok()?),
        _ => None,
    })
}
