//! From objects to sets of fields, and along a way into an object.

use serde_json::Value;

use super::set::FieldSet;
use crate::cluster::patch::{ListKeys, MergeTable, below};

/// All fields that an object names. `marked` also counts each map and list as a field of its own.
pub(super) fn named(object: &Value, table: &MergeTable, marked: bool) -> FieldSet {
    named_at(object, "", table, marked)
}

fn named_at(value: &Value, path: &str, table: &MergeTable, marked: bool) -> FieldSet {
    match children(value, path, table) {
        None => FieldSet::leaf(),
        Some(children) => FieldSet::node(
            marked && !path.is_empty(),
            children.into_iter().map(|child| {
                let mut set = named_at(child.value, &child.path, table, marked);
                if child.is_item() {
                    set = set.with(&FieldSet::leaf());
                }
                (child.step, set)
            }),
        ),
    }
}

/// The fields that are new or different in `after`.
pub(super) fn changed(before: &Value, after: &Value, table: &MergeTable) -> FieldSet {
    changed_at(Some(before), after, "", table)
}

fn changed_at(before: Option<&Value>, after: &Value, path: &str, table: &MergeTable) -> FieldSet {
    match children(after, path, table) {
        None if before == Some(after) => FieldSet::default(),
        None => FieldSet::leaf(),
        Some(children) => FieldSet::node(
            before.is_none(),
            children.into_iter().map(|child| {
                let before = before.and_then(|before| find(before, &child.step, path, table));
                (child.step, changed_at(before, child.value, &child.path, table))
            }),
        ),
    }
}

/// A value one step down.
pub(super) struct Child<'v> {
    pub(super) step: String,
    pub(super) path: String,
    pub(super) value: &'v Value,
}

impl Child<'_> {
    fn is_item(&self) -> bool {
        self.step.starts_with("k:")
    }
}

/// What is one step below a value; nothing when it is a leaf: a plain value, an empty one, or a list that is one whole.
pub(super) fn children<'v>(
    value: &'v Value,
    path: &str,
    table: &MergeTable,
) -> Option<Vec<Child<'v>>> {
    match value {
        Value::Object(map) if !map.is_empty() => Some(
            map.iter()
                .map(|(key, value)| Child {
                    step: format!("f:{key}"),
                    path: below(path, key),
                    value,
                })
                .collect(),
        ),
        Value::Array(items) if !items.is_empty() => {
            let keys = table.find(path)?;
            items
                .iter()
                .map(|item| {
                    let step = step_of(item, keys)?;
                    Some(Child { step, path: path.to_owned(), value: item })
                })
                .collect()
        }
        _ => None,
    }
}

/// The step to an item of a list.
pub(super) fn step_of(item: &Value, keys: &ListKeys) -> Option<String> {
    let form = if keys.first().is_some() { "k" } else { "v" };
    Some(format!("{form}:{}", keys.identity(item)?))
}

/// The value one step below, if it is there.
pub(super) fn find<'v>(
    value: &'v Value,
    step: &str,
    path: &str,
    table: &MergeTable,
) -> Option<&'v Value> {
    match value {
        Value::Object(map) => map.get(step.strip_prefix("f:")?),
        Value::Array(items) => {
            let keys = table.find(path)?;
            items.iter().find(|item| step_of(item, keys).as_deref() == Some(step))
        }
        _ => None,
    }
}

/// The path of the table after a step.
pub(super) fn path_after(path: &str, step: &str) -> String {
    step.strip_prefix("f:").map_or_else(|| path.to_owned(), |field| below(path, field))
}
