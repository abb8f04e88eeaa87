//! Deleting, binding and evicting, and reads of what is not there yet.

use reference::cluster::{
    options::{DeleteOptions, ListOptions, Preconditions, WriteOptions},
    patch::PatchKind,
    pod::{DisruptionBudget, Part, Pods},
    store::Scope,
};
use serde_json::{Value, json};

use super::super::tools::{names, told};
use super::hand::{create, found, patch, schedule, small, with};

#[test]
fn deletes_wait_for_what_runs() {
    let pods = with(&["idle", "busy", "now"]);
    for name in ["busy", "now"] {
        schedule(&pods, name);
    }
    let delete = |name: &str, grace| {
        pods.delete("default", name, &DeleteOptions { grace, ..DeleteOptions::default() }).unwrap()
    };
    assert!(delete("idle", None).gone);
    assert_eq!(pods.find("default", "idle").unwrap_err().code, 404);
    let marked = delete("busy", None);
    assert!(!marked.gone);
    assert_eq!(marked.object["metadata"]["deletionGracePeriodSeconds"], 30);
    assert!(marked.object["metadata"]["deletionTimestamp"].is_string());
    assert_eq!(marked.object["metadata"]["generation"], 2);
    assert_eq!(delete("busy", Some(60)).object, marked.object);
    assert_eq!(delete("busy", Some(-5)).object["metadata"]["deletionGracePeriodSeconds"], 1);
    assert!(delete("busy", Some(0)).gone);
    assert!(delete("now", Some(0)).gone);
    let orphan = DeleteOptions { orphan: Some(false), ..DeleteOptions::default() };
    assert_eq!((marked.code(&orphan), marked.code(&DeleteOptions::default())), (202, 200));
    let missing = pods.delete("default", "nope", &DeleteOptions::default()).unwrap_err();
    assert_eq!(told(&missing), (404, "NotFound", "pods \"nope\" not found"));
}

