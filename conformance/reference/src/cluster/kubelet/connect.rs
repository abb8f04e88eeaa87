//! What a node does for clients: logs, processes beside the main one, and being attached to it.

use bytes::Bytes;
use futures_core::Stream;
use serde_json::Value;

use super::Node;
use crate::{
    cluster::{
        container::{Connection, Input, Output, Run},
        log::{LogQuery, Target, container_of, target},
        object,
        status::Status,
    },
    exec::{ExecConfig, Session, Streams},
    process::Program,
};

/// A process that a client wants beside the main one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecRequest {
    /// The command line, as it is.
    pub command: Vec<String>,
    /// What the client is connected to.
    pub streams: Streams,
}

/// Why a client is not connected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectRefusal {
    /// The server says no.
    #[error(transparent)]
    Status(#[from] Status),
    /// The node says no, in plain text.
    #[error("{0}: {1}")]
    Text(u16, String),
}

impl Node {
    /// The log of a container; nothing (204) while the pod is on no node.
    ///
    /// # Errors
    /// 400, 404 and 422 as the pod and the query say.
    pub fn log(
        &self,
        pod: &Value,
        query: &LogQuery,
    ) -> Result<Option<impl Stream<Item = Bytes> + Send + 'static + use<>>, Status> {
        let now = self.inner.pods.clock().now();
        let options = query.check(object::name(pod), now)?;
        let named = query.container.as_deref();
        let (container, previous) = match target(pod, named, query.previous, self.name())? {
            Target::Nothing => return Ok(None),
            Target::Current(container) => (container, false),
            Target::Previous(container) => (container, true),
        };
        let runs = self.inner.runs(object::uid(pod), &container);
        let run = runs.and_then(|runs| if previous { runs.previous } else { Some(runs.current) });
        match run {
            Some(run) => Ok(Some(run.log().read(&options).into_stream())),
            None => Err(Status::bad_request(format!(
                "container {container:?} in pod {:?} is waiting to start: ContainerCreating",
                object::name(pod)
            ))),
        }
    }

    /// Which container a client can be connected to, checked before anything about the connection itself.
    ///
    /// # Errors
    /// 400 without such a container or without a node, 404 when the node is not this one.
    pub fn connectable(&self, pod: &Value, container: Option<&str>) -> Result<String, Status> {
        let container = container_of(pod, container)?;
        self.reachable(pod)?;
        Ok(container)
    }

    /// Whether the pod is on this node.
    ///
    /// # Errors
    /// 400 without a node, 404 when the node is not this one.
    pub fn reachable(&self, pod: &Value) -> Result<(), Status> {
        match object::text(pod, "/spec/nodeName") {
            "" => {
                let message = format!("pod {} does not have a host assigned", object::name(pod));
                Err(Status::bad_request(message))
            }
            own if own == self.name() => Ok(()),
            other => Err(Status::not_found("pods", other)),
        }
    }

    /// Starts a process in a container.
    ///
    /// # Errors
    /// [`ConnectRefusal`] when nothing is to be connected or the container does not run. A command that does not exist is
    /// no refusal but the end of the connection.
    pub fn exec(
        &self,
        pod: &Value,
        container: &str,
        request: &ExecRequest,
    ) -> Result<Connection, ConnectRefusal> {
        let streams = some_stream(request.streams)?;
        self.running(pod, container)?;
        let failed = |why: &str| {
            Connection::failed(format!(
                "error executing command in container: failed to exec in container: {why}"
            ))
        };
        let Ok(program) = Program::new(request.command.clone()) else {
            return Ok(failed("args must not be empty"));
        };
        if !program.is_found() {
            let name = request.command.first().map(String::as_str).unwrap_or_default();
            return Ok(failed(&format!("exec: {name:?}: executable file not found in $PATH")));
        }
        let processes = self.inner.processes.clone();
        let busy = |why: String| ConnectRefusal::Text(429, why);
        let id = processes
            .create(ExecConfig { program, streams })
            .map_err(|full| busy(full.to_string()))?;
        let Session { input, output } =
            processes.start(id.as_str()).map_err(|error| busy(error.to_string()))?;
        let resize = move |size| {
            // A process that has ended meanwhile has no window.
            let _ = processes.resize(id.as_str(), size);
        };
        Ok(Connection::new(Input::Session(input), Output::Session(output), resize))
    }

    /// Connects a client to the main process of a container.
    ///
    /// # Errors
    /// [`ConnectRefusal`] when nothing is to be connected or the container does not run.
    pub fn attach(
        &self,
        pod: &Value,
        container: &str,
        streams: Streams,
    ) -> Result<Connection, ConnectRefusal> {
        let streams = some_stream(streams)?;
        Ok(self.running(pod, container)?.attach(streams))
    }

    fn running(&self, pod: &Value, container: &str) -> Result<Run, ConnectRefusal> {
        let runs = self.inner.runs(object::uid(pod), container);
        runs.map(|runs| runs.current).filter(Run::is_running).ok_or_else(|| {
            ConnectRefusal::Text(500, format!("container not found ({container:?})"))
        })
    }
}

/// The streams, if there is one at all. On a terminal there is no standard error.
fn some_stream(streams: Streams) -> Result<Streams, ConnectRefusal> {
    if !(streams.stdin || streams.stdout || streams.stderr) {
        let message = "you must specify at least 1 of stdin, stdout, stderr";
        return Err(ConnectRefusal::Text(400, message.to_owned()));
    }
    Ok(Streams { stderr: streams.stderr && !streams.terminal, ..streams })
}
