//! Strategic merge: maps are merged, lists by the table, and directives say otherwise.
//!
//! Directives: `$patch` (`replace`, `delete`, `merge`), `$retainKeys`, `$setElementOrder/<list>` and
//! `$deleteFromPrimitiveList/<list>`.

use serde_json::{Map, Value};

use super::table::{ListKeys, MergeTable, below};
use crate::cluster::status::Status;

const PATCH: &str = "$patch";
const RETAIN: &str = "$retainKeys";
const ORDER: &str = "$setElementOrder/";
const DELETE_VALUES: &str = "$deleteFromPrimitiveList/";

/// An object with a patch merged into it.
pub(super) fn merged(object: &Value, patch: &Value, table: &MergeTable) -> Result<Value, Status> {
    let merge = Merge { table };
    let empty = Map::new();
    let (current, patch) =
        (object.as_object().unwrap_or(&empty), patch.as_object().unwrap_or(&empty));
    Ok(Value::Object(merge.map(current, patch, "")?))
}

struct Merge<'t> {
    table: &'t MergeTable,
}

/// What a map of a patch says about itself.
#[derive(PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

impl Merge<'_> {
    fn map(
        &self,
        current: &Map<String, Value>,
        patch: &Map<String, Value>,
        path: &str,
    ) -> Result<Map<String, Value>, Status> {
        let mut result = match directive(patch)? {
            Directive::Delete => return Ok(Map::new()),
            Directive::Replace => Map::new(),
            Directive::Merge => current.clone(),
        };
        if let Some(kept) = patch.get(RETAIN) {
            let kept = names(kept)?;
            result.retain(|key, _| kept.iter().any(|name| *name == key));
        }
        for (key, value) in patch {
            if let Some(list) = key.strip_prefix(DELETE_VALUES) {
                delete_values(&mut result, list, value)?;
            } else if !key.starts_with('$') {
                let order = patch.get(&format!("{ORDER}{key}"));
                self.field(&mut result, key, value, order, path)?;
            }
        }
        for (key, order) in patch {
            let Some(list) = key.strip_prefix(ORDER).filter(|list| !patch.contains_key(*list))
            else {
                continue;
            };
            let empty = Value::Array(Vec::new());
            if result.contains_key(list) {
                self.field(&mut result, list, &empty, Some(order), path)?;
            }
        }
        Ok(result)
    }

    fn field(
        &self,
        result: &mut Map<String, Value>,
        key: &str,
        value: &Value,
        order: Option<&Value>,
        path: &str,
    ) -> Result<(), Status> {
        let path = below(path, key);
        let empty = Map::new();
        let merged = match value {
            Value::Null => {
                result.remove(key);
                return Ok(());
            }
            Value::Object(patch) => {
                let current = result.get(key).and_then(Value::as_object).unwrap_or(&empty);
                if directive(patch)? == Directive::Delete {
                    result.remove(key);
                    return Ok(());
                }
                Value::Object(self.map(current, patch, &path)?)
            }
            Value::Array(patch) => {
                let current =
                    result.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                match self.table.find(&path) {
                    Some(keys) => Value::Array(self.list(current, patch, keys, order, &path)?),
                    None => value.clone(),
                }
            }
            plain => plain.clone(),
        };
        result.insert(key.to_owned(), merged);
        Ok(())
    }

    fn list(
        &self,
        current: &[Value],
        patch: &[Value],
        keys: &ListKeys,
        order: Option<&Value>,
        path: &str,
    ) -> Result<Vec<Value>, Status> {
        let Some(key) = keys.first() else {
            let mut union = current.to_vec();
            union.extend(patch.iter().filter(|value| !current.contains(value)).cloned());
            return Ok(union);
        };
        let mut replaces = false;
        let mut deleted = Vec::new();
        let mut touched: Vec<Value> = Vec::new();
        let empty = Map::new();
        for item in patch {
            let fields = item.as_object().ok_or_else(Status::unprocessable)?;
            let directive = directive(fields)?;
            let Some(identity) = fields.get(key) else {
                // Without a key it is not about one item but about the whole list.
                match directive {
                    Directive::Replace => replaces = true,
                    Directive::Delete | Directive::Merge => return Err(Status::unprocessable()),
                }
                continue;
            };
            if directive == Directive::Delete {
                deleted.push(identity.clone());
                continue;
            }
            let same = |it: &&Value| it.get(key) == Some(identity);
            let before = touched.iter().chain(current).find(same).and_then(Value::as_object);
            let merged = Value::Object(self.map(before.unwrap_or(&empty), fields, path)?);
            touched.retain(|it| it.get(key) != Some(identity));
            touched.push(merged);
        }
        if replaces {
            return Ok(touched);
        }
        Ok(ordered(current, &touched, &deleted, key, order))
    }
}

/// Items in their order: those that the patch touched as it names them, the others as they stood, new ones first.
fn ordered(
    current: &[Value],
    touched: &[Value],
    deleted: &[Value],
    key: &str,
    order: Option<&Value>,
) -> Vec<Value> {
    let identity = |item: &Value| item.get(key).cloned().unwrap_or_default();
    let stood = |item: &Value| current.iter().position(|it| identity(it) == identity(item));
    let wanted: Vec<Value> =
        order.and_then(Value::as_array).into_iter().flatten().map(identity).collect();
    let is_wanted = |item: &Value| wanted.contains(&identity(item));
    let is_touched = |item: &Value| touched.iter().any(|it| identity(it) == identity(item));
    let untouched = current
        .iter()
        .filter(|item| !is_touched(item) && !deleted.contains(&identity(item)))
        .cloned();
    let (mut named, mut others): (Vec<Value>, Vec<Value>) =
        untouched.partition(|item| is_wanted(item));
    named.extend(touched.iter().cloned());
    let rank = |item: &Value| wanted.iter().position(|it| *it == identity(item));
    if !wanted.is_empty() {
        named.sort_by_key(|item| rank(item).unwrap_or(usize::MAX));
    }
    others.reverse();
    let mut result = Vec::new();
    for item in named {
        while others.last().is_some_and(|other| stood(other) < stood(&item)) {
            result.extend(others.pop());
        }
        result.push(item);
    }
    result.extend(others.into_iter().rev());
    result
}

fn directive(patch: &Map<String, Value>) -> Result<Directive, Status> {
    match patch.get(PATCH).map(Value::as_str) {
        None => Ok(Directive::Merge),
        Some(Some("merge")) => Ok(Directive::Merge),
        Some(Some("replace")) => Ok(Directive::Replace),
        Some(Some("delete")) => Ok(Directive::Delete),
        Some(_) => Err(Status::bad_request("unknown patch type found in $patch")),
    }
}

fn names(list: &Value) -> Result<Vec<&str>, Status> {
    let malformed = || Status::bad_request("$retainKeys is not a list of strings");
    let items = list.as_array().ok_or_else(malformed)?;
    items.iter().map(|item| item.as_str().ok_or_else(malformed)).collect()
}

fn delete_values(
    result: &mut Map<String, Value>,
    list: &str,
    values: &Value,
) -> Result<(), Status> {
    let values = values
        .as_array()
        .ok_or_else(|| Status::bad_request("$deleteFromPrimitiveList is not a list"))?;
    if let Some(current) = result.get_mut(list).and_then(Value::as_array_mut) {
        current.retain(|value| !values.contains(value));
    }
    Ok(())
}
