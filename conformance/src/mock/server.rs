//! The sockets of a [`Twin`]: wiremock, with one mock that answers everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use generator::contract::Api;
use generator::document::Node;
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use super::twin::Twin;
use crate::call::Credentials;

/// What a mock server is made of, beside its document.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where every made-up value comes from.
    pub seed: u64,
    /// How many items each list has, unless its examples are more.
    pub items: usize,
    /// The secret that it takes: a key, a token, or the user and the password of a basic credential.
    pub secret: String,
    /// Values of parameters that exist, by name. A path parameter that no link leads to exists with these values and
    /// with its documented examples; one that is `x-known` exists with any value unless it is listed here.
    pub known: BTreeMap<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 1, items: 40, secret: "mock-secret".to_owned(), known: BTreeMap::new() }
    }
}

/// A mock server on a loopback port of its own; it ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    server: MockServer,
    credentials: Credentials,
}

/// Changes an answer before it is sent.
type Change =
    dyn Fn(&http::Request<Bytes>, http::Response<Bytes>) -> http::Response<Bytes> + Send + Sync;

impl Server {
    /// Starts a server that plays the API. `trees` are the documents that the contract was read from.
    pub async fn start(api: &Api, trees: BTreeMap<Arc<str>, Node>, settings: Settings) -> Self {
        Self::altered(Twin::new(api, trees, settings), |_, answer| answer).await
    }

    /// Starts a server whose every answer goes through `change` first: a server with one fault.
    pub async fn altered(
        twin: Twin,
        change: impl Fn(&http::Request<Bytes>, http::Response<Bytes>) -> http::Response<Bytes>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        let credentials = twin.credentials();
        let change: Box<Change> = Box::new(change);
        let server = MockServer::builder().disable_request_recording().start().await;
        let play = move |request: &wiremock::Request| match received(request) {
            Some(request) => sent(change(&request, twin.answer(&request))),
            None => ResponseTemplate::new(400),
        };
        Mock::given(matchers::any()).respond_with(play).mount(&server).await;
        Self { server, credentials }
    }

    /// The URL of the server.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.uri()
    }

    /// Header fields that present a right credential for everything. A key in the query is not among them.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }
}

fn received(request: &wiremock::Request) -> Option<http::Request<Bytes>> {
    let target = match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    let body = Bytes::from(request.body.clone());
    let builder = http::Request::builder().method(request.method.clone()).uri(target);
    let mut received = builder.body(body).ok()?;
    *received.headers_mut() = request.headers.clone();
    Some(received)
}

/// The content type goes with the body: wiremock would send another one otherwise.
fn sent(answer: http::Response<Bytes>) -> ResponseTemplate {
    let (head, body) = answer.into_parts();
    let mut template = ResponseTemplate::new(head.status);
    let mut media_type = String::new();
    for (name, value) in &head.headers {
        match value.to_str() {
            Ok(text) if *name == http::header::CONTENT_TYPE => text.clone_into(&mut media_type),
            _ => template = template.append_header(name.clone(), value.clone()),
        }
    }
    if body.is_empty() && media_type.is_empty() {
        return template;
    }
    template.set_body_raw(body.to_vec(), &media_type)
}
