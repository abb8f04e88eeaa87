//! The versioned store: objects by namespace and name, one counter for all of them, and a history.
//!
//! Every write gives the next version. A write that changes nothing gives none. Who may write what is decided by the
//! caller inside [`Store::write`], while nobody else writes; what an object means is not known here.

mod history;
mod key;
mod snapshot;
mod version;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use self::history::History;
pub use self::{
    history::{Bounds, Change},
    key::{Key, Scope},
    snapshot::Snapshot,
    version::{BadVersion, Version},
};
use super::{object, status::Status};

/// An object as it is kept and handed out.
pub type Object = Arc<Value>;

/// All objects of one kind. Clones are the same store.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    latest: watch::Sender<Version>,
}

#[derive(Debug)]
struct State {
    version: Version,
    objects: BTreeMap<Key, Object>,
    history: History,
}

/// What a write does.
#[derive(Debug)]
pub enum Write {
    /// Nothing; the object stays as it is.
    Keep,
    /// The object becomes this.
    Put(Value),
    /// The object goes; this is its last state.
    Remove(Value),
}

/// What a write did.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The object as it is now, or as it was last.
    pub object: Object,
    /// Whether it was not there before.
    pub created: bool,
    /// Whether it is gone.
    pub removed: bool,
}

/// A version that cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// It is older than what is kept, which begins here.
    #[error("too old resource version: {0} ({1})")]
    TooOld(Version, Version),
    /// It has not been reached, this is the current one.
    #[error("Too large resource version: {0}, current: {1}")]
    TooNew(Version, Version),
}

impl Default for Store {
    fn default() -> Self {
        Self::new(Bounds::default())
    }
}

impl Store {
    /// An empty store that keeps as much history as the bounds allow.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        let version = Version::FIRST;
        let state = State { version, objects: BTreeMap::new(), history: History::new(bounds) };
        let latest = watch::Sender::new(version);
        Self { shared: Arc::new(Shared { state: Mutex::new(state), latest }) }
    }

    /// The current version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.state().version
    }

    /// One object.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Object> {
        self.state().objects.get(key).cloned()
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().objects.len()
    }

    /// Whether there is no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything in a scope as it is now.
    #[must_use]
    pub fn current(&self, scope: &Scope) -> Snapshot {
        let state = self.state();
        Snapshot::new(state.version, scope.select(&state.objects))
    }

    /// Everything in a scope as it was at a version.
    ///
    /// # Errors
    /// [`Unavailable`] when the version is no longer kept or not yet reached.
    pub fn snapshot(&self, scope: &Scope, version: Version) -> Result<Snapshot, Unavailable> {
        let state = &mut *self.state();
        state.history.forget_old(Instant::now());
        if version > state.version {
            return Err(Unavailable::TooNew(version, state.version));
        }
        let changes = state.history.since(version)?;
        let objects = scope.select(&state.objects);
        Ok(Snapshot::undoing(
            version,
            objects,
            changes.filter(|change| scope.contains(&change.key)),
        ))
    }

    /// The changes after a version, at most `most` of them, oldest first; none when the version is in the future.
    ///
    /// # Errors
    /// [`Unavailable::TooOld`] when some of them are no longer kept.
    pub fn changes(&self, after: Version, most: usize) -> Result<Vec<Change>, Unavailable> {
        let state = &mut *self.state();
        state.history.forget_old(Instant::now());
        Ok(state.history.since(after)?.take(most).cloned().collect())
    }

    /// What tells of new versions.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Version> {
        self.shared.latest.subscribe()
    }

    /// Waits until a version is reached, at most so long.
    ///
    /// # Errors
    /// [`Unavailable::TooNew`] when it was not reached in time.
    pub async fn reach(&self, version: Version, patience: Duration) -> Result<(), Unavailable> {
        let mut latest = self.subscribe();
        let reached = timeout(patience, latest.wait_for(|latest| *latest >= version)).await;
        match reached {
            Ok(Ok(_)) => Ok(()),
            _ => Err(Unavailable::TooNew(version, self.version())),
        }
    }

    /// Forgets all history up to now, as a compaction does: older versions are then too old.
    pub fn compact(&self) {
        let state = &mut *self.state();
        state.history.forget_all(state.version);
    }

    /// Changes one object, or makes it, or takes it away, as `decide` says on seeing it, while nobody else writes.
    /// In a dry run everything is decided and nothing is done.
    ///
    /// # Errors
    /// What `decide` gives; 404 when it keeps or removes what is not there.
    pub fn write(
        &self,
        key: &Key,
        dry_run: bool,
        decide: impl FnOnce(Option<&Object>) -> Result<Write, Status>,
    ) -> Result<Written, Status> {
        let state = &mut *self.state();
        let before = state.objects.get(key).cloned();
        let (object, removed) = match (decide(before.as_ref())?, &before) {
            (Write::Keep, Some(kept)) => return Ok(Written::same(kept)),
            (Write::Put(object), Some(kept)) if equal(&object, kept) => {
                return Ok(Written::same(kept));
            }
            (Write::Put(object), _) => (object, false),
            (Write::Remove(object), Some(_)) => (object, true),
            (Write::Keep | Write::Remove(_), None) => {
                return Err(Status::not_found("pods", key.name()));
            }
        };
        let created = before.is_none();
        if dry_run {
            return Ok(Written { object: Arc::new(object), created, removed });
        }
        let object = state.commit(key, before, object, removed);
        self.shared.latest.send_replace(state.version);
        Ok(Written { object, created, removed })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken the state.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Written {
    fn same(object: &Object) -> Self {
        Self { object: Arc::clone(object), created: false, removed: false }
    }
}

impl State {
    fn commit(
        &mut self,
        key: &Key,
        before: Option<Object>,
        mut object: Value,
        removed: bool,
    ) -> Object {
        self.version = self.version.next();
        object::set(&mut object, &["metadata", "resourceVersion"], self.version.to_string());
        let object = Arc::new(object);
        if removed {
            self.objects.remove(key);
        } else {
            self.objects.insert(key.clone(), Arc::clone(&object));
        }
        let change = Change {
            version: self.version,
            key: key.clone(),
            before,
            object: Arc::clone(&object),
            removed,
            at: Instant::now(),
        };
        self.history.record(change);
        object
    }
}

/// Whether two states of an object differ in nothing but their versions.
fn equal(object: &Value, kept: &Value) -> bool {
    let mut object = object.clone();
    object::copy(&mut object, kept, &["metadata", "resourceVersion"]);
    object == *kept
}
