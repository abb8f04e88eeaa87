//! OpenShift: pods as Kubernetes has them, and what goes into them: processes, ports, requests, placement.

mod handler;
mod proxy;
mod stream;
mod table;

pub(crate) use handler::router;
