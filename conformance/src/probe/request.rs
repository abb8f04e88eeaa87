//! The head and body to send. Nothing is checked or escaped: an unlawful request is a legitimate wish.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Header, coding};

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The method, which need not be a known one.
    pub method: String,
    /// Path and query, percent-encoded, relative to the base path of the target server.
    pub target: String,
    /// The header fields, in order. Unless [`Request::exact`], a missing `Host` is added, and a `Content-Length`
    /// where there is a body or the method usually has one, unless a field already frames the body.
    #[serde(default)]
    pub headers: Vec<Header>,
    /// The body; bytes as they go out, chunk framing included if a field announces it.
    #[serde(default, with = "coding::optional_octets")]
    pub body: Option<Bytes>,
    /// Whether the header fields are sent as they are, with none added.
    #[serde(default)]
    pub exact: bool,
}

impl Request {
    /// A request without header fields and body.
    #[must_use]
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            headers: Vec::new(),
            body: None,
            exact: false,
        }
    }

    /// Adds a header field.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Bytes>) -> Self {
        self.headers.push(Header::new(name, value));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets a JSON body and its media type.
    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.header("Content-Type", "application/json").body(body.to_string())
    }

    /// Sends the header fields as they are.
    #[must_use]
    pub fn exactly(mut self) -> Self {
        self.exact = true;
        self
    }

    /// Whether a header field of that name is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.is(name))
    }

    /// Whether the method is a safe one, which asks for no change (RFC 9110 §9.2.1).
    #[must_use]
    pub fn is_safe(&self) -> bool {
        ["GET", "HEAD", "OPTIONS", "TRACE"].contains(&self.method.as_str())
    }
}
