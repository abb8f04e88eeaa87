//! Documents that look like OpenAPI and are not: reading them ends, within bounds and without a panic.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use generator::source::{NoFiles, Source};
use generator::{Limits, Reading, read};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

fn read_text(text: impl Into<String>) -> Reading {
    let source = Source::new("hostile.yaml", text.into());
    let mut limits = Limits { schemas: 2_000, ..Limits::default() };
    limits.document.bytes = 1 << 20;
    read(&source, &NoFiles, &limits)
}

/// Words that mean something somewhere.
const WORDS: &[&str] = &[
    "$defs",
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "collectionFormat",
    "components",
    "const",
    "content",
    "contentEncoding",
    "default",
    "definitions",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "exclusiveMinimum",
    "format",
    "get",
    "headers",
    "id",
    "in",
    "items",
    "layout",
    "links",
    "mapping",
    "maximum",
    "minLength",
    "multipleOf",
    "name",
    "not",
    "nullable",
    "oneOf",
    "operationId",
    "parameters",
    "pattern",
    "patternProperties",
    "post",
    "prefixItems",
    "produces",
    "properties",
    "propertyName",
    "receive",
    "requestBody",
    "required",
    "responses",
    "schema",
    "schemas",
    "security",
    "style",
    "type",
    "unevaluatedProperties",
    "x-equivalent",
    "x-frames",
    "x-nullable",
    "x-pagination",
    "x-provenance",
    "x-refusals",
    "x-same-as-absent",
    "x-status-field",
    "x-upgrade",
    "x-watch",
];

/// Values that mean something somewhere.
const TEXTS: &[&str] = &[
    "#",
    "#/",
    "#/components/schemas/Thing",
    "#/paths",
    "",
    "/",
    "/a/{b}",
    "/items",
    "200",
    "3.0.3",
    "4XX",
    "[",
    "a",
    "array",
    "body",
    "boolean",
    "cursor",
    "date-time",
    "file",
    "form",
    "formData",
    "header",
    "integer",
    "lines",
    "missing.yaml#/a",
    "multi",
    "null",
    "number",
    "object",
    "offset",
    "path",
    "pipes",
    "query",
    "simple",
    "string",
    "$request.body#/a",
    "$response.header.A",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(TEXTS).prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 48, 6, |inner| {
        let key = prop_oneof![
            6 => select(WORDS).prop_map(str::to_owned),
            1 => select(TEXTS).prop_map(str::to_owned),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// The documents of which every construct is understood.
fn understood() -> &'static [Value] {
    static ALL: LazyLock<Vec<Value>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lower/ok");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = files.collect();
        files.sort();
        let document = |path: &std::path::PathBuf| {
            serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
        };
        files.iter().map(document).collect()
    });
    &ALL
}

/// Every place in a document, as the way from its root.
fn places(value: &Value, way: &str, found: &mut Vec<String>) {
    found.push(way.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            map.iter()
                .for_each(|(key, inner)| places(inner, &format!("{way}/{}", escaped(key)), found));
        }
        Value::Array(items) => {
            let indexed = items.iter().enumerate();
            indexed.for_each(|(index, inner)| places(inner, &format!("{way}/{index}"), found));
        }
        _ => {}
    }
}

/// A document with some of its values replaced: by anything, or by another value of the same document.
fn mutated() -> impl Strategy<Value = Value> {
    let change = (any::<Index>(), prop::option::of(any::<Index>()), tree());
    (any::<Index>(), prop::collection::vec(change, 1..5)).prop_map(|(document, changes)| {
        let mut document = document.get(understood()).clone();
        for (at, other, value) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            let value = match other {
                Some(other) => document.pointer(other.get::<String>(&found)).unwrap().clone(),
                None => value,
            };
            *document.pointer_mut(at.get::<String>(&found)).unwrap() = value;
        }
        document
    })
}

proptest! {
    #[test]
    fn any_tree_is_read_or_refused(value in tree()) {
        read_text(value.to_string());
    }

    #[test]
    fn any_components_are_read_or_refused(schemas in prop::collection::vec(tree(), 1..6)) {
        let named = schemas.into_iter().enumerate();
        let mut map: Map<_, _> = named.map(|(index, schema)| (format!("S{index}"), schema)).collect();
        map.insert("Thing".to_owned(), json!({ "allOf": [{ "$ref": "#/components/schemas/S0" }] }));
        for version in ["3.0.3", "3.1.0"] {
            let components = json!({ "schemas": map });
            let document = json!({ "openapi": version, "info": {}, "paths": {}, "components": components });
            read_text(document.to_string());
        }
        let document = json!({ "swagger": "2.0", "info": {}, "paths": map, "definitions": map, "parameters": map });
        read_text(document.to_string());
    }

    #[test]
    fn a_broken_document_is_read_as_far_as_it_goes(document in mutated()) {
        read_text(document.to_string());
    }
}

/// A document with those schemas.
fn with_schemas(schemas: &str) -> Reading {
    read_text(format!(
        "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"t\", \"version\": \"1\"}}, \"paths\": {{}}, \
         \"components\": {{\"schemas\": {{{schemas}}}}}}}"
    ))
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    let mut codes: Vec<_> = reading.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn products_of_choices_are_bounded() {
    let choice = |number: usize| {
        format!(
            "{{\"oneOf\": [{{\"maxLength\": {number}}}, {{\"minLength\": {number}}}, {{\"pattern\": \"{number}\"}}]}}"
        )
    };
    let choices: Vec<_> = (0..40).map(choice).collect();
    let reading = with_schemas(&format!("\"A\": {{\"allOf\": [{}]}}", choices.join(", ")));
    assert!(codes(&reading).contains(&"too-complex"), "{:?}", codes(&reading));
}

#[test]
fn long_chains_of_definitions_do_not_recurse() {
    let mut schemas = String::new();
    for number in 0..3_000 {
        let next = number + 1;
        let _ = write!(
            schemas,
            "\"A{number}\": {{\"anyOf\": [{{\"allOf\": [{{\"$ref\": \"#/components/schemas/A{next}\"}}]}}]}}, "
        );
    }
    let reading = with_schemas(&format!("{schemas} \"A3000\": {{\"type\": \"string\"}}"));
    assert!(reading.api.is_some());
}

#[test]
fn samples_against_many_unions_cost_little() {
    let mut schemas = String::new();
    for number in 0..60 {
        let next = number + 1;
        let _ = write!(
            schemas,
            "\"A{number}\": {{\"anyOf\": [{{\"$ref\": \"#/components/schemas/B{next}\"}}, {{\"$ref\": \
             \"#/components/schemas/A{next}\"}}], \"default\": 1}}, \"B{next}\": {{\"anyOf\": [{{\"$ref\": \
             \"#/components/schemas/A{next}\"}}, {{\"type\": \"string\"}}]}}, "
        );
    }
    let reading = with_schemas(&format!("{schemas} \"A60\": {{\"type\": \"string\"}}"));
    assert!(reading.api.is_some());
}

#[test]
fn one_object_may_have_very_many_members() {
    let members: Vec<_> = (0..20_000).map(|number| format!("\"m{number}\": {{}}")).collect();
    let schema = format!(
        "\"A\": {{\"type\": \"object\", \"properties\": {{{0}}}, \"default\": {{{0}}}}}",
        members.join(", ")
    );
    let reading = with_schemas(&schema);
    assert!(codes(&reading).contains(&"too-many-schemas"));
}
