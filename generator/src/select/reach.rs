//! What operations lead to, and a contract without the rest.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{Api, Content, FrameRule, Layout, Operation, SchemaId, Schemas};

/// Every schema that an operation leads to, through others as well.
#[must_use]
pub fn reached(schemas: &Schemas, operation: &Operation) -> BTreeSet<SchemaId> {
    let mut named = Vec::new();
    of_operation(&mut operation.clone(), &mut |id| named.push(*id));
    closure(schemas, named)
}

/// Every schema that callers send, through others as well. Streams go both ways.
#[must_use]
pub fn sent(api: &Api) -> BTreeSet<SchemaId> {
    named(api, |operation, each| {
        of_request(operation, each);
        of_streams(operation, each);
    })
}

/// Every schema that callers get, through others as well. Streams go both ways.
#[must_use]
pub fn got(api: &Api) -> BTreeSet<SchemaId> {
    named(api, |operation, each| {
        of_answers(operation, each);
        of_streams(operation, each);
    })
}

fn named(
    api: &Api,
    part: impl Fn(&mut Operation, &mut dyn FnMut(&mut SchemaId)),
) -> BTreeSet<SchemaId> {
    let mut named = Vec::new();
    for operation in &api.operations {
        part(&mut operation.clone(), &mut |id| named.push(*id));
    }
    closure(&api.schemas, named)
}

/// Every schema that the messages of an operation's streams lead to, through others as well.
#[must_use]
pub fn streamed(schemas: &Schemas, operation: &Operation) -> BTreeSet<SchemaId> {
    let mut named = Vec::new();
    let responses = operation.responses.iter();
    let contents = responses.flat_map(|(_, response)| &response.content);
    let rules = contents.flat_map(|content| &content.frames).chain(&operation.frames);
    for rule in rules {
        of_frames(&mut rule.clone(), &mut |id| named.push(*id));
    }
    closure(schemas, named)
}

fn closure(schemas: &Schemas, mut waiting: Vec<SchemaId>) -> BTreeSet<SchemaId> {
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(schema) = schemas.get(id).filter(|_| found.insert(id)) else { continue };
        waiting.extend(schema.inside());
    }
    found
}

/// Takes out what no operation leads to.
pub fn retain_reached(api: &mut Api) {
    let ids: BTreeSet<_> = api.operations.iter().map(|operation| operation.id.clone()).collect();
    for operation in &mut api.operations {
        for response in operation.responses.0.values_mut() {
            response.links.retain(|link| ids.contains(&link.operation));
        }
        let equivalent = operation.equivalent.take();
        operation.equivalent = equivalent.filter(|other| ids.contains(&other.operation));
    }
    let tags: BTreeSet<&String> =
        api.operations.iter().flat_map(|operation| &operation.tags).collect();
    api.tags.retain(|tag| tags.contains(&tag.name));
    let demanded = api.operations.iter().flat_map(|operation| &operation.security);
    let schemes: BTreeSet<&String> =
        demanded.flat_map(|demand| &demand.schemes).map(|(scheme, _)| scheme).collect();
    api.security_schemes.retain(|scheme, _| schemes.contains(scheme));
    // A webhook belongs to no operation, and nothing comes of it but a word that nothing does.
    api.webhooks.iter_mut().for_each(|webhook| webhook.operations.clear());
    retain_schemas(api);
}

fn retain_schemas(api: &mut Api) {
    let kept = named(api, of_operation);
    let mut schemas = Schemas::default();
    let mut moved = BTreeMap::new();
    for (id, schema) in api.schemas.iter().filter(|(id, _)| kept.contains(id)) {
        moved.insert(id, schemas.push(schema.clone()));
    }
    let mut renumber = |id: &mut SchemaId| *id = moved.get(id).copied().unwrap_or(*id);
    for id in moved.values() {
        if let Some(schema) = schemas.get_mut(*id) {
            schema.shape.for_each_schema(&mut renumber);
        }
    }
    for operation in &mut api.operations {
        of_operation(operation, &mut renumber);
    }
    api.schemas = schemas;
}

/// Every schema that an operation names.
fn of_operation(operation: &mut Operation, each: &mut dyn FnMut(&mut SchemaId)) {
    of_request(operation, each);
    of_answers(operation, each);
    of_streams(operation, each);
}

fn of_request(operation: &mut Operation, each: &mut dyn FnMut(&mut SchemaId)) {
    for parameter in &mut operation.parameters {
        each(&mut parameter.schema);
        parameter.content.iter_mut().for_each(|content| of_content(content, each));
    }
    for content in operation.body.iter_mut().flat_map(|body| &mut body.content) {
        of_content(content, each);
    }
}

fn of_answers(operation: &mut Operation, each: &mut dyn FnMut(&mut SchemaId)) {
    for response in operation.responses.0.values_mut() {
        response.headers.iter_mut().for_each(|header| each(&mut header.schema));
        response.content.iter_mut().for_each(|content| of_content(content, each));
    }
}

fn of_streams(operation: &mut Operation, each: &mut dyn FnMut(&mut SchemaId)) {
    operation.frames.iter_mut().for_each(|rule| of_frames(rule, each));
    let callbacks = operation.callbacks.iter_mut().flat_map(|callback| &mut callback.operations);
    callbacks.for_each(|operation| of_operation(operation, each));
}

fn of_content(content: &mut Content, each: &mut dyn FnMut(&mut SchemaId)) {
    content.schema.iter_mut().for_each(&mut *each);
    content.item_schema.iter_mut().for_each(&mut *each);
    content.frames.iter_mut().for_each(|rule| of_frames(rule, each));
}

fn of_frames(rule: &mut FrameRule, each: &mut dyn FnMut(&mut SchemaId)) {
    for layout in [&mut rule.framing.receive, &mut rule.framing.send.layout] {
        match layout {
            Layout::Lines(lines) => lines.item.iter_mut().for_each(&mut *each),
            Layout::Channels(channels) => {
                let items = channels.channels.values_mut().flat_map(|channel| &mut channel.item);
                items.for_each(&mut *each);
            }
            Layout::Raw
            | Layout::LengthPrefixed(_)
            | Layout::TextLines(_)
            | Layout::ChannelPairs { .. } => {}
        }
    }
}
