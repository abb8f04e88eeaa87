//! Security definitions: `basic` is a scheme of HTTP, and a flow of OAuth 2 stands under its name.

use super::super::Node;
use super::tree::{Mark, entries, split, take};

/// The flows of OAuth 2: the words of Swagger 2.0 and of OpenAPI 3.0.
const FLOWS: [(&str, &str); 4] = [
    ("implicit", "implicit"),
    ("password", "password"),
    ("application", "clientCredentials"),
    ("accessCode", "authorizationCode"),
];

/// A security scheme.
pub(super) fn scheme(node: Node) -> Node {
    let kind = node.get("type").and_then(Node::string).map(str::to_owned);
    let (mark, mut entries) = match entries(node) {
        Ok(taken) => taken,
        Err(node) => return node,
    };
    match kind.as_deref() {
        Some("basic") => {
            let at = take(&mut entries, "type").map_or(mark, |entry| Mark::of(&entry.value));
            entries.push(at.entry("type", at.text("http")));
            entries.push(at.entry("scheme", at.text("basic")));
            mark.mapping(entries)
        }
        Some("oauth2") => {
            let flow = take(&mut entries, "flow");
            let word = flow.as_ref().and_then(|entry| entry.value.string()).unwrap_or_default();
            let known = FLOWS.iter().find(|(old, _)| *old == word);
            let name = known.map_or(word, |(_, new)| *new).to_owned();
            let at = flow.as_ref().map_or(mark, |entry| Mark::of(&entry.value));
            let (mut outer, inner) = split(entries, |key| matches!(key, "type" | "description"));
            let flows = at.mapping(vec![at.entry(name, mark.mapping(inner))]);
            outer.push(at.entry("flows", flows));
            mark.mapping(outer)
        }
        _ => mark.mapping(entries),
    }
}
