//! An answer, read from bytes as they come: interim heads, head, body or stream, surplus.
//!
//! Knows no sockets and no clock; whoever pushes bytes says when they came.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::chunked::Chunked;
use super::head::{self, Parsed};
use super::limits::Limits;
use crate::transcript::{Body, BodyFraming, Chunk, End, Head, Irregularity};

/// More informational answers than this are no conversation.
const MAX_INTERIM: usize = 32;
/// Of surplus bytes so many are kept.
const MAX_SURPLUS: usize = 1024;
/// Bytes that come within this time of each other are one chunk.
const MERGE: Duration = Duration::from_millis(1);
/// With more chunks than this, later bytes join the last, so that drops of one byte cannot fill the memory.
const MAX_CHUNKS: usize = 16 * 1024;

/// What the reading of an answer must know of its request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The method was HEAD.
    pub(super) head: bool,
    /// An upgrade was offered.
    pub(super) upgrade: bool,
}

/// An answer so far.
pub(super) struct Answer {
    asked: Asked,
    limits: Limits,
    stage: Stage,
    pending: BytesMut,
    interim: Vec<Head>,
    head: Option<Head>,
    framing: BodyFraming,
    chunks: Vec<Chunk>,
    tail: Option<(Duration, BytesMut)>,
    trailers: Vec<crate::probe::Header>,
    received: u64,
    surplus: BytesMut,
    surplus_count: usize,
    irregularities: Vec<Irregularity>,
}

enum Stage {
    Head,
    Length { left: u64 },
    Chunked(Chunked),
    Open,
    Over(End),
}

/// The finished answer.
pub(super) struct Parts {
    pub(super) interim: Vec<Head>,
    pub(super) head: Option<Head>,
    pub(super) body: Body,
    pub(super) surplus: Bytes,
    pub(super) irregularities: Vec<Irregularity>,
}

impl Answer {
    /// Nothing yet.
    pub(super) fn new(asked: Asked, limits: Limits) -> Self {
        Self {
            asked,
            limits,
            stage: Stage::Head,
            pending: BytesMut::new(),
            interim: Vec::new(),
            head: None,
            framing: BodyFraming::None,
            chunks: Vec::new(),
            tail: None,
            trailers: Vec::new(),
            received: 0,
            surplus: BytesMut::new(),
            surplus_count: 0,
            irregularities: Vec::new(),
        }
    }

    /// Takes in what came. `content` is given the bytes of body or stream among it.
    pub(super) fn push(&mut self, bytes: &[u8], at: Duration, content: &mut impl FnMut(&[u8])) {
        if !matches!(self.stage, Stage::Head) {
            return self.read_body(bytes, at, content);
        }
        let may_end = self.pending.len() < 256 || bytes.contains(&b'\n');
        self.pending.extend_from_slice(bytes);
        if may_end || self.pending.len() >= self.limits.head_bytes {
            self.read_heads(at, content);
        }
    }

    /// The server has ended its direction; says what that means for the answer.
    pub(super) fn close(&mut self) -> End {
        let end = match &self.stage {
            Stage::Over(end) => end.clone(),
            Stage::Open => End::Closed,
            Stage::Head => End::Truncated,
            Stage::Length { left } => {
                let received = self.received;
                let promised = received.saturating_add(*left);
                self.irregularities.push(Irregularity::ShortBody { promised, received });
                End::Truncated
            }
            Stage::Chunked(_) => {
                self.irregularities.push(Irregularity::MissingFinalChunk);
                End::Truncated
            }
        };
        self.stage = Stage::Over(end.clone());
        end
    }

    /// How the answer ended, if its own bytes have ended it.
    pub(super) fn end(&self) -> Option<&End> {
        match &self.stage {
            Stage::Over(end) => Some(end),
            _ => None,
        }
    }

    /// The final head.
    pub(super) fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    /// Whether not a byte came.
    pub(super) fn is_empty(&self) -> bool {
        self.pending.is_empty() && self.interim.is_empty() && self.head.is_none()
    }

    /// Whether another protocol has taken over.
    pub(super) fn is_takeover(&self) -> bool {
        self.framing == BodyFraming::Takeover
    }

    /// Whether the answer is one without a body, so that only surplus could tell of one.
    pub(super) fn is_bodiless(&self) -> bool {
        self.framing == BodyFraming::None && self.head.is_some()
    }

    /// Bytes of body or stream.
    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// Whether the connection can carry another exchange (RFC 9112 §9.3).
    pub(super) fn leaves_connection_usable(&self) -> bool {
        let lasting = |head: &Head| head.minor_version == 1 && !head.lists("Connection", "close");
        matches!(self.stage, Stage::Over(End::Complete))
            && self.surplus_count == 0
            && self.irregularities.is_empty()
            && self.head.as_ref().is_some_and(lasting)
    }

    /// Everything, in the form of a transcript.
    pub(super) fn into_parts(mut self) -> Parts {
        if self.head.is_none() {
            let pending = self.pending.split();
            self.put_aside(&pending);
        }
        if self.surplus_count > 0 && matches!(self.stage, Stage::Over(End::Complete)) {
            self.irregularities.push(if self.is_bodiless() {
                Irregularity::BodyWhereNone
            } else {
                Irregularity::Surplus(self.surplus_count)
            });
        }
        self.flush();
        Parts {
            interim: self.interim,
            head: self.head,
            body: Body { framing: self.framing, chunks: self.chunks, trailers: self.trailers },
            surplus: self.surplus.freeze(),
            irregularities: self.irregularities,
        }
    }

