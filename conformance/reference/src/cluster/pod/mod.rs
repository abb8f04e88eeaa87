//! Pods: what a client may do with them, on the store and by the rules of the kind.
//!
//! Each operation takes objects as JSON and gives an object or a refusal. Nothing here moves a pod by itself; that is the
//! scheduler's and the node's part.

mod bind;
mod change;
mod create;
mod defaults;
mod evict;
mod generate;
mod quantity;
mod remove;
mod report;
mod shape;
mod update;
mod validate;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use self::evict::Budget;
pub use self::{change::Part, evict::DisruptionBudget, remove::Deleted};
use super::{
    clock::{self, Clock},
    options::ListOptions,
    page::{self, Page},
    patch::MergeTable,
    status::Status,
    store::{Bounds, Key, Object, Scope, Store, Version},
    watch::Watch,
};

/// How long a list or read waits for a version in the future.
const PATIENCE: Duration = Duration::from_secs(3);

/// The most pods of a cluster.
const MOST_PODS: usize = 10_000;

/// The namespaces that every cluster begins with.
const NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// The resource in refusals.
const PODS: &str = "pods";

/// Who writes when a client does not say.
const NOBODY: &str = "unknown";

/// All pods of a cluster. Clones are the same cluster.
#[derive(Clone, Debug)]
pub struct Pods {
    store: Store,
    clock: Clock,
    table: Arc<MergeTable>,
    surroundings: Arc<Mutex<Surroundings>>,
}

/// What there is beside pods.
#[derive(Debug, Default)]
struct Surroundings {
    /// The namespaces, and whether each is being deleted.
    namespaces: BTreeMap<String, bool>,
    budgets: BTreeMap<Key, Budget>,
}

impl Default for Pods {
    fn default() -> Self {
        Self::new(Bounds::default(), Clock::default())
    }
}

impl Pods {
    /// No pods, and the usual namespaces.
    #[must_use]
    pub fn new(bounds: Bounds, clock: Clock) -> Self {
        let namespaces = NAMESPACES.iter().map(|name| ((*name).to_owned(), false)).collect();
        let surroundings = Surroundings { namespaces, budgets: BTreeMap::new() };
        Self {
            store: Store::new(bounds),
            clock,
            table: Arc::new(MergeTable::pod()),
            surroundings: Arc::new(Mutex::new(surroundings)),
        }
    }

    /// The store below, for those who watch or move pods.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The cluster's time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Makes a namespace, or marks one as being deleted: nothing can then be created in it.
    pub fn set_namespace(&self, name: &str, terminating: bool) {
        self.surroundings().namespaces.insert(name.to_owned(), terminating);
    }

    /// The namespaces.
    #[must_use]
    pub fn namespaces(&self) -> Vec<String> {
        self.surroundings().namespaces.keys().cloned().collect()
    }

    /// One pod. `version` asks for a state that is not older.
    ///
    /// # Errors
    /// 404 when there is none, 500 for a malformed version, 504 when the version does not come in time.
    pub async fn read(
        &self,
        namespace: &str,
        name: &str,
        version: Option<&str>,
    ) -> Result<Object, Status> {
        if let Some(text) = version.filter(|text| !text.is_empty()) {
            let version =
                Version::parse(text).map_err(|bad| Status::unexplained(bad.to_string()))?;
            self.store.reach(version, PATIENCE).await.map_err(page::too_new)?;
        }
        self.find(namespace, name)
    }

    /// One pod as it is now.
    ///
    /// # Errors
    /// 404 when there is none.
    pub fn find(&self, namespace: &str, name: &str) -> Result<Object, Status> {
        self.store.get(&Key::new(namespace, name)).ok_or_else(|| Status::not_found(PODS, name))
    }

    /// One page of pods. Waits a little for a version in the future.
    ///
    /// # Errors
    /// As [`page::list`].
    pub async fn list(&self, scope: &Scope, options: &ListOptions) -> Result<Page, Status> {
        if let Some(version) = page::plan(options).ok().as_ref().and_then(page::awaited) {
            self.store.reach(version, PATIENCE).await.map_err(page::too_new)?;
        }
        page::list(&self.store, scope, options)
    }

    /// The changes of pods.
    ///
    /// # Errors
    /// As [`Watch::open`].
    pub fn watch(&self, scope: Scope, options: &ListOptions) -> Result<Watch, Status> {
        Watch::open(&self.store, scope, options)
    }

    /// Now, in whole seconds.
    fn now(&self) -> String {
        clock::seconds(self.clock.now())
    }

    fn surroundings(&self) -> MutexGuard<'_, Surroundings> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken it.
        self.surroundings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
