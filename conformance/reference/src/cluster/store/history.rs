//! The ring of past changes, bounded in number, bytes and age.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use serde_json::Value;
use tokio::time::Instant;

use super::{Key, Object, Unavailable, Version};

/// How much history is kept, and how many objects there may be.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The most changes.
    pub changes: usize,
    /// The most bytes of all changed objects together, roughly as they are written in JSON.
    pub bytes: usize,
    /// How long a change is kept.
    pub age: Duration,
}

impl Default for Bounds {
    /// 4096 changes, 64 MiB, five minutes.
    fn default() -> Self {
        Self { changes: 4096, bytes: 64 * 1024 * 1024, age: Duration::from_secs(300) }
    }
}

/// One past write.
#[derive(Clone, Debug)]
pub struct Change {
    /// The version that it gave.
    pub version: Version,
    /// Which object.
    pub key: Key,
    /// The object before, if it was there.
    pub before: Option<Object>,
    /// The object afterwards, or its last state, with this version.
    pub object: Object,
    /// Whether the object went.
    pub removed: bool,
    /// When.
    pub at: Instant,
}

#[derive(Debug)]
pub(super) struct History {
    bounds: Bounds,
    changes: VecDeque<(Change, usize)>,
    bytes: usize,
    /// The oldest version that can be shown.
    floor: Version,
}

impl History {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, changes: VecDeque::new(), bytes: 0, floor: Version::ZERO }
    }

    pub(super) fn record(&mut self, change: Change) {
        let size = weight(&change.object);
        self.bytes = self.bytes.saturating_add(size);
        let now = change.at;
        self.changes.push_back((change, size));
        while self.changes.len() > self.bounds.changes || self.bytes > self.bounds.bytes {
            self.forget_oldest();
        }
        self.forget_old(now);
    }

    /// The changes after a version, oldest first.
    pub(super) fn since(
        &self,
        version: Version,
    ) -> Result<impl DoubleEndedIterator<Item = &Change>, Unavailable> {
        if version < self.floor {
            return Err(Unavailable::TooOld(version, self.floor));
        }
        let first = self.changes.partition_point(|(change, _)| change.version <= version);
        Ok(self.changes.range(first..).map(|(change, _)| change))
    }

    pub(super) fn forget_old(&mut self, now: Instant) {
        let limit = self.bounds.age;
        while self.changes.front().is_some_and(|(change, _)| now - change.at > limit) {
            self.forget_oldest();
        }
    }

    pub(super) fn forget_all(&mut self, current: Version) {
        self.changes.clear();
        self.bytes = 0;
        self.floor = current;
    }

    fn forget_oldest(&mut self) {
        if let Some((change, size)) = self.changes.pop_front() {
            self.bytes = self.bytes.saturating_sub(size);
            self.floor = change.version;
        }
    }
}

/// About how many bytes an object has in JSON. Bodies are bounded in depth by their parser.
fn weight(value: &Arc<Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 8,
            Value::String(text) => text.len() + 8,
            Value::Array(items) => 8 + items.iter().map(of).sum::<usize>(),
            Value::Object(map) => {
                8 + map.iter().map(|(key, value)| key.len() + 8 + of(value)).sum::<usize>()
            }
        }
    }
    of(value)
}
