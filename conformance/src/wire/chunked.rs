//! Chunked transfer coding (RFC 9112 §7.1), undone piece by piece. Holds one line at a time, never a chunk.

use super::head;
use crate::probe::Header;
use crate::transcript::Irregularity;

/// A decoder that keeps its place between pieces.
pub(super) struct Chunked {
    stage: Stage,
    line: Vec<u8>,
    line_cap: usize,
    trailer_count: usize,
    trailers: Vec<Header>,
}

enum Stage {
    Size,
    Data { left: u64 },
    DataEnd,
    Trailers,
    Done,
}

impl Chunked {
    /// A decoder at the beginning of a body, with caps on its lines and on the number of trailer fields.
    pub(super) fn new(line_cap: usize, trailer_count: usize) -> Self {
        Self { stage: Stage::Size, line: Vec::new(), line_cap, trailer_count, trailers: Vec::new() }
    }

    /// Takes a piece in, hands content out, and says how much of the piece belonged to the body.
    ///
    /// # Errors
    /// The breach that makes the rest unreadable.
    pub(super) fn push(
        &mut self,
        piece: &[u8],
        mut content: impl FnMut(&[u8]),
    ) -> Result<usize, Irregularity> {
        let mut rest = piece;
        while !rest.is_empty() && !self.is_done() {
            rest = match self.stage {
                Stage::Data { left } => self.take_data(left, rest, &mut content),
                _ => self.take_line(rest)?,
            };
        }
        Ok(piece.len() - rest.len())
    }

    /// Whether the chunk of size zero and the trailers are through.
    pub(super) fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done)
    }

    /// The trailer fields.
    pub(super) fn into_trailers(self) -> Vec<Header> {
        self.trailers
    }

    fn take_data<'p>(
        &mut self,
        left: u64,
        piece: &'p [u8],
        content: &mut impl FnMut(&[u8]),
    ) -> &'p [u8] {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        let (data, rest) = piece.split_at(length);
        content(data);
        let left = left.saturating_sub(length as u64);
        self.stage = if left == 0 { Stage::DataEnd } else { Stage::Data { left } };
        rest
    }

    /// Gathers up to the next line feed, then lets the stage look at what is there.
    fn take_line<'p>(&mut self, piece: &'p [u8]) -> Result<&'p [u8], Irregularity> {
        let length = piece.iter().position(|&byte| byte == b'\n').map_or(piece.len(), |at| at + 1);
        let (line, rest) = piece.split_at(length);
        if self.line.len() + line.len() > self.line_cap {
            return Err(self.breach());
        }
        self.line.extend_from_slice(line);
        match self.stage {
            Stage::Size => self.read_size()?,
            Stage::DataEnd => self.read_data_end()?,
            Stage::Trailers => self.read_trailers()?,
            Stage::Data { .. } | Stage::Done => {}
        }
        Ok(rest)
    }

    fn read_size(&mut self) -> Result<(), Irregularity> {
        // The parser takes an empty size for zero, which the grammar does not.
        if !self.line.first().is_some_and(u8::is_ascii_hexdigit) {
            return Err(Irregularity::BadChunkSize);
        }
        match httparse::parse_chunk_size(&self.line) {
            Ok(httparse::Status::Partial) => return Ok(()),
            Ok(httparse::Status::Complete((_, 0))) => self.stage = Stage::Trailers,
            Ok(httparse::Status::Complete((_, left))) => self.stage = Stage::Data { left },
            Err(_) => return Err(Irregularity::BadChunkSize),
        }
        self.line.clear();
        Ok(())
    }

    fn read_data_end(&mut self) -> Result<(), Irregularity> {
        match self.line.as_slice() {
            b"\r\n" => {
                self.stage = Stage::Size;
                self.line.clear();
                Ok(())
            }
            b"\r" => Ok(()),
            _ => Err(Irregularity::UnterminatedChunk),
        }
    }

    /// The section ends with an empty line; without any field it is nothing else.
    fn read_trailers(&mut self) -> Result<(), Irregularity> {
        if self.line != b"\r\n" && !self.line.ends_with(b"\n\r\n") {
            return Ok(());
        }
        let mut fields = vec![httparse::EMPTY_HEADER; self.trailer_count];
        let Ok(httparse::Status::Complete((_, fields))) =
            httparse::parse_headers(&self.line, &mut fields)
        else {
            return Err(Irregularity::MalformedTrailers);
        };
        self.trailers = head::to_headers(fields);
        self.stage = Stage::Done;
        Ok(())
    }

    fn breach(&self) -> Irregularity {
        match self.stage {
            Stage::DataEnd => Irregularity::UnterminatedChunk,
            Stage::Trailers => Irregularity::MalformedTrailers,
            _ => Irregularity::BadChunkSize,
        }
    }
}
