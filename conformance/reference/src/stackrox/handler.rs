//! The trait of the API over the store.

use std::time::{Duration, Instant};

use axum::Router;
use futures_util::stream;
use generated::stackrox::models::{
    RuntimeStreamError, StoragePod, StreamResultOfV1ExportPodResponse, V1ExportPodResponse,
    V1ExportPodResponsePod, V1PodsResponse,
};
use generated::stackrox::server::export_pods::{ExportPodsRequest, ExportPodsResponse};
use generated::stackrox::server::get_pods::{GetPodsRequest, GetPodsResponse};
use generated::stackrox::server::{Authenticate, PodService};
use generated::support::Field;
use generated::support::server::{Access, Bearer, Fault, Outcome, Outgoing, Part, Refused};

use super::{Order, Page, Search, Store, TOKEN};

/// A server that has seen nothing yet.
pub(crate) fn router() -> Router {
    generated::stackrox::server::router(Handler(Store::default()))
}

struct Handler(Store);

impl PodService for Handler {
    async fn get_pods(&self, request: GetPodsRequest) -> Outcome<GetPodsResponse> {
        let search = Search::parse(request.query.as_deref().unwrap_or_default());
        let field = request.pagination_sort_option_field.as_deref().unwrap_or_default();
        let reversed = request.pagination_sort_option_reversed.unwrap_or_default();
        let order = Order::by(field, reversed).map_err(|error| {
            let name = "pagination.sortOption.field";
            Refused::at(Fault::Invalid, Part::Query, name, error.to_string())
        })?;
        let page = Page {
            offset: request.pagination_offset.unwrap_or_default(),
            limit: request.pagination_limit.unwrap_or_default(),
        };
        let pods = Some(self.0.list(&search, order, page));
        Ok(GetPodsResponse::Ok(Box::new(V1PodsResponse { pods, ..V1PodsResponse::default() })))
    }

    async fn export_pods(&self, request: ExportPodsRequest) -> Outcome<ExportPodsResponse> {
        let search = Search::parse(request.query.as_deref().unwrap_or_default());
        let deadline = request.timeout.and_then(|seconds| u64::try_from(seconds).ok());
        let deadline = deadline
            .filter(|seconds| *seconds > 0)
            .and_then(|seconds| Instant::now().checked_add(Duration::from_secs(seconds)));
        let lines = export(self.0.find(&search), deadline);
        Ok(ExportPodsResponse::Ok(Outgoing::new(stream::iter(lines))))
    }
}

/// A line for each pod; one that the deadline comes before is the last and says so.
fn export(
    pods: Vec<StoragePod>,
    deadline: Option<Instant>,
) -> impl Iterator<Item = StreamResultOfV1ExportPodResponse> {
    let mut late = false;
    pods.into_iter().map_while(move |pod| {
        if late {
            return None;
        }
        late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        Some(if late { too_late() } else { result(pod) })
    })
}

fn result(pod: StoragePod) -> StreamResultOfV1ExportPodResponse {
    let pod = Field::Value(V1ExportPodResponsePod::StoragePod(Box::new(pod)));
    StreamResultOfV1ExportPodResponse {
        result: Field::Value(V1ExportPodResponse { pod, ..V1ExportPodResponse::default() }),
        ..StreamResultOfV1ExportPodResponse::default()
    }
}

/// DeadlineExceeded, as the gateway writes it into a stream.
fn too_late() -> StreamResultOfV1ExportPodResponse {
    let error = RuntimeStreamError {
        grpc_code: Some(4),
        http_code: Some(504),
        message: Some("the export took longer than its timeout".to_owned()),
        http_status: Some("Gateway Timeout".to_owned()),
        details: Some(Vec::new()),
        ..RuntimeStreamError::default()
    };
    StreamResultOfV1ExportPodResponse {
        error: Field::Value(error),
        ..StreamResultOfV1ExportPodResponse::default()
    }
}

impl Authenticate for Handler {
    async fn api_token(&self, credential: &Bearer, _: &Access) -> Outcome<()> {
        if credential.reveal() == TOKEN {
            Ok(())
        } else {
            Err(Refused::new(Fault::Unauthenticated, "the token is not valid"))
        }
    }
}
