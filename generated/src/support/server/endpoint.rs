//! From a request to a response: one operation served, and what is answered where there is none.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::Response;
use http::HeaderValue;
use http::header::SEC_WEBSOCKET_VERSION;

use super::fault::{Fault, Outcome, Part, Problem, Refused};
use super::incoming::Incoming;
use super::operation::{Answer, Operation};
use super::refuse::{Documented, Refusal, Refuse};

/// The largest request body in bytes, unless [`Options`] say otherwise.
pub const DEFAULT_MAX_BODY: usize = 8 * 1024 * 1024;

/// How long a request body may take, unless [`Options`] say otherwise.
pub const DEFAULT_BODY_DEADLINE: Duration = Duration::from_secs(60);

/// What an implementer may set.
#[derive(Clone)]
pub struct Options {
    /// The largest request body, in bytes.
    pub max_body: usize,
    /// How long a request body may take.
    pub body_deadline: Duration,
    /// Who writes refusals.
    pub refuse: Arc<dyn Refuse>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_body: DEFAULT_MAX_BODY,
            body_deadline: DEFAULT_BODY_DEADLINE,
            refuse: Arc::new(Documented),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("max_body", &self.max_body)
            .field("body_deadline", &self.body_deadline)
            .finish_non_exhaustive()
    }
}

/// An implementation with its options: the state of a router.
#[derive(Debug)]
pub struct Service<A> {
    api: Arc<A>,
    options: Arc<Options>,
}

impl<A> Service<A> {
    /// The state of a router over that implementation.
    pub fn new(api: A, options: Options) -> Self {
        Self { api: Arc::new(api), options: Arc::new(options) }
    }

    fn refuse(&self, operation: &'static Operation, refused: &Refused) -> Response {
        let mut response = self.options.refuse.refuse(&Refusal {
            operation: Some(operation),
            fault: refused.fault(),
            problems: refused.problems(),
            answer: operation.answers.get(refused.fault()),
        });
        if refused.problems().iter().any(|problem| problem.name == SEC_WEBSOCKET_VERSION.as_str()) {
            // RFC 6455 §4.2.2: the refusal of another version names the one that is spoken.
            response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        response
    }
}

impl<A> Clone for Service<A> {
    fn clone(&self) -> Self {
        Self { api: Arc::clone(&self.api), options: Arc::clone(&self.options) }
    }
}

/// A request type that an implementation `A` can serve.
pub trait Endpoint<A>: Sized {
    /// The operation.
    const OPERATION: &'static Operation;

    /// Reads the request, has it handled, writes the response.
    ///
    /// # Errors
    /// A refusal, by the reading half or by the handler.
    fn serve(api: &A, incoming: Incoming) -> impl Future<Output = Outcome<Response>> + Send;
}

/// Serves one operation.
pub async fn handle<A, E: Endpoint<A>>(
    State(service): State<Service<A>>,
    request: Request,
) -> Response
where
    A: Send + Sync + 'static,
{
    let incoming = Incoming::new(request, Arc::clone(&service.options));
    match E::serve(&service.api, incoming).await {
        Ok(response) => response,
        Err(refused) => service.refuse(E::OPERATION, &refused),
    }
}

/// Answers a method that a path does not have, as the operation `E` of that path would.
pub async fn wrong_method<A, E: Endpoint<A>>(
    State(service): State<Service<A>>,
    request: Request,
) -> Response
where
    A: Send + Sync + 'static,
{
    let message = format!("{} is not a method of this path", request.method());
    service.refuse(E::OPERATION, &Refused::new(Fault::WrongMethod, message))
}

/// Answers a path that the API does not have.
pub fn unknown_path<A>(service: &Service<A>, answer: &'static Answer) -> Response {
    let problem = Problem {
        part: Part::Request,
        name: String::new(),
        pointer: String::new(),
        rule: "",
        message: "nothing is served under this path".to_owned(),
    };
    service.options.refuse.refuse(&Refusal {
        operation: None,
        fault: Fault::Missing,
        problems: &[problem],
        answer,
    })
}
