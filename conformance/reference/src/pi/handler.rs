//! The traits of the API over the store and the processes.

use axum::Router;
use generated::pi::models::{PodExecConfig, PodExecCreateResponse, PodExecCreateResponseId};
use generated::pi::server::create_pod::{CreatePodRequest, CreatePodResponse};
use generated::pi::server::delete_pod::{DeletePodRequest, DeletePodResponse};
use generated::pi::server::exec_create::{ExecCreateRequest, ExecCreateResponse};
use generated::pi::server::exec_resize::{ExecResizeRequest, ExecResizeResponse};
use generated::pi::server::exec_start::{ExecStartRequest, ExecStartResponse};
use generated::pi::server::get_pod::{GetPodRequest, GetPodResponse};
use generated::pi::server::list_pods::{ListPodsRequest, ListPodsResponse};
use generated::pi::server::{Exec, Pods};
use generated::support::server::{Fault, Outcome, Part, Refused};

use super::process::Processes;
use super::{CreateError, Selector, Store, stream};
use crate::exec::{ExecConfig, ResizeError, StartError, Streams};
use crate::process::Program;
use crate::tty::WindowSize;

/// A server that has seen nothing yet.
pub(crate) fn router() -> Router {
    generated::pi::server::router(Handler::default())
}

#[derive(Default)]
struct Handler {
    pods: Store,
    processes: Processes,
}

impl Pods for Handler {
    async fn list_pods(&self, request: ListPodsRequest) -> Outcome<ListPodsResponse> {
        let selector = Selector::parse(request.label_selector.as_deref().unwrap_or_default());
        let selector = selector.map_err(|error| {
            Refused::at(Fault::Invalid, Part::Query, "labelSelector", error.to_string())
        })?;
        Ok(ListPodsResponse::Ok(Box::new(self.pods.list(&selector))))
    }

    async fn create_pod(&self, request: CreatePodRequest) -> Outcome<CreatePodResponse> {
        let created = self.pods.create(*request.body).map_err(|error| {
            let fault = match error {
                CreateError::Duplicate(_) => Fault::Duplicate,
                CreateError::Full => Fault::Failed,
                _ => Fault::Invalid,
            };
            Refused::new(fault, error.to_string())
        })?;
        Ok(CreatePodResponse::Created(Box::new(created)))
    }

    async fn get_pod(&self, request: GetPodRequest) -> Outcome<GetPodResponse> {
        let pod = self.pods.get(&request.name);
        Ok(pod.map_or(GetPodResponse::NotFound, |pod| GetPodResponse::Ok(Box::new(pod))))
    }

    async fn delete_pod(&self, request: DeletePodRequest) -> Outcome<DeletePodResponse> {
        if !self.pods.remove(&request.name) {
            return Ok(DeletePodResponse::NotFound);
        }
        // Whatever time a pod is given to end, its processes need none of it.
        self.processes.kill(&request.name);
        Ok(DeletePodResponse::NoContent)
    }
}

impl Exec for Handler {
    async fn exec_create(&self, request: ExecCreateRequest) -> Outcome<ExecCreateResponse> {
        match self.pods.has_container(&request.name, &request.container) {
            Some(true) => {}
            Some(false) | None => return Ok(ExecCreateResponse::NotFound),
        }
        let program = Program::new(request.body.cmd.clone().unwrap_or_default())
            .map_err(|error| Refused::at(Fault::Invalid, Part::Body, "", error.to_string()))?;
        let config = ExecConfig { program, streams: streams(&request.body) };
        let id = self
            .processes
            .create(&request.name, config)
            .map_err(|error| Refused::new(Fault::Failed, error.to_string()))?;
        let id = PodExecCreateResponseId::new(id.as_str())
            .map_err(|_| Refused::new(Fault::Failed, "the process got no id"))?;
        Ok(ExecCreateResponse::Created(Box::new(PodExecCreateResponse::new(id))))
    }

    async fn exec_start(&self, request: ExecStartRequest) -> Outcome<ExecStartResponse> {
        let session = match self.processes.start(&request.exec_id, streams(&request.body)) {
            Ok(session) => session,
            Err(StartError::Unknown) => return Ok(ExecStartResponse::NotFound),
            Err(StartError::AlreadyStarted) => return Ok(ExecStartResponse::BadRequest),
        };
        Ok(match request.upgrade {
            Some(offer) => ExecStartResponse::SwitchingProtocolsVndDockerRawStream(stream::both(
                offer, session,
            )),
            None => ExecStartResponse::OkVndDockerRawStream(stream::output(session).await),
        })
    }

    async fn exec_resize(&self, request: ExecResizeRequest) -> Outcome<ExecResizeResponse> {
        let size = WindowSize { rows: cells(request.h.get()), columns: cells(request.w.get()) };
        match self.processes.resize(&request.exec_id, size) {
            Ok(()) => Ok(ExecResizeResponse::Ok),
            Err(ResizeError::Unknown) => Ok(ExecResizeResponse::NotFound),
            Err(error @ (ResizeError::NotRunning | ResizeError::NoTerminal)) => {
                Err(Refused::new(Fault::Invalid, error.to_string()))
            }
        }
    }
}

fn streams(config: &PodExecConfig) -> Streams {
    Streams {
        terminal: config.tty_or_default(),
        stdin: config.attach_stdin_or_default(),
        stdout: config.attach_stdout_or_default(),
        stderr: config.attach_stderr_or_default(),
    }
}

/// The model has bounds that fit.
fn cells(number: i32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
