//! One JSON document a line. What follows from the order of items is held here; their schema is the item type's.

use std::fmt;
use std::io;
use std::marker::PhantomData;

use bytes::{BufMut, BytesMut};
use serde::Serialize;
use serde_json::Value;
use tokio_util::codec::{Decoder, Encoder};

use super::text_lines::{TextLines, TextLinesError};
use crate::support::decode::{Decode, Faults, from_value};

/// What is promised of the lines of a stream.
pub trait Line: Send + Unpin + 'static {
    /// What each line holds.
    type Item: Decode + Serialize + Send;

    /// JSON pointer: an item that has this and not as null is the last.
    const LAST: Option<&'static str>;

    /// JSON pointers: each item has exactly one of these and not as null; empty where nothing is promised.
    const ALTERNATIVES: &'static [&'static str];

    /// Whether the last item may do without a line feed.
    const LAST_MAY_BE_OPEN: bool;
}

/// Reads and writes JSON documents, one a line.
#[derive(Clone, Debug)]
pub struct Lines<L> {
    text: TextLines,
    ended: bool,
    line: PhantomData<fn() -> L>,
}

impl<L: Line> Lines<L> {
    /// A codec with the bound of [`TextLines`] on each line.
    #[must_use]
    pub fn new() -> Self {
        Self { text: TextLines::new(), ended: false, line: PhantomData }
    }

    /// The same with another bound, in bytes without the line feed.
    #[must_use]
    pub fn with_max_line(self, bytes: usize) -> Self {
        Self { text: self.text.with_max_line(bytes), ..self }
    }

    fn item(&mut self, line: &[u8]) -> Result<L::Item, LinesError> {
        let value = serde_json::from_slice(line);
        let value = value.map_err(|error| LinesError::Malformed { reason: error.to_string() })?;
        self.admit(&value)?;
        from_value(&value).map_err(LinesError::Invalid)
    }

    /// Whether an item may come here; notes whether another may follow.
    fn admit(&mut self, item: &Value) -> Result<(), LinesError> {
        if self.ended {
            return Err(LinesError::AfterLast);
        }
        let has = |pointer: &str| item.pointer(pointer).is_some_and(|value| !value.is_null());
        let found = L::ALTERNATIVES.iter().filter(|pointer| has(pointer)).count();
        if !L::ALTERNATIVES.is_empty() && found != 1 {
            return Err(LinesError::Alternatives { of: L::ALTERNATIVES, found });
        }
        self.ended = L::LAST.is_some_and(has);
        Ok(())
    }
}

impl<L: Line> Default for Lines<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: Line> Decoder for Lines<L> {
    type Item = L::Item;
    type Error = LinesError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<L::Item>, LinesError> {
        let Some(line) = self.text.next_line(source)? else { return Ok(None) };
        self.item(&line).map(Some)
    }

    fn decode_eof(&mut self, source: &mut BytesMut) -> Result<Option<L::Item>, LinesError> {
        if let Some(item) = self.decode(source)? {
            return Ok(Some(item));
        }
        let rest = source.split();
        if rest.is_empty() {
            return Ok(None);
        }
        if !L::LAST_MAY_BE_OPEN {
            return Err(LinesError::Unterminated);
        }
        let item = self.item(&rest)?;
        if self.ended { Ok(Some(item)) } else { Err(LinesError::Unterminated) }
    }
}

impl<L: Line> Encoder<L::Item> for Lines<L> {
    type Error = LinesError;

    fn encode(&mut self, item: L::Item, target: &mut BytesMut) -> Result<(), LinesError> {
        let unwritable =
            |error: serde_json::Error| LinesError::Malformed { reason: error.to_string() };
        let bytes = serde_json::to_vec(&item).map_err(unwritable)?;
        if L::LAST.is_some() || !L::ALTERNATIVES.is_empty() {
            self.admit(&serde_json::from_slice(&bytes).map_err(unwritable)?)?;
        }
        target.reserve(bytes.len() + 1);
        target.put(bytes.as_slice());
        target.put_u8(b'\n');
        Ok(())
    }
}

