//! One folder below `specs`, and how references inside its document are followed.

use serde_json::Value;

use crate::tree;

/// What one folder holds, each file as the JSON value it stands for.
pub(super) struct Folder {
    pub(super) name: String,
    pub(super) document: Value,
    pub(super) inventory: Value,
    pub(super) errata: Value,
    pub(super) workflows: Option<Value>,
}

/// Every shipped spec.
pub(super) fn shipped() -> Vec<Folder> {
    let documents = tree::files(&tree::root().join("specs"), "openapi.yaml");
    let folders = documents.into_iter().map(|(path, document)| {
        let folder = path.parent().unwrap();
        let beside = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
        Folder {
            name: tree::told(folder),
            document: value(&document),
            inventory: value(&beside("inventory.yaml").unwrap()),
            errata: value(&beside("errata.yaml").unwrap()),
            workflows: beside("workflows.arazzo.yaml").map(|text| value(&text)),
        }
    });
    folders.collect()
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
