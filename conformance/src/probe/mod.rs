//! What to send and when to stop, as values.
//!
//! A probe can say more than HTTP allows, because near misses must be sendable too.
//! Deliberately absent: sockets, clocks, and any opinion on what the answer should be.

pub(crate) mod coding;
mod header;
mod request;

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub use header::Header;
pub use request::Request;

/// One exchange: a request, what follows on its stream, and what ends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The request.
    pub request: Request,
    /// Whether the request offers to switch protocols, so that 101 is an answer (RFC 9110 §7.8).
    #[serde(default)]
    pub expect_takeover: bool,
    /// Done in order once the head of the answer is there.
    ///
    /// [`Step::Send`] and [`Step::HalfClose`] happen only after a 101, since elsewhere the next
    /// bytes on a connection are the next request; the others happen on any answer that is not yet complete.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// What ends the exchange, once the steps are done.
    #[serde(default)]
    pub until: Until,
    /// Whether the exchange gets a connection of its own. A takeover always does.
    #[serde(default)]
    pub fresh_connection: bool,
    /// Narrower caps than those of the connection pool.
    #[serde(default)]
    pub caps: Caps,
}

/// Something to do on a running stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Writes bytes, while reading goes on.
    Send(#[serde(with = "coding::octets")] Bytes),
    /// Ends the own direction; the other goes on.
    HalfClose,
    /// Reads until nothing came for so long.
    ReadFor {
        /// The silence that ends the step.
        #[serde(with = "coding::milliseconds")]
        quiet: Duration,
    },
    /// Reads until the stream has given so many bytes in all, counted from its start.
    AwaitBytes(u64),
    /// Reads for so long, whatever comes.
    Pause(#[serde(with = "coding::milliseconds")] Duration),
    /// Closes the connection at once, in both directions.
    Drop,
}

/// What ends an exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// The end of the message, or the close of the stream.
    #[default]
    End,
    /// The head of the answer; a refusal is no stream and is read to its end.
    Head,
    /// So many bytes of the body or stream.
    Bytes(u64),
}

/// Caps of one exchange; `None` leaves the one of the connection pool, and neither can be exceeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caps {
    /// Bytes of body or stream.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// The whole exchange.
    #[serde(default, with = "coding::optional_milliseconds")]
    pub time: Option<Duration>,
    /// Bytes that the system takes in ahead of whoever reads, about, so that a server cannot be done with an answer
    /// that nobody has read. Holds for a connection of its own only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
}

impl Probe {
    /// An ordinary exchange: one request, one whole message.
    #[must_use]
    pub fn new(request: Request) -> Self {
        Self {
            request,
            expect_takeover: false,
            steps: Vec::new(),
            until: Until::End,
            fresh_connection: false,
            caps: Caps::default(),
        }
    }

    /// Offers to switch to a protocol, with the two header fields that say so (RFC 9110 §7.8).
    #[must_use]
    pub fn upgrade(mut self, protocol: &str) -> Self {
        self.request =
            self.request.header("Connection", "Upgrade").header("Upgrade", protocol.to_owned());
        self.expect_takeover = true;
        self
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Ends the exchange otherwise than at its end.
    #[must_use]
    pub fn until(mut self, until: Until) -> Self {
        self.until = until;
        self
    }

    /// Asks for a connection of its own.
    #[must_use]
    pub fn on_fresh_connection(mut self) -> Self {
        self.fresh_connection = true;
        self
    }

    /// Caps the time of the whole exchange.
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        self.caps.time = Some(time);
        self
    }

    /// Caps the bytes of the body or stream.
    #[must_use]
    pub fn at_most(mut self, bytes: u64) -> Self {
        self.caps.bytes = Some(bytes);
        self
    }
}
