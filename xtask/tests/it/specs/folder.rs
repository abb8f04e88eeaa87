//! One folder below `specs`, and how references inside its document are followed.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::whole::Component;
use crate::tree;

/// The folder whose files the documents of others refer to.
const SHARED: &str = "shared";
/// Files of it that are no part of a document.
const BESIDE: [&str; 2] = ["errata.yaml", "inventory.yaml"];

/// What one folder holds, each file as the JSON value it stands for.
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) document: Value,
    /// Files that a document may refer to, by the name they have there.
    pub(super) others: BTreeMap<String, Value>,
    pub(super) inventory: Value,
    /// Whether the inventory lists the schemas of those files as well.
    pub(super) has_rows_of_others: bool,
    pub(super) errata: Value,
    pub(super) workflows: Option<Value>,
}

impl Folder {
    /// A named thing of another file.
    pub(super) fn component(&self, wanted: &Component) -> Option<&Value> {
        self.others.get(&wanted.file)?.get("components")?.get(&wanted.section)?.get(&wanted.name)
    }
}

/// Every shipped spec.
pub(super) fn shipped() -> Vec<Folder> {
    let documents = tree::files(&tree::root().join("specs"), "openapi.yaml");
    let folders = documents.into_iter().map(|(path, document)| {
        let folder = path.parent().unwrap();
        Folder {
            name: tree::told(folder),
            document: value(&document),
            others: others(&format!("../{SHARED}/")),
            inventory: beside(folder, "inventory.yaml").unwrap(),
            has_rows_of_others: false,
            errata: beside(folder, "errata.yaml").unwrap(),
            workflows: beside(folder, "workflows.arazzo.yaml"),
        }
    });
    folders.collect()
}

/// The shared files as a folder of their own: its document refers to every schema of theirs, and has nothing else.
pub(super) fn shared() -> Folder {
    let folder = tree::root().join("specs").join(SHARED);
    let others = others("");
    let inventory = beside(&folder, "inventory.yaml").unwrap();
    let references: Vec<_> = components(&others)
        .filter(Component::is_schema)
        .map(|Component { file, name, .. }| {
            json!({ "$ref": format!("{file}#/components/schemas/{name}") })
        })
        .collect();
    Folder {
        name: tree::told(&folder),
        document: json!({
            "x-provenance": { "document": inventory["document"] },
            "components": {},
            "references": references,
        }),
        others,
        inventory,
        has_rows_of_others: true,
        errata: beside(&folder, "errata.yaml").unwrap(),
        workflows: None,
    }
}

/// Every named thing of those files.
pub(super) fn components(files: &BTreeMap<String, Value>) -> impl Iterator<Item = Component> {
    files.iter().flat_map(|(file, content)| {
        members(content, "components").flat_map(move |(section, named)| {
            named.as_object().into_iter().flatten().map(move |(name, _)| Component {
                file: file.clone(),
                section: section.clone(),
                name: name.clone(),
            })
        })
    })
}

/// The shared files, by their names with `prefix` before them.
fn others(prefix: &str) -> BTreeMap<String, Value> {
    let files = tree::files(&tree::root().join("specs").join(SHARED), ".yaml");
    let named = files.into_iter().filter_map(|(path, text)| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        (!BESIDE.contains(&name.as_str())).then(|| (format!("{prefix}{name}"), value(&text)))
    });
    named.collect()
}

fn beside(folder: &Path, name: &str) -> Option<Value> {
    std::fs::read_to_string(folder.join(name)).ok().map(|text| value(&text))
}

fn value(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// What stands at the end of a chain of references.
pub(super) struct Followed {
    /// The node there; members beside an `allOf` of one reference go before those of its target.
    pub(super) node: Value,
    /// The named schemas on the way, in order.
    pub(super) names: Vec<String>,
    /// Whether something on the way comes from a convention and not from the source document.
    pub(super) is_conventional: bool,
}

/// Follows `$ref`, and `allOf` around a single `$ref`.
pub(super) fn follow(document: &Value, from: &Value) -> Followed {
    let mut names = Vec::new();
    let mut is_conventional = false;
    let mut beside: Vec<Value> = Vec::new();
    let mut node = from.clone();
    loop {
        is_conventional |= node.pointer("/x-provenance/convention").is_some();
        let inner = alone(&node);
        let Some(reference) = node.get("$ref").or(inner).and_then(Value::as_str) else { break };
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        let Some(target) = target.cloned() else { break };
        names.extend(reference.strip_prefix("#/components/schemas/").map(str::to_owned));
        if inner.is_some() {
            beside.push(node);
        }
        node = target;
    }
    for outer in beside.into_iter().rev() {
        for (key, value) in
            outer.as_object().into_iter().flatten().filter(|(key, _)| *key != "allOf")
        {
            node[key] = value.clone();
        }
    }
    Followed { node, names, is_conventional }
}

/// The reference that an `allOf` wraps, where it wraps nothing else.
fn alone(node: &Value) -> Option<&Value> {
    let parts = node.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() == 1)?;
    let is_bare = node.get("type").is_none() && node.get("properties").is_none();
    parts.first().filter(|_| is_bare)?.get("$ref")
}

/// The members of an object, or none.
pub(super) fn members<'v>(
    value: &'v Value,
    name: &str,
) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(name).and_then(Value::as_object).into_iter().flatten()
}

/// The items of a list, or none.
pub(super) fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A member that is a text, or an empty one.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a member is there and `true`.
pub(super) fn flag(value: &Value, name: &str) -> bool {
    value.get(name) == Some(&Value::Bool(true))
}

/// Whether an erratum on the row decides over one of its members, so that the member is not compared.
pub(super) fn is_excused(row: &Value, member: &str) -> bool {
    match row.get("erratum") {
        Some(Value::Object(by_member)) => by_member.contains_key(member),
        other => other.is_some(),
    }
}

/// The name by which the document has what the row is about.
pub(super) fn key<'r>(row: &'r Value, member: &str) -> &'r str {
    row.get("as").or_else(|| row.get(member)).and_then(Value::as_str).unwrap_or_default()
}
