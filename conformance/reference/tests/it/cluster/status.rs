//! Status bodies against measured ones.

use reference::cluster::status::{FieldError, Reason, Status};
use serde_json::{Value, json};

/// Bodies as they were measured, by the name of what was asked.
const MEASURED: &str = include_str!("statuses.json");

const FORMATS: [&str; 3] =
    ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

fn made(name: &str) -> Status {
    let conflict = ("conflict with \"me\"".to_owned(), ".metadata.labels.a".to_owned());
    let dry_run = FieldError::unsupported("dryRun", &json!(["Bogus"]), &["All"]);
    let tail = FieldError::invalid("tailLines", &json!(-1), "must be greater than or equal to 0");
    let budget = "The disruption budget pdb is still being processed by the server.";
    match name {
        "unauthorized-no-token" => Status::unauthorized(),
        "forbidden-get" => Status::forbidden("bob", "get", "pods", Some("default"), "a"),
        "forbidden-exec" => Status::forbidden("bob", "create", "pods/exec", Some("default"), "a"),
        "forbidden-allns" => Status::forbidden("bob", "list", "pods", None, ""),
        "get-404" => Status::not_found("pods", "nope"),
        "options" => Status::method_not_allowed(),
        "unknown-resource" => Status::no_such_resource(),
        "create-not-acceptable" => Status::not_acceptable(&FORMATS),
        "create-conflict" => Status::already_exists("pods", "p1"),
        "put-conflict" => Status::stale("pods", "p1"),
        "patch-apply-conflict" => Status::owned(vec![conflict]),
        "create-body-too-large" => Status::too_large(3_145_728),
        "create-unsupported-content-type" => Status::unknown_format(&FORMATS),
        "patch-plain-json-415" => Status::unknown_patch(),
        "create-dryrun-bad" => Status::invalid_options("CreateOptions", vec![dry_run]),
        "log-bad-param" => Status::invalid("", "PodLogOptions", "p1", vec![tail]),
        "patch-json-test-fail" => Status::unprocessable(),
        "eviction-429-pdb" => Status::disruption(budget, Some(10)),
        "list-rv-future" => Status::version_too_large(99_999_999, 221),
        "create-with-resourceVersion" => {
            Status::unexplained("resourceVersion should not be set on objects to be created")
        }
        "binding" => Status::success(201),
        "binding-again" => Status::conflict(
            "pods/binding",
            "page-0",
            "pod page-0 is already assigned to node \"node-x\"",
        ),
        other => panic!("{other} is not made here"),
    }
}

#[test]
fn bodies_are_as_measured() {
    let measured: Value = serde_json::from_str(MEASURED).unwrap();
    for (name, body) in measured.as_object().unwrap() {
        assert_eq!(made(name).to_value(), *body, "{name}");
    }
}

#[test]
fn an_expired_walk_carries_its_token() {
    let body = Status::expired("old").with_next("token".to_owned()).to_value();
    assert_eq!(body["metadata"], json!({ "continue": "token" }));
    assert_eq!((&body["reason"], &body["code"]), (&json!("Expired"), &json!(410)));
}

#[test]
fn success_says_little() {
    let status = Status::success(201);
    assert_eq!(status.to_bare_value(), json!({ "metadata": {}, "status": "Success" }));
    assert!(status.is_success() && !Status::unauthorized().is_success());
}

#[test]
fn reasons_have_their_codes() {
    for (name, code) in
        [("BadRequest", 400), ("AlreadyExists", 409), ("Expired", 410), ("Timeout", 504)]
    {
        assert_eq!(Reason::find(name).map(Reason::code), Some(code));
    }
    assert_eq!(Reason::find("Nonsense"), None);
}
