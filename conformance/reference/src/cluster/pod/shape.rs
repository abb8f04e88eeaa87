//! The outer form of an object in a body: kind, version, name and namespace, and the types that the rules rely on.

use serde_json::{Map, Value};

use crate::cluster::{object, status::Status};

/// Holds a body against the kind that its path is for. Without kind and version it is taken for one.
///
/// # Errors
/// 400 when it is something else.
pub(super) fn check_kind(body: &Value, kind: &str, versions: &[&str]) -> Result<(), Status> {
    let version = object::text(body, "/apiVersion");
    let found = object::text(body, "/kind");
    let group = if kind == "Eviction" { "policy" } else { "core" };
    let mistaken = |why: String| {
        Status::bad_request(format!(
            "{found} in version {version:?} cannot be handled as a {kind}: {why}"
        ))
    };
    if !body.is_object() {
        return Err(Status::bad_request(format!(
            "the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error"
        )));
    }
    if !found.is_empty() && found != kind {
        return Err(mistaken(format!(
            "converting ({version}.{found}) to ({group}.{kind}): unknown conversion"
        )));
    }
    if !version.is_empty() && !versions.contains(&version) {
        return Err(mistaken(format!("no kind {found:?} is registered for version {version:?}")));
    }
    Ok(())
}

/// The types that a field of a pod must have.
#[derive(Clone, Copy)]
enum Type {
    Text,
    Texts,
    Object,
    Objects,
    Number,
    Flag,
}

/// The fields that the rules read, in the object and in each of its containers.
const FIELDS: [(&str, Type); 24] = [
    ("/metadata", Type::Object),
    ("/metadata/name", Type::Text),
    ("/metadata/generateName", Type::Text),
    ("/metadata/namespace", Type::Text),
    ("/metadata/uid", Type::Text),
    ("/metadata/resourceVersion", Type::Text),
    ("/metadata/labels", Type::Texts),
    ("/metadata/annotations", Type::Texts),
    ("/metadata/finalizers", Type::Objects),
    ("/spec", Type::Object),
    ("/spec/containers", Type::Objects),
    ("/spec/initContainers", Type::Objects),
    ("/spec/ephemeralContainers", Type::Objects),
    ("/spec/volumes", Type::Objects),
    ("/spec/tolerations", Type::Objects),
    ("/spec/restartPolicy", Type::Text),
    ("/spec/dnsPolicy", Type::Text),
    ("/spec/schedulerName", Type::Text),
    ("/spec/nodeName", Type::Text),
    ("/spec/terminationGracePeriodSeconds", Type::Number),
    ("/spec/activeDeadlineSeconds", Type::Number),
    ("/spec/hostPID", Type::Flag),
    ("/spec/shareProcessNamespace", Type::Flag),
    ("/status", Type::Object),
];

/// Holds the types of a pod's fields against those that they must have.
///
/// # Errors
/// 400 with the first field that has another type.
pub(super) fn check_types(body: &Value) -> Result<(), Status> {
    let wrong = FIELDS.iter().find(|(pointer, wanted)| {
        let value = body.pointer(pointer).unwrap_or(&Value::Null);
        // Finalizers are texts, not objects; only that they are a list matters here.
        let list = *pointer == "/metadata/finalizers" && value.is_array();
        !value.is_null() && !list && !has_type(value, *wanted)
    });
    match wrong {
        None => Ok(()),
        Some((pointer, _)) => {
            let field = pointer.trim_start_matches('/').replace('/', ".");
            Err(Status::bad_request(format!(
                "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal {field}: it has another type"
            )))
        }
    }
}

fn has_type(value: &Value, wanted: Type) -> bool {
    let texts = |map: &Map<String, Value>| map.values().all(Value::is_string);
    match wanted {
        Type::Text => value.is_string(),
        Type::Texts => value.as_object().is_some_and(texts),
        Type::Object => value.is_object(),
        Type::Objects => value.as_array().is_some_and(|items| items.iter().all(Value::is_object)),
        Type::Number => value.is_i64(),
        Type::Flag => value.is_boolean(),
    }
}

/// Holds the namespace of a body against that of the path; an absent one is that of the path.
///
/// # Errors
/// 400 when it is another one.
pub(super) fn check_namespace(body: &Value, namespace: &str) -> Result<(), Status> {
    let sent = object::namespace(body);
    if sent.is_empty() || sent == namespace {
        return Ok(());
    }
    let message =
        "the namespace of the provided object does not match the namespace sent on the request";
    Err(Status::bad_request(message))
}

/// Holds the name of a body against that of the path.
///
/// # Errors
/// 400 when it is another one or none.
pub(super) fn check_name(body: &Value, name: &str) -> Result<(), Status> {
    let sent = object::name(body);
    if sent == name {
        return Ok(());
    }
    if sent.is_empty() {
        let message = "the name of the object (\"\") was empty: name must be provided";
        return Err(Status::bad_request(message));
    }
    Err(Status::bad_request(format!(
        "the name of the object ({sent}) does not match the name on the URL ({name})"
    )))
}
