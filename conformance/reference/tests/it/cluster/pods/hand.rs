//! Small pods, and how they are written.

use reference::cluster::{
    options::WriteOptions,
    patch::PatchKind,
    pod::{Part, Pods},
    status::Status,
    store::Object,
};
use serde_json::{Value, json};

pub(super) fn small(name: &str) -> Value {
    json!({ "metadata": { "name": name }, "spec": { "containers": [{ "name": "c", "image": "bb:1" }] } })
}

pub(super) fn create(pods: &Pods, body: &Value) -> Result<Object, Status> {
    pods.create("default", body, &WriteOptions::default())
}

pub(super) fn with(names: &[&str]) -> Pods {
    let pods = Pods::default();
    for name in names {
        create(&pods, &small(name)).unwrap();
    }
    pods
}

pub(super) fn replace(pods: &Pods, body: &Value) -> Result<Value, Status> {
    let name = body["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let written = pods.replace("default", &name, Part::Main, body, &WriteOptions::default());
    written.map(|written| Value::clone(&written.object))
}

pub(super) fn patch(pods: &Pods, part: Part, patch: &Value) -> Result<Value, Status> {
    let options = WriteOptions::default();
    let written = pods.patch("default", "p", part, PatchKind::Merge, patch, &options);
    written.map(|written| Value::clone(&written.object))
}

pub(super) fn found(pods: &Pods, name: &str) -> Value {
    Value::clone(&pods.find("default", name).unwrap())
}

pub(super) fn schedule(pods: &Pods, name: &str) {
    let binding =
        json!({ "metadata": { "name": name }, "target": { "kind": "Node", "name": "n1" } });
    pods.bind("default", Some(name), &binding, false).unwrap();
}
