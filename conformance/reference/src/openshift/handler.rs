//! The traits of the API over the cluster.

use std::sync::Arc;

use axum::Router;
use generated::openshift::models::{
    CreateCoreV1NamespacedPodBindingCreated, CreateCoreV1NamespacedPodEvictionCreated,
    DeleteCoreV1CollectionNamespacedPodOk,
};
use generated::openshift::server::{
    Authenticate, Log, Placement, Pods, Status,
    create_core_v1_namespaced_pod::{
        CreateCoreV1NamespacedPodRequest, CreateCoreV1NamespacedPodResponse,
    },
    create_core_v1_namespaced_pod_binding::{
        CreateCoreV1NamespacedPodBindingRequest, CreateCoreV1NamespacedPodBindingResponse,
    },
    create_core_v1_namespaced_pod_eviction::{
        CreateCoreV1NamespacedPodEvictionRequest, CreateCoreV1NamespacedPodEvictionResponse,
    },
    delete_core_v1_collection_namespaced_pod::{
        DeleteCoreV1CollectionNamespacedPodRequest, DeleteCoreV1CollectionNamespacedPodResponse,
    },
    delete_core_v1_namespaced_pod::{
        DeleteCoreV1NamespacedPodRequest, DeleteCoreV1NamespacedPodResponse,
    },
    list_core_v1_namespaced_pod::{
        ListCoreV1NamespacedPodRequest, ListCoreV1NamespacedPodResponse,
    },
    list_core_v1_pod_for_all_namespaces::{
        ListCoreV1PodForAllNamespacesRequest, ListCoreV1PodForAllNamespacesResponse,
    },
    patch_core_v1_namespaced_pod::{
        PatchCoreV1NamespacedPodRequest, PatchCoreV1NamespacedPodResponse,
    },
    patch_core_v1_namespaced_pod_status::{
        PatchCoreV1NamespacedPodStatusRequest, PatchCoreV1NamespacedPodStatusResponse,
    },
    read_core_v1_namespaced_pod::{
        ReadCoreV1NamespacedPodRequest, ReadCoreV1NamespacedPodResponse,
    },
    read_core_v1_namespaced_pod_log::{
        ReadCoreV1NamespacedPodLogRequest, ReadCoreV1NamespacedPodLogResponse,
    },
    read_core_v1_namespaced_pod_status::{
        ReadCoreV1NamespacedPodStatusRequest, ReadCoreV1NamespacedPodStatusResponse,
    },
    replace_core_v1_namespaced_pod::{
        ReplaceCoreV1NamespacedPodRequest, ReplaceCoreV1NamespacedPodResponse,
    },
    replace_core_v1_namespaced_pod_status::{
        ReplaceCoreV1NamespacedPodStatusRequest, ReplaceCoreV1NamespacedPodStatusResponse,
    },
    router_with,
};
use generated::support::server::{Access, Bearer, Options, Outcome};

use crate::cluster::options::ListOptions;
use crate::cluster::pod::Part;
use crate::cluster::status::Status as Refusal;
use crate::cluster::store::Scope;
use crate::machinery::{
    Cluster, Look, MAX_BODY, Statuses, admit, answer, log_query, place, removal, selection, served,
    writing,
};

