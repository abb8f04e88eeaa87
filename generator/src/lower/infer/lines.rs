//! Streams of JSON lines, by the media type of an answer.

use crate::contract::{
    Content, FrameRule, Framing, Layout, Lines, Operation, SchemaId, Schemas, Sends, Shape,
    Terminated,
};

/// Media types of one JSON document a line. None of them is registered; each names itself so.
const LINES: [&str; 7] = [
    "application/jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/json-lines",
    "application/ndjson",
    "application/x-ndjson",
    "application/x-json-stream",
];

/// Says of each answer of an operation in lines how it is cut.
pub(super) fn infer(schemas: &Schemas, operation: &mut Operation) {
    if !operation.frames.is_empty() {
        return;
    }
    let responses = operation.responses.0.values_mut();
    let unframed = responses
        .flat_map(|response| &mut response.content)
        .filter(|content| content.frames.is_empty());
    for content in unframed.filter(|content| LINES.contains(&&*content.media_type.essence())) {
        let lines = Lines {
            item: item(schemas, content),
            last: None,
            alternatives: Vec::new(),
            identity: Vec::new(),
            // A stream may end where its last document does.
            terminated: Terminated::ExceptFinal,
        };
        content.frames.push(FrameRule {
            when: Vec::new(),
            framing: Framing {
                receive: Layout::Lines(lines),
                send: Sends { layout: Layout::Raw, half_close: false },
            },
            inferred: true,
            place: content.place.clone(),
        });
    }
}

/// What a line holds: what is said of the items, else of the items of a list that stands for the whole, else what is
/// said of the body.
fn item(schemas: &Schemas, content: &Content) -> Option<SchemaId> {
    let whole = content.schema.and_then(|id| schemas.get(id)).map(|schema| &schema.shape);
    match (content.item_schema, whole) {
        (Some(item), _) => Some(item),
        (None, Some(Shape::Array { items, .. })) => Some(*items),
        (None, _) => content.schema,
    }
}
