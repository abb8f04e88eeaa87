//! A scheduler and a node: what moves pods through their phases.
//!
//! The scheduler binds every pod that is on no node to the one node there is. The node starts the containers of its pods,
//! starts them again as the restart policy says, writes the status, and takes away what is deleted. Probes, volumes and
//! networks do not exist here; a container is ready as soon as it runs.

mod connect;
mod drive;
mod life;
mod report;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio_util::task::AbortOnDropHandle;

pub use self::connect::{ConnectRefusal, ExecRequest};
use super::{container::Run, pod::Pods};
use crate::exec::ExecRegistry;

/// How a node is called and how fast it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeOptions {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// How long a pod waits for the scheduler.
    pub schedule: Duration,
    /// How long a pod waits for its containers.
    pub start: Duration,
    /// How long a pod takes to end that has the usual grace of 30 s; with another grace, in proportion.
    pub stop: Duration,
    /// How long a container waits before its second restart; each further wait is twice as long.
    pub backoff: Duration,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self {
            name: "node-1".to_owned(),
            address: "192.0.2.2".to_owned(),
            schedule: Duration::from_millis(50),
            start: Duration::from_millis(50),
            stop: Duration::from_millis(500),
            backoff: Duration::from_secs(10),
        }
    }
}

/// The one node of a cluster, with its scheduler. Clones are the same node; it stops with the last of them.
#[derive(Clone, Debug)]
pub struct Node {
    inner: Arc<Inner>,
    _task: Arc<AbortOnDropHandle<()>>,
}

#[derive(Debug)]
struct Inner {
    pods: Pods,
    options: NodeOptions,
    containers: Mutex<BTreeMap<(String, String), Runs>>,
    processes: ExecRegistry,
    addresses: Mutex<u16>,
}

/// The runs of a container that are remembered.
#[derive(Clone, Debug)]
struct Runs {
    current: Run,
    previous: Option<Run>,
}

impl Node {
    /// Starts a node and its scheduler on the current tokio runtime.
    #[must_use]
    pub fn start(pods: Pods, options: NodeOptions) -> Self {
        let inner = Arc::new(Inner {
            pods,
            options,
            containers: Mutex::default(),
            processes: ExecRegistry::default(),
            addresses: Mutex::new(0),
        });
        let task = tokio::spawn(drive::drive(Arc::clone(&inner)));
        Self { inner, _task: Arc::new(AbortOnDropHandle::new(task)) }
    }

    /// The name of the node.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.options.name
    }
}

impl Inner {
    /// Remembers a new run of a container, and the one before it.
    fn remember(&self, uid: &str, container: &str, run: Run) {
        let mut containers = self.containers();
        let key = (uid.to_owned(), container.to_owned());
        let previous = containers.remove(&key).map(|runs| runs.current);
        containers.insert(key, Runs { current: run, previous });
    }

    /// Forgets the runs of a pod, which ends them.
    fn forget(&self, uid: &str) {
        self.containers().retain(|(pod, _), _| pod != uid);
    }

    fn runs(&self, uid: &str, container: &str) -> Option<Runs> {
        self.containers().get(&(uid.to_owned(), container.to_owned())).cloned()
    }

    /// An address that no other pod has, as long as there are not too many.
    fn address(&self) -> String {
        let mut last = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        *last = last.wrapping_add(1).max(1);
        let [high, low] = last.to_be_bytes();
        format!("10.244.{high}.{low}")
    }

    fn containers(&self) -> MutexGuard<'_, BTreeMap<(String, String), Runs>> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken the map.
        self.containers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
