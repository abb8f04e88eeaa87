//! What the server holds: 107 pods in the default enterprise project, and some in two others.

use generated::huawei_hss::models::{
    ClusterType, DetectResult, PodBaseInfo, PodStatus, ProtectStatus, ServerlessPodInfo,
};

use super::store::Owned;
use crate::sample::{self, pick};

/// The enterprise project that everything belongs to unless said otherwise.
pub(super) const DEFAULT_PROJECT: &str = "0";
/// Pods of ordinary clusters in the default project.
const ORDINARY: usize = 92;
/// Serverless pods in the default project.
const SERVERLESS: usize = 15;
/// Pods of ordinary clusters in other projects.
const ELSEWHERE: usize = 13;
/// Serverless pods in other projects.
const SERVERLESS_ELSEWHERE: usize = 4;

const NAMESPACES: [&str; 4] = ["default", "kube-system", "monitoring", "shop"];
const APPS: [&str; 8] =
    ["batch-0", "cache-0", "db-0", "ingress-0", "node-agent", "queue-0", "web-0", "web-1"];
const CLUSTERS: [(&str, ClusterType); 3] = [
    ("hss-baseline", ClusterType::Cce),
    ("edge-7", ClusterType::K8s),
    ("hall-north", ClusterType::SelfBuiltIdc),
];
const SERVERLESS_CLUSTER: &str = "burst";
const OTHER_PROJECTS: [&str; 2] =
    ["7c1f1c5e-64a5-4f2b-8a0d-1f0d3f6f2a10", "b0a1e4c2-9d0f-4c63-9a57-52c2f1f6f8d3"];
const STATUSES: [PodStatus; 7] = [
    PodStatus::Running,
    PodStatus::Running,
    PodStatus::Running,
    PodStatus::Pending,
    PodStatus::Succeeded,
    PodStatus::Failed,
    PodStatus::Unknown,
];
const PROTECTION: [ProtectStatus; 3] =
    [ProtectStatus::Opened, ProtectStatus::Closed, ProtectStatus::ProtectionException];
const DETECTION: [DetectResult; 4] =
    [DetectResult::Clean, DetectResult::Undetected, DetectResult::Risk, DetectResult::Scanning];

/// When the first pod was created, in milliseconds since 1970.
const FIRST: i64 = 1_753_227_292_000;
/// When the data was last brought up to date, in milliseconds since 1970.
pub(super) const LAST_UPDATE: i64 = 1_753_498_970_618;

/// Pods of ordinary clusters; those of other projects come first, so that a page shows whose they are.
pub(super) fn ordinary() -> Vec<Owned<PodBaseInfo>> {
    let pods = (0..ORDINARY).map(|index| (DEFAULT_PROJECT, index));
    let others = (0..ELSEWHERE).map(|index| (other_project(index), ORDINARY + index));
    others.chain(pods).map(|(project, index)| Owned::new(project, pod(index))).collect()
}

/// Serverless pods.
pub(super) fn serverless() -> Vec<Owned<ServerlessPodInfo>> {
    let pods = (0..SERVERLESS).map(|index| (DEFAULT_PROJECT, index));
    let others = (0..SERVERLESS_ELSEWHERE).map(|index| (other_project(index), SERVERLESS + index));
    others.chain(pods).map(|(project, index)| Owned::new(project, serverless_pod(index))).collect()
}

/// Names are told apart by cluster, namespace and app, so that each value of a filter has a good dozen of them.
fn pod(index: usize) -> PodBaseInfo {
    let seed = as_seed(index);
    let per_cluster = NAMESPACES.len() * APPS.len();
    let cluster = pick(&CLUSTERS, index / per_cluster);
    let node = index % 5;
    PodBaseInfo {
        id: Some(sample::uuid(seed)),
        pod_name: app(index),
        namespace_name: pick(&NAMESPACES, index / APPS.len()).map(str::to_owned),
        cluster_name: cluster.map(|(name, _)| name.to_owned()),
        cluster_id: Some(sample::uuid(1_000_000 + as_seed(index / per_cluster % CLUSTERS.len()))),
        cluster_type: cluster.map(|(_, kind)| kind),
        node_name: Some(format!("192.168.0.{}", 50 + node)),
        node_ip: Some(format!("192.168.0.{}", 50 + node)),
        pod_ip: Some(format!("10.0.{node}.{}", 10 + index)),
        cpu: Some(format!("{}m", 10 + sample::number(seed) % 490)),
        memory: Some(format!("{}Mi", 16 + sample::number(seed) % 240)),
        cpu_limit: Some("500m".to_owned()),
        memory_limit: Some("256Mi".to_owned()),
        status: pick(&STATUSES, index),
        create_time: Some(created(index)),
        region_id: Some("cn-north-7".to_owned()),
        ..PodBaseInfo::default()
    }
}

fn serverless_pod(index: usize) -> ServerlessPodInfo {
    ServerlessPodInfo {
        pod_name: app(index),
        namespace_name: pick(&NAMESPACES, index / APPS.len()).map(str::to_owned),
        cluster_name: Some(SERVERLESS_CLUSTER.to_owned()),
        cpu: Some("100m".to_owned()),
        memory: Some("64Mi".to_owned()),
        cpu_limit: Some("1".to_owned()),
        memory_limit: Some("1Gi".to_owned()),
        pod_ip: Some(format!("10.8.0.{}", 10 + index)),
        protect_status: pick(&PROTECTION, index),
        detect_result: pick(&DETECTION, index),
        status: pick(&STATUSES, index),
        create_time: Some(created(index)),
        ..ServerlessPodInfo::default()
    }
}

/// In one cluster and namespace every app comes once; further pods of it are numbered.
fn app(index: usize) -> Option<String> {
    let round = index / (CLUSTERS.len() * NAMESPACES.len() * APPS.len());
    let name = pick(&APPS, index)?;
    Some(if round == 0 { name.to_owned() } else { format!("{name}-{round}") })
}

fn other_project(index: usize) -> &'static str {
    pick(&OTHER_PROJECTS, index).unwrap_or(DEFAULT_PROJECT)
}

fn created(index: usize) -> i64 {
    FIRST + i64::try_from(index).unwrap_or_default() * 61_000
}

fn as_seed(index: usize) -> u64 {
    u64::try_from(index).unwrap_or_default()
}
