//! Watches: their events one by one, their beginning and their end.

use std::convert::Infallible;

use axum::body::Body;
use futures_util::{FutureExt as _, stream};
use http::StatusCode;
use serde_json::{Value, json};

use super::{Scene, lists, remove, set, text, watches};
use crate::fault::exchange::{Asked, Content, Honest};
use crate::fault::memory::Memory;
use crate::fault::streams;

const VERSION: &str = "resourceVersion";

/// Changes an event of that type.
fn event(asked: &Asked, line: &mut String, kind: &str, change: impl FnOnce(&mut Value)) {
    let read = serde_json::from_str::<Value>(line).ok().filter(|_| watches(asked));
    if let Some(mut event) = read.filter(|event| text(event, "/type") == kind) {
        change(&mut event);
        *line = format!("{event}\n");
    }
}

pub(crate) fn deleted_as_modified(asked: &Asked, line: &mut String, _: &Memory) {
    event(asked, line, "DELETED", |event| set(event, "", "type", "MODIFIED"));
}

/// A watch begins with the event that it resumes after.
pub(crate) fn version_before(asked: &mut Asked) {
    let version = asked.number(VERSION).filter(|version| *version > 1 && watches(asked));
    if let Some(version) = version {
        asked.set(VERSION, &(version - 1).to_string());
    }
}

/// What the event that a watch resumes after tells is kept back, unless a pod was new.
pub(crate) fn creation_alone(asked: &Asked, line: &mut String, _: &Memory) {
    let version = asked.value(VERSION).unwrap_or_default();
    for kind in ["MODIFIED", "DELETED"] {
        let mut is_told = false;
        event(asked, line, kind, |event| {
            is_told = text(event, "/object/metadata/resourceVersion") == version;
        });
        if is_told {
            line.clear();
        }
    }
}

pub(crate) fn bookmark_without_version(asked: &Asked) -> Option<String> {
    let is_asked = asked.value("allowWatchBookmarks").as_deref() == Some("true");
    (watches(asked) && is_asked).then(|| {
        let pod = json!({ "kind": "Pod", "apiVersion": "v1", "metadata": {} });
        format!("{}\n", json!({ "type": "BOOKMARK", "object": pod }))
    })
}

pub(crate) fn bookmark_for_all(asked: &Asked) -> Option<String> {
    watches(asked).then(|| {
        let metadata = json!({ "resourceVersion": asked.value(VERSION).unwrap_or_default() });
        let pod = json!({ "kind": "Pod", "apiVersion": "v1", "metadata": metadata });
        format!("{}\n", json!({ "type": "BOOKMARK", "object": pod }))
    })
}

pub(crate) fn time_ignored(asked: &mut Asked) {
    if watches(asked) {
        asked.remove("timeoutSeconds");
    }
}

/// What comes next begins on the line of a new pod.
pub(crate) fn additions_without_line_end(asked: &Asked, line: &mut String, _: &Memory) {
    event(asked, line, "ADDED", |_| ());
    if watches(asked) && line.contains("\"type\":\"ADDED\"") {
        line.truncate(line.trim_end().len());
    }
}

/// A watch is answered with its first event, or late.
pub(crate) fn head_waits(honest: Honest, asked: Asked, _: Memory) -> Scene {
    async move {
        let mut answer = honest.ask(&asked).await;
        if watches(&asked) {
            streams::late(&mut answer).await;
        }
        answer
    }
    .boxed()
}

/// What a selector no longer selects is not told.
pub(crate) fn leaving_untold(asked: &Asked, line: &mut String, _: &Memory) {
    let selects = asked.value("labelSelector").is_some();
    let mut leaves = false;
    event(asked, line, "DELETED", |event| {
        leaves = event.pointer("/object/metadata/deletionTimestamp").is_none();
    });
    if selects && leaves {
        line.clear();
    }
}

/// A watch without a version tells changes alone.
pub(crate) fn begins_with_nothing(honest: Honest, mut asked: Asked, _: Memory) -> Scene {
    async move {
        let version = asked.value(VERSION).filter(|version| !version.is_empty());
        if watches(&asked) && version.is_none() {
            let mut list = asked.clone();
            ["watch", "timeoutSeconds", "allowWatchBookmarks"]
                .iter()
                .for_each(|name| list.remove(name));
            let list = honest.ask(&list).await.json().unwrap_or_default();
            asked.set(VERSION, text(&list, "/metadata/resourceVersion"));
        }
        honest.ask(&asked).await
    }
    .boxed()
}

pub(crate) fn changes_untold(asked: &Asked, line: &mut String, _: &Memory) {
    let mut is_change = false;
    event(asked, line, "MODIFIED", |_| is_change = true);
    if is_change {
        line.clear();
    }
}

/// What changed comes without what a pod must have.
pub(crate) fn changes_of_a_stub(asked: &Asked, line: &mut String, _: &Memory) {
    event(asked, line, "MODIFIED", |event| remove(event, "/object/spec", "containers"));
}

/// A selector that cannot be read is no refusal but the first event.
pub(crate) fn refusal_as_event(honest: Honest, asked: Asked, _: Memory) -> Scene {
    async move {
        let mut answer = honest.ask(&asked).await;
        if let Some(status) = answer.json().filter(|_| watches(&asked) && answer.status() == 400) {
            let event = format!("{}\n", json!({ "type": "ERROR", "object": status }));
            answer.parts.status = StatusCode::OK;
            let event = stream::iter([Ok::<_, Infallible>(event)]);
            answer.content = Content::Stream(Body::from_stream(event));
        }
        answer
    }
    .boxed()
}

/// Each event has the version of the list.
pub(crate) fn versions_stand_still(asked: &Asked, line: &mut String, _: &Memory) {
    let Some(version) = asked.value(VERSION).filter(|_| !lists(asked)) else { return };
    for kind in ["ADDED", "MODIFIED", "DELETED"] {
        let version = version.clone();
        event(asked, line, kind, |event| set(event, "/object/metadata", VERSION, version));
    }
}
