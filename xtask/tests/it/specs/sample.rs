//! Every sample and default against the schema it is about.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::folder::{Folder, follow, members};
use super::whole::whole;

/// The samples and defaults that do not fit.
pub(super) fn check(folder: &Folder) -> Vec<String> {
    let document = whole(folder).document;
    let translated = translated(&document);
    let mut complaints = Vec::new();
    for (at, schema, sample) in samples(&document) {
        let validator = validator(&translated, &schema);
        complaints.extend(validator.iter_errors(&sample).map(|fault| format!("{at}: {fault}")));
    }
    complaints
}

/// Compiles a schema beside the whole document, in which its references lead.
fn validator(document: &Value, schema: &Value) -> Validator {
    let mut whole = document.clone();
    whole["$ref"] = json!("#/checked");
    whole["checked"] = translated(schema);
    jsonschema::options().offline().should_validate_formats(true).build(&whole).unwrap()
}

/// OpenAPI 3.0 as JSON Schema: `nullable` and boolean exclusive bounds are spelt otherwise there.
fn translated(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(translated).collect(),
        Value::Object(members) => {
            let mut members: Map<_, _> =
                members.iter().map(|(key, inner)| (key.clone(), translated(inner))).collect();
            for (bound, exclusive) in
                [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")]
            {
                if members.get(exclusive) == Some(&Value::Bool(true))
                    && let Some(value) = members.remove(bound)
                {
                    members.insert(exclusive.to_owned(), value);
                }
            }
            match members.get("nullable") {
                Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, members] }),
                _ => Value::Object(members),
            }
        }
        other => other.clone(),
    }
}

type Sample = (String, Value, Value);

/// Every sample and default with its place and its schema.
fn samples(document: &Value) -> Vec<Sample> {
    let mut found = Vec::new();
    walk(document, document, "", &mut found);
    found
}

fn walk(document: &Value, node: &Value, at: &str, found: &mut Vec<Sample>) {
    match node {
        Value::Object(all) => {
            beside_schema(document, node, at, found);
            if let Some(default) = node.get("default").filter(|_| is_schema(node)) {
                found.push((format!("{at}/default"), node.clone(), default.clone()));
            }
            if let Some(sample) = node.get("example").filter(|_| is_schema(node)) {
                found.push((format!("{at}/example"), node.clone(), sample.clone()));
            }
            let inner =
                all.iter().filter(|(key, _)| !["example", "examples"].contains(&key.as_str()));
            for (key, inner) in inner {
                let segment = key.replace('~', "~0").replace('/', "~1");
                walk(document, inner, &format!("{at}/{segment}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(document, item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Whether a node is a schema: only those have a type, or combine others, beside a default.
fn is_schema(node: &Value) -> bool {
    let named = node.get("type").is_some_and(Value::is_string) && node.get("in").is_none();
    named
        || ["allOf", "oneOf", "anyOf", "enum"]
            .iter()
            .any(|key| node.get(*key).is_some_and(Value::is_array))
}

/// Samples that stand beside a schema: of a parameter, a header or a media type.
fn beside_schema(document: &Value, node: &Value, at: &str, found: &mut Vec<Sample>) {
    let Some(schema) = node.get("schema").filter(|schema| schema.is_object()) else { return };
    if let Some(sample) = node.get("example") {
        found.push((format!("{at}/example"), schema.clone(), sample.clone()));
    }
    for (name, sample) in members(node, "examples") {
        let sample = follow(document, sample).node;
        if let Some(value) = sample.get("value") {
            found.push((format!("{at}/examples/{name}"), schema.clone(), value.clone()));
        }
    }
}
