//! What a fault remembers from one request to the next. Clones are the same memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// What a fault remembers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<Mutex<Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    values: BTreeMap<String, Value>,
    counts: BTreeMap<String, u64>,
    open: u64,
    stray: Option<(u64, Vec<u8>)>,
}

impl Memory {
    /// Remembers a value.
    pub(super) fn keep(&self, key: impl Into<String>, value: impl Into<Value>) {
        self.remembered().values.insert(key.into(), value.into());
    }

    /// What was remembered.
    pub(super) fn recall(&self, key: &str) -> Option<Value> {
        self.remembered().values.get(key).cloned()
    }

    /// Remembers nothing of it any more.
    pub(super) fn forget(&self, key: &str) {
        self.remembered().values.remove(key);
    }

    /// How often this was asked before.
    pub(super) fn count(&self, key: impl Into<String>) -> u64 {
        let mut remembered = self.remembered();
        let count = remembered.counts.entry(key.into()).or_default();
        *count += 1;
        *count - 1
    }

    /// Notes that a stream was opened.
    pub(super) fn opened(&self) {
        self.remembered().open += 1;
    }

    /// Notes that a stream was closed. What it left for others is lost once nobody else is there.
    pub(super) fn closed(&self) {
        let mut remembered = self.remembered();
        remembered.open = remembered.open.saturating_sub(1);
        if remembered.open == 0 {
            remembered.stray = None;
        }
    }

    /// Leaves bytes for another stream that is open, and takes what another one left.
    pub(super) fn exchange(&self, own: u64, bytes: &[u8]) -> Vec<u8> {
        let mut remembered = self.remembered();
        let taken = remembered.stray.take_if(|(from, _)| *from != own);
        if taken.is_none() && remembered.open > 1 {
            remembered.stray = Some((own, bytes.to_vec()));
        }
        taken.map(|(_, bytes)| bytes).unwrap_or_default()
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
