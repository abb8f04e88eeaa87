//! Which parameters turn an answer into one that does not end by itself.

use generator::contract::{FrameRule, Layout, Operation, Subject};
use serde_json::Value;

/// Every rule of an operation that frames a stream, its own and those of its media types.
pub(super) fn frames(operation: &Operation) -> impl Iterator<Item = &FrameRule> {
    let contents = operation.responses.iter().flat_map(|(_, response)| &response.content);
    contents.flat_map(|content| &content.frames).chain(&operation.frames)
}

/// Whether that query parameter asks for a stream that goes on: the chapters on such streams send it, no other.
pub(super) fn asks_to_last(operation: &Operation, name: &str) -> bool {
    let watches =
        || operation.watch.is_some() && mode(operation).iter().any(|(own, _)| own == name);
    let follows = frames(operation).any(|rule| match &rule.framing.receive {
        Layout::TextLines(lines) => lines.options.get("follow").is_some_and(|own| own == name),
        _ => false,
    });
    follows || watches()
}

/// The query under which an answer is one of lines.
pub(super) fn mode(operation: &Operation) -> Vec<(String, Value)> {
    let lines = |rule: &&FrameRule| matches!(rule.framing.receive, Layout::Lines(_));
    let conditions = frames(operation).find(lines).into_iter().flat_map(|rule| &rule.when);
    conditions
        .filter_map(|condition| match &condition.subject {
            Subject::Query(name) => Some((name.clone(), condition.equals.clone())),
            _ => None,
        })
        .collect()
}

/// Whether a plain request of an operation is answered with a stream.
pub(super) fn always_streams(operation: &Operation) -> bool {
    frames(operation).any(|rule| {
        !rule.when.iter().any(|condition| matches!(condition.subject, Subject::Query(_)))
    })
}
