//! Replacing and patching.

use reference::cluster::{
    options::WriteOptions,
    patch::PatchKind,
    pod::{Part, Pods},
};
use serde_json::{Value, json};

use super::super::tools::told;
use super::hand::{found, patch, replace, small, with};

#[test]
fn replaces_follow_version_uid_and_name() {
    let pods = with(&["p"]);
    let old = found(&pods, "p");
    assert_eq!(replace(&pods, &old).unwrap(), old);
    let mut body = old.clone();
    body["metadata"]["labels"] = json!({ "a": "b" });
    let new = replace(&pods, &body).unwrap();
    assert_ne!(new["metadata"]["resourceVersion"], old["metadata"]["resourceVersion"]);
    let stale = replace(&pods, &body).unwrap_err();
    assert_eq!(
        told(&stale),
        (
            409,
            "Conflict",
            "Operation cannot be fulfilled on pods \"p\": the object has been modified; please apply your changes to the latest version and try again",
        )
    );
    body["metadata"]["resourceVersion"] = json!("abc");
    assert_eq!(replace(&pods, &body).unwrap_err().code, 500);
    body["metadata"].as_object_mut().unwrap().remove("resourceVersion");
    assert!(replace(&pods, &body).is_ok());
    body["metadata"]["uid"] = json!("00000000-0000-0000-0000-000000000000");
    assert_eq!(replace(&pods, &body).unwrap_err().code, 409);
    assert_eq!(replace(&pods, &small("nope")).unwrap_err().code, 404);
    for name in ["other", ""] {
        let status = pods
            .replace("default", "p", Part::Main, &small(name), &WriteOptions::default())
            .unwrap_err();
        assert_eq!(status.code, 400);
    }
}

#[test]
fn little_of_a_spec_may_change() {
    let pods = with(&["p"]);
    let change = |change: fn(&mut Value)| {
        let mut body = found(&pods, "p");
        change(&mut body);
        replace(&pods, &body)
    };
    let image = change(|it| it["spec"]["containers"][0]["image"] = json!("bb:2")).unwrap();
    assert_eq!(image["spec"]["containers"][0]["image"], "bb:2");
    assert_eq!(image["metadata"]["generation"], 2);
    assert!(change(|it| it["spec"]["activeDeadlineSeconds"] = json!(100)).is_ok());
    assert!(change(|it| it["spec"]["activeDeadlineSeconds"] = json!(50)).is_ok());
    assert_eq!(change(|it| it["spec"]["activeDeadlineSeconds"] = json!(70)).unwrap_err().code, 422);
    assert!(
        change(|it| it["spec"]["tolerations"].as_array_mut().unwrap().push(json!({ "key": "x" })))
            .is_ok()
    );
    for refused in [
        |it: &mut Value| it["spec"]["nodeName"] = json!("n1"),
        |it: &mut Value| it["spec"]["containers"][0]["command"] = json!(["x"]),
        |it: &mut Value| {
            it["spec"]["containers"]
                .as_array_mut()
                .unwrap()
                .push(json!({ "name": "d", "image": "x" }))
        },
        |it: &mut Value| it["spec"]["tolerations"] = json!([{ "key": "y" }]),
        |it: &mut Value| it["spec"]["terminationGracePeriodSeconds"] = json!(1),
    ] {
        let before = found(&pods, "p");
        let status = change(refused).unwrap_err();
        assert_eq!(status.code, 422);
        assert!(status.message.contains("Forbidden: "), "{status}");
        assert_eq!(found(&pods, "p"), before);
    }
}

#[test]
fn the_status_is_written_apart() {
    let pods = with(&["p"]);
    let main = patch(&pods, Part::Main, &json!({ "status": { "phase": "Running" } })).unwrap();
    assert_eq!(main["status"]["phase"], "Pending");
    let both = json!({ "metadata": { "labels": { "s": "1" } }, "status": { "phase": "Running" }, "spec": { "nodeName": "x" } });
    let status = patch(&pods, Part::Status, &both).unwrap();
    assert_eq!(status["status"]["phase"], "Running");
    assert_eq!(status["metadata"]["labels"]["s"], "1");
    assert_eq!(status["spec"].get("nodeName"), None);
    assert_eq!(status["metadata"]["generation"], 1);
    assert_eq!(patch(&pods, Part::Status, &both).unwrap(), status);
}

#[test]
fn patches_are_held_against_the_pod() {
    let pods = with(&["p"]);
    for (sent, code) in [
        (json!({ "metadata": { "name": "zz" } }), 400),
        (json!({ "metadata": { "namespace": "zz" } }), 400),
        (json!({ "metadata": { "resourceVersion": "1" } }), 409),
        (json!({ "spec": { "containers": [] } }), 422),
        (json!({ "spec": 5 }), 400),
        (json!([]), 400),
    ] {
        assert_eq!(patch(&pods, Part::Main, &sent).unwrap_err().code, code, "{sent}");
    }
    let options = WriteOptions::default();
    let missing = pods.patch("default", "nope", Part::Main, PatchKind::Merge, &json!({}), &options);
    assert_eq!(missing.unwrap_err().code, 404);
    let whole = json!([{ "op": "replace", "path": "", "value": 5 }]);
    let none = pods.patch("default", "p", Part::Main, PatchKind::Json, &whole, &options);
    assert_eq!(none.unwrap_err().code, 422);
}

#[test]
fn an_apply_creates_and_changes() {
    let pods = Pods::default();
    let options = WriteOptions { manager: Some("me".to_owned()), ..WriteOptions::default() };
    let mut wanted = small("p");
    wanted["kind"] = json!("Pod");
    wanted["apiVersion"] = json!("v1");
    wanted["metadata"]["labels"] = json!({ "a": "b" });
    let apply = |wanted: &Value, options: &WriteOptions| {
        pods.patch("default", "p", Part::Main, PatchKind::Apply, wanted, options)
    };
    let created = apply(&wanted, &options).unwrap();
    assert!(created.created);
    assert_eq!(created.object["metadata"]["managedFields"].as_array().unwrap().len(), 1);
    let again = apply(&wanted, &options).unwrap();
    assert_eq!((again.created, &again.object), (false, &created.object));
    wanted["metadata"]["labels"]["a"] = json!("c");
    let you = WriteOptions { manager: Some("you".to_owned()), ..WriteOptions::default() };
    assert_eq!(apply(&wanted, &you).unwrap_err().code, 409);
    let forced = apply(&wanted, &WriteOptions { force: true, ..you }).unwrap();
    assert_eq!(forced.object["metadata"]["labels"]["a"], "c");
    assert_eq!(apply(&json!({ "metadata": { "name": "p" } }), &options).unwrap_err().code, 400);
}
