//! A manifest that a user changed, brought up to date: three texts in, one out.
//!
//! What was generated last is the ground on which the user's changes are told from ours. Where the user changed
//! nothing, the new value goes in; where they did, theirs stays. Lists and tables are merged item by item. Comments,
//! order and whatever else the user wrote stay as they are.

use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, TomlError, Value};

/// A manifest that cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct MergeError(#[from] TomlError);

/// `found` with everything that is different between `before` and `wanted`.
///
/// `before` is what was generated when `found` was last written; empty where nothing was.
///
/// # Errors
/// When one of the texts is no TOML.
pub fn merge(found: &str, before: &str, wanted: &str) -> Result<String, MergeError> {
    let mut found: DocumentMut = found.parse()?;
    let before: DocumentMut = before.parse()?;
    let wanted: DocumentMut = wanted.parse()?;
    table(found.as_table_mut(), before.as_table(), wanted.as_table());
    Ok(found.to_string())
}

fn table(found: &mut dyn TableLike, before: &dyn TableLike, wanted: &dyn TableLike) {
    for (key, wanted) in wanted.iter() {
        let ground = before.get(key);
        match found.get_mut(key) {
            Some(there) => item(there, ground, wanted),
            // What the user took out stays out.
            None if ground.is_some() => {}
            None => {
                found.insert(key, wanted.clone());
            }
        }
    }
    let gone: Vec<&str> =
        before.iter().map(|(key, _)| key).filter(|key| !wanted.contains_key(key)).collect();
    for key in gone {
        let (Some(there), Some(ground)) = (found.get_mut(key), before.get(key)) else { continue };
        if same(there, ground) {
            found.remove(key);
        } else if let (Some(there), Some(ground)) =
            (there.as_table_like_mut(), ground.as_table_like())
        {
            table(there, ground, &InlineTable::new());
        }
    }
}

fn item(found: &mut Item, before: Option<&Item>, wanted: &Item) {
    if before.is_some_and(|before| same(found, before)) {
        if !same(found, wanted) {
            replace(found, wanted);
        }
        return;
    }
    // A dependency may be written by its version alone.
    let version = found.as_str().map(str::to_owned);
    if let (Some(version), Some(_)) = (version, wanted.as_table_like()) {
        let mut entry = InlineTable::new();
        entry.insert("version", version.into());
        *found = Item::Value(Value::InlineTable(entry));
    }
    if let (Some(found), Some(wanted)) = (found.as_table_like_mut(), wanted.as_table_like()) {
        let nothing = InlineTable::new();
        let before = before.and_then(Item::as_table_like).unwrap_or(&nothing);
        return table(found, before, wanted);
    }
    if let (Some(found), Some(wanted)) = (found.as_array_mut(), wanted.as_array()) {
        let nothing = Array::new();
        let before = before.and_then(Item::as_array).unwrap_or(&nothing);
        list(found, before, wanted);
    }
}

/// Puts a value in the place of another and leaves the spaces and comments around it.
fn replace(found: &mut Item, wanted: &Item) {
    let mut fresh = wanted.clone();
    if let (Some(old), Some(new)) = (found.as_value(), fresh.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    *found = fresh;
}

fn list(found: &mut Array, before: &Array, wanted: &Array) {
    let has = |list: &Array, value: &Value| list.iter().any(|own| alike(own, value));
    let stale: Vec<usize> = (0..)
        .zip(found.iter())
        .filter(|(_, value)| has(before, value) && !has(wanted, value))
        .map(|(index, _)| index)
        .collect();
    for index in stale.into_iter().rev() {
        found.remove(index);
    }
    for value in wanted {
        if !has(found, value) && !has(before, value) {
            found.push(value.clone());
        }
    }
}

/// Whether two items mean the same, whatever their spaces and comments.
fn same(one: &Item, other: &Item) -> bool {
    match (one.as_table_like(), other.as_table_like()) {
        (Some(one), Some(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, item)| other.get(key).is_some_and(|own| same(item, own)))
        }
        (None, None) => match (one.as_value(), other.as_value()) {
            (Some(one), Some(other)) => alike(one, other),
            _ => one.is_none() && other.is_none(),
        },
        _ => false,
    }
}

fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.value() == other.value(),
        (Value::Boolean(one), Value::Boolean(other)) => one.value() == other.value(),
        (Value::Integer(one), Value::Integer(other)) => one.value() == other.value(),
        (Value::Float(one), Value::Float(other)) => one.value() == other.value(),
        (Value::Datetime(one), Value::Datetime(other)) => one.value() == other.value(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::InlineTable(one), Value::InlineTable(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, own)| other.get(key).is_some_and(|it| alike(own, it)))
        }
        _ => false,
    }
}
