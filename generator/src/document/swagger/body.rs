//! Bodies: the one parameter that is the body, or those that are fields of a form.

use super::super::{Entry, Node};
use super::root::{Raise, Types};
use super::tree::{Mark, entries, split, take};

/// What a form is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// What a form with files is sent as.
const MULTIPART: &str = "multipart/form-data";

/// Whether a parameter makes up a body, alone or with others.
pub(super) fn is_part(node: &Node) -> bool {
    let place = node.get("in").and_then(Node::string);
    matches!(place, Some("body" | "formData"))
}

impl Raise<'_> {
    /// The body that those parameters come to, sent as one of those types. A later body takes the place of an earlier
    /// one, as that of an operation does of its path's.
    pub(super) fn body(&mut self, parts: Vec<Node>, consumes: &Types) -> Option<Node> {
        let (mut bodies, fields): (Vec<_>, Vec<_>) = parts
            .into_iter()
            .partition(|part| part.get("in").and_then(Node::string) == Some("body"));
        let body = bodies.pop();
        match (&body, fields.first()) {
            (Some(_), Some(field)) => {
                self.not_carried(Mark::of(field), "a form field beside a body");
            }
            (None, Some(_)) => return Some(self.form(fields, consumes)),
            _ => {}
        }
        body.map(|body| whole(body, consumes))
    }

    fn form(&mut self, fields: Vec<Node>, consumes: &Types) -> Node {
        let mark = fields.first().map_or(Mark::START, Mark::of);
        let has_files =
            fields.iter().any(|field| field.get("format").and_then(Node::string) == Some("binary"));
        let (mut properties, mut required, mut encodings) = (Vec::new(), Vec::new(), Vec::new());
        for field in fields {
            let Ok((at, mut entries)) = entries(field) else { continue };
            let Some(name) = take(&mut entries, "name") else { continue };
            take(&mut entries, "in");
            if take(&mut entries, "required")
                .is_some_and(|it| it.value == Mark::of(&it.value).flag(true))
            {
                required.push(name.value.clone());
            }
            let key = name.value.string().unwrap_or_default().to_owned();
            let (outer, inner) = split(entries, |key| key == "description");
            let mut valued = self.valued(inner, at, true);
            let is_default =
                valued.manner.iter().all(|it| it.value != Mark::of(&it.value).flag(false));
            if !is_default && !has_files {
                encodings.push(at.entry(&key, at.mapping(valued.manner)));
            }
            valued.schema.extend(outer);
            properties.push(at.entry(key, at.mapping(valued.schema)));
        }
        let mut schema = vec![
            mark.entry("type", mark.text("object")),
            mark.entry("properties", mark.mapping(properties)),
        ];
        let is_required = !required.is_empty();
        if is_required {
            schema.push(mark.entry("required", mark.list(required)));
        }
        let mut media = vec![mark.entry("schema", mark.mapping(schema))];
        if !encodings.is_empty() {
            media.push(mark.entry("encoding", mark.mapping(encodings)));
        }
        let wanted: &[&str] = if has_files { &[MULTIPART] } else { &[FORM, MULTIPART] };
        let mut types: Types =
            consumes.iter().filter(|(name, _)| wanted.contains(&name.as_str())).cloned().collect();
        if types.is_empty() {
            let only = if has_files { MULTIPART } else { FORM };
            types.push((only.to_owned(), mark));
        }
        mark.mapping(vec![
            mark.entry("required", mark.flag(is_required)),
            mark.entry("content", content(mark, &types, &media)),
        ])
    }
}

/// A body that one parameter describes.
fn whole(body: Node, consumes: &Types) -> Node {
    let (mark, entries) = match entries(body) {
        Ok(taken) => taken,
        Err(node) => return node,
    };
    let (mut outer, inner) = split(entries, |key| matches!(key, "description" | "required"));
    let media: Vec<Entry> =
        inner.into_iter().filter(|entry| !matches!(entry.key.as_str(), "name" | "in")).collect();
    let mut types = consumes.clone();
    if types.is_empty() {
        types.push(("application/json".to_owned(), mark));
    }
    outer.push(mark.entry("content", content(mark, &types, &media)));
    mark.mapping(outer)
}

/// The same content under each of the media types.
pub(super) fn content(mark: Mark, types: &Types, media: &[Entry]) -> Node {
    let mut seen = Vec::new();
    let mut entries = Vec::new();
    for (name, at) in types {
        if !seen.contains(&name) {
            seen.push(name);
            entries.push(at.entry(name, mark.mapping(media.to_vec())));
        }
    }
    mark.mapping(entries)
}
