//! What the server holds: 23 pods in three namespaces of two clusters, with instances that run and that have ended.

use std::collections::BTreeMap;

use generated::stackrox::models::{
    PodContainerInstanceList, StorageContainerInstance, StorageContainerInstanceId,
    StorageContainerRuntime, StoragePod,
};
use generated::support::{DateTime, Field};

use crate::sample;

const PODS: u64 = 23;
/// Namespaces with the names of their pods' deployments, more pods in the first ones.
const DEPLOYMENTS: [(&str, &str); 6] = [
    ("shop", "web"),
    ("shop", "cart"),
    ("shop", "search"),
    ("stackrox", "central"),
    ("stackrox", "scanner"),
    ("kube-system", "coredns"),
];
const CLUSTERS: u64 = 2;

/// All pods, in no order that anything promises.
pub(super) fn pods() -> Vec<StoragePod> {
    (0..PODS).filter_map(pod).collect()
}

fn pod(index: u64) -> Option<StoragePod> {
    let (namespace, deployment) = sample::pick(&DEPLOYMENTS, usize::try_from(index).ok()?)?;
    let id = sample::uuid(index);
    let container = Container { pod: &id, index, name: deployment };
    Some(StoragePod {
        name: Some(format!("{deployment}-{}-{}", sample::hex(index / 6, 9), sample::hex(index, 5))),
        deployment_id: Some(sample::uuid(1_000_000 + index % 6)),
        namespace: Some(namespace.to_owned()),
        cluster_id: Some(sample::uuid(2_000_000 + index % CLUSTERS)),
        live_instances: Some(container.live()),
        terminated_instances: Some(container.terminated()),
        // Of some pods the time of creation is not known.
        started: if index % 7 == 3 { Field::Null } else { time(index, 0) },
        id: Some(id),
        additional: BTreeMap::new(),
    })
}

/// The containers of a pod.
struct Container<'p> {
    pod: &'p str,
    index: u64,
    name: &'p str,
}

impl Container<'_> {
    /// A pod that is gone has no instance that runs.
    fn live(&self) -> Vec<StorageContainerInstance> {
        if self.index % 8 == 5 { Vec::new() } else { vec![self.instance(self.name, 4, None)] }
    }

    /// Every third pod had a container that prepared it; some restarted.
    fn terminated(&self) -> Vec<PodContainerInstanceList> {
        let list = |instances| PodContainerInstanceList {
            instances: Some(instances),
            additional: BTreeMap::new(),
        };
        let mut found = Vec::new();
        if self.index.is_multiple_of(3) {
            found.push(list(vec![self.instance("migrate", 1, Some((3, 0, "Completed")))]));
        }
        if self.index % 4 == 2 {
            let failed =
                |second| self.instance(self.name, second, Some((second + 1, 137, "Error")));
            found.push(list(vec![failed(1), failed(2)]));
        }
        found
    }

    fn instance(
        &self,
        name: &str,
        started: u64,
        end: Option<(u64, i32, &str)>,
    ) -> StorageContainerInstance {
        let seed = self.index * 100 + started;
        let id = StorageContainerInstanceId {
            container_runtime: Some(StorageContainerRuntime::CrioContainerRuntime),
            id: Some(sample::hex(seed, 12)),
            node: Some(format!("worker-{}", 1 + self.index % 3)),
            additional: BTreeMap::new(),
        };
        StorageContainerInstance {
            // What identified an instance that has ended is no longer known.
            instance_id: if end.is_some() { Field::Null } else { Field::Value(id) },
            containing_pod_id: Some(self.pod.to_owned()),
            container_name: Some(name.to_owned()),
            container_ips: Some(match end {
                Some(_) => Vec::new(),
                None => vec![format!("10.128.{}.{}", self.index % 3, 10 + self.index)],
            }),
            started: time(self.index, started),
            image_digest: Some(format!("sha256:{}", sample::hex(self.index % 6, 64))),
            finished: end.map_or(Field::Null, |(finished, ..)| time(self.index, finished)),
            exit_code: Some(end.map_or(0, |(_, code, _)| code)),
            termination_reason: Some(end.map_or_else(String::new, |(.., why)| why.to_owned())),
            additional: BTreeMap::new(),
        }
    }
}

/// A time in May 2024, by pod and second.
fn time(index: u64, second: u64) -> Field<DateTime> {
    let text = format!("2024-05-{:02}T08:{:02}:{:02}Z", 1 + index % 28, index % 60, second % 60);
    DateTime::new(&text).map_or(Field::Null, Field::Value)
}
