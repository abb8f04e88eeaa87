//! The words in which Swagger 2.0 says what OpenAPI 3.0 says of schemas in others: a discriminator that is a name, the
//! type `file`, and the widespread `x-nullable`.

use super::super::{Entry, Node, Scalar, Value};
use super::tree::{Mark, entries, items};

/// Keys below which plain data stands.
const DATA: [&str; 4] = ["example", "examples", "default", "enum"];

/// Keys below which keys are names.
const NAMES: [&str; 6] =
    ["properties", "definitions", "responses", "parameters", "headers", "securityDefinitions"];

/// The whole tree with those words replaced. Goes no deeper than a tree is.
pub(super) fn raised(node: Node) -> Node {
    walk(node, false)
}

/// With `named`, the keys of this mapping are names, not keywords.
fn walk(node: Node, named: bool) -> Node {
    match items(node) {
        Ok((mark, items)) => mark.list(items.into_iter().map(|item| walk(item, false)).collect()),
        Err(node) => match entries(node) {
            Ok((mark, entries)) => {
                mark.mapping(entries.into_iter().flat_map(|it| entry(it, named)).collect())
            }
            Err(node) => node,
        },
    }
}

fn entry(entry: Entry, named: bool) -> Vec<Entry> {
    let mark = Mark::of_key(&entry);
    if !named {
        match (entry.key.as_str(), &entry.value.value) {
            ("x-nullable", Value::Scalar(Scalar::Bool(_))) => {
                return vec![Entry { key: "nullable".to_owned(), ..entry }];
            }
            ("discriminator", Value::Scalar(Scalar::String(_))) => {
                let at = Mark::of(&entry.value);
                let value = at.mapping(vec![at.entry("propertyName", entry.value)]);
                return vec![Entry { value, ..entry }];
            }
            ("type", Value::Scalar(Scalar::String(text))) if text == "file" => {
                let at = Mark::of(&entry.value);
                let format = mark.entry("format", at.text("binary"));
                return vec![Entry { value: at.text("string"), ..entry }, format];
            }
            (key, _) if DATA.contains(&key) || key.starts_with("x-") => return vec![entry],
            _ => {}
        }
    }
    let inner = !named && NAMES.contains(&entry.key.as_str());
    vec![Entry { value: walk(entry.value, inner), ..entry }]
}
