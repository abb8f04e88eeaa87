//! What every answer of a server has, and what the server looks at before anything else: what the client accepts.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

use super::access;
use super::refuse::response;
use super::state::Cluster;
use crate::cluster::status::Status;
use crate::sample;

/// The most bytes of a body.
pub(crate) const MAX_BODY: usize = 3 * 1024 * 1024;

/// Media ranges that take JSON.
const JSON: [&str; 3] = ["application/json", "application/*", "*/*"];

/// Media ranges that take the text of a log.
const TEXT: [&str; 2] = ["text/plain", "text/*"];

/// A server as clients see it. What is behind these paths speaks for itself.
pub(crate) fn served(router: Router, cluster: Arc<Cluster>) -> Router {
    router.layer(from_fn_with_state(cluster, exchange))
}

async fn exchange(State(cluster): State<Arc<Cluster>>, request: Request, next: Next) -> Response {
    cluster.settled().await;
    let refused = access::is_known(request.headers()) && !is_acceptable(&request);
    let mut answer = if refused {
        response(&Status::not_acceptable(&["application/json"]))
    } else {
        next.run(request).await
    };
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    if let Ok(id) = HeaderValue::from_str(&sample::uuid(rand::random())) {
        headers.insert("audit-id", id);
    }
    answer
}

/// Whether the client takes what the path has.
fn is_acceptable(request: &Request) -> bool {
    let path = request.uri().path();
    if path.contains("/proxy") {
        return true;
    }
    let ranges = ranges(request.headers());
    let takes = |known: &[&str]| ranges.iter().any(|range| known.contains(&range.as_str()));
    ranges.is_empty() || takes(&JSON) || (path.ends_with("/log") && takes(&TEXT))
}

/// The media ranges of a request (RFC 9110 §12.5.1) without their parameters, and without those that are excluded.
fn ranges(headers: &HeaderMap) -> Vec<String> {
    let fields = headers.get_all(header::ACCEPT).iter().filter_map(|field| field.to_str().ok());
    fields
        .flat_map(|field| field.split(','))
        .filter(|range| !range.trim().is_empty() && !is_excluded(range))
        .map(|range| {
            let essence = range.split(';').next().unwrap_or_default();
            essence.trim().to_ascii_lowercase()
        })
        .collect()
}

/// Whether the weight of a media range is zero (RFC 9110 §12.4.2).
fn is_excluded(range: &str) -> bool {
    let weight = range.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("q="));
    weight.is_some_and(|weight| weight.trim().parse() == Ok(0.0))
}
