//! The trait of the API over the store, and how refusals are written.

use axum::Router;
use axum::response::Response;
use generated::huawei_hss::server::list_k8s_pods::{ListK8sPodsRequest, ListK8sPodsResponse};
use generated::huawei_hss::server::{Authenticate, Pods, router_with};
use generated::support::server::{
    Access, ApiKey, Fault, Options, Outcome, Part, Refusal, Refuse, Refused,
};
use http::HeaderValue;
use std::sync::Arc;

use super::{PROJECT, Page, Query, Scope, Store, TOKEN};
use crate::sample;

/// A server that has seen nothing yet.
pub(crate) fn router() -> Router {
    let options = Options { refuse: Arc::new(WithRequestId), ..Options::default() };
    router_with(Handler(Store::default()), options)
}

struct Handler(Store);

impl Pods for Handler {
    async fn list_k8s_pods(&self, request: ListK8sPodsRequest) -> Outcome<ListK8sPodsResponse> {
        if request.project_id.as_str() != PROJECT {
            let message = "names no project that there is";
            return Err(Refused::at(Fault::Missing, Part::Path, "project_id", message));
        }
        let page = Page {
            offset: usize::try_from(request.offset.get()).unwrap_or_default(),
            limit: usize::try_from(request.limit.get()).unwrap_or_default(),
        };
        let query = Query {
            scope: Scope::from(request.enterprise_project_id.as_str()),
            pod_name: request.pod_name,
            namespace_name: request.namespace_name,
            cluster_name: request.cluster_name,
        };
        Ok(ListK8sPodsResponse::Ok(Box::new(self.0.list(&query, page))))
    }
}

impl Authenticate for Handler {
    async fn user_token(&self, credential: &ApiKey, _: &Access) -> Outcome<()> {
        if credential.reveal() == TOKEN {
            Ok(())
        } else {
            Err(Refused::new(Fault::Unauthenticated, "the token is not valid"))
        }
    }
}

/// Writes refusals as they are documented, with an id of the request.
struct WithRequestId;

impl Refuse for WithRequestId {
    fn refuse(&self, refusal: &Refusal<'_>) -> Response {
        let mut response = refusal.response();
        if let Ok(id) = HeaderValue::from_str(&sample::hex(rand::random(), 32)) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
}