#[test]
fn options_of_deletes_have_rules() {
    for (body, code) in [
        (json!({}), 200),
        (json!({ "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0 }), 200),
        (json!({ "propagationPolicy": "Foreground" }), 200),
        (json!({ "propagationPolicy": "Background" }), 200),
        (json!({ "propagationPolicy": "Orphan" }), 200),
        (json!({ "propagationPolicy": "Bogus" }), 422),
        (json!({ "propagationPolicy": "Orphan", "orphanDependents": true }), 422),
        (json!({ "dryRun": ["x"] }), 422),
        (json!({ "gracePeriodSeconds": "x" }), 400),
        (json!({ "kind": "Pod", "apiVersion": "v1" }), 400),
        (json!([]), 400),
    ] {
        let read = DeleteOptions::from_body(&body);
        assert_eq!(read.map_or_else(|status| status.code, |_| 200), code, "{body}");
    }
    assert_eq!(
        DeleteOptions::from_query(None, Some(true), Some("Orphan"), &[]).unwrap_err().code,
        422
    );
    let pods = with(&["p"]);
    for preconditions in [
        Preconditions { uid: Some("abc".to_owned()), version: None },
        Preconditions { uid: None, version: Some("1".to_owned()) },
    ] {
        let options = DeleteOptions { preconditions, ..DeleteOptions::default() };
        assert_eq!(pods.delete("default", "p", &options).unwrap_err().code, 409);
    }
    assert!(pods.find("default", "p").is_ok());
}

#[test]
fn finalizers_hold_a_pod() {
    let pods = Pods::default();
    let mut body = small("p");
    body["metadata"]["finalizers"] = json!(["example.com/x"]);
    create(&pods, &body).unwrap();
    assert!(!pods.delete("default", "p", &DeleteOptions::default()).unwrap().gone);
    assert!(found(&pods, "p")["metadata"]["deletionTimestamp"].is_string());
    patch(&pods, Part::Main, &json!({ "metadata": { "finalizers": null } })).unwrap();
    assert_eq!(pods.find("default", "p").unwrap_err().code, 404);
}

#[test]
fn a_collection_is_deleted_as_it_is_listed() {
    let pods = with(&["a", "b", "c"]);
    let selection = ListOptions { limit: Some(2), ..ListOptions::default() };
    let page = pods.delete_collection("default", &selection, &DeleteOptions::default()).unwrap();
    assert_eq!(names(&page.items), ["a", "b"]);
    assert!(page.next.is_some());
    assert_eq!(pods.store().len(), 1);
    let other = ListOptions { label_selector: Some("x=y".to_owned()), ..ListOptions::default() };
    pods.delete_collection("default", &other, &DeleteOptions::default()).unwrap();
    assert_eq!(pods.store().len(), 1);
}

#[test]
fn a_pod_is_bound_once() {
    let pods = with(&["p", "q"]);
    let bind = |name: &str, body: &Value| pods.bind("default", Some(name), body, false);
    let body = |name: &str, target: Value| {
        let mut body =
            json!({ "kind": "Binding", "apiVersion": "v1", "metadata": { "name": name } });
        body["target"] = target;
        body
    };
    let node = json!({ "apiVersion": "v1", "kind": "Node", "name": "node-x" });
    assert_eq!(bind("p", &body("p", node.clone())).unwrap().code, 201);
    let bound = found(&pods, "p");
    assert_eq!(bound["spec"]["nodeName"], "node-x");
    assert_eq!(bound["status"]["conditions"][0]["type"], "PodScheduled");
    assert_eq!(bound["metadata"]["generation"], 1);
    let again = bind("p", &body("p", node.clone())).unwrap_err();
    assert_eq!(
        told(&again),
        (
            409,
            "Conflict",
            "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"node-x\"",
        )
    );
    assert_eq!(bind("nope", &body("nope", node.clone())).unwrap_err().code, 404);
    assert_eq!(bind("q", &body("p", node.clone())).unwrap_err().code, 400);
    let none = bind("q", &body("q", json!({ "kind": "Pod", "name": "" }))).unwrap_err();
    assert_eq!(
        (none.code, none.reason, none.message.as_str()),
        (
            500,
            None,
            "[target.kind: Unsupported value: \"Pod\": supported values: \"Node\", \"<empty>\", target.name: Required value]"
        )
    );
    assert!(pods.bind("default", None, &body("q", node), false).is_ok());
}

#[test]
fn evictions_respect_budgets() {
    let pods = with(&["p", "q"]);
    for name in ["p", "q"] {
        let running =
            json!({ "status": { "phase": "Running" }, "metadata": { "labels": { "app": "t" } } });
        let options = WriteOptions::default();
        pods.patch("default", name, Part::Status, PatchKind::Merge, &running, &options).unwrap();
    }
    let evict = |name: &str| {
        let body =
            json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": name } });
        pods.evict("default", name, &body, false)
    };
    let budget = |min_available, unprocessed| DisruptionBudget {
        selector: "app=t".to_owned(),
        min_available,
        unprocessed,
    };
    pods.set_budget("default", "pdb", &budget(9, true)).unwrap();
    let blocked = evict("p").unwrap_err();
    assert_eq!((blocked.code, blocked.retry_after()), (429, Some(10)));
    pods.set_budget("default", "pdb", &budget(2, false)).unwrap();
    let blocked = evict("p").unwrap_err();
    assert_eq!((blocked.code, blocked.retry_after()), (429, None));
    assert_eq!(
        blocked.details.unwrap().causes[0].message,
        "The disruption budget pdb needs 2 healthy pods and has 2 currently"
    );
    pods.set_budget("default", "second", &budget(0, false)).unwrap();
    assert_eq!(evict("p").unwrap_err().code, 500);
    pods.remove_budget("default", "second");
    pods.set_budget("default", "pdb", &budget(1, false)).unwrap();
    assert_eq!(evict("p").unwrap().code, 201);
    assert_eq!(pods.find("default", "p").unwrap_err().code, 404);
    assert_eq!(evict("q").unwrap_err().code, 429);
    assert_eq!(evict("nope").unwrap_err().code, 404);
    let other = json!({ "metadata": { "name": "z" } });
    assert_eq!(pods.evict("default", "q", &other, false).unwrap_err().code, 400);
    let wrong = json!({ "apiVersion": "v1", "kind": "Pod" });
    assert_eq!(pods.evict("default", "q", &wrong, false).unwrap_err().code, 400);
    let precondition = json!({ "metadata": { "name": "q" }, "deleteOptions": { "preconditions": { "uid": "x" } } });
    assert_eq!(pods.evict("default", "q", &precondition, false).unwrap_err().code, 409);
    assert!(
        pods.set_budget(
            "default",
            "pdb",
            &DisruptionBudget { selector: "=".to_owned(), ..budget(1, false) }
        )
        .is_err()
    );
}

#[tokio::test(start_paused = true)]
async fn reads_and_lists_wait_a_little_for_the_future() {
    let pods = with(&["p"]);
    let read = |version: &'static str| pods.read("default", "p", Some(version));
    assert!(read("").await.is_ok() && read("0").await.is_ok() && read("1").await.is_ok());
    assert_eq!(read("abc").await.unwrap_err().code, 500);
    let future = read("99999999").await.unwrap_err();
    assert_eq!((future.code, future.retry_after()), (504, Some(1)));
    let options = ListOptions { version: Some("3".to_owned()), ..ListOptions::default() };
    let waiting = tokio::spawn({
        let pods = pods.clone();
        async move { pods.list(&Scope::All, &options).await }
    });
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    create(&pods, &small("q")).unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().items.len(), 2);
}
