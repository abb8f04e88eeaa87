//! Kubernetes: pods that are created, changed, watched and removed, and the logs of their containers.

mod handler;
mod table;

pub(crate) use handler::router;
