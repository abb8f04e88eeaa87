//! Pods by enterprise project, filtered and cut into pages. Knows nothing of HTTP.

use generated::huawei_hss::models::{ListK8sPodsResponse, PodBaseInfo, ServerlessPodInfo};

use super::content;

/// A pod, and the enterprise project that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Owned<P> {
    project: &'static str,
    pod: P,
}

impl<P> Owned<P> {
    pub(super) fn new(project: &'static str, pod: P) -> Self {
        Self { project, pod }
    }
}

/// Which enterprise projects are looked in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every one that the caller may see.
    All,
    /// That one.
    One(String),
}

impl From<&str> for Scope {
    /// The scope that `enterprise_project_id` says.
    fn from(text: &str) -> Self {
        if text == "all_granted_eps" { Self::All } else { Self::One(text.to_owned()) }
    }
}

impl Scope {
    fn holds(&self, project: &str) -> bool {
        match self {
            Self::All => true,
            Self::One(wanted) => wanted == project,
        }
    }
}

/// Which pods are wanted. A text is looked for in the member of its name, as a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// In which enterprise projects.
    pub scope: Scope,
    /// Part of the pod's name.
    pub pod_name: Option<String>,
    /// Part of the namespace's name.
    pub namespace_name: Option<String>,
    /// Part of the cluster's name.
    pub cluster_name: Option<String>,
}

/// Which part of the lists is wanted: each of both is cut by the same window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many records to skip.
    pub offset: usize,
    /// How many records at most.
    pub limit: usize,
}

/// All pods.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    ordinary: Vec<Owned<PodBaseInfo>>,
    serverless: Vec<Owned<ServerlessPodInfo>>,
}

impl Default for Store {
    fn default() -> Self {
        Self { ordinary: content::ordinary(), serverless: content::serverless() }
    }
}

impl Store {
    /// A page of what a query finds.
    #[must_use]
    pub fn list(&self, query: &Query, page: Page) -> ListK8sPodsResponse {
        let ordinary = query.find(&self.ordinary);
        let serverless = query.find(&self.serverless);
        let total = ordinary.len() + serverless.len();
        ListK8sPodsResponse {
            total_num: Some(i64::try_from(total).unwrap_or(i64::MAX)),
            last_update_time: Some(content::LAST_UPDATE),
            data_list: Some(page.of(&ordinary)),
            pod_info_list: Some(page.of(&serverless)),
            ..ListK8sPodsResponse::default()
        }
    }
}

/// The members that both kinds of pods are looked for by.
trait Named {
    fn names(&self) -> [Option<&str>; 3];
}

impl Named for PodBaseInfo {
    fn names(&self) -> [Option<&str>; 3] {
        [self.pod_name.as_deref(), self.namespace_name.as_deref(), self.cluster_name.as_deref()]
    }
}

impl Named for ServerlessPodInfo {
    fn names(&self) -> [Option<&str>; 3] {
        [self.pod_name.as_deref(), self.namespace_name.as_deref(), self.cluster_name.as_deref()]
    }
}

impl Query {
    fn find<'p, P: Named>(&self, pods: &'p [Owned<P>]) -> Vec<&'p P> {
        let mine = pods.iter().filter(|owned| self.scope.holds(owned.project));
        mine.map(|owned| &owned.pod).filter(|pod| self.matches(*pod)).collect()
    }

    fn matches(&self, pod: &impl Named) -> bool {
        let wanted = [&self.pod_name, &self.namespace_name, &self.cluster_name];
        wanted.into_iter().zip(pod.names()).all(|(wanted, name)| match wanted {
            Some(part) => name.is_some_and(|name| name.contains(part)),
            None => true,
        })
    }
}

impl Page {
    fn of<P: Clone>(self, pods: &[&P]) -> Vec<P> {
        pods.iter().skip(self.offset).take(self.limit).map(|pod| (*pod).clone()).collect()
    }
}
