//! The processes of pods: an exec registry that knows which pod each process belongs to.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::exec::{
    ExecConfig, ExecId, ExecRegistry, RegistryFull, ResizeError, Session, StartError, Streams,
};
use crate::tty::WindowSize;

/// With so many processes known, those that the registry has forgotten are forgotten here.
const MANY: usize = 2048;

/// The processes of all pods.
#[derive(Debug, Default)]
pub(super) struct Processes {
    registry: ExecRegistry,
    /// The pod of each process.
    pods: Mutex<BTreeMap<String, String>>,
}

impl Processes {
    /// Prepares a process in a pod.
    pub(super) fn create(&self, pod: &str, config: ExecConfig) -> Result<ExecId, RegistryFull> {
        let id = self.registry.create(config)?;
        let mut pods = self.pods();
        if pods.len() >= MANY {
            pods.retain(|id, _| self.registry.inspect(id).is_some());
        }
        pods.insert(id.as_str().to_owned(), pod.to_owned());
        Ok(id)
    }

    /// Starts a process with these streams.
    pub(super) fn start(&self, id: &str, streams: Streams) -> Result<Session, StartError> {
        if !self.pods().contains_key(id) {
            return Err(StartError::Unknown);
        }
        self.registry.start_as(id, streams)
    }

    /// Gives the terminal of a running process another size.
    pub(super) fn resize(&self, id: &str, size: WindowSize) -> Result<(), ResizeError> {
        if !self.pods().contains_key(id) {
            return Err(ResizeError::Unknown);
        }
        self.registry.resize(id, size)
    }

    /// Ends and forgets every process of a pod.
    pub(super) fn kill(&self, pod: &str) {
        self.pods().retain(|id, owner| {
            if owner == pod {
                self.registry.kill(id);
            }
            owner != pod
        });
    }

    fn pods(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken the map.
        self.pods.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
