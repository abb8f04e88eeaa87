//! Schema objects as JSON Schema 2020-12: those of OpenAPI 3.1 are such, those of OpenAPI 3.0 are not.
//!
//! Differences that matter (OpenAPI 3.0.3, Schema Object): `nullable`, boolean `exclusiveMinimum` and
//! `exclusiveMaximum`, siblings of `$ref` that count for nothing, number formats that bound a range, `writeOnly`
//! members, which no answer need hold, and discriminators, which say which variant counts.

mod later;

use std::collections::BTreeMap;
use std::sync::Arc;

use generator::contract::{Place, Pointer};
use generator::document::Node;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// Keywords that mean the same in both and hold no schema.
const PLAIN: [&str; 13] = [
    "type",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
];

/// No schema reaches more definitions than this.
const MOST: usize = 20_000;

type Key = (Arc<str>, Pointer);

struct Translation<'d> {
    documents: &'d BTreeMap<Arc<str>, Node>,
    names: BTreeMap<Key, String>,
    waiting: Vec<Key>,
    problems: Vec<String>,
    /// Whether the documents are of OpenAPI 3.1.
    is_later: bool,
}

/// The schema at `place` with everything it refers to.
pub(super) fn translate(
    documents: &BTreeMap<Arc<str>, Node>,
    place: &Place,
) -> Result<Value, String> {
    let mut translation = Translation {
        documents,
        names: BTreeMap::new(),
        waiting: Vec::new(),
        problems: Vec::new(),
        is_later: documents.values().any(later::is_later),
    };
    let root = translation.name((Arc::clone(&place.source), place.pointer.clone()));
    let mut definitions = Map::new();
    while let Some(key) = translation.waiting.pop() {
        if definitions.len() > MOST {
            return Err(format!("the schema at {place} reaches more than {MOST} others"));
        }
        let name = translation.name(key.clone());
        let schema = translation.definition(&key);
        definitions.insert(name, schema);
    }
    match translation.problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/$defs/{root}"),
            "$defs": definitions,
        })),
    }
}

impl Translation<'_> {
    /// The name under which a schema is defined; asks for its definition when new.
    fn name(&mut self, key: Key) -> String {
        if let Some(name) = self.names.get(&key) {
            return name.clone();
        }
        let name = format!("s{}", self.names.len());
        self.names.insert(key.clone(), name.clone());
        self.waiting.push(key);
        name
    }

    fn definition(&mut self, (source, pointer): &Key) -> Value {
        let node = self.documents.get(source).and_then(|root| root.at(pointer));
        match node {
            Some(node) => self.schema(source, pointer, node),
            None => {
                self.problems.push(format!("there is no schema at {source}#{pointer}"));
                Value::Bool(true)
            }
        }
    }

    fn schema(&mut self, source: &Arc<str>, pointer: &Pointer, node: &Node) -> Value {
        let reference = node.get("$ref").and_then(Node::string);
        if let Some(reference) = reference.filter(|_| !self.is_later) {
            return self.reference(source, reference);
        }
        if self.is_later && node.mapping().is_none() {
            // `true` and `false` are schemas, too.
            return node.to_json();
        }
        let mut schema: Map<String, Value> = PLAIN
            .into_iter()
            .filter_map(|keyword| {
                node.get(keyword).map(|value| (keyword.to_owned(), value.to_json()))
            })
            .collect();
        exclusive(node, &mut schema, "minimum", "exclusiveMinimum");
        exclusive(node, &mut schema, "maximum", "exclusiveMaximum");
        format_range(&mut schema);
        self.members(source, pointer, node, &mut schema);
        self.combined(source, pointer, node, &mut schema);
        if self.is_later {
            self.later_words(source, pointer, node, &mut schema);
            return Value::Object(schema);
        }
        nullable(node, schema)
    }

    fn reference(&mut self, source: &Arc<str>, reference: &str) -> Value {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decode_str(fragment).decode_utf8_lossy();
        let target = if file.is_empty() { Arc::clone(source) } else { self.file(source, file) };
        match Pointer::parse(&fragment) {
            Some(pointer) => json!({ "$ref": format!("#/$defs/{}", self.name((target, pointer))) }),
            None => {
                self.problems.push(format!("{reference:?} in {source} leads nowhere"));
                Value::Bool(true)
            }
        }
    }

    /// The document that a relative reference names, as the reader of the documents named it.
    fn file(&self, source: &Arc<str>, file: &str) -> Arc<str> {
        let name = generator::source::join(source, file);
        self.documents
            .keys()
            .find(|known| ***known == *name)
            .cloned()
            .unwrap_or_else(|| name.into())
    }

    /// Keywords that hold the schemas of members and items.
    fn members(
        &mut self,
        source: &Arc<str>,
        pointer: &Pointer,
        node: &Node,
        schema: &mut Map<String, Value>,
    ) {
        let properties = node.get("properties").and_then(Node::mapping).unwrap_or_default();
        if !properties.is_empty() {
            let inside = pointer.child("properties");
            let translated: Map<_, _> = properties
                .iter()
                .map(|entry| {
                    (
                        entry.key.clone(),
                        self.schema(source, &inside.child(&*entry.key), &entry.value),
                    )
                })
                .collect();
            schema.insert("properties".to_owned(), translated.into());
        }
        if let Some(required) = node.get("required").and_then(Node::sequence) {
            let write_only = |name: &str| {
                let member = properties
                    .iter()
                    .find(|entry| entry.key == name)
                    .and_then(|entry| entry.value.get("writeOnly"));
                member.is_some_and(|flag| flag.to_json() == Value::Bool(true))
            };
            let names: Vec<_> =
                required.iter().filter_map(Node::string).filter(|name| !write_only(name)).collect();
            schema.insert("required".to_owned(), json!(names));
        }
        for keyword in ["items", "additionalProperties", "not"] {
            if let Some(inner) = node.get(keyword) {
                let value = match inner.mapping() {
                    Some(_) => self.schema(source, &pointer.child(keyword), inner),
                    None => inner.to_json(),
                };
                schema.insert(keyword.to_owned(), value);
            }
        }
    }

    /// Keywords that hold lists of schemas, and the listed values.
    fn combined(
        &mut self,
        source: &Arc<str>,
        pointer: &Pointer,
        node: &Node,
        schema: &mut Map<String, Value>,
    ) {
        let tags = tags(node);
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let Some(items) = node.get(keyword).and_then(Node::sequence) else { continue };
            let inside = pointer.child(keyword);
            let translated: Vec<_> = items
                .iter()
                .enumerate()
                .map(|(index, item)| self.schema(source, &inside.child(index.to_string()), item))
                .collect();
            match &tags {
                // Where a member says which one a value has, it need not be the only one that fits.
                Some(tags) if keyword != "allOf" => {
                    let told = items.iter().zip(translated);
                    let told: Vec<_> =
                        told.map(|(item, schema)| tags.told(item, &schema)).collect();
                    schema.insert("anyOf".to_owned(), told.into());
                }
                _ => {
                    schema.insert(keyword.to_owned(), translated.into());
                }
            }
        }
        if let Some(values) = node.get("enum") {
            schema.insert("enum".to_owned(), values.to_json());
        }
    }
}

