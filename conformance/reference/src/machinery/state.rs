//! The cluster of a server: its pods and their node, asked in the words of the models.

use bytes::Bytes;
use futures_util::StreamExt as _;
use generated::kubernetes::models::{DryRun, Pod, PodList, PropagationPolicy, WatchEvent};
use generated::support::decode::from_value;
use generated::support::server::Outgoing;
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use tokio::time::{Duration, timeout};

use super::answer::model;
use super::content;
use super::document::{Document, PatchDocument};
use crate::cluster::kubelet::{Node, NodeOptions};
use crate::cluster::log::LogQuery;
use crate::cluster::object;
use crate::cluster::options::{DeleteOptions, ListOptions, WriteKind, WriteOptions};
use crate::cluster::patch::PatchKind;
use crate::cluster::pod::{Part, Pods};
use crate::cluster::status::Status;
use crate::cluster::store::{Object, Scope};

/// How long a server waits for its first pods to run before it answers anyway.
const SETTLING: Duration = Duration::from_secs(5);

/// Pods, and the node that runs them.
pub(crate) struct Cluster {
    pub(super) pods: Pods,
    pub(super) node: Node,
    /// When the cluster began.
    pub(super) begun: OffsetDateTime,
    settled: OnceCell<()>,
}

/// A pod by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    /// Its namespace.
    pub(crate) namespace: &'p str,
    /// Its name.
    pub(crate) name: &'p str,
}

/// What goes for every kind of write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writing<'w> {
    /// Nothing is kept.
    pub(crate) dry_run: Option<DryRun>,
    /// Who writes.
    pub(crate) manager: Option<&'w str>,
    /// Fields of others are taken.
    pub(crate) force: Option<bool>,
}

/// The query of a deletion.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Removal {
    /// Nothing is deleted.
    pub(crate) dry_run: Option<DryRun>,
    /// The seconds that a pod has to end.
    pub(crate) grace: Option<i64>,
    /// Whether dependent objects stay.
    pub(crate) orphan: Option<bool>,
    /// What becomes of dependent objects.
    pub(crate) policy: Option<PropagationPolicy>,
}

/// What a list gives: the pods, or their changes.
pub(crate) enum Look {
    /// The pods.
    List(Box<PodList>),
    /// Their changes.
    Changes(Outgoing<WatchEvent>),
}

impl Cluster {
    /// A cluster with its first pods, on the current tokio runtime.
    pub(crate) fn start() -> Self {
        let pods = Pods::default();
        for namespace in content::NAMESPACES {
            pods.set_namespace(namespace, false);
        }
        for (namespace, pod) in content::pods() {
            // A namespace that is there and a pod that is in order: nothing is refused.
            let _ = pods.create(namespace, &pod, &WriteOptions::default());
        }
        let node = Node::start(pods.clone(), NodeOptions::default());
        let begun = pods.clock().now();
        let cluster = Self { pods, node, begun, settled: OnceCell::new() };
        content::NAMESPACES.into_iter().for_each(|namespace| cluster.guard(namespace));
        cluster
    }

    /// Waits until every first pod runs, so that from the first answer on they stay as they are.
    pub(crate) async fn settled(&self) {
        self.settled
            .get_or_init(|| async {
                // A server whose pods do not come up serves them as they are.
                let _ = timeout(SETTLING, self.running()).await;
            })
            .await;
    }

    async fn running(&self) {
        let mut latest = self.pods.store().subscribe();
        loop {
            let snapshot = self.pods.store().current(&Scope::All);
            let runs = |pod: &Object| object::text(pod, "/status/phase") == "Running";
            if snapshot.objects().all(|(_, pod)| runs(pod)) || latest.changed().await.is_err() {
                return;
            }
        }
    }

    /// The pods of a scope, or their changes.
    pub(crate) async fn look(
        &self,
        scope: Scope,
        options: &ListOptions,
        watch: Option<bool>,
    ) -> Result<Look, Status> {
        if watch != Some(true) {
            let page = self.pods.list(&scope, options).await?;
            return model(&page.to_value("PodList")).map(Look::List);
        }
        let events = self.pods.watch(scope, options)?.into_stream();
        let events = events.filter_map(|event| async move { from_value(&event.to_value()).ok() });
        Ok(Look::Changes(Outgoing::new(events)))
    }

