//! Parameters outside the body, and header fields: what a value is goes into a schema of its own, how a list is written
//! into a style.

use super::super::{Entry, Node};
use super::root::Raise;
use super::tree::{Mark, entries, split, take};

/// Keys that stay beside the schema.
const OUTER: [&str; 8] =
    ["$ref", "name", "in", "description", "required", "deprecated", "allowEmptyValue", "schema"];

/// How lists are written: the word of Swagger 2.0, the style, and whether each item stands by itself.
const FORMATS: [(&str, &str, bool); 4] = [
    ("csv", "form", false),
    ("ssv", "spaceDelimited", false),
    ("pipes", "pipeDelimited", false),
    ("multi", "form", true),
];

/// What a value is, and how a list of such is written where that is not how it is anyway.
pub(super) struct Valued {
    /// Its schema.
    pub(super) schema: Vec<Entry>,
    /// `style` and `explode`.
    pub(super) manner: Vec<Entry>,
}

impl Raise<'_> {
    /// A parameter of the path, the query or a header.
    pub(super) fn parameter(&mut self, node: Node) -> Node {
        let (mark, entries) = match entries(node) {
            Ok(taken) => taken,
            Err(node) => return node,
        };
        if entries.iter().any(|entry| entry.key == "$ref" || entry.key == "schema") {
            return mark.mapping(entries);
        }
        let (mut outer, inner) = split(entries, |key| OUTER.contains(&key));
        let is_query =
            outer.iter().any(|entry| entry.key == "in" && entry.value.string() == Some("query"));
        let valued = self.valued(inner, mark, is_query);
        outer.extend(valued.manner);
        outer.push(mark.entry("schema", mark.mapping(valued.schema)));
        mark.mapping(outer)
    }

    /// A header field of a response.
    pub(super) fn header(&mut self, node: Node) -> Node {
        let (mark, entries) = match entries(node) {
            Ok(taken) => taken,
            Err(node) => return node,
        };
        let (mut outer, inner) = split(entries, |key| key == "description");
        let valued = self.valued(inner, mark, false);
        outer.push(mark.entry("schema", mark.mapping(valued.schema)));
        mark.mapping(outer)
    }

    /// What stands beside a name in Swagger 2.0. Outside queries and forms lists are written with commas alone.
    pub(super) fn valued(&mut self, mut entries: Vec<Entry>, mark: Mark, is_form: bool) -> Valued {
        let is_list =
            entries.iter().any(|it| it.key == "type" && it.value.string() == Some("array"));
        let format = take(&mut entries, "collectionFormat");
        if !is_list {
            return Valued { schema: entries, manner: Vec::new() };
        }
        let at = format.as_ref().map_or(mark, Mark::of_key);
        let word = format.as_ref().and_then(|entry| entry.value.string()).unwrap_or("csv");
        let known = FORMATS.iter().find(|(known, ..)| *known == word);
        match known {
            Some((_, style, explode)) if is_form => Valued {
                schema: self.plain_items(entries),
                manner: vec![
                    at.entry("style", at.text(*style)),
                    at.entry("explode", at.flag(*explode)),
                ],
            },
            Some(("csv", ..)) => Valued { schema: self.plain_items(entries), manner: Vec::new() },
            _ => {
                self.not_carried(at, &format!("a list written as `{word}`"));
                let kept = ["description", "x-nullable"];
                entries.retain(|entry| kept.contains(&entry.key.as_str()));
                entries.push(at.entry("type", at.text("string")));
                Valued { schema: entries, manner: Vec::new() }
            }
        }
    }

    /// Items do not say how they are written, unless they are lists in turn.
    fn plain_items(&mut self, inner: Vec<Entry>) -> Vec<Entry> {
        let plain = inner.into_iter().map(|entry| {
            if entry.key != "items" {
                return entry;
            }
            let value = match entries(entry.value) {
                Ok((mark, mut items)) => {
                    if let Some(format) = take(&mut items, "collectionFormat")
                        && items.iter().any(|it| it.value.string() == Some("array"))
                    {
                        self.not_carried(
                            Mark::of_key(&format),
                            "the notation of lists inside a list",
                        );
                    }
                    let items = self.plain_items(items);
                    mark.mapping(items)
                }
                Err(node) => node,
            };
            Entry { value, ..entry }
        });
        plain.collect()
    }
}
