//! The incremental decoder of a byte stream, driven by a layout.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use generator::contract::{Layout, Lines, Terminated};
use serde_json::Value;

use super::event::Event;
use super::header::HeaderLayout;
use super::violation::Violation;

/// Cuts a stream into events. What came and is not yet an event is all it holds.
#[derive(Clone, Debug)]
pub struct Decoder {
    kind: Kind,
    buffer: BytesMut,
    offset: u64,
    scanned: usize,
    line: u64,
    met_last: bool,
    broken: Option<Violation>,
}

#[derive(Clone, Debug)]
enum Kind {
    Raw,
    Prefixed(HeaderLayout),
    Items(Arc<Lines>),
    Text,
}

/// A whole stream, decoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// What was whole.
    pub events: Vec<Event>,
    /// What broke it, if anything did.
    pub violation: Option<Violation>,
}

/// Decodes a stream that has ended, from the pieces it came in.
pub fn decode<'p>(layout: &Layout, pieces: impl IntoIterator<Item = &'p [u8]>) -> Decoded {
    let mut decoded = Decoded::default();
    decoded.violation = gather(layout, pieces, &mut decoded.events).err();
    decoded
}

fn gather<'p>(
    layout: &Layout,
    pieces: impl IntoIterator<Item = &'p [u8]>,
    events: &mut Vec<Event>,
) -> Result<(), Violation> {
    let mut decoder = Decoder::new(layout);
    for piece in pieces {
        decoder.push(piece);
        while let Some(event) = decoder.next()? {
            events.push(event);
        }
    }
    while let Some(event) = decoder.finish()? {
        events.push(event);
    }
    Ok(())
}

impl Decoded {
    /// Everything that one stream carries.
    #[must_use]
    pub fn stream(&self, name: &str) -> Bytes {
        let mut all = BytesMut::new();
        for event in self.events.iter().filter(|event| event.stream() == name) {
            all.extend_from_slice(event.payload());
        }
        all.freeze()
    }
}

