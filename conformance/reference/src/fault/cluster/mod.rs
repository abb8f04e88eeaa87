//! Faults of the servers of a cluster: walks, watches, logs, writes, and what leads into pods.

pub(super) mod logs;
pub(super) mod messages;
pub(super) mod reach;
pub(super) mod walks;
pub(super) mod watches;
pub(super) mod writes;

use futures_util::future::BoxFuture;
use http::Method;
use serde_json::Value;

use super::exchange::{Answer, Asked};

type Scene = BoxFuture<'static, Answer>;

/// Whether changes are asked for.
fn watches(asked: &Asked) -> bool {
    asked.is(&Method::GET, "/pods") && asked.value("watch").as_deref() == Some("true")
}

/// Whether a list is asked for, and not its changes.
fn lists(asked: &Asked) -> bool {
    asked.is(&Method::GET, "/pods") && asked.value("watch").as_deref() != Some("true")
}

/// Changes a request's body, if it is JSON.
fn rewrite(asked: &mut Asked, change: impl FnOnce(&mut Value)) {
    if let Some(mut body) = asked.json() {
        change(&mut body);
        asked.write(body.to_string());
    }
}

/// Takes a member away.
fn remove(value: &mut Value, parent: &str, name: &str) {
    if let Some(members) = value.pointer_mut(parent).and_then(Value::as_object_mut) {
        members.remove(name);
    }
}

/// Sets a member of what is there.
fn set(value: &mut Value, parent: &str, name: &str, to: impl Into<Value>) {
    if let Some(members) = value.pointer_mut(parent).and_then(Value::as_object_mut) {
        members.insert(name.to_owned(), to.into());
    }
}

/// The text at a place.
fn text<'v>(value: &'v Value, at: &str) -> &'v str {
    value.pointer(at).and_then(Value::as_str).unwrap_or_default()
}
