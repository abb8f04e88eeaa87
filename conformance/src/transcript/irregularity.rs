//! Breaches of HTTP message syntax, found while an answer is read and kept as data.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A breach of HTTP message syntax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Irregularity {
    /// The head cannot be read (RFC 9112 §4, §5).
    MalformedHead(String),
    /// The head is longer than the cap, in bytes.
    OversizeHead(usize),
    /// The head has more fields than the cap.
    TooManyHeaders(usize),
    /// A line of the head ends without a carriage return (RFC 9112 §2.2).
    BareLineFeed,
    /// The status is outside 100 to 599 (RFC 9110 §15).
    StatusOutOfRange(u16),
    /// Informational answers without end; so many came.
    TooManyInterim(usize),
    /// 101 came although no upgrade was offered (RFC 9110 §7.8).
    UnofferedSwitch,
    /// Both `Transfer-Encoding` and `Content-Length` (RFC 9112 §6.2).
    TwoFramings,
    /// A `Content-Length` that is no number, or several that differ (RFC 9110 §8.6).
    BadContentLength(String),
    /// A `Transfer-Encoding` that does not end in `chunked`, or is none that was asked for (RFC 9112 §6.1).
    BadTransferEncoding(String),
    /// `Transfer-Encoding` in an answer of HTTP/1.0 (RFC 9112 §6.1).
    TransferEncodingInOldVersion,
    /// A field that frames a body, in a 1xx or 204 (RFC 9110 §8.6, RFC 9112 §6.1).
    FramingWithoutBody(String),
    /// Bytes after the head of an answer that may have no body: to HEAD, 204 or 304 (RFC 9112 §6.3).
    BodyWhereNone,
    /// Bytes after the end of the message that no request asked for; so many were seen.
    Surplus(usize),
    /// A chunk's size line cannot be read (RFC 9112 §7.1).
    BadChunkSize,
    /// The bytes of a chunk are not followed by a line end (RFC 9112 §7.1).
    UnterminatedChunk,
    /// The trailer fields cannot be read (RFC 9112 §7.1.2).
    MalformedTrailers,
    /// The connection closed before the chunk of size zero (RFC 9112 §7.1, §8).
    MissingFinalChunk,
    /// The connection closed before the promised length (RFC 9112 §8).
    ShortBody {
        /// What `Content-Length` promised.
        promised: u64,
        /// What came.
        received: u64,
    },
}

impl Irregularity {
    /// Whether it is content where none may be.
    #[must_use]
    pub fn is_content_without_place(&self) -> bool {
        matches!(self, Self::BodyWhereNone)
    }

    /// Whether it is a 101 that nobody asked for.
    #[must_use]
    pub fn is_unoffered_switch(&self) -> bool {
        matches!(self, Self::UnofferedSwitch)
    }
}

impl fmt::Display for Irregularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MalformedHead(why) => write!(f, "the head of the answer cannot be read: {why}"),
            Self::OversizeHead(cap) => {
                write!(f, "the head of the answer is longer than {cap} bytes")
            }
            Self::TooManyHeaders(cap) => write!(f, "the answer has more than {cap} header fields"),
            Self::BareLineFeed => f.write_str("a line of the head ends in LF without CR"),
            Self::StatusOutOfRange(status) => write!(f, "status {status} is outside 100 to 599"),
            Self::TooManyInterim(count) => {
                write!(f, "{count} informational answers and no final one")
            }
            Self::UnofferedSwitch => f.write_str("101 although no upgrade was offered"),
            Self::TwoFramings => f.write_str("both Transfer-Encoding and Content-Length"),
            Self::BadContentLength(value) => write!(f, "Content-Length is `{value}`"),
            Self::BadTransferEncoding(value) => write!(f, "Transfer-Encoding is `{value}`"),
            Self::TransferEncodingInOldVersion => f.write_str("Transfer-Encoding in HTTP/1.0"),
            Self::FramingWithoutBody(name) => write!(f, "{name} in an answer that has no body"),
            Self::BodyWhereNone => f.write_str("a body in an answer that may have none"),
            Self::Surplus(count) => write!(f, "{count} bytes after the end of the message"),
            Self::BadChunkSize => f.write_str("the size of a chunk cannot be read"),
            Self::UnterminatedChunk => f.write_str("a chunk is longer than its size says"),
            Self::MalformedTrailers => f.write_str("the trailer fields cannot be read"),
            Self::MissingFinalChunk => f.write_str("closed before the chunk of size zero"),
            Self::ShortBody { promised, received } => {
                write!(f, "closed after {received} of {promised} bytes")
            }
        }
    }
}