impl Decoder {
    /// A decoder at the start of a stream. Channels come in messages and not in a stream, so their bytes are
    /// data here; [`super::ChannelDecoder`] and [`super::PairDecoder`] read them.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        let kind = match layout {
            Layout::Raw | Layout::Channels(_) | Layout::ChannelPairs { .. } => Kind::Raw,
            Layout::Lines(lines) => Kind::Items(Arc::new(lines.clone())),
            Layout::TextLines(_) => Kind::Text,
            Layout::LengthPrefixed(layout) => match HeaderLayout::new(layout) {
                // Without a header nothing cuts the stream.
                header if header.width() == 0 => Kind::Raw,
                header => Kind::Prefixed(header),
            },
        };
        Self {
            kind,
            buffer: BytesMut::new(),
            offset: 0,
            scanned: 0,
            line: 1,
            met_last: false,
            broken: None,
        }
    }

    /// Takes in what came.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next event; `None` if it is not whole yet.
    ///
    /// # Errors
    /// The violation, again at every further call.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot say that more may come later"
    )]
    pub fn next(&mut self) -> Result<Option<Event>, Violation> {
        self.guard(Self::cut)
    }

    /// The next event, given that nothing more comes; `None` if the stream ended well. To be called until then.
    ///
    /// # Errors
    /// The violation, again at every further call.
    pub fn finish(&mut self) -> Result<Option<Event>, Violation> {
        self.guard(|decoder| match decoder.cut()? {
            Some(event) => Ok(Some(event)),
            None => decoder.cut_rest(),
        })
    }

    /// How many bytes have been cut into events.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// How many bytes wait for the rest of their event.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    fn guard(
        &mut self,
        cut: impl FnOnce(&mut Self) -> Result<Option<Event>, Violation>,
    ) -> Result<Option<Event>, Violation> {
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        cut(self).inspect_err(|violation| self.broken = Some(violation.clone()))
    }

    fn cut(&mut self) -> Result<Option<Event>, Violation> {
        match &self.kind {
            Kind::Raw => Ok(self.cut_data()),
            Kind::Prefixed(header) => {
                let header =
                    header.read(&self.buffer, self.offset)?.map(|read| (read, header.width()));
                Ok(header.and_then(|(read, width)| self.cut_frame(read, width)))
            }
            Kind::Items(lines) => {
                let lines = lines.clone();
                self.cut_item(&lines)
            }
            Kind::Text => Ok(self.cut_line().map(|(offset, text)| Event::Line {
                offset,
                text,
                terminated: true,
            })),
        }
    }

    fn cut_rest(&mut self) -> Result<Option<Event>, Violation> {
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let received = self.buffer.len() as u64;
        match &self.kind {
            Kind::Raw => Ok(None),
            Kind::Prefixed(header) => {
                let expected = header.width() as u64;
                Err(match header.declared(&self.buffer) {
                    None => Violation::TruncatedHeader { offset: self.offset, received, expected },
                    Some(declared) => Violation::TruncatedPayload {
                        offset: self.offset + expected,
                        received: received - expected,
                        declared,
                    },
                })
            }
            Kind::Items(lines) => {
                let lines = lines.clone();
                self.cut_open_item(&lines).map(Some)
            }
            Kind::Text => {
                let (offset, text) = self.take_line(self.buffer.len());
                Ok(Some(Event::Line { offset, text, terminated: false }))
            }
        }
    }

    fn cut_data(&mut self) -> Option<Event> {
        let length = self.buffer.len();
        (length > 0).then(|| {
            let (offset, bytes) = self.take(length);
            Event::Data { offset, bytes }
        })
    }

    fn cut_frame(&mut self, header: super::header::Header, width: usize) -> Option<Event> {
        let payload = usize::try_from(header.payload).ok()?;
        let length = width.checked_add(payload)?;
        if self.buffer.len() < length {
            return None;
        }
        let (offset, mut bytes) = self.take(length);
        let payload = bytes.split_off(width);
        Some(Event::Frame { offset, stream: header.stream, name: header.name, payload })
    }

    fn cut_item(&mut self, lines: &Lines) -> Result<Option<Event>, Violation> {
        if self.met_last && !self.buffer.is_empty() {
            return Err(Violation::AfterLast { offset: self.offset, line: self.line });
        }
        let line = self.line;
        match self.cut_line() {
            Some((offset, text)) => self.item(lines, line, offset, text, true).map(Some),
            None => Ok(None),
        }
    }

    /// The last line, which lacks its newline.
    fn cut_open_item(&mut self, lines: &Lines) -> Result<Event, Violation> {
        let line = self.line;
        let (offset, text) = self.take_line(self.buffer.len());
        let unterminated = Violation::UnterminatedLine { offset: self.offset, line };
        if lines.terminated == Terminated::All {
            return Err(unterminated);
        }
        let event = self.item(lines, line, offset, text, false)?;
        if lines.last.is_some() && !self.met_last { Err(unterminated) } else { Ok(event) }
    }

    fn item(
        &mut self,
        lines: &Lines,
        line: u64,
        offset: u64,
        text: Bytes,
        terminated: bool,
    ) -> Result<Event, Violation> {
        if text.iter().all(u8::is_ascii_whitespace) {
            return Err(Violation::BlankLine { offset, line });
        }
        let value: Value = serde_json::from_slice(&text).map_err(|error| Violation::NotJson {
            offset: offset + error.column().saturating_sub(1) as u64,
            line,
            reason: without_place(&error),
        })?;
        let last = lines.last.as_ref().and_then(|pointer| pointer.get(&value));
        let last = last.is_some_and(|value| !value.is_null());
        self.met_last |= last;
        Ok(Event::Item { offset, text, value, last, terminated })
    }

    /// A line that a newline ends, without it. A carriage return before it stays: JSON takes it for white space,
    /// and in text it may be meant.
    fn cut_line(&mut self) -> Option<(u64, Bytes)> {
        let unseen = self.buffer.get(self.scanned..).unwrap_or_default();
        match unseen.iter().position(|&byte| byte == b'\n') {
            Some(length) => Some(self.take_line(self.scanned + length + 1)),
            None => {
                self.scanned = self.buffer.len();
                None
            }
        }
    }

    fn take_line(&mut self, length: usize) -> (u64, Bytes) {
        let (offset, text) = self.take(length);
        self.line += 1;
        self.scanned = 0;
        let end = text.strip_suffix(b"\n").map_or(text.len(), <[u8]>::len);
        (offset, text.slice(..end))
    }

    fn take(&mut self, length: usize) -> (u64, Bytes) {
        let offset = self.offset;
        self.offset += length as u64;
        (offset, self.buffer.split_to(length).freeze())
    }
}

/// The line and column of a one-line document say nothing to whoever sees the whole stream.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
