//! What every answer of a server has, whatever it is.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use http::{HeaderValue, header};

use super::access::permit;
use super::discovery::discovery;
use super::lenient::documented;
use super::present::Presentation;
use super::refuse::response;
use super::since;
use super::state::Cluster;
use crate::sample;

/// The most bytes of a body.
pub(crate) const MAX_BODY: usize = 3 * 1024 * 1024;

/// A server as clients see it, with these parts of pods: it answers once its first pods run, to those who may ask, and
/// every answer has an id and is not to be kept.
pub(crate) fn served(router: Router, parts: &[&str], cluster: Arc<Cluster>) -> Router {
    router
        .merge(discovery(parts, Arc::clone(&cluster)))
        .layer(from_fn(since::kept))
        .layer(from_fn_with_state(cluster, exchange))
}

async fn exchange(State(cluster): State<Arc<Cluster>>, request: Request, next: Next) -> Response {
    cluster.settled().await;
    let mut answer = match permit(request.method(), request.uri(), request.headers()) {
        Ok(()) => {
            let (mut head, body) = request.into_parts();
            documented(&mut head);
            let presentation = Presentation::asked(&head);
            let answer = next.run(Request::from_parts(head, body)).await;
            match presentation {
                Some(presentation) => presentation.of(answer, cluster.pods.clock()).await,
                None => answer,
            }
        }
        Err(status) => response(&status),
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    if let Ok(id) = HeaderValue::from_str(&sample::uuid(rand::random())) {
        headers.insert("audit-id", id);
    }
    answer
}