    /// One pod.
    pub(crate) async fn read(&self, place: Place<'_>) -> Result<Box<Pod>, Status> {
        model(&*self.pods.read(place.namespace, place.name, None).await?)
    }

    /// Creates a pod.
    pub(crate) fn create(
        &self,
        namespace: &str,
        body: impl Document,
        writing: Writing<'_>,
    ) -> Result<Box<Pod>, Status> {
        let options = writing.options(WriteKind::Create)?;
        model(&*self.pods.create(namespace, &body.object()?, &options)?)
    }

    /// Puts a pod or its status in the place of one that is there.
    pub(crate) fn replace(
        &self,
        place: Place<'_>,
        part: Part,
        body: impl Document,
        writing: Writing<'_>,
    ) -> Result<Box<Pod>, Status> {
        let options = writing.options(WriteKind::Update)?;
        let body = body.object()?;
        model(&self.pods.replace(place.namespace, place.name, part, &body, &options)?.object)
    }

    /// Changes a pod or its status, or makes a pod; says whether it did.
    pub(crate) fn patch(
        &self,
        place: Place<'_>,
        part: Part,
        body: impl PatchDocument,
        writing: Writing<'_>,
    ) -> Result<(Box<Pod>, bool), Status> {
        let (kind, patch) = body.patch()?;
        let how = if kind == PatchKind::Apply { WriteKind::Apply } else { WriteKind::Patch };
        let options = writing.options(how)?;
        // What would come of it must be a pod, before anything is kept.
        let trial = WriteOptions { dry_run: true, ..options.clone() };
        let Place { namespace, name } = place;
        let tried = self.pods.patch(namespace, name, part, kind, &patch, &trial)?;
        let tried = (model(&tried.object)?, tried.created);
        if options.dry_run {
            return Ok(tried);
        }
        let written = self.pods.patch(namespace, name, part, kind, &patch, &options)?;
        Ok((model(&written.object)?, written.created))
    }

    /// Deletes a pod; says whether that is still to come.
    pub(crate) fn delete(
        &self,
        place: Place<'_>,
        body: Option<impl Document>,
        removal: Removal,
    ) -> Result<(Box<Pod>, bool), Status> {
        let options = removal.options(body)?;
        let deleted = self.pods.delete(place.namespace, place.name, &options)?;
        Ok((model(&deleted.object)?, deleted.code(&options) == 202))
    }

    /// Deletes the pods that are selected.
    pub(crate) fn delete_many(
        &self,
        namespace: &str,
        selection: &ListOptions,
        body: Option<impl Document>,
        removal: Removal,
    ) -> Result<Box<PodList>, Status> {
        let options = removal.options(body)?;
        let page = self.pods.delete_collection(namespace, selection, &options)?;
        model(&page.to_value("PodList"))
    }

    /// The log of a container; nothing while the pod is on no node.
    pub(crate) fn log(
        &self,
        place: Place<'_>,
        query: &LogQuery,
    ) -> Result<Option<Outgoing<Bytes>>, Status> {
        let pod = self.pods.find(place.namespace, place.name)?;
        Ok(self.node.log(&pod, query)?.map(Outgoing::new))
    }
}

impl Writing<'_> {
    pub(super) fn options(self, kind: WriteKind) -> Result<WriteOptions, Status> {
        WriteOptions::check(kind, &words(self.dry_run), self.manager, None, self.force)
    }
}

impl Removal {
    /// What a body says goes before the query. A trial is one wherever it is asked for: a real server forgets that of the
    /// query and deletes.
    fn options(self, body: Option<impl Document>) -> Result<DeleteOptions, Status> {
        let policy = self.policy.map(PropagationPolicy::as_str);
        let query =
            DeleteOptions::from_query(self.grace, self.orphan, policy, &words(self.dry_run))?;
        let Some(body) = body else { return Ok(query) };
        let body = DeleteOptions::from_body(&body.object()?)?;
        Ok(DeleteOptions { dry_run: body.dry_run || query.dry_run, ..body })
    }
}

fn words(dry_run: Option<DryRun>) -> Vec<String> {
    dry_run.iter().map(|word| word.as_str().to_owned()).collect()
}
