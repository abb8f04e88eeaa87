//! One event of a watch, and what a change means to a selector.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::cluster::{
    object,
    selector::Selector,
    status::Status,
    store::{Change, Object, Version},
};

/// The annotation of the bookmark that ends the initial events.
const INITIAL_END: &str = "k8s.io/initial-events-end";

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// An object is there, or is selected now.
    Added,
    /// An object changed.
    Modified,
    /// An object is gone, or is not selected any more.
    Deleted,
    /// Everything up to a version was sent.
    Bookmark,
    /// The watch fails; nothing follows.
    Error,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The object, or a `Status` for an error.
    pub object: Object,
}

impl EventKind {
    /// The word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
            Self::Bookmark => "BOOKMARK",
            Self::Error => "ERROR",
        }
    }
}

impl Event {
    pub(super) fn added(object: &Object) -> Self {
        Self { kind: EventKind::Added, object: Arc::clone(object) }
    }

    pub(super) fn error(status: &Status) -> Self {
        Self { kind: EventKind::Error, object: Arc::new(status.to_value()) }
    }

    pub(super) fn bookmark(version: Version) -> Self {
        // A pod that only tells a version: `containers` is there and null, as it was measured.
        let object = json!({
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": { "resourceVersion": version.to_string() },
            "spec": { "containers": null },
            "status": {},
        });
        Self { kind: EventKind::Bookmark, object: Arc::new(object) }
    }

    pub(super) fn initial_end(version: Version) -> Self {
        let Self { kind, object } = Self::bookmark(version);
        let mut object = Value::clone(&object);
        object::set(&mut object, &["metadata", "annotations"], json!({ INITIAL_END: "true" }));
        Self { kind, object: Arc::new(object) }
    }

    /// As the JSON object of the wire.
    #[must_use]
    pub fn to_value(&self) -> Value {
        json!({ "type": self.kind.name(), "object": *self.object })
    }

    /// As one line of JSON, with its newline.
    #[must_use]
    pub fn to_line(&self) -> Bytes {
        Bytes::from(format!("{}\n", self.to_value()))
    }
}

/// What a change is to a watch with this selector: an object that ceases to be selected is deleted, one that begins to
/// be is added.
pub(super) fn judge(change: &Change, selector: &Selector) -> Option<Event> {
    let before = change.before.as_ref().filter(|before| selector.selects(before));
    let after = (!change.removed && selector.selects(&change.object)).then_some(&change.object);
    let event = |kind, object: &Object| Some(Event { kind, object: Arc::clone(object) });
    match (before, after) {
        (None, None) => None,
        (None, Some(object)) => event(EventKind::Added, object),
        (Some(_), Some(object)) => event(EventKind::Modified, object),
        (Some(_), None) if change.removed => event(EventKind::Deleted, &change.object),
        (Some(before), None) => {
            // What it was when it was last selected, at the version of the change.
            let mut object = Value::clone(before);
            object::set(&mut object, &["metadata", "resourceVersion"], change.version.to_string());
            Some(Event { kind: EventKind::Deleted, object: Arc::new(object) })
        }
    }
}