/// What a stream of lines does wrong.
#[derive(Debug)]
pub enum LinesError {
    /// A line is not a JSON document.
    Malformed {
        /// Why not.
        reason: String,
    },
    /// A line breaks the schema of an item.
    Invalid(Faults),
    /// An item has none, or more than one, of the members of which it must have one.
    Alternatives {
        /// Pointers to those members.
        of: &'static [&'static str],
        /// How many it has.
        found: usize,
    },
    /// An item comes after the last one.
    AfterLast,
    /// The last line does not end.
    Unterminated,
    /// A line is over the bound.
    Oversize {
        /// The bound in bytes.
        limit: usize,
    },
    /// The transport failed.
    Io(io::Error),
}

impl fmt::Display for LinesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { reason } => write!(f, "a line is not a JSON document: {reason}"),
            Self::Invalid(faults) => write!(f, "a line breaks its schema: {faults}"),
            Self::Alternatives { of, found } => {
                write!(f, "a line has {found} of {}, not one", of.join(", "))
            }
            Self::AfterLast => f.write_str("an item comes after the last one"),
            Self::Unterminated => f.write_str("the last line does not end in a line feed"),
            Self::Oversize { limit } => write!(f, "a line is over the bound of {limit} bytes"),
            Self::Io(error) => write!(f, "the transport failed: {error}"),
        }
    }
}

impl std::error::Error for LinesError {}

impl From<io::Error> for LinesError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<TextLinesError> for LinesError {
    fn from(error: TextLinesError) -> Self {
        match error {
            TextLinesError::Oversize { limit } => Self::Oversize { limit },
            TextLinesError::Io(error) => Self::Io(error),
            TextLinesError::NotUtf8 | TextLinesError::LineFeed => {
                Self::Malformed { reason: error.to_string() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Clone, Copy, Debug)]
    struct Results;

    impl Line for Results {
        type Item = Value;

        const LAST: Option<&'static str> = Some("/error");

        const ALTERNATIVES: &'static [&'static str] = &["/result", "/error"];

        const LAST_MAY_BE_OPEN: bool = true;
    }

    fn decoded(text: &str) -> Result<Vec<Value>, LinesError> {
        let (mut codec, mut buffer) = (Lines::<Results>::new(), BytesMut::from(text));
        let mut items = Vec::new();
        while let Some(item) = codec.decode_eof(&mut buffer)? {
            items.push(item);
        }
        Ok(items)
    }

    #[test]
    fn lines_are_written_and_read() {
        let items = [json!({ "result": 1, "error": null }), json!({ "error": "x" })];
        let (mut codec, mut buffer) = (Lines::<Results>::new(), BytesMut::new());
        for item in items.clone() {
            codec.encode(item, &mut buffer).unwrap();
        }
        let text = String::from_utf8(buffer.to_vec()).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert_eq!(decoded(&text).unwrap(), items);
        assert_eq!(decoded(text.trim_end()).unwrap(), items);
    }

    #[test]
    fn every_violation_has_its_variant() {
        let told = |text: &str| decoded(text).unwrap_err().to_string();
        assert!(told("{\n").starts_with("a line is not a JSON document"));
        assert!(told("\n").starts_with("a line is not a JSON document"));
        assert_eq!(told("{}\n"), "a line has 0 of /result, /error, not one");
        assert_eq!(told("{\"error\":1}\n{\"result\":1}\n"), "an item comes after the last one");
        assert_eq!(told("{\"result\":1}"), "the last line does not end in a line feed");
    }

    #[test]
    fn nothing_is_written_after_the_last_item() {
        let (mut codec, mut buffer) = (Lines::<Results>::new(), BytesMut::new());
        codec.encode(json!({ "error": 1 }), &mut buffer).unwrap();
        let late = codec.encode(json!({ "result": 1 }), &mut buffer);
        assert!(matches!(late, Err(LinesError::AfterLast)));
    }
}
