//! A request on its way to its handler. Holds what was sent; what it means is read by tables.

use std::pin::pin;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use futures_util::FutureExt;
use http::request::Parts;
use tokio::time::timeout;

use super::accept;
use super::body::{self, BodyKinds};
#[cfg(feature = "websocket")]
use super::channels::Protocol;
use super::condition::Condition;
use super::endpoint::Options;
use super::fault::{Fault, Outcome, Part, Refused};
use super::parameter::Carrier;
use super::reader::Reader;
use super::takeover::Upgrade;
#[cfg(feature = "websocket")]
use super::websocket::WebSocketOffer;

/// A request.
#[derive(Debug)]
pub struct Incoming {
    parts: Parts,
    /// Behind a lock only so that a reference to the whole may cross threads.
    body: Mutex<Option<Body>>,
    bytes: Bytes,
    kind: Option<usize>,
    options: Arc<Options>,
}

impl Incoming {
    pub(super) fn new(request: Request, options: Arc<Options>) -> Self {
        let (parts, body) = request.into_parts();
        Self { parts, body: Mutex::new(Some(body)), bytes: Bytes::new(), kind: None, options }
    }

    /// Everything but the body.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The body, once [`Incoming::load`] has read it.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Which of the documented media types the body has; `None` where there is no body.
    #[must_use]
    pub fn kind(&self) -> Option<usize> {
        self.kind
    }

    /// Reads the body.
    ///
    /// # Errors
    /// No body where there must be one, one of another media type, one over the bound.
    pub async fn load(&mut self, kinds: &BodyKinds) -> Outcome<()> {
        let body = self.body.get_mut().ok().and_then(Option::take);
        if let Some(body) = body {
            let reading = body::read(&self.parts.headers, body, self.options.max_body);
            let mut reading = pin!(reading);
            // Most bodies are there already, and need no clock.
            self.bytes = match reading.as_mut().now_or_never() {
                Some(read) => read?,
                None => timeout(self.options.body_deadline, reading).await.map_err(|_| {
                    Refused::at(Fault::Malformed, Part::Body, "", "did not come in time")
                })??,
            };
        }
        if !self.bytes.is_empty() {
            self.kind = Some(kinds.choose(&self.parts.headers)?);
        } else if kinds.required {
            return Err(Refused::at(Fault::Invalid, Part::Body, "", "is missing"));
        }
        Ok(())
    }

    /// Reads parameters and body by `read`.
    ///
    /// # Errors
    /// Every problem that `read` met.
    pub fn read<T>(&self, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Outcome<T> {
        let mut reader = Reader::new(self);
        let value = read(&mut reader);
        reader.finish(value)
    }

    /// The offer to leave HTTP for one of these protocols, where the request makes it (RFC 9110 §7.8).
    pub fn upgrade(&mut self, protocols: &'static [&'static str]) -> Option<Upgrade> {
        Upgrade::offered(&mut self.parts, protocols)
    }

    /// The offer to talk over WebSocket under one of these subprotocols, where the request makes it.
    ///
    /// # Errors
    /// A handshake at fault, or no subprotocol that is served.
    #[cfg(feature = "websocket")]
    pub fn websocket(&mut self, protocols: &'static [Protocol]) -> Outcome<Option<WebSocketOffer>> {
        WebSocketOffer::of(&mut self.parts, protocols)
    }

    /// Which of the media types that an answer may have the request would rather have, by its place in the list;
    /// the first where it does not say.
    ///
    /// # Errors
    /// [`Fault::NotAcceptable`] where it would have none of them.
    pub fn accepted(&self, media_types: &[&str]) -> Outcome<usize> {
        accept::choose(&self.parts.headers, media_types)
    }

    /// The first of these rules all of whose conditions hold, by its place in the list.
    #[must_use]
    pub fn rule(&self, rules: &[&[Condition]]) -> Option<usize> {
        rules.iter().position(|rule| rule.iter().all(|condition| condition.holds(self)))
    }

    pub(super) fn carrier(&self) -> Carrier<'_> {
        Carrier {
            path: self.parts.uri.path(),
            query: self.parts.uri.query().unwrap_or_default(),
            headers: &self.parts.headers,
        }
    }
}
