//! Pods: creating, changing, deleting, binding and evicting, against measured answers where there are some.

use reference::cluster::{
    options::{DeleteOptions, ListOptions, Preconditions, WriteKind, WriteOptions},
    patch::PatchKind,
    pod::{DisruptionBudget, Part, Pods},
    status::Status,
    store::{Object, Scope},
};
use serde_json::{Value, json};

use super::tools::{names, told};

/// Refused creates as they were measured.
const REFUSED: &str = include_str!("creates.json");

/// A create as it was measured.
const CREATED: &str = include_str!("created.json");

fn small(name: &str) -> Value {
    json!({ "metadata": { "name": name }, "spec": { "containers": [{ "name": "c", "image": "bb:1" }] } })
}

fn create(pods: &Pods, body: &Value) -> Result<Object, Status> {
    pods.create("default", body, &WriteOptions::default())
}

fn with(names: &[&str]) -> Pods {
    let pods = Pods::default();
    for name in names {
        create(&pods, &small(name)).unwrap();
    }
    pods
}

fn replace(pods: &Pods, body: &Value) -> Result<Value, Status> {
    let name = body["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let written = pods.replace("default", &name, Part::Main, body, &WriteOptions::default());
    written.map(|written| Value::clone(&written.object))
}

fn patch(pods: &Pods, part: Part, patch: &Value) -> Result<Value, Status> {
    let options = WriteOptions::default();
    let written = pods.patch("default", "p", part, PatchKind::Merge, patch, &options);
    written.map(|written| Value::clone(&written.object))
}

fn found(pods: &Pods, name: &str) -> Value {
    Value::clone(&pods.find("default", name).unwrap())
}

fn schedule(pods: &Pods, name: &str) {
    let binding =
        json!({ "metadata": { "name": name }, "target": { "kind": "Node", "name": "n1" } });
    pods.bind("default", Some(name), &binding, false).unwrap();
}

/// A measured text names its own scheme and converts between types of its own; the codes and reasons are compared then.
fn comparable(mut answer: Value) -> Value {
    let message = answer["message"].as_str().unwrap().to_owned();
    if message.contains("cannot be handled") && !message.contains("quantities") {
        answer["message"] = json!(message.split(": ").next());
    }
    answer
}

#[test]
fn refused_creates_are_as_measured() {
    let pods = with(&["p1"]);
    let cases: Vec<Value> = serde_json::from_str(REFUSED).unwrap();
    for case in cases {
        let namespace = case["namespace"].as_str().unwrap();
        let status = pods.create(namespace, &case["body"], &WriteOptions::default()).unwrap_err();
        assert_eq!(
            comparable(status.to_value()),
            comparable(case["answer"].clone()),
            "{}",
            case["name"]
        );
    }
    assert_eq!(pods.store().len(), 1);
}

#[test]
fn a_created_pod_is_as_measured() {
    let case: Value = serde_json::from_str(CREATED).unwrap();
    let pods = Pods::default();
    let mut object = Value::clone(&create(&pods, &case["body"]).unwrap());
    for field in ["uid", "resourceVersion", "creationTimestamp"] {
        assert!(!object["metadata"][field].as_str().unwrap().is_empty());
        object["metadata"][field] = case["answer"]["metadata"][field].clone();
    }
    object["metadata"]["managedFields"][0]["time"] =
        case["answer"]["metadata"]["managedFields"][0]["time"].clone();
    assert_eq!(object, case["answer"]);
}

#[test]
fn creates_are_defaulted_named_and_cleaned() {
    let pods = Pods::default();
    let mut body = small("p");
    body["status"] = json!({ "phase": "Running" });
    body["spec"]["containers"][0]["image"] = json!("registry:5000/x");
    body["spec"]["containers"][0]["ports"] = json!([{ "containerPort": 80 }]);
    let object = create(&pods, &body).unwrap();
    assert_eq!(object["status"]["phase"], "Pending");
    let container = &object["spec"]["containers"][0];
    assert_eq!(container["imagePullPolicy"], "Always");
    assert_eq!(container["ports"][0]["protocol"], "TCP");
    let generated = json!({ "metadata": { "generateName": "gen-" }, "spec": small("x")["spec"] });
    let made = [create(&pods, &generated).unwrap(), create(&pods, &generated).unwrap()];
    let made = names(&made);
    assert!(made.iter().all(|name| name.starts_with("gen-") && name.len() == 9));
    assert_ne!(made[0], made[1]);
}

#[test]
fn specs_that_break_a_rule_are_refused() {
    let pods = Pods::default();
    for (pointer, value, field) in [
        ("/spec/containers", json!([]), "spec.containers"),
        ("/spec/restartPolicy", json!("Sometimes"), "spec.restartPolicy"),
        ("/spec/dnsPolicy", json!("x"), "spec.dnsPolicy"),
        ("/spec/terminationGracePeriodSeconds", json!(-1), "spec.terminationGracePeriodSeconds"),
        ("/spec/activeDeadlineSeconds", json!(0), "spec.activeDeadlineSeconds"),
        (
            "/spec/ephemeralContainers",
            json!([{ "name": "e", "image": "x" }]),
            "spec.ephemeralContainers",
        ),
        (
            "/spec/initContainers",
            json!([{ "name": "c", "image": "x" }]),
            "spec.initContainers[0].name",
        ),
        ("/spec/volumes", json!([{ "name": "v" }, { "name": "v" }]), "spec.volumes[1].name"),
        ("/spec/containers/0/name", json!("A"), "spec.containers[0].name"),
        ("/spec/containers/0/imagePullPolicy", json!("x"), "spec.containers[0].imagePullPolicy"),
        (
            "/spec/containers/0/ports",
            json!([{ "containerPort": 0 }]),
            "spec.containers[0].ports[0].containerPort",
        ),
        (
            "/spec/containers/0/volumeMounts",
            json!([{ "name": "v", "mountPath": "/" }]),
            "spec.containers[0].volumeMounts[0].name",
        ),
        ("/spec/containers/0/env", json!([{ "value": "1" }]), "spec.containers[0].env[0].name"),
        ("/spec/nodeName", json!("A"), "spec.nodeName"),
        ("/metadata/name", json!("Bad_Name"), "metadata.name"),
        ("/metadata/labels", json!({ "a": "b c" }), "metadata.labels"),
    ] {
        let mut body = small("p");
        let path: Vec<&str> = pointer.split('/').skip(1).collect();
        match path.as_slice() {
            ["spec", "containers", "0", field] => body["spec"]["containers"][0][*field] = value,
            [first, field] => body[*first][*field] = value,
            other => panic!("{other:?}"),
        }
        let status = create(&pods, &body).unwrap_err();
        assert_eq!(status.code, 422, "{pointer}");
        assert_eq!(status.details.unwrap().causes[0].field.as_deref(), Some(field), "{pointer}");
    }
    let mut shared = small("p");
    shared["spec"]["hostPID"] = json!(true);
    shared["spec"]["shareProcessNamespace"] = json!(true);
    assert_eq!(create(&pods, &shared).unwrap_err().code, 422);
    for (pointer, value) in
        [("name", json!(5)), ("labels", json!({ "a": 1 })), ("annotations", json!([]))]
    {
        let mut body = small("p");
        body["metadata"][pointer] = value;
        assert_eq!(create(&pods, &body).unwrap_err().code, 400, "{pointer}");
    }
}

#[test]
fn namespaces_must_be_there_and_stay() {
    let pods = Pods::default();
    pods.set_namespace("mine", false);
    pods.set_namespace("ending", true);
    assert!(pods.create("mine", &small("p"), &WriteOptions::default()).is_ok());
    let ending = pods.create("ending", &small("p"), &WriteOptions::default()).unwrap_err();
    assert_eq!((ending.code, ending.details.unwrap().causes.len()), (403, 1));
    assert!(pods.namespaces().contains(&"mine".to_owned()));
}

#[test]
fn options_of_writes_have_rules() {
    let check = |kind, dry_run: &[&str], manager: &str, validation: &str, force| {
        let dry_run: Vec<String> = dry_run.iter().map(ToString::to_string).collect();
        WriteOptions::check(kind, &dry_run, Some(manager), Some(validation), force)
    };
    let long = "x".repeat(128);
    assert!(check(WriteKind::Create, &["All", "All"], &long, "Strict", None).unwrap().dry_run);
    let too_long = "x".repeat(129);
    for (kind, dry_run, manager, validation, force) in [
        (WriteKind::Create, &["Bogus"][..], "", "", None),
        (WriteKind::Create, &[""], "", "", None),
        (WriteKind::Update, &[], too_long.as_str(), "", None),
        (WriteKind::Update, &[], "a\u{7}", "", None),
        (WriteKind::Patch, &[], "", "Nope", None),
        (WriteKind::Patch, &[], "", "", Some(true)),
        (WriteKind::Apply, &[], "", "", None),
    ] {
        assert_eq!(check(kind, dry_run, manager, validation, force).unwrap_err().code, 422);
    }
    let force = check(WriteKind::Patch, &[], "", "", Some(true)).unwrap_err();
    assert_eq!(
        force.message,
        "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch"
    );
}

#[test]
fn dry_runs_keep_nothing() {
    let pods = with(&["p"]);
    let dry = WriteOptions { dry_run: true, ..WriteOptions::default() };
    let version = pods.store().version();
    assert!(
        pods.create("default", &small("q"), &dry).unwrap()["metadata"]
            .get("resourceVersion")
            .is_none()
    );
    let mut body = found(&pods, "p");
    body["metadata"]["labels"] = json!({ "a": "b" });
    pods.replace("default", "p", Part::Main, &body, &dry).unwrap();
    let label = json!({ "metadata": { "labels": { "a": "b" } } });
    pods.patch("default", "p", Part::Main, PatchKind::Merge, &label, &dry).unwrap();
    let delete = DeleteOptions { dry_run: true, ..DeleteOptions::default() };
    assert!(pods.delete("default", "p", &delete).unwrap().gone);
    pods.delete_collection("default", &ListOptions::default(), &delete).unwrap();
    let eviction = json!({ "metadata": { "name": "p" }, "deleteOptions": { "dryRun": ["All"] } });
    pods.evict("default", "p", &eviction, false).unwrap();
    let binding = json!({ "metadata": { "name": "p" }, "target": { "name": "n" } });
    pods.bind("default", Some("p"), &binding, true).unwrap();
    assert_eq!(pods.store().version(), version);
}

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
