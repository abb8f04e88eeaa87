//! The parts of an answer: head, body, and how it ended.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::probe::{Header, coding};

/// The head of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The minor number of HTTP/1.
    pub minor_version: u8,
    /// The status.
    pub status: u16,
    /// The reason phrase, which means nothing (RFC 9112 §4).
    pub reason: String,
    /// The header fields, in order and as they came.
    pub headers: Vec<Header>,
    /// When its last byte was there.
    #[serde(with = "coding::milliseconds")]
    pub at: Duration,
}

impl Head {
    /// Every header field of that name, in order.
    pub fn fields(&self, name: &str) -> impl Iterator<Item = &Header> {
        self.headers.iter().filter(move |header| header.is(name))
    }

    /// The members of every comma-separated field of that name.
    pub fn members(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields(name).flat_map(Header::members)
    }

    /// Whether a comma-separated field of that name has that member; case does not count.
    #[must_use]
    pub fn lists(&self, name: &str, member: &str) -> bool {
        self.members(name).any(|each| each.eq_ignore_ascii_case(member))
    }
}

/// The body of an answer, or the stream after a takeover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// How its end is told.
    pub framing: BodyFraming,
    /// Its content in the pieces that came, without the framing of the transfer.
    pub chunks: Vec<Chunk>,
    /// The trailer fields of a chunked body.
    pub trailers: Vec<Header>,
}

/// How the end of a body is told (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyFraming {
    /// There is none: no head came, or the answer may have no body.
    #[default]
    None,
    /// By its length in bytes.
    ContentLength(u64),
    /// By a chunk of size zero.
    Chunked {
        /// Whether that chunk came.
        ended: bool,
    },
    /// By the close of the connection.
    UntilClose,
    /// It is no body but the stream of another protocol (RFC 9110 §15.2.2).
    Takeover,
}

/// Bytes and when they came or went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// When.
    #[serde(with = "coding::milliseconds")]
    pub at: Duration,
    /// The bytes.
    #[serde(with = "coding::octets")]
    pub bytes: Bytes,
}

/// How an exchange ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// What the probe waited for came: the end of the message as its framing tells it, the head, or the number of bytes.
    Complete,
    /// The server closed where a close is the end: a body without other framing, or a stream.
    Closed,
    /// The server closed too early: before or within the head, or before the end that the framing promised.
    Truncated,
    /// Time ran out.
    Deadline,
    /// The server reset the connection.
    Reset,
    /// More came than the caps allow.
    Capped,
    /// The probe itself dropped the connection.
    Dropped,
    /// The answer cannot be read on; the irregularities say why.
    Unreadable,
    /// No connection could be made.
    Unreachable(String),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Complete => "complete",
            Self::Closed => "closed by the server",
            Self::Truncated => "closed by the server before its end",
            Self::Deadline => "out of time",
            Self::Reset => "reset by the server",
            Self::Capped => "longer than allowed",
            Self::Dropped => "dropped by the checker",
            Self::Unreadable => "unreadable",
            Self::Unreachable(why) => return write!(f, "unreachable: {why}"),
        })
    }
}
