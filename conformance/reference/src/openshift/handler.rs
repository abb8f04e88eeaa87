//! The traits of the API over the cluster.

use std::sync::Arc;

use axum::Router;
use generated::openshift::models::{
    CreateCoreV1NamespacedPodBindingCreated, CreateCoreV1NamespacedPodEvictionCreated,
};
use generated::openshift::server::{
    Placement,
    create_core_v1_namespaced_pod_binding::{
        CreateCoreV1NamespacedPodBindingRequest, CreateCoreV1NamespacedPodBindingResponse,
    },
    create_core_v1_namespaced_pod_eviction::{
        CreateCoreV1NamespacedPodEvictionRequest, CreateCoreV1NamespacedPodEvictionResponse,
    },
    router_with,
};
use generated::support::server::Options;

use crate::machinery::{Cluster, MAX_BODY, Statuses, pods, served};

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

pods! { openshift, orphan_dependents, export }

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
