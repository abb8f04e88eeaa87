//! Responses: one schema for all media types becomes the schema of each.

use super::super::Node;
use super::body::content;
use super::root::{Raise, Types};
use super::tree::{Mark, each_value, entries, mapping, take};

impl Raise<'_> {
    /// A response, written as one of those types. One that the document defines for several operations is written out,
    /// since each may write it as other types.
    pub(super) fn response(&mut self, node: Node, produces: &Types) -> Node {
        let node = self.shared(1, &node).cloned().unwrap_or(node);
        let (mark, mut entries) = match entries(node) {
            Ok(taken) => taken,
            Err(node) => return node,
        };
        if let Some(headers) = take(&mut entries, "headers") {
            let at = Mark::of_key(&headers);
            let value = each_value(headers.value, |_, header| self.header(header));
            entries.push(at.entry("headers", value));
        }
        let schema = take(&mut entries, "schema");
        let examples = take(&mut entries, "examples");
        let samples = mapping(examples.as_ref().map(|entry| &entry.value));
        let types = match &schema {
            Some(schema) => types(&schema.value, produces, mark),
            None => samples.iter().map(|it| (it.key.clone(), Mark::of_key(it))).collect(),
        };
        if types.is_empty() {
            return mark.mapping(entries);
        }
        for sample in samples.iter().filter(|it| types.iter().all(|(name, _)| *name != it.key)) {
            self.not_carried(Mark::of_key(sample), "an example of a type that is not produced");
        }
        let at = schema.as_ref().map_or(mark, Mark::of_key);
        let media: Vec<_> = schema.into_iter().collect();
        let content =
            each_value(content(at, &types, &media), |name, body| match samples.entry(name) {
                Some(sample) => with_example(body, sample.value.clone(), Mark::of_key(sample)),
                None => body,
            });
        entries.push(at.entry("content", content));
        mark.mapping(entries)
    }
}

/// What a body of that schema is written as, where nothing is said.
fn types(schema: &Node, produces: &Types, mark: Mark) -> Types {
    if !produces.is_empty() {
        return produces.clone();
    }
    let is_file = schema.get("format").and_then(Node::string) == Some("binary");
    let plain = if is_file { "application/octet-stream" } else { "application/json" };
    vec![(plain.to_owned(), mark)]
}

fn with_example(body: Node, sample: Node, at: Mark) -> Node {
    match entries(body) {
        Ok((mark, mut entries)) => {
            entries.push(at.entry("example", sample));
            mark.mapping(entries)
        }
        Err(body) => body,
    }
}
