//! Lines of text, each ended by a line feed, the last perhaps by the end of the stream. What the text says is not
//! looked at.

use std::fmt;
use std::io;

use bytes::{BufMut, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

/// The longest line in bytes, unless another bound is asked for.
pub const DEFAULT_MAX_LINE: usize = 16 * 1024 * 1024;

/// Reads and writes lines of text.
#[derive(Clone, Debug)]
pub struct TextLines {
    limit: usize,
    searched: usize,
}

impl TextLines {
    /// A codec with the bound [`DEFAULT_MAX_LINE`].
    #[must_use]
    pub fn new() -> Self {
        Self { limit: DEFAULT_MAX_LINE, searched: 0 }
    }

    /// The same with another bound, in bytes without the line feed.
    #[must_use]
    pub fn with_max_line(self, bytes: usize) -> Self {
        Self { limit: bytes, ..self }
    }

    /// The next whole line without its line feed.
    pub(super) fn next_line(
        &mut self,
        source: &mut BytesMut,
    ) -> Result<Option<BytesMut>, TextLinesError> {
        let fresh = source.iter().skip(self.searched);
        let end = fresh.clone().position(|byte| *byte == b'\n');
        let length = self.searched + end.unwrap_or(fresh.len());
        if length > self.limit {
            return Err(TextLinesError::Oversize { limit: self.limit });
        }
        if end.is_none() {
            self.searched = length;
            return Ok(None);
        }
        self.searched = 0;
        let mut line = source.split_to(length + 1);
        line.truncate(length);
        Ok(Some(line))
    }
}

impl Default for TextLines {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder for TextLines {
    type Item = String;
    type Error = TextLinesError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<String>, TextLinesError> {
        self.next_line(source)?.map(text).transpose()
    }

    fn decode_eof(&mut self, source: &mut BytesMut) -> Result<Option<String>, TextLinesError> {
        match self.decode(source)? {
            Some(line) => Ok(Some(line)),
            None if source.is_empty() => Ok(None),
            None => text(source.split()).map(Some),
        }
    }
}

impl Encoder<String> for TextLines {
    type Error = TextLinesError;

    fn encode(&mut self, line: String, target: &mut BytesMut) -> Result<(), TextLinesError> {
        if line.contains('\n') {
            return Err(TextLinesError::LineFeed);
        }
        if line.len() > self.limit {
            return Err(TextLinesError::Oversize { limit: self.limit });
        }
        target.reserve(line.len() + 1);
        target.put(line.as_bytes());
        target.put_u8(b'\n');
        Ok(())
    }
}

fn text(line: BytesMut) -> Result<String, TextLinesError> {
    String::from_utf8(line.into()).map_err(|_| TextLinesError::NotUtf8)
}

/// What a stream of lines does wrong.
#[derive(Debug)]
pub enum TextLinesError {
    /// A line is not UTF-8.
    NotUtf8,
    /// A line to be written holds a line feed.
    LineFeed,
    /// A line is over the bound.
    Oversize {
        /// The bound in bytes.
        limit: usize,
    },
    /// The transport failed.
    Io(io::Error),
}

impl fmt::Display for TextLinesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("a line is not UTF-8"),
            Self::LineFeed => f.write_str("a line holds a line feed"),
            Self::Oversize { limit } => write!(f, "a line is over the bound of {limit} bytes"),
            Self::Io(error) => write!(f, "the transport failed: {error}"),
        }
    }
}

impl std::error::Error for TextLinesError {}

impl From<io::Error> for TextLinesError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_on_every_split() {
        let text = b"first\n\nthird\n";
        for cut in 0..text.len() {
            let mut codec = TextLines::new();
            let mut lines = Vec::new();
            let mut buffer = BytesMut::new();
            for part in [&text[..cut], &text[cut..]] {
                buffer.extend_from_slice(part);
                while let Some(line) = codec.decode(&mut buffer).unwrap() {
                    lines.push(line);
                }
            }
            assert_eq!(lines, ["first", "", "third"]);
            assert_eq!(codec.decode_eof(&mut buffer).unwrap(), None);
        }
    }

    #[test]
    fn every_violation_has_its_variant() {
        let decode = |bytes: &[u8]| TextLines::new().with_max_line(3).decode_eof(&mut bytes.into());
        assert!(matches!(decode(b"ab"), Ok(Some(line)) if line == "ab"));
        assert!(matches!(decode(b"\xff\n"), Err(TextLinesError::NotUtf8)));
        assert!(matches!(decode(b"abcd"), Err(TextLinesError::Oversize { limit: 3 })));
        let mut buffer = BytesMut::new();
        let split = TextLines::new().encode("a\nb".to_owned(), &mut buffer);
        assert!(matches!(split, Err(TextLinesError::LineFeed)));
        assert!(buffer.is_empty());
    }
}
