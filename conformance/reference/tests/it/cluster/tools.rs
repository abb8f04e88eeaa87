//! Making objects and reading answers.

use reference::cluster::{
    status::Status,
    store::{Key, Object, Store, Write},
};
use serde_json::{Value, json};

/// A small pod.
pub(crate) fn pod(name: &str, labels: Value) -> Value {
    let mut pod = json!({
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": { "name": name, "namespace": "default" },
        "spec": { "containers": [{ "name": "c", "image": "x" }] },
    });
    pod["metadata"]["labels"] = labels;
    pod
}

/// Writes an object as it is.
pub(crate) fn put(store: &Store, object: Value) -> Object {
    let metadata = |field: &str| object["metadata"][field].as_str().unwrap().to_owned();
    let key = Key::new(&metadata("namespace"), &metadata("name"));
    store.write(&key, false, |_| Ok(Write::Put(object))).unwrap().object
}

/// Takes an object away.
pub(crate) fn take(store: &Store, name: &str) {
    let key = Key::new("default", name);
    store.write(&key, false, |object| Ok(Write::Remove(Value::clone(object.unwrap())))).unwrap();
}

/// The code, the reason and the message of a refusal.
pub(crate) fn told(status: &Status) -> (u16, &'static str, &str) {
    (status.code, status.reason.map_or("", |reason| reason.name()), &status.message)
}

/// The names of objects.
pub(crate) fn names<'o>(objects: impl IntoIterator<Item = &'o Object>) -> Vec<String> {
    objects
        .into_iter()
        .map(|object| object["metadata"]["name"].as_str().unwrap_or_default().to_owned())
        .collect()
}
