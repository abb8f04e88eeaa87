//! The ways in which a stream can break its layout.

use thiserror::Error;

/// A broken sentence, with the place of the break in bytes from the start of the stream.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Violation {
    /// The stream ends inside a frame's header.
    #[error("the stream ends after {received} of {expected} header bytes")]
    TruncatedHeader {
        /// Where the header begins.
        offset: u64,
        /// Bytes of it that came.
        received: u64,
        /// Bytes of a whole one.
        expected: u64,
    },
    /// The stream ends inside a frame's payload.
    #[error("the stream ends after {received} of {declared} payload bytes")]
    TruncatedPayload {
        /// Where the payload begins.
        offset: u64,
        /// Bytes of it that came.
        received: u64,
        /// Bytes that the header declares.
        declared: u64,
    },
    /// A header field with one possible value has another.
    #[error("`{field}` must be {}, found {}", hex(expected), hex(found))]
    ConstantBroken {
        /// Where the field begins.
        offset: u64,
        /// Its name.
        field: String,
        /// Its bytes as they must be.
        expected: Vec<u8>,
        /// Its bytes as they came.
        found: Vec<u8>,
    },
    /// A header names a stream that the layout does not have.
    #[error("`{field}` names stream {number}, which the layout does not have")]
    UnknownStream {
        /// Where the field begins.
        offset: u64,
        /// Its name.
        field: String,
        /// The number.
        number: u64,
    },
    /// A length that counts the header is smaller than the header.
    #[error("`{field}` declares {declared} bytes, fewer than the header's own {header}")]
    LengthBelowHeader {
        /// Where the field begins.
        offset: u64,
        /// Its name.
        field: String,
        /// What it declares.
        declared: u64,
        /// Bytes of the header.
        header: u64,
    },
    /// A payload is longer than the layout allows.
    #[error("`{field}` declares a payload of {declared} bytes, the layout allows {limit}")]
    OversizeFrame {
        /// Where the field begins.
        offset: u64,
        /// Its name.
        field: String,
        /// The declared length of the payload.
        declared: u64,
        /// The greatest length allowed.
        limit: u64,
    },
    /// The stream ends inside a line that must end in a newline.
    #[error("line {line} does not end in a newline")]
    UnterminatedLine {
        /// Where the newline is missed.
        offset: u64,
        /// Number of the line, counted from 1.
        line: u64,
    },
    /// A line is empty or white space alone.
    #[error("line {line} is blank")]
    BlankLine {
        /// Where the line begins.
        offset: u64,
        /// Number of the line, counted from 1.
        line: u64,
    },
    /// A line is not exactly one JSON document.
    #[error("line {line} is not one JSON document: {reason}")]
    NotJson {
        /// Where in the stream reading the document failed.
        offset: u64,
        /// Number of the line, counted from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// Something follows the item that the layout makes the last.
    #[error("line {line} follows an item that must be the last")]
    AfterLast {
        /// Where it begins.
        offset: u64,
        /// Number of the line, counted from 1.
        line: u64,
    },
}

impl Violation {
    /// Where the stream breaks.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self {
            Self::TruncatedHeader { offset, received, .. }
            | Self::TruncatedPayload { offset, received, .. } => offset + received,
            Self::ConstantBroken { offset, .. }
            | Self::UnknownStream { offset, .. }
            | Self::LengthBelowHeader { offset, .. }
            | Self::OversizeFrame { offset, .. }
            | Self::UnterminatedLine { offset, .. }
            | Self::BlankLine { offset, .. }
            | Self::NotJson { offset, .. }
            | Self::AfterLast { offset, .. } => *offset,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}
