//! What the emitted server costs: listing and creating pods through its router, beside handlers written by hand in
//! axum on the same models, so that both hold a request to the same rules.

mod pairs;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Query, Request, State};
use axum::http::{HeaderValue, Result as Made, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use generated::pi::models::{Pod, PodList};
use generated::pi::server::create_pod::{CreatePodRequest, CreatePodResponse};
use generated::pi::server::list_pods::{ListPodsRequest, ListPodsResponse};
use generated::pi::server::{Exec, Pods, router};
use generated::support::decode::from_slice;
use generated::support::server::Outcome;
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::json;
use tower::ServiceExt as _;

/// So many requests are one round.
const REQUESTS: usize = 1000;
const PATH: &str = "/api/v1/namespaces/default/pods";

fn pod() -> serde_json::Value {
    let container = json!({ "name": "main", "image": "busybox", "command": ["sleep", "600"] });
    json!({ "metadata": { "name": "web", "labels": { "app": "web" } }, "spec": { "containers": [container] } })
}

fn list() -> anyhow::Result<PodList> {
    let items: Vec<_> = (0..10).map(|_| pod()).collect();
    let text = json!({ "kind": "PodList", "metadata": {}, "items": items }).to_string();
    from_slice(text.as_bytes()).map_err(|faults| anyhow::anyhow!("{faults}"))
}

struct Emitted(PodList);

impl Pods for Emitted {
    async fn list_pods(&self, _: ListPodsRequest) -> Outcome<ListPodsResponse> {
        Ok(ListPodsResponse::Ok(Box::new(self.0.clone())))
    }

    async fn create_pod(&self, request: CreatePodRequest) -> Outcome<CreatePodResponse> {
        Ok(CreatePodResponse::Created(request.body))
    }
}

impl Exec for Emitted {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListQuery {
    #[expect(
        dead_code,
        reason = "it is read as the emitted server reads it, and no handler uses it"
    )]
    label_selector: Option<String>,
}

async fn list_by_hand(State(list): State<Arc<PodList>>, Query(_): Query<ListQuery>) -> Response {
    Json(PodList::clone(&list)).into_response()
}

async fn create_by_hand(request: Request) -> Response {
    let media_type = request.headers().get(header::CONTENT_TYPE);
    let is_json = |field: &HeaderValue| {
        let essence = field.to_str().ok().and_then(|text| text.split(';').next());
        essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
    };
    if !media_type.is_none_or(is_json) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    match from_slice::<Pod>(&body) {
        Ok(pod) => (StatusCode::CREATED, Json(pod)).into_response(),
        Err(faults) => (StatusCode::BAD_REQUEST, faults.to_string()).into_response(),
    }
}

fn by_hand(list: PodList) -> Router {
    Router::new().route(PATH, get(list_by_hand).post(create_by_hand)).with_state(Arc::new(list))
}

/// Sends a router so many requests, one after the other.
async fn round(
    router: &Router,
    request: impl Fn() -> Made<Request>,
    status: StatusCode,
) -> anyhow::Result<()> {
    for _ in 0..REQUESTS {
        let response = router.clone().oneshot(request()?).await?;
        anyhow::ensure!(response.status() == status, "answered {}", response.status());
        response.into_body().collect().await?;
    }
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (emitted, hand) = (router(Emitted(list()?)), by_hand(list()?));
    let listing = || Request::get(format!("{PATH}?labelSelector=app%3Dweb")).body(Body::empty());
    let body = pod().to_string();
    let creating = || {
        let post = Request::post(PATH).header(header::CONTENT_TYPE, "application/json");
        post.header(header::CONTENT_LENGTH, body.len()).body(Body::from(body.clone()))
    };
    pairs::pair(
        "1000 lists of ten pods",
        || runtime.block_on(round(&emitted, listing, StatusCode::OK)),
        || runtime.block_on(round(&hand, listing, StatusCode::OK)),
    )?;
    pairs::pair(
        "1000 creations",
        || runtime.block_on(round(&emitted, &creating, StatusCode::CREATED)),
        || runtime.block_on(round(&hand, &creating, StatusCode::CREATED)),
    )
}
