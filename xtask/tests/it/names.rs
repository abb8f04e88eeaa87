//! The tool knows no API: no word that only an API or a product has stands in its sources.
//!
//! An ordinary word such as `name` proves nothing either way, so of the words of the shipped specs the compound ones
//! count (`labelSelector`, `pod_name`, `X-Auth-Token`), and with them every literal segment of a path.

use std::collections::BTreeSet;

use serde_yaml::Value;

use crate::tree;

/// Products and protocols of products, whatever the specs say.
const PRODUCTS: [&str; 13] = [
    "kubernetes",
    "kubelet",
    "kubectl",
    "openshift",
    "stackrox",
    "huawei",
    "docker",
    "podman",
    "moby",
    "hyper.sh",
    "grpc",
    "x-auth-token",
    "busybox",
];

/// Words of the shipped documents that are ordinary words of HTTP, JSON, OpenAPI or this tool as well.
const ORDINARY: &str = include_str!("names.allowed");

#[test]
fn no_name_of_an_api_stands_in_the_tool() {
    let words = forbidden();
    assert!(words.len() > 100, "the words of the specs were not found");
    let mut complaints = Vec::new();
    for folder in ["generator/src", "generator/support", "conformance/src"] {
        for (path, text) in tree::files(&tree::root().join(folder), ".rs") {
            for (number, line) in text.lines().enumerate() {
                let lower = line.to_lowercase();
                let product = PRODUCTS
                    .iter()
                    .find(|product| lower.contains(**product))
                    .map(ToString::to_string);
                let word = words_of(line).find(|word| words.contains(*word)).map(str::to_owned);
                if let Some(word) = product.or(word) {
                    complaints.push(format!("{}:{}: {word}", tree::told(&path), number + 1));
                }
            }
        }
    }
    tree::none(&complaints);
}

fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| word.len() > 2)
}

/// Whether a word is made of several, and so is nobody's by chance.
fn is_compound(word: &str) -> bool {
    let humps = word
        .chars()
        .zip(word.chars().skip(1))
        .any(|(one, next)| one.is_lowercase() && next.is_uppercase());
    humps || word.contains(['_', '-', '.'])
}

/// Operation ids, parameters, properties, schemas, tags, path segments and enumerated values of the shipped specs.
fn forbidden() -> BTreeSet<String> {
    let ordinary: BTreeSet<_> = ORDINARY
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let (mut words, mut segments) = (BTreeSet::new(), BTreeSet::new());
    let specs = tree::root().join("specs");
    let shared = tree::files(&specs.join("shared"), ".yaml");
    for (_, text) in tree::files(&specs, "openapi.yaml").into_iter().chain(shared) {
        let document = serde_yaml::from_str(&text).unwrap();
        gather(&document, &mut words);
        segments.extend(paths_of(&document));
    }
    words.retain(|word| is_compound(word));
    words.extend(segments);
    words.retain(|word| {
        word.len() > 2
            && !ordinary.contains(word.as_str())
            && !word.contains(' ')
            && !word.chars().all(|c| c.is_ascii_digit())
    });
    words
}

/// The literal segments of every path.
fn paths_of(document: &Value) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_mapping).into_iter().flatten();
    let segments = paths.filter_map(|(path, _)| path.as_str()).flat_map(|path| path.split('/'));
    segments.filter(|segment| !segment.contains('{')).map(str::to_owned).collect()
}

fn gather(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Mapping(map) => {
            for (key, inner) in map {
                let key = key.as_str().unwrap_or_default();
                match (key, inner) {
                    ("properties" | "schemas", Value::Mapping(named)) => {
                        words.extend(named.keys().filter_map(Value::as_str).map(str::to_owned))
                    }
                    ("operationId", Value::String(name)) => {
                        words.insert(name.clone());
                    }
                    ("name", Value::String(name)) if map.contains_key("in") => {
                        words.insert(name.clone());
                    }
                    ("enum", Value::Sequence(values)) => {
                        words.extend(values.iter().filter_map(Value::as_str).map(str::to_owned))
                    }
                    _ => {}
                }
                gather(inner, words);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| gather(item, words)),
        _ => {}
    }
}