    fn read_heads(&mut self, at: Duration, content: &mut impl FnMut(&[u8])) {
        while matches!(self.stage, Stage::Head) {
            match head::parse(&self.pending, at, &self.limits) {
                Parsed::Incomplete => return,
                Parsed::Broken(breach) => return self.give_up(breach),
                Parsed::Head(head, length) => {
                    let bytes = self.pending.split_to(length);
                    self.irregularities.extend(head::irregularities(&head, &bytes));
                    self.accept(head);
                }
            }
        }
        let rest = self.pending.split();
        self.read_body(&rest, at, content);
    }

    fn accept(&mut self, head: Head) {
        match head.status {
            101 if self.asked.upgrade => self.begin(head, BodyFraming::Takeover),
            101 => {
                self.head = Some(head);
                self.give_up(Irregularity::UnofferedSwitch);
            }
            100..200 if self.interim.len() >= MAX_INTERIM => {
                self.give_up(Irregularity::TooManyInterim(MAX_INTERIM));
            }
            100..200 => self.interim.push(head),
            _ => {
                let (framing, breaches) = head::framing(&head, self.asked.head);
                self.irregularities.extend(breaches);
                match framing {
                    Some(framing) => self.begin(head, framing),
                    None => {
                        self.head = Some(head);
                        self.stage = Stage::Over(End::Unreadable);
                    }
                }
            }
        }
    }

    fn begin(&mut self, head: Head, framing: BodyFraming) {
        self.head = Some(head);
        self.framing = framing;
        self.stage = match framing {
            BodyFraming::None | BodyFraming::ContentLength(0) => Stage::Over(End::Complete),
            BodyFraming::ContentLength(left) => Stage::Length { left },
            BodyFraming::Chunked { .. } => {
                Stage::Chunked(Chunked::new(self.limits.head_bytes, self.limits.header_count))
            }
            BodyFraming::UntilClose | BodyFraming::Takeover => Stage::Open,
        };
    }

    fn read_body(&mut self, bytes: &[u8], at: Duration, content: &mut impl FnMut(&[u8])) {
        match std::mem::replace(&mut self.stage, Stage::Open) {
            Stage::Head => self.stage = Stage::Head,
            Stage::Open => self.record(bytes, at, content),
            Stage::Length { left } => self.read_length(left, bytes, at, content),
            Stage::Chunked(decoder) => self.read_chunks(decoder, bytes, at, content),
            Stage::Over(end) => {
                self.stage = Stage::Over(end);
                self.put_aside(bytes);
            }
        }
    }

    fn read_length(
        &mut self,
        left: u64,
        bytes: &[u8],
        at: Duration,
        content: &mut impl FnMut(&[u8]),
    ) {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let (body, rest) = bytes.split_at(length);
        let left = left.saturating_sub(length as u64);
        self.stage = if left == 0 { Stage::Over(End::Complete) } else { Stage::Length { left } };
        self.record(body, at, content);
        self.put_aside(rest);
    }

    fn read_chunks(
        &mut self,
        mut decoder: Chunked,
        bytes: &[u8],
        at: Duration,
        content: &mut impl FnMut(&[u8]),
    ) {
        let read = decoder.push(bytes, |data| self.record(data, at, content));
        match read {
            Err(breach) => self.give_up(breach),
            // The cap was met on the way.
            Ok(_) if matches!(self.stage, Stage::Over(_)) => {}
            Ok(length) if decoder.is_done() => {
                self.framing = BodyFraming::Chunked { ended: true };
                self.trailers = decoder.into_trailers();
                self.stage = Stage::Over(End::Complete);
                self.put_aside(bytes.get(length..).unwrap_or_default());
            }
            Ok(_) => self.stage = Stage::Chunked(decoder),
        }
    }

    /// Keeps content up to the cap.
    fn record(&mut self, bytes: &[u8], at: Duration, content: &mut impl FnMut(&[u8])) {
        let room = self.limits.body_bytes.saturating_sub(self.received);
        let length = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        if length < bytes.len() {
            self.stage = Stage::Over(End::Capped);
        }
        let (kept, _) = bytes.split_at(length);
        if kept.is_empty() {
            return;
        }
        content(kept);
        self.received += kept.len() as u64;
        match &mut self.tail {
            Some((since, tail)) if at < *since + MERGE || self.chunks.len() >= MAX_CHUNKS => {
                tail.extend_from_slice(kept);
            }
            _ => {
                self.flush();
                self.tail = Some((at, BytesMut::from(kept)));
            }
        }
    }

    fn flush(&mut self) {
        if let Some((at, bytes)) = self.tail.take() {
            self.chunks.push(Chunk { at, bytes: bytes.freeze() });
        }
    }

    fn give_up(&mut self, breach: Irregularity) {
        self.irregularities.push(breach);
        self.stage = Stage::Over(End::Unreadable);
        let pending = self.pending.split();
        self.put_aside(&pending);
    }

    fn put_aside(&mut self, bytes: &[u8]) {
        let room = MAX_SURPLUS.saturating_sub(self.surplus.len()).min(bytes.len());
        self.surplus.extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.surplus_count += bytes.len();
    }
}

#[cfg(test)]
mod tests;
