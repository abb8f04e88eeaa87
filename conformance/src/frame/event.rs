//! What a decoder gives: one event for each complete frame, line, or piece of raw bytes.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

/// The name of the one stream of a layout that names none.
pub const UNNAMED: &str = "data";

/// One complete unit of a stream. Offsets count bytes from the start of the stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A frame with a header that states its length.
    Frame {
        /// Where its header begins.
        offset: u64,
        /// The number in its stream field, if the header has one.
        stream: Option<u64>,
        /// The name of the stream: that of the layout, else the number, else [`UNNAMED`].
        name: Arc<str>,
        /// The payload.
        payload: Bytes,
    },
    /// A line that is a JSON document.
    Item {
        /// Where the line begins.
        offset: u64,
        /// The line without its end.
        text: Bytes,
        /// The document.
        value: Value,
        /// Whether the layout makes it the last.
        last: bool,
        /// Whether a newline ended it.
        terminated: bool,
    },
    /// A line of text, in whatever encoding.
    Line {
        /// Where it begins.
        offset: u64,
        /// The line without its end.
        text: Bytes,
        /// Whether a newline ended it.
        terminated: bool,
    },
    /// Bytes of a stream that is not cut.
    Data {
        /// Where they begin.
        offset: u64,
        /// The bytes.
        bytes: Bytes,
    },
}

impl Event {
    /// Where it begins.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self {
            Self::Frame { offset, .. }
            | Self::Item { offset, .. }
            | Self::Line { offset, .. }
            | Self::Data { offset, .. } => *offset,
        }
    }

    /// The name of the stream it belongs to.
    #[must_use]
    pub fn stream(&self) -> &str {
        match self {
            Self::Frame { name, .. } => name,
            _ => UNNAMED,
        }
    }

    /// What it carries, without framing.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        match self {
            Self::Frame { payload, .. } => payload,
            Self::Item { text, .. } | Self::Line { text, .. } => text,
            Self::Data { bytes, .. } => bytes,
        }
    }
}
