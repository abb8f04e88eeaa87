//! The traits of the API over the cluster.

use std::sync::Arc;

use axum::Router;
use generated::kubernetes::server::router_with;
use generated::support::server::Options;

use crate::machinery::{Cluster, MAX_BODY, Statuses, pods, served};

/// The parts of pods that have paths of their own.
const PARTS: [&str; 2] = ["log", "status"];

/// A server with its first pods, on the current tokio runtime.
pub(crate) fn router() -> Router {
    let cluster = Arc::new(Cluster::start());
    let options = Options { max_body: MAX_BODY, refuse: Arc::new(Statuses), ..Options::default() };
    served(router_with(Handler(Arc::clone(&cluster)), options), &PARTS, cluster)
}

struct Handler(Arc<Cluster>);

pods! { kubernetes }
