//! Server-side apply: what a manager names is merged into the object, and what it no longer names goes.

use serde_json::{Map, Value};

use super::{
    Entry, FieldSet, Writer, entries, owned_part,
    walk::{self, path_after, step_of},
    write,
};
use crate::cluster::{
    patch::{MergeTable, below},
    status::Status,
};

/// What an apply made.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The object.
    pub object: Value,
}

/// Applies what a manager wants to an object, or makes one of it.
///
/// # Errors
/// 409 when others own fields that would change, unless `force` takes them.
pub fn applied(
    current: Option<&Value>,
    wanted: &Value,
    force: bool,
    writer: Writer<'_>,
    table: &MergeTable,
) -> Result<Applied, Status> {
    let nothing = Value::Object(Map::new());
    let before = current.unwrap_or(&nothing);
    let names = walk::named(&owned_part(wanted), table, false);
    let mut entries = current.map(entries).unwrap_or_default();
    let changes = walk::changed(&owned_part(before), &owned_part(wanted), table);
    let conflicts = conflicts(&entries, &changes, writer);
    if !conflicts.is_empty() && !force {
        return Err(Status::owned(conflicts));
    }
    let mut object = merged(before, wanted, "", table);
    let mut dropped = FieldSet::default();
    for entry in &mut entries {
        if entry.is(writer, true) {
            dropped = entry.fields.without(&names);
        } else {
            entry.fields = entry.fields.without(&changes);
        }
    }
    for entry in entries.iter().filter(|entry| !entry.is(writer, true)) {
        dropped = dropped.without(&entry.fields);
    }
    drop_fields(&mut object, &dropped, "", table);
    own(&mut entries, names, writer);
    write(&mut object, entries);
    Ok(Applied { object })
}

/// Gives the manager exactly these fields.
fn own(entries: &mut Vec<Entry>, names: FieldSet, writer: Writer<'_>) {
    match entries.iter_mut().find(|entry| entry.is(writer, true)) {
        Some(entry) => {
            if entry.fields != names {
                writer.time.clone_into(&mut entry.time);
            }
            entry.fields = names;
        }
        None => entries.push(Entry::new(writer, true, names)),
    }
}

/// The fields of others that would change, each with its owner.
fn conflicts(entries: &[Entry], changes: &FieldSet, writer: Writer<'_>) -> Vec<(String, String)> {
    let others = entries
        .iter()
        .filter(|entry| entry.manager != writer.manager || entry.subresource != writer.subresource);
    others
        .flat_map(|entry| {
            let ways = entry.fields.common(changes).leaves();
            ways.into_iter().map(|way| (entry.told(), written(&way)))
        })
        .collect()
}

/// A way as it is written in a conflict: `.spec.containers[name="c"].image`.
fn written(way: &[String]) -> String {
    way.iter().map(|step| written_step(step)).collect()
}

fn written_step(step: &str) -> String {
    if let Some(field) = step.strip_prefix("f:") {
        return format!(".{field}");
    }
    if let Some(keys) = step.strip_prefix("k:") {
        let keys: Map<String, Value> = serde_json::from_str(keys).unwrap_or_default();
        let told = keys.iter().map(|(key, value)| format!("{key}={value}"));
        return format!("[{}]", told.collect::<Vec<_>>().join(","));
    }
    format!("[={}]", step.strip_prefix("v:").unwrap_or(step))
}

/// Two values as one: maps and keyed lists are joined, everything else is as wanted.
fn merged(current: &Value, wanted: &Value, path: &str, table: &MergeTable) -> Value {
    match (current, wanted) {
        (Value::Object(current), Value::Object(wanted)) => {
            let mut joined = current.clone();
            for (key, value) in wanted {
                let path = below(path, key);
                let before = joined.get(key).unwrap_or(&Value::Null);
                let value = merged(before, value, &path, table);
                joined.insert(key.clone(), value);
            }
            Value::Object(joined)
        }
        (Value::Array(current), Value::Array(wanted)) => match table.find(path) {
            None => Value::Array(wanted.clone()),
            Some(keys) => {
                let mut joined = current.clone();
                for item in wanted {
                    let step = step_of(item, keys);
                    let same =
                        joined.iter_mut().find(|it| step.is_some() && step_of(it, keys) == step);
                    match same {
                        Some(same) => *same = merged(same, item, path, table),
                        None => joined.push(item.clone()),
                    }
                }
                Value::Array(joined)
            }
        },
        (_, wanted) => wanted.clone(),
    }
}

/// Takes fields away; a map or list that has nothing left goes as well.
fn drop_fields(value: &mut Value, fields: &FieldSet, path: &str, table: &MergeTable) {
    for (step, below) in fields.steps() {
        let path = path_after(path, step);
        let whole = below.is_leaf() || (below.is_here() && step.starts_with("k:"));
        match value {
            Value::Object(map) => {
                let field = step.strip_prefix("f:").unwrap_or(step);
                let Some(inner) = map.get_mut(field) else { continue };
                drop_fields(inner, below, &path, table);
                if whole || is_nothing(inner) {
                    map.remove(field);
                }
            }
            Value::Array(items) => {
                let Some(keys) = table.find(&path) else { continue };
                let own = |item: &Value| step_of(item, keys).as_deref() == Some(step);
                if whole {
                    items.retain(|item| !own(item));
                } else if let Some(item) = items.iter_mut().find(|item| own(item)) {
                    drop_fields(item, below, &path, table);
                }
            }
            _ => {}
        }
    }
}

/// Whether a map or list is empty.
fn is_nothing(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}
