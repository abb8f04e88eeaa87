//! Owners of fields, and what an apply makes of an object.

use reference::cluster::{
    managed::{Writer, applied, updated},
    patch::MergeTable,
    status::Status,
};
use serde_json::{Value, json};

fn writer(manager: &str) -> Writer<'_> {
    Writer { manager, subresource: "", time: "2026-11-21T04:41:56Z" }
}

fn config(label: &str) -> Value {
    json!({
        "kind": "Pod", "apiVersion": "v1",
        "metadata": { "name": "p", "labels": { "a": label } },
        "spec": { "containers": [{ "name": "c", "image": "x" }] },
    })
}

fn apply(
    current: Option<&Value>,
    wanted: &Value,
    manager: &str,
    force: bool,
) -> Result<Value, Status> {
    applied(current, wanted, force, writer(manager), &MergeTable::pod()).map(|it| it.object)
}

/// The fields of each manager.
fn owners(object: &Value) -> Vec<(&str, &str, &Value)> {
    let entries = object["metadata"]["managedFields"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| {
            (
                entry["manager"].as_str().unwrap(),
                entry["operation"].as_str().unwrap(),
                &entry["fieldsV1"],
            )
        })
        .collect()
}

#[test]
fn an_apply_owns_what_it_names() {
    let object = apply(None, &config("b"), "me", false).unwrap();
    let fields = json!({
        "f:metadata": { "f:labels": { "f:a": {} } },
        "f:spec": { "f:containers": { "k:{\"name\":\"c\"}": { ".": {}, "f:image": {}, "f:name": {} } } },
    });
    assert_eq!(owners(&object), [("me", "Apply", &fields)]);
    let again = apply(Some(&object), &config("c"), "me", false).unwrap();
    assert_eq!(again["metadata"]["labels"]["a"], "c");
    assert_eq!(apply(Some(&again), &config("c"), "me", false).unwrap(), again);
}

#[test]
fn fields_of_others_are_conflicts_unless_forced() {
    let object = apply(None, &config("b"), "me", false).unwrap();
    let other = json!({ "metadata": { "labels": { "a": "d" } } });
    let conflict = apply(Some(&object), &other, "you", false).unwrap_err();
    assert_eq!(
        conflict.message,
        "Apply failed with 1 conflict: conflict with \"me\": .metadata.labels.a"
    );
    assert_eq!(conflict.code, 409);
    let forced = apply(Some(&object), &other, "you", true).unwrap();
    assert_eq!(forced["metadata"]["labels"]["a"], "d");
    let kept = json!({
        "f:spec": { "f:containers": { "k:{\"name\":\"c\"}": { ".": {}, "f:image": {}, "f:name": {} } } },
    });
    let taken = json!({ "f:metadata": { "f:labels": { "f:a": {} } } });
    assert_eq!(owners(&forced), [("me", "Apply", &kept), ("you", "Apply", &taken)]);
    // The same value is owned by both.
    let shared =
        apply(Some(&object), &json!({ "metadata": { "labels": { "a": "b" } } }), "you", false)
            .unwrap();
    assert_eq!(owners(&shared).len(), 2);
}

#[test]
fn what_is_no_longer_named_goes_unless_others_own_it() {
    let both = json!({ "metadata": { "labels": { "a": "1", "b": "2" } }, "spec": { "containers": [
        { "name": "c", "image": "x" }, { "name": "d", "image": "x", "env": [{ "name": "E", "value": "1" }] },
    ] } });
    let object = apply(None, &both, "me", false).unwrap();
    let object =
        apply(Some(&object), &json!({ "metadata": { "labels": { "b": "2" } } }), "you", false)
            .unwrap();
    let less = json!({ "spec": { "containers": [{ "name": "c", "image": "x" }] } });
    let object = apply(Some(&object), &less, "me", false).unwrap();
    assert_eq!(object["metadata"]["labels"], json!({ "b": "2" }));
    assert_eq!(object["spec"]["containers"], json!([{ "name": "c", "image": "x" }]));
    let none = apply(Some(&object), &json!({}), "you", false).unwrap();
    assert_eq!(none["metadata"].get("labels"), None);
}

#[test]
fn an_update_owns_what_it_changes() {
    let mut created = config("b");
    updated(None, &mut created, writer("unknown"), &MergeTable::pod());
    let fields = json!({
        "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
        "f:spec": { "f:containers": { "k:{\"name\":\"c\"}": { ".": {}, "f:image": {}, "f:name": {} } } },
    });
    assert_eq!(owners(&created), [("unknown", "Update", &fields)]);
    let mut changed = created.clone();
    changed["metadata"]["labels"]["a"] = json!("z");
    updated(Some(&created), &mut changed, writer("other"), &MergeTable::pod());
    assert_eq!(owners(&changed)[1].2, &json!({ "f:metadata": { "f:labels": { "f:a": {} } } }));
    assert_eq!(owners(&changed)[0].2["f:metadata"]["f:labels"], json!({}));
    let mut same = changed.clone();
    updated(
        Some(&changed),
        &mut same,
        Writer { time: "later", ..writer("other") },
        &MergeTable::pod(),
    );
    assert_eq!(same, changed);
    let conflict = apply(Some(&changed), &config("q"), "me", false).unwrap_err();
    assert!(
        conflict.message.contains("conflict with \"other\" using v1: .metadata.labels.a"),
        "{conflict}"
    );
}

#[test]
fn what_every_pod_has_is_owned_by_nobody() {
    let mut created = config("b");
    updated(None, &mut created, writer("unknown"), &MergeTable::pod());
    let mut bare = created.clone();
    bare["metadata"].as_object_mut().unwrap().remove("labels");
    updated(Some(&created), &mut bare, writer("unknown"), &MergeTable::pod());
    assert_eq!(owners(&bare)[0].2.get("f:metadata"), None);
    let mut started = bare.clone();
    started["status"] = json!({ "phase": "Running" });
    updated(Some(&bare), &mut started, writer("node"), &MergeTable::pod());
    assert_eq!(owners(&started)[1].2, &json!({ "f:status": { "f:phase": {} } }));
}

#[test]
fn entries_are_bounded() {
    let mut object = config("b");
    for number in 0..40 {
        let before = object.clone();
        object["metadata"]["labels"][format!("l{number}")] = json!("x");
        updated(Some(&before), &mut object, writer(&format!("m{number}")), &MergeTable::pod());
    }
    assert_eq!(owners(&object).len(), 16);
    assert_eq!(owners(&object)[0].0, "ancient-changes");
}
