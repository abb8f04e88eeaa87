//! What happened in one exchange, as plain data that can be written down, read back and judged again.
//!
//! Whatever a server did is a transcript, also silence and nonsense; there are no errors here.
//! Deliberately absent: sockets, and any judgement whether what happened is right.

mod irregularity;
mod message;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};

use crate::probe::{Header, Probe, coding};

pub use irregularity::Irregularity;
pub use message::{Body, BodyFraming, Chunk, End, Head};

/// One exchange. All times count from the moment the first byte of the request was about to be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The base URL of the server.
    pub target: String,
    /// What was asked for; sending it again to a target is a replay.
    pub probe: Probe,
    /// The head of the request as it was written, with the header fields that were added.
    #[serde(with = "coding::octets")]
    pub request_head: Bytes,
    /// Whether the exchange was the first on its connection.
    pub fresh_connection: bool,
    /// The informational answers before the final one (RFC 9110 §15.2), in order.
    pub interim: Vec<Head>,
    /// The head of the final answer, or of the 101; `None` if none came that could be read.
    pub head: Option<Head>,
    /// The body, or the stream after a takeover.
    pub body: Body,
    /// Bytes that came after the end of the message, or a head that could not be read; cut to a small number.
    #[serde(with = "coding::octets")]
    pub surplus: Bytes,
    /// What was written to the stream after the head of the answer.
    pub sent: Vec<Chunk>,
    /// When the own direction of the stream was ended.
    #[serde(with = "coding::optional_milliseconds")]
    pub half_closed: Option<Duration>,
    /// Where the answer broke the syntax of HTTP, in order of appearance.
    pub irregularities: Vec<Irregularity>,
    /// How it ended.
    pub end: End,
    /// From the last byte of the request to the first byte of the answer.
    #[serde(with = "coding::optional_milliseconds")]
    pub round_trip: Option<Duration>,
    /// When the exchange was over.
    #[serde(with = "coding::milliseconds")]
    pub elapsed: Duration,
}

impl Transcript {
    /// A transcript of nothing yet, for a probe that could not be sent.
    #[must_use]
    pub fn unreachable(target: impl Into<String>, probe: Probe, reason: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            probe,
            request_head: Bytes::new(),
            fresh_connection: true,
            interim: Vec::new(),
            head: None,
            body: Body::default(),
            surplus: Bytes::new(),
            sent: Vec::new(),
            half_closed: None,
            irregularities: Vec::new(),
            end: End::Unreachable(reason.into()),
            round_trip: None,
            elapsed: Duration::ZERO,
        }
    }

    /// The status, if a head came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.head.as_ref().map(|head| head.status)
    }

    /// The value of the first header field of that name, if it is UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).next().and_then(Header::text)
    }

    /// Every header field of that name, in order.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &Header> {
        self.head.iter().flat_map(move |head| head.fields(name))
    }

    /// The whole body or stream.
    #[must_use]
    pub fn body(&self) -> Bytes {
        match self.body.chunks.as_slice() {
            [] => Bytes::new(),
            [only] => only.bytes.clone(),
            chunks => chunks.iter().fold(BytesMut::new(), joined).freeze(),
        }
    }

    /// How many bytes the body or stream has.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.body.chunks.iter().map(|chunk| chunk.bytes.len() as u64).sum()
    }

    /// The body as exactly one JSON value.
    ///
    /// # Errors
    /// What `serde_json` says of a body that is none, or that is nested too deeply.
    pub fn json(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::from_slice(&self.body())
    }

    /// Whether the connection was taken over by another protocol.
    #[must_use]
    pub fn is_takeover(&self) -> bool {
        self.body.framing == BodyFraming::Takeover
    }

    /// Whether the answer came whole: its head, and its body up to where the body's framing, the close of a body
    /// without framing, or the probe itself puts the end.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.head.is_some() && matches!(self.end, End::Complete | End::Closed)
    }
}

fn joined(mut all: BytesMut, chunk: &Chunk) -> BytesMut {
    all.extend_from_slice(&chunk.bytes);
    all
}