/// A boolean beside a bound becomes a bound of its own.
fn exclusive(node: &Node, schema: &mut Map<String, Value>, bound: &str, keyword: &str) {
    let excludes = node.get(keyword).map(Node::to_json) == Some(Value::Bool(true));
    if excludes && let Some(value) = schema.remove(bound) {
        schema.insert(keyword.to_owned(), value);
    }
}

/// `int32` and `int64` bound a range where nothing narrower is said.
fn format_range(schema: &mut Map<String, Value>) {
    let (low, high) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    for (open, strict, bound) in
        [("minimum", "exclusiveMinimum", low), ("maximum", "exclusiveMaximum", high)]
    {
        if !schema.contains_key(open) && !schema.contains_key(strict) {
            schema.insert(open.to_owned(), bound.into());
        }
    }
}

/// `null` beside the values of the schema.
fn nullable(node: &Node, schema: Map<String, Value>) -> Value {
    if node.get("nullable").map(Node::to_json) == Some(Value::Bool(true)) {
        json!({ "anyOf": [{ "type": "null" }, schema] })
    } else {
        Value::Object(schema)
    }
}

/// A discriminator: the member that says which variant a value has, and its values by variant.
struct Tags<'d> {
    property: &'d str,
    mapping: Vec<(&'d str, &'d str)>,
}

/// The discriminator of a choice. One whose variants are not all references tells nothing of those, and so of none.
fn tags(node: &Node) -> Option<Tags<'_>> {
    let variants =
        ["oneOf", "anyOf"].into_iter().filter_map(|keyword| node.get(keyword)?.sequence());
    let all_named = variants.flatten().all(|variant| variant.get("$ref").is_some());
    let discriminator = node.get("discriminator").filter(|_| all_named)?;
    let property = discriminator.get("propertyName").and_then(Node::string)?;
    let mapping = discriminator.get("mapping").and_then(Node::mapping).unwrap_or_default();
    let mapping = mapping.iter().filter_map(|entry| Some((&*entry.key, entry.value.string()?)));
    Some(Tags { property, mapping: mapping.collect() })
}

impl Tags<'_> {
    /// A variant, for values that say it is theirs.
    fn told(&self, variant: &Node, schema: &Value) -> Value {
        let reference = variant.get("$ref").and_then(Node::string).unwrap_or_default();
        let name = reference.rsplit('/').next().unwrap_or_default();
        let mapped = self.mapping.iter().filter(|(_, target)| [reference, name].contains(target));
        let mut values: Vec<_> = mapped.map(|(value, _)| *value).collect();
        if values.is_empty() {
            values.push(name);
        }
        let property = self.property;
        let told =
            json!({ "required": [property], "properties": { property: { "enum": values } } });
        json!({ "allOf": [told, schema] })
    }
}
