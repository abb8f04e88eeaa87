//! A conforming server as a function: a request in, an answer out. Opens no socket.
//!
//! Knows nothing of streams over time: what an operation streams is answered as a whole.

mod argument;
mod content;
mod credential;
mod item;
mod list;
mod made;
mod refusal;
mod route;
mod store;
mod stream;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use generator::contract::{Api, Content, Fault, Operation, OperationId, Response};
use generator::document::Node;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::server::Settings;
use crate::call::Credentials;
use crate::judge::Validators;
use argument::Arguments;
use made::Made;
use store::Store;

/// A conforming server without sockets.
pub struct Twin {
    api: Api,
    settings: Settings,
    made: Made,
    /// The lists of each operation that has some, in the order of their pointers.
    lists: BTreeMap<OperationId, Vec<Vec<Value>>>,
    store: Mutex<Store>,
}

impl fmt::Debug for Twin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twin").field("api", &self.api.title).finish_non_exhaustive()
    }
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// It has a fault of that kind.
    Fault(Fault),
    /// The document names the status for it.
    Status(u16),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A request that was read.
struct Asked<'a> {
    operation: &'a Operation,
    arguments: Arguments,
    body: Option<Value>,
}

impl Twin {
    /// A server of that API. `trees` are the documents that the contract was read from.
    #[must_use]
    pub fn new(api: &Api, trees: BTreeMap<Arc<str>, Node>, settings: Settings) -> Self {
        let validators = Validators::new(trees, api.schemas.clone());
        let made = Made::new(api.schemas.clone(), validators, settings.seed);
        let lists = item::lists(api, &made, settings.items);
        let store = Mutex::new(Store::seeded(api, &lists));
        Self { api: api.clone(), settings, made, lists, store }
    }

    /// Header fields that present a right credential for everything.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        credential::right(&self.api, &self.settings.secret)
    }

    /// The answer to a request.
    #[must_use]
    pub fn answer(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let Some(route) = route::find(&self.api, request.uri().path()) else {
            return empty(StatusCode::NOT_FOUND);
        };
        let Some(operation) = route.operation(request.method()) else {
            return self.foreign(&route, request.method());
        };
        match self.tried(operation, &route, request) {
            Ok(answer) => answer,
            Err(refusal) => self.refused(operation, refusal),
        }
    }

    fn tried(
        &self,
        operation: &Operation,
        route: &route::Route<'_>,
        request: &http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Refusal> {
        credential::check(&self.api, operation, &self.settings.secret, request)?;
        let arguments = argument::read(&self.made, operation, route, request)?;
        let body = content::read(&self.made, operation, request)?;
        self.succeed(&Asked { operation, arguments, body })
    }

    fn succeed(&self, asked: &Asked<'_>) -> Result<http::Response<Bytes>, Refusal> {
        let operation = asked.operation;
        let Some((status, response)) = refusal::success(operation) else {
            return Ok(empty(StatusCode::NO_CONTENT));
        };
        let mut store = self.store();
        let thing = store.find(&self.api, asked, &self.settings.known)?;
        let content = preferred(response);
        let Some(content) = content else {
            store.done(&self.api, asked, thing, &Value::Null);
            return Ok(self.message(operation, status, response, None, Vec::new()));
        };
        if let Some(bytes) = self.stream(asked, content, &store)? {
            store.done(&self.api, asked, thing, &Value::Null);
            return Ok(self.message(operation, status, response, Some(content), bytes));
        }
        let name = format!("{}/{status}", operation.id);
        let shown = store.representation(&self.made, asked, thing, (content, &name))?;
        let body = match shown {
            Some(body) => body,
            None => self.listed(asked, content, &store)?,
        };
        store.done(&self.api, asked, thing, &body);
        Ok(self.message(operation, status, response, Some(content), written(content, &body)))
    }

    /// An answer to a method that no operation of the path has.
    fn foreign(&self, route: &route::Route<'_>, method: &http::Method) -> http::Response<Bytes> {
        let mut answer = match route.first().filter(|_| method != http::Method::OPTIONS) {
            Some(operation) => self.refused(operation, Fault::WrongMethod.into()),
            None => empty(StatusCode::NO_CONTENT),
        };
        insert(answer.headers_mut(), ALLOW.as_str(), &route.allowed());
        answer
    }

    fn refused(&self, operation: &Operation, refusal: Refusal) -> http::Response<Bytes> {
        let status = refusal::status(operation, refusal);
        let response = operation.responses.get(status).map(|(_, response)| response);
        let mut answer = match response {
            None => empty(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)),
            Some(response) => {
                let content = preferred(response);
                let body = content.map(|content| {
                    let name = format!("{}/{status}", operation.id);
                    let body = refusal::agreeing(response, status, self.made.body(content, &name));
                    written(content, &body)
                });
                self.message(operation, status, response, content, body.unwrap_or_default())
            }
        };
        if status == 401 {
            insert(
                answer.headers_mut(),
                "www-authenticate",
                &credential::challenge(&self.api, operation),
            );
        }
        answer
    }

    fn message(
        &self,
        operation: &Operation,
        status: u16,
        response: &Response,
        content: Option<&Content>,
        body: Vec<u8>,
    ) -> http::Response<Bytes> {
        let mut answer = empty(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
        for header in &response.headers {
            let name = format!("{}/{status}/{}", operation.id, header.name);
            let text = self.made.of(header.schema, &name).map(|value| plain(&value));
            insert(answer.headers_mut(), &header.name, &text.unwrap_or_default());
        }
        if let Some(content) = content {
            insert(answer.headers_mut(), CONTENT_TYPE.as_str(), &stated(content));
        }
        *answer.body_mut() = body.into();
        answer
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The media type that an answer is given in: JSON where there is a choice.
fn preferred(response: &Response) -> Option<&Content> {
    let json = response.content.iter().find(|content| content.media_type.is_json());
    json.or(response.content.first())
}

/// A media type that stands for itself: a range has none to be sent.
fn stated(content: &Content) -> String {
    match content.media_type.essence().as_str() {
        "*/*" | "application/*" => "application/octet-stream".to_owned(),
        "text/*" => "text/plain".to_owned(),
        _ => content.media_type.0.clone(),
    }
}

fn written(content: &Content, body: &Value) -> Vec<u8> {
    if content.media_type.is_json() {
        body.to_string().into_bytes()
    } else {
        plain(body).into_bytes()
    }
}

fn empty(status: StatusCode) -> http::Response<Bytes> {
    let mut answer = http::Response::new(Bytes::new());
    *answer.status_mut() = status;
    answer
}

/// Sets a header field; a value that no field can have is left out.
fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    let name = HeaderName::try_from(name);
    if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

/// A scalar as text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
