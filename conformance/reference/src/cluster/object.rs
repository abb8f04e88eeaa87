//! Reading and changing objects as JSON: what every kind has in common.
//!
//! An absent field and one of another type read alike; whether an object is well formed is asked elsewhere.

use serde_json::{Map, Value};

/// The text at a JSON pointer (RFC 6901), or nothing.
#[must_use]
pub fn text<'v>(object: &'v Value, pointer: &str) -> &'v str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The list at a JSON pointer, or an empty one.
#[must_use]
pub fn list<'v>(object: &'v Value, pointer: &str) -> &'v [Value] {
    object.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The number at a JSON pointer.
#[must_use]
pub fn number(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// Whether the value at a JSON pointer is `true`.
#[must_use]
pub fn flag(object: &Value, pointer: &str) -> bool {
    object.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

/// `metadata.name`.
#[must_use]
pub fn name(object: &Value) -> &str {
    text(object, "/metadata/name")
}

/// `metadata.namespace`.
#[must_use]
pub fn namespace(object: &Value) -> &str {
    text(object, "/metadata/namespace")
}

/// `metadata.uid`.
#[must_use]
pub fn uid(object: &Value) -> &str {
    text(object, "/metadata/uid")
}

/// `metadata.resourceVersion`.
#[must_use]
pub fn version(object: &Value) -> &str {
    text(object, "/metadata/resourceVersion")
}

/// One label.
#[must_use]
pub fn label<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    object.pointer("/metadata/labels")?.get(key)?.as_str()
}

/// Whether the object is being deleted.
#[must_use]
pub fn is_terminating(object: &Value) -> bool {
    !text(object, "/metadata/deletionTimestamp").is_empty()
}

/// Sets a field, making the maps on the way; what is no map on the way becomes one.
pub fn set(object: &mut Value, path: &[&str], value: impl Into<Value>) {
    let Some((last, way)) = path.split_last() else {
        *object = value.into();
        return;
    };
    let mut place = object;
    for key in way {
        place = map(place).entry(*key).or_insert_with(|| Value::Object(Map::new()));
    }
    map(place).insert((*last).to_owned(), value.into());
}

/// Sets a field that is absent or null.
pub fn set_default(object: &mut Value, path: &[&str], value: impl Into<Value>) {
    if get(object, path).is_none_or(Value::is_null) {
        set(object, path, value);
    }
}

/// The value of a field.
#[must_use]
pub fn get<'v>(object: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(object, |place, key| place.get(key))
}

/// Takes a field away.
pub fn remove(object: &mut Value, path: &[&str]) -> Option<Value> {
    let (last, way) = path.split_last()?;
    let place = way.iter().try_fold(object, |place, key| place.get_mut(key))?;
    place.as_object_mut()?.remove(*last)
}

/// Copies a field from another object, or takes it away when it is not there.
pub fn copy(object: &mut Value, from: &Value, path: &[&str]) {
    match get(from, path) {
        Some(value) => set(object, path, value.clone()),
        None => {
            remove(object, path);
        }
    }
}

/// The value as a map; what is none becomes an empty one.
fn map(value: &mut Value) -> &mut Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => {
            *other = Value::Object(Map::new());
            map(other)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_set_copied_and_removed() {
        let mut object = json!({ "a": 1 });
        set(&mut object, &["b", "c"], 2);
        set(&mut object, &["a", "d"], 3);
        set_default(&mut object, &["b", "c"], 4);
        set_default(&mut object, &["b", "e"], 5);
        assert_eq!(object, json!({ "a": { "d": 3 }, "b": { "c": 2, "e": 5 } }));
        assert_eq!(remove(&mut object, &["b", "c"]), Some(json!(2)));
        copy(&mut object, &json!({ "a": { "d": "x" } }), &["a", "d"]);
        copy(&mut object, &json!({}), &["b"]);
        assert_eq!(object, json!({ "a": { "d": "x" } }));
        assert_eq!(remove(&mut object, &["z", "z"]), None);
    }
}