/// The parts of pods that have paths of their own.
const PARTS: [&str; 8] =
    ["attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "status"];

/// A server with its first pods, on the current tokio runtime.
pub(crate) fn router() -> Router {
    let cluster = Arc::new(Cluster::start());
    let options = Options { max_body: MAX_BODY, refuse: Arc::new(Statuses), ..Options::default() };
    served(router_with(Handler(Arc::clone(&cluster)), options), &PARTS, cluster)
}

pub(super) struct Handler(pub(super) Arc<Cluster>);

impl Pods for Handler {
    async fn list_core_v1_pod_for_all_namespaces(
        &self,
        request: ListCoreV1PodForAllNamespacesRequest,
    ) -> Outcome<ListCoreV1PodForAllNamespacesResponse> {
        let bookmarks = request.allow_watch_bookmarks.unwrap_or_default();
        let options = ListOptions { bookmarks, ..selection!(request) };
        answer(self.0.look(Scope::All, &options, request.watch).await, |look| match look {
            Look::List(list) => ListCoreV1PodForAllNamespacesResponse::Ok(list),
            Look::Changes(events) => ListCoreV1PodForAllNamespacesResponse::OkStream(events),
        })
    }

    async fn list_core_v1_namespaced_pod(
        &self,
        request: ListCoreV1NamespacedPodRequest,
    ) -> Outcome<ListCoreV1NamespacedPodResponse> {
        let bookmarks = request.allow_watch_bookmarks.unwrap_or_default();
        let options = ListOptions { bookmarks, ..selection!(request) };
        let scope = Scope::namespace(&request.namespace);
        answer(self.0.look(scope, &options, request.watch).await, |look| match look {
            Look::List(list) => ListCoreV1NamespacedPodResponse::Ok(list),
            Look::Changes(events) => ListCoreV1NamespacedPodResponse::OkStream(events),
        })
    }

    async fn create_core_v1_namespaced_pod(
        &self,
        request: CreateCoreV1NamespacedPodRequest,
    ) -> Outcome<CreateCoreV1NamespacedPodResponse> {
        let writing = writing!(request);
        let created = self.0.create(&request.namespace, request.body, writing);
        answer(created, CreateCoreV1NamespacedPodResponse::Created)
    }

    async fn delete_core_v1_collection_namespaced_pod(
        &self,
        request: DeleteCoreV1CollectionNamespacedPodRequest,
    ) -> Outcome<DeleteCoreV1CollectionNamespacedPodResponse> {
        let (selection, removal) = (selection!(request), removal!(request, orphans));
        let deleted = self.0.delete_many(&request.namespace, &selection, request.body, removal);
        answer(deleted, |pods| {
            let pods = DeleteCoreV1CollectionNamespacedPodOk::PodList(pods);
            DeleteCoreV1CollectionNamespacedPodResponse::Ok(Box::new(pods))
        })
    }

    async fn read_core_v1_namespaced_pod(
        &self,
        request: ReadCoreV1NamespacedPodRequest,
    ) -> Outcome<ReadCoreV1NamespacedPodResponse> {
        let read = match request.export {
            // Servers have refused it since they no longer know what a user can set.
            Some(true) => Err(Refusal::bad_request("the export parameter is no longer supported")),
            _ => self.0.read(place!(request)).await,
        };
        answer(read, ReadCoreV1NamespacedPodResponse::Ok)
    }

    async fn replace_core_v1_namespaced_pod(
        &self,
        request: ReplaceCoreV1NamespacedPodRequest,
    ) -> Outcome<ReplaceCoreV1NamespacedPodResponse> {
        let writing = writing!(request);
        let replaced = self.0.replace(place!(request), Part::Main, request.body, writing);
        answer(replaced, ReplaceCoreV1NamespacedPodResponse::Ok)
    }

    async fn patch_core_v1_namespaced_pod(
        &self,
        request: PatchCoreV1NamespacedPodRequest,
    ) -> Outcome<PatchCoreV1NamespacedPodResponse> {
        let writing = writing!(request, force);
        let patched = self.0.patch(place!(request), Part::Main, request.body, writing);
        answer(patched, |(pod, created)| match created {
            true => PatchCoreV1NamespacedPodResponse::Created(pod),
            false => PatchCoreV1NamespacedPodResponse::Ok(pod),
        })
    }

    async fn delete_core_v1_namespaced_pod(
        &self,
        request: DeleteCoreV1NamespacedPodRequest,
    ) -> Outcome<DeleteCoreV1NamespacedPodResponse> {
        let removal = removal!(request, orphans);
        answer(self.0.delete(place!(request), request.body, removal), |(pod, later)| match later {
            true => DeleteCoreV1NamespacedPodResponse::Accepted(pod),
            false => DeleteCoreV1NamespacedPodResponse::Ok(pod),
        })
    }
}

impl Status for Handler {
    async fn read_core_v1_namespaced_pod_status(
        &self,
        request: ReadCoreV1NamespacedPodStatusRequest,
    ) -> Outcome<ReadCoreV1NamespacedPodStatusResponse> {
        answer(self.0.read(place!(request)).await, ReadCoreV1NamespacedPodStatusResponse::Ok)
    }

    async fn replace_core_v1_namespaced_pod_status(
        &self,
        request: ReplaceCoreV1NamespacedPodStatusRequest,
    ) -> Outcome<ReplaceCoreV1NamespacedPodStatusResponse> {
        let writing = writing!(request);
        let replaced = self.0.replace(place!(request), Part::Status, request.body, writing);
        answer(replaced, ReplaceCoreV1NamespacedPodStatusResponse::Ok)
    }

    async fn patch_core_v1_namespaced_pod_status(
        &self,
        request: PatchCoreV1NamespacedPodStatusRequest,
    ) -> Outcome<PatchCoreV1NamespacedPodStatusResponse> {
        let writing = writing!(request, force);
        let patched = self.0.patch(place!(request), Part::Status, request.body, writing);
        answer(patched, |(pod, _)| PatchCoreV1NamespacedPodStatusResponse::Ok(pod))
    }
}

impl Log for Handler {
    async fn read_core_v1_namespaced_pod_log(
        &self,
        request: ReadCoreV1NamespacedPodLogRequest,
    ) -> Outcome<ReadCoreV1NamespacedPodLogResponse> {
        answer(self.0.log(place!(request), &log_query!(request)), |log| match log {
            Some(lines) => ReadCoreV1NamespacedPodLogResponse::Ok(lines),
            None => ReadCoreV1NamespacedPodLogResponse::NoContent,
        })
    }
}

impl Placement for Handler {
    async fn create_core_v1_namespaced_pod_binding(
        &self,
        request: CreateCoreV1NamespacedPodBindingRequest,
    ) -> Outcome<CreateCoreV1NamespacedPodBindingResponse> {
        let writing = writing!(request);
        answer(self.0.bind(place!(request), request.body, writing), |status| {
            let created = CreateCoreV1NamespacedPodBindingCreated::Status(status);
            CreateCoreV1NamespacedPodBindingResponse::Created(Box::new(created))
        })
    }

    async fn create_core_v1_namespaced_pod_eviction(
        &self,
        request: CreateCoreV1NamespacedPodEvictionRequest,
    ) -> Outcome<CreateCoreV1NamespacedPodEvictionResponse> {
        let writing = writing!(request);
        answer(self.0.evict(place!(request), request.body, writing), |status| {
            let created = CreateCoreV1NamespacedPodEvictionCreated::Status(status);
            CreateCoreV1NamespacedPodEvictionResponse::Created(Box::new(created))
        })
    }
}

impl Authenticate for Handler {
    async fn bearer(&self, credential: &Bearer, _: &Access) -> Outcome<()> {
        admit(credential)
    }
}
