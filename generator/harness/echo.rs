//! Serves requests within this process, for a test that drives an emitted server from outside: one JSON object a line
//! on standard input, one on standard output.
//!
//! A handler notes what it was asked, as its types write it, and gives the answer that came along with the request.

use std::cell::RefCell;
use std::io::{BufRead as _, Write as _};

use axum::body::Body;
use axum::handler::Handler as _;
use emitted::support::decode::{Decode, from_value};
use emitted::support::server::{Fault, Outcome, Refused};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

thread_local! {
    /// The answer that the next handler gives.
    static ANSWER: RefCell<Value> = const { RefCell::new(Value::Null) };
    /// What the last handler was asked.
    static SEEN: RefCell<Value> = const { RefCell::new(Value::Null) };
    /// Why the last handler could not make its answer.
    static STUCK: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// An answer to make.
pub struct Answer(Value);

/// Notes what a handler is asked. The answer that it shall give.
pub fn asked(operation: &str, values: Vec<Value>, body: Value) -> Answer {
    let seen = json!({ "operation": operation, "values": values, "body": body });
    SEEN.with(|known| known.replace(seen));
    Answer(ANSWER.with(|answer| answer.take()))
}

/// A value as it would be written.
pub fn value<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| json!({ "unwritten": error.to_string() }))
}

/// Bytes.
pub fn bytes(bytes: &bytes::Bytes) -> Value {
    json!(bytes.to_vec())
}

impl Answer {
    /// Its number among the answers of the operation.
    pub fn number(&self) -> Option<u64> {
        self.0.get("number").and_then(Value::as_u64)
    }

    /// The status, where it is open.
    pub fn status<T>(&self, make: fn(u16) -> Option<T>) -> Outcome<T> {
        let status = self.0.get("status").and_then(Value::as_u64);
        let status = status.and_then(|status| u16::try_from(status).ok());
        status.and_then(make).ok_or_else(|| stuck("the status cannot be given"))
    }

    /// A header field, by its number.
    pub fn header<T: Decode>(&self, number: usize) -> Outcome<T> {
        decoded(self.0.get("headers").and_then(|headers| headers.get(number)))
    }

    /// A header field that may be missing.
    pub fn optional_header<T: Decode>(&self, number: usize) -> Outcome<Option<T>> {
        match self.0.get("headers").and_then(|headers| headers.get(number)) {
            None | Some(Value::Null) => Ok(None),
            value => decoded(value).map(Some),
        }
    }

    /// The body.
    pub fn body<T: Decode>(&self) -> Outcome<T> {
        decoded(self.0.get("body"))
    }

    /// The body as bytes.
    pub fn bytes(&self) -> Outcome<bytes::Bytes> {
        let bytes = self.0.get("body").and_then(as_bytes);
        bytes.map(bytes::Bytes::from).ok_or_else(|| stuck("the body is no list of bytes"))
    }
}

fn decoded<T: Decode>(value: Option<&Value>) -> Outcome<T> {
    let value = value.unwrap_or(&Value::Null);
    from_value(value).map_err(|faults| stuck(&faults.to_string()))
}

fn stuck(why: &str) -> Refused {
    STUCK.with(|stuck| stuck.replace(Some(why.to_owned())));
    Refused::new(Fault::Failed, why)
}

fn as_bytes(value: &Value) -> Option<Vec<u8>> {
    let byte = |value: &Value| value.as_u64().and_then(|byte| u8::try_from(byte).ok());
    value.as_array()?.iter().map(byte).collect()
}

/// Serves every line. `module` gives the router of a module, and what its operations answer.
pub fn run(module: fn(&str) -> Option<(axum::Router, &'static str)>) {
    let name = std::env::args().nth(1).unwrap_or_default();
    let (router, answers) = module(&name).expect("a module of this crate");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let mut out = std::io::stdout().lock();
    writeln!(out, "{answers}").expect("an open pipe");
    for line in std::io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line.expect("text")).expect("a JSON document");
        let told = runtime.block_on(serve(router.clone(), &asked));
        writeln!(out, "{told}").expect("an open pipe");
    }
}

async fn serve(router: axum::Router, asked: &Value) -> Value {
    let text = |key: &str| asked.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut request = http::Request::builder().method(text("method")).uri(text("target"));
    for header in asked.get("headers").and_then(Value::as_array).into_iter().flatten() {
        let part = |index: usize| header.get(index).and_then(Value::as_str).unwrap_or_default();
        request = request.header(part(0), part(1));
    }
    let body = asked.get("body").and_then(as_bytes).unwrap_or_default();
    let request = match request.body(Body::from(body)) {
        Ok(request) => request,
        Err(error) => return json!({ "unsent": error.to_string() }),
    };
    ANSWER.with(|answer| answer.replace(asked.get("answer").cloned().unwrap_or_default()));
    let response = axum::routing::any_service(router).call(request, ()).await;
    let (parts, body) = response.into_parts();
    let headers: Vec<_> = parts.headers.iter().map(|(name, value)| {
        json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())])
    }).collect();
    let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    ANSWER.with(|answer| answer.take());
    json!({
        "status": parts.status.as_u16(),
        "headers": headers,
        "body": body,
        "seen": SEEN.with(|seen| seen.take()),
        "stuck": STUCK.with(|stuck| stuck.take()),
    })
}
