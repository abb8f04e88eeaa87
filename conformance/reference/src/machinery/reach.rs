//! What goes into pods and where pods go: placement, processes, ports and requests.

use generated::kubernetes::models;
use serde_json::Value;

use super::answer::model;
use super::document::Document;
use super::state::{Cluster, Place, Writing};
use crate::cluster::container::Connection;
use crate::cluster::kubelet::{ConnectRefusal, ExecRequest};
use crate::cluster::options::WriteKind;
use crate::cluster::pod::DisruptionBudget;
use crate::cluster::status::{Reason, Status};
use crate::cluster::store::Object;
use crate::cluster::{echo, object};
use crate::exec::Streams;
use crate::pipe::{Reader, Writer};

/// The label of pods that no eviction takes, as a selector.
const GUARDED: &str = "app=guarded";

/// More pods than there ever are.
const ALL: usize = 1_000_000;

/// The port that requests go to where no container declares one.
const USUAL_PORT: u16 = 80;

/// Statuses that a proxied answer cannot have: without content, or the server's own.
const UNUSUAL: [u16; 4] = [204, 205, 304, 401];

/// What a pod answered, or why it did not.
pub(crate) struct Proxied {
    /// The status.
    pub(crate) code: u16,
    /// The body.
    pub(crate) body: Value,
}

impl Cluster {
    /// Guards the pods of a namespace that are labelled so against eviction.
    pub(super) fn guard(&self, namespace: &str) {
        let budget = DisruptionBudget {
            selector: GUARDED.to_owned(),
            min_available: ALL,
            unprocessed: false,
        };
        // The selector is in order.
        let _ = self.pods.set_budget(namespace, "guarded", &budget);
    }

    /// Puts a pod onto a node.
    pub(crate) fn bind(
        &self,
        place: Place<'_>,
        body: impl Document,
        writing: Writing<'_>,
    ) -> Result<Box<models::Status>, Status> {
        let dry_run = writing.options(WriteKind::Create)?.dry_run;
        let Place { namespace, name } = place;
        let status = self.pods.bind(namespace, Some(name), &body.object()?, dry_run)?;
        model(&status.to_value())
    }

    /// Evicts a pod.
    pub(crate) fn evict(
        &self,
        place: Place<'_>,
        body: impl Document,
        writing: Writing<'_>,
    ) -> Result<Box<models::Status>, Status> {
        let dry_run = writing.options(WriteKind::Create)?.dry_run;
        let status = self.pods.evict(place.namespace, place.name, &body.object()?, dry_run)?;
        model(&status.to_value())
    }

    /// Starts a process in a container of a pod.
    pub(crate) fn exec(
        &self,
        place: Place<'_>,
        container: Option<&str>,
        command: &[String],
        streams: Streams,
    ) -> Result<Connection, Status> {
        let pod = self.pods.find(place.namespace, place.name)?;
        let container = self.node.connectable(&pod, container)?;
        let request = ExecRequest { command: command.to_vec(), streams };
        self.node.exec(&pod, &container, &request).map_err(refused)
    }

    /// Connects to the main process of a container of a pod.
    pub(crate) fn attach(
        &self,
        place: Place<'_>,
        container: Option<&str>,
        streams: Streams,
    ) -> Result<Connection, Status> {
        let pod = self.pods.find(place.namespace, place.name)?;
        let container = self.node.connectable(&pod, container)?;
        self.node.attach(&pod, &container, streams).map_err(refused)
    }

    /// A pod whose ports can be reached.
    pub(crate) fn reachable(&self, place: Place<'_>) -> Result<Object, Status> {
        let pod = self.pods.find(place.namespace, place.name)?;
        self.node.reachable(&pod)?;
        Ok(pod)
    }

    /// Hands a request to a pod. The name may end in a port.
    pub(crate) fn proxy(
        &self,
        place: Place<'_>,
        method: &str,
        path: &str,
        query: &str,
        body: &[u8],
    ) -> Proxied {
        match self.answering(place) {
            Ok(()) => {
                let answer = echo::answer(method, path, query, body);
                let code = if UNUSUAL.contains(&answer.code) { 200 } else { answer.code };
                Proxied { code, body: serde_json::from_slice(&answer.body).unwrap_or_default() }
            }
            Err(status) => Proxied { code: status.code, body: status.to_value() },
        }
    }

    /// Whether something listens where requests go.
    fn answering(&self, place: Place<'_>) -> Result<(), Status> {
        let (name, port) = match place.name.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (place.name, None),
        };
        let pod = self.pods.find(place.namespace, name)?;
        if object::text(&pod, "/status/podIP").is_empty() {
            return Err(Status::bad_request("address not allowed"));
        }
        let port = match port {
            Some(text) => text.parse().map_err(|_| {
                Status::bad_request(format!("invalid port {text:?} in {:?}", place.name))
            })?,
            None => first_port(&pod).unwrap_or(USUAL_PORT),
        };
        if echo::listens(&pod, port) {
            return Ok(());
        }
        let message = format!("error trying to reach service: port {port}: connection refused");
        Err(Status::refusal(Reason::ServiceUnavailable, message))
    }
}

/// Both directions of a port of a pod.
///
/// # Errors
/// Why it cannot be reached, in words.
pub(crate) fn port(pod: &Value, port: u16) -> Result<(Writer, Reader), String> {
    if echo::listens(pod, port) {
        Ok(echo::connect())
    } else {
        Err(format!("failed to connect to localhost:{port} inside the pod: connection refused"))
    }
}

/// The first port that a container declares.
fn first_port(pod: &Value) -> Option<u16> {
    let mut containers = object::list(pod, "/spec/containers").iter();
    let ports = containers.find_map(|it| object::list(it, "/ports").first());
    ports.and_then(|port| object::number(port, "/containerPort")?.try_into().ok())
}

/// A refusal of the node as one of the server.
fn refused(refusal: ConnectRefusal) -> Status {
    match refusal {
        ConnectRefusal::Status(status) => status,
        ConnectRefusal::Text(400, text) => Status::bad_request(text),
        ConnectRefusal::Text(429, text) => Status::refusal(Reason::TooManyRequests, text),
        ConnectRefusal::Text(_, text) => Status::unexplained(text),
    }
}
