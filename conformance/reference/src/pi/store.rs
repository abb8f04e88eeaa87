//! Pods by name. Knows nothing of HTTP, and nothing of what runs in them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use generated::pi::models::{
    Container, ContainerState, ContainerStateRunning, ContainerStatus, ListMeta, ObjectMeta, Pod,
    PodList, PodStatus,
};
use generated::support::{DateTime, Field};
use time::OffsetDateTime;

use super::name::is_label;
use super::{InvalidName, PodName, Selector};
use crate::sample;

/// The namespace that every pod is in.
const NAMESPACE: &str = "default";
/// How many pods a server holds.
const MOST: usize = 4096;

/// All pods.
#[derive(Debug, Default)]
pub struct Store {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pods: BTreeMap<PodName, Pod>,
    /// Counts up with each change.
    version: u64,
}

/// Why a pod cannot be created.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateError {
    /// It has no name.
    #[error("metadata.name is missing")]
    Nameless,
    /// Its name, or that of a container, is none.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// A container's name is none.
    #[error("{0:?} is no name of a container")]
    Container(String),
    /// Two containers have the same name.
    #[error("two containers are named {0}")]
    TwoContainers(String),
    /// It says that it belongs to another namespace.
    #[error("the namespace is {NAMESPACE}, not {0:?}")]
    Namespace(String),
    /// There is a pod of that name.
    #[error("pod {0} is there already")]
    Duplicate(PodName),
    /// The server holds as many pods as it can.
    #[error("there are {MOST} pods already")]
    Full,
}

impl Store {
    /// Creates a pod: what the server adds is its namespace, identity, times, and a status.
    ///
    /// # Errors
    /// [`CreateError`] when the pod is at fault or there already.
    pub fn create(&self, mut pod: Pod) -> Result<Pod, CreateError> {
        let name = checked(&pod)?;
        let mut state = self.state();
        if state.pods.contains_key(&name) {
            return Err(CreateError::Duplicate(name));
        }
        if state.pods.len() >= MOST {
            return Err(CreateError::Full);
        }
        state.version += 1;
        complete(&mut pod, state.version);
        state.pods.insert(name, pod.clone());
        Ok(pod)
    }

    /// The pods that a selector selects, by name.
    #[must_use]
    pub fn list(&self, selector: &Selector) -> PodList {
        let state = self.state();
        let none = BTreeMap::new();
        let selected = |pod: &&Pod| {
            let labels = pod.metadata.as_ref().and_then(|metadata| metadata.labels.as_ref());
            selector.selects(labels.unwrap_or(&none))
        };
        PodList {
            api_version: Some("v1".to_owned()),
            kind: Some("PodList".to_owned()),
            metadata: Some(ListMeta {
                resource_version: Some(state.version.to_string()),
                ..ListMeta::default()
            }),
            items: state.pods.values().filter(selected).cloned().collect(),
            additional: BTreeMap::new(),
        }
    }

    /// The pod of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Pod> {
        self.state().pods.get(name).cloned()
    }

    /// Whether the pod of that name has that container; `None` if there is no such pod.
    #[must_use]
    pub fn has_container(&self, name: &str, container: &str) -> Option<bool> {
        let state = self.state();
        let pod = state.pods.get(name)?;
        Some(containers(pod).any(|known| known.name == container))
    }

    /// Removes the pod of that name; false if there is none.
    #[must_use]
    pub fn remove(&self, name: &str) -> bool {
        let mut state = self.state();
        state.version += 1;
        state.pods.remove(name).is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken the state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn containers(pod: &Pod) -> impl Iterator<Item = &Container> {
    pod.spec.containers.get().iter().chain(pod.spec.init_containers.iter().flatten())
}

/// The name of a pod that has no fault in itself.
fn checked(pod: &Pod) -> Result<PodName, CreateError> {
    let metadata = pod.metadata.as_ref().ok_or(CreateError::Nameless)?;
    let name = PodName::try_from(metadata.name.as_deref().ok_or(CreateError::Nameless)?)?;
    if let Some(other) = metadata.namespace.as_deref().filter(|text| *text != NAMESPACE) {
        return Err(CreateError::Namespace(other.to_owned()));
    }
    let mut seen = Vec::new();
    for container in containers(pod) {
        if !is_label(&container.name) || container.name.len() > 63 {
            return Err(CreateError::Container(container.name.clone()));
        }
        if seen.contains(&&container.name) {
            return Err(CreateError::TwoContainers(container.name.clone()));
        }
        seen.push(&container.name);
    }
    Ok(name)
}

/// Adds what is the server's to say, over whatever was sent.
fn complete(pod: &mut Pod, version: u64) {
    let now = DateTime::try_from(OffsetDateTime::now_utc()).ok();
    pod.api_version = Some("v1".to_owned());
    pod.kind = Some("Pod".to_owned());
    pod.status = Some(status(pod, now.as_ref()));
    let metadata = pod.metadata.get_or_insert_with(ObjectMeta::default);
    metadata.namespace = Some(NAMESPACE.to_owned());
    metadata.uid = Some(sample::uuid(rand::random()));
    metadata.resource_version = Some(version.to_string());
    metadata.creation_timestamp = now.map_or(Field::Null, Field::Value);
    metadata.deletion_timestamp = None;
}

fn status(pod: &Pod, now: Option<&DateTime>) -> PodStatus {
    let running = |container: &Container| ContainerStatus {
        container_id: None,
        image: container.image.clone().unwrap_or_default(),
        image_id: String::new(),
        last_state: None,
        name: container.name.clone(),
        ready: true,
        restart_count: 0,
        state: Some(ContainerState {
            running: Some(ContainerStateRunning {
                started_at: now.cloned().map_or(Field::Null, Field::Value),
                additional: BTreeMap::new(),
            }),
            ..ContainerState::default()
        }),
        additional: BTreeMap::new(),
    };
    PodStatus {
        phase: Some("Running".to_owned()),
        start_time: now.cloned(),
        container_statuses: Some(pod.spec.containers.get().iter().map(running).collect()),
        ..PodStatus::default()
    }
}
