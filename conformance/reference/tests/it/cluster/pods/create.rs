//! Creating, against measured answers where there are some.

use reference::cluster::{
    options::{DeleteOptions, ListOptions, WriteKind, WriteOptions},
    patch::PatchKind,
    pod::{Part, Pods},
};
use serde_json::{Value, json};

use super::super::tools::names;
use super::hand::{create, found, small, with};

/// Refused creates as they were measured.
const REFUSED: &str = include_str!("../creates.json");

/// A create as it was measured.
const CREATED: &str = include_str!("../created.json");

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
