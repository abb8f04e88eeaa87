//! Requests and answers in hand, to be changed.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode, Uri, request, response};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use tower::ServiceExt as _;

/// The honest server.
#[derive(Clone, Debug)]
pub(super) struct Honest(pub(super) Router);

impl Honest {
    /// Asks, and reads the answer unless it is a stream.
    pub(super) async fn ask(&self, asked: &Asked) -> Answer {
        let response = match self.0.clone().oneshot(asked.request()).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        Answer::read(response).await
    }
}

/// A request with its body.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) parts: request::Parts,
    pub(super) body: Bytes,
}

impl Asked {
    pub(super) async fn read(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        // A body that breaks off is as good as what came of it; the honest server is not there to judge clients.
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        Self { parts, body }
    }

    fn request(&self) -> Request {
        Request::from_parts(self.parts.clone(), Body::from(self.body.clone()))
    }

    pub(super) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// Whether it has that method and a path that ends so.
    pub(super) fn is(&self, method: &Method, ending: &str) -> bool {
        self.parts.method == *method && self.path().ends_with(ending)
    }

    /// The last but `back` segment of the path.
    pub(super) fn segment(&self, back: usize) -> &str {
        self.path().rsplit('/').nth(back).unwrap_or_default()
    }

    /// The value of a query parameter; an empty one for a parameter without a value.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let (_, value) = self.pairs().into_iter().find(|(known, _)| decoded(known) == name)?;
        Some(decoded(value))
    }

    /// The number that a query parameter holds.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.value(name)?.parse().ok()
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.pairs().into_iter().map(|(name, _)| decoded(name)).collect()
    }

    /// Sets a query parameter, whether or not it was there.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pair = format!("{}={}", escaped(name), escaped(value));
        let query = match self.parts.uri.query().filter(|query| !query.is_empty()) {
            Some(query) => format!("{query}&{pair}"),
            None => pair,
        };
        self.aim(self.path().to_owned(), &query);
    }

    /// Takes a query parameter away. The others stay as they were written.
    pub(super) fn remove(&mut self, name: &str) {
        let query = self.parts.uri.query().unwrap_or_default();
        let left: Vec<_> = query
            .split('&')
            .filter(|pair| decoded(pair.split('=').next().unwrap_or_default()) != name)
            .collect();
        self.aim(self.path().to_owned(), &left.join("&"));
    }

    /// Gives it another path and query; what makes no target leaves it as it was.
    pub(super) fn aim(&mut self, path: String, query: &str) {
        let target = if query.is_empty() { path } else { format!("{path}?{query}") };
        if let Ok(uri) = target.parse::<Uri>() {
            self.parts.uri = uri;
        }
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Gives it another body.
    pub(super) fn write(&mut self, body: impl Into<Bytes>) {
        self.body = body.into();
        self.parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        if self.body.is_empty() {
            self.parts.headers.remove(CONTENT_TYPE);
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        let query = self.parts.uri.query().unwrap_or_default();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) parts: response::Parts,
    pub(super) content: Content,
}

/// The content of an answer.
#[derive(Debug)]
pub(super) enum Content {
    /// All of it.
    Whole(Bytes),
    /// It is still coming.
    Stream(Body),
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let content = if body.size_hint().exact().is_some() {
            Content::Whole(body.collect().await.map(|body| body.to_bytes()).unwrap_or_default())
        } else {
            Content::Stream(body)
        };
        Self { parts, content }
    }

    /// An answer made up.
    pub(super) fn json_of(status: StatusCode, value: &Value) -> Self {
        let (parts, ()) = http::Response::new(()).into_parts();
        let mut answer = Self { parts, content: Content::Whole(Bytes::new()) };
        answer.parts.status = status;
        answer.parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        answer.set_json(value);
        answer
    }

    /// An answer without content.
    pub(super) fn empty(status: StatusCode) -> Self {
        let (mut parts, ()) = http::Response::new(()).into_parts();
        parts.status = status;
        Self { parts, content: Content::Whole(Bytes::new()) }
    }

    pub(super) fn status(&self) -> u16 {
        self.parts.status.as_u16()
    }

    pub(super) fn json(&self) -> Option<Value> {
        match &self.content {
            Content::Whole(bytes) => serde_json::from_slice(bytes).ok(),
            Content::Stream(_) => None,
        }
    }

    pub(super) fn set_json(&mut self, value: &Value) {
        self.content = Content::Whole(Bytes::from(value.to_string()));
    }

    pub(super) fn set_header(&mut self, name: &'static str, value: &'static str) {
        self.parts.headers.insert(name, HeaderValue::from_static(value));
    }

    pub(super) fn remove_header(&mut self, name: &str) {
        self.parts.headers.remove(name);
    }

    pub(super) fn into_response(self) -> Response {
        let Self { mut parts, content } = self;
        // The length that the honest server stated may no longer be true; whoever sends the answer knows it.
        parts.headers.remove(CONTENT_LENGTH);
        let body = match content {
            Content::Whole(bytes) => Body::from(bytes),
            Content::Stream(body) => body,
        };
        Response::from_parts(parts, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn queries_are_changed_in_place() {
        let request = Request::get("/a/b?x=%ff&limit=5&y=a+b").body(Body::empty()).unwrap();
        let mut asked = Asked::read(request).await;
        assert_eq!(asked.number("limit"), Some(5));
        assert_eq!(asked.value("y").as_deref(), Some("a b"));
        asked.set("limit", "a b");
        asked.remove("y");
        assert_eq!(asked.parts.uri, "/a/b?x=%ff&limit=a%20b");
        assert_eq!((asked.segment(0), asked.segment(1)), ("b", "a"));
    }
}
