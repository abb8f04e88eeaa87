//! One exchange in progress: moves bytes between a connection and an answer, and keeps the times.
//!
//! Every wait has a deadline, and writing never stops reading, so that two full pipes cannot block each other.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, timeout_at};

use super::answer::{Answer, Asked, Parts};
use super::connection::{Connection, Moved};
use super::exchange::Shared;
use super::limits::Limits;
use super::request;
use crate::probe::{Probe, Until};
use crate::transcript::{Chunk, End, Head, Transcript};

/// How long a body is looked out for after an answer that may have none, at least and at most.
const LINGER: (Duration, Duration) = (Duration::from_millis(2), Duration::from_millis(50));

/// An exchange whose head has come, or that has ended without one.
pub struct Stream {
    shared: Arc<Shared>,
    probe: Probe,
    connection: Option<Connection>,
    fresh: bool,
    answer: Answer,
    started: Instant,
    deadline: Instant,
    head_deadline: Instant,
    body_time: Duration,
    request_head: Bytes,
    asked_at: Option<Duration>,
    whole_request: bool,
    first_byte: Option<Duration>,
    sent: Vec<Chunk>,
    half_closed: Option<Duration>,
    unread: Option<BytesMut>,
    end: Option<End>,
}

/// What a wait for bytes brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// Bytes of the body or stream that were not handed out before.
    Bytes(Bytes),
    /// Nothing until the deadline.
    Quiet,
    /// Nothing more will come; [`Stream::end`] says why.
    Ended,
}

impl Stream {
    /// The final head of the answer, or the 101.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        self.answer.head()
    }

    /// Whether another protocol has taken over.
    #[must_use]
    pub fn is_takeover(&self) -> bool {
        self.answer.is_takeover()
    }

    /// How the exchange ended, once it has.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Bytes of body or stream so far.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.answer.received()
    }

    /// From the last byte of the request to the first byte of the answer.
    #[must_use]
    pub fn round_trip(&self) -> Option<Duration> {
        Some(self.first_byte?.saturating_sub(self.asked_at?))
    }

    /// Writes to the stream, reading what comes meanwhile; says whether everything went out. Without a takeover
    /// nothing does.
    pub async fn send(&mut self, bytes: &[u8]) -> bool {
        if !self.is_takeover() || self.half_closed.is_some() {
            return false;
        }
        let at = self.now();
        let length = self.pump(bytes, self.deadline).await;
        let written = Bytes::copy_from_slice(bytes.get(..length).unwrap_or_default());
        self.sent.push(Chunk { at, bytes: written });
        length == bytes.len()
    }

    /// Ends the own direction of the stream; the server's goes on. Without a takeover nothing happens.
    pub async fn half_close(&mut self) {
        if !self.is_takeover() || self.half_closed.is_some() || self.end.is_some() {
            return;
        }
        self.half_closed = Some(self.now());
        if let Some(connection) = &mut self.connection
            && connection.half_close().await.is_err()
        {
            self.finish_with(End::Reset);
        }
    }

    /// Waits until the deadline for bytes that were not handed out before.
    pub async fn read_some(&mut self, deadline: Instant) -> Read {
        loop {
            if let Some(unread) = self.unread.as_mut().filter(|unread| !unread.is_empty()) {
                return Read::Bytes(unread.split().freeze());
            }
            if self.end.is_some() {
                return Read::Ended;
            }
            if !self.wait(deadline).await {
                return Read::Quiet;
            }
        }
    }

    /// Closes the connection in both directions at once.
    pub fn drop_connection(&mut self) {
        self.finish_with(End::Dropped);
    }

    /// Reads on to what the probe waits for, and tells what happened.
    pub async fn finish(mut self) -> Transcript {
        let refused = self.head().is_some_and(|head| head.status >= 400);
        match self.probe.until {
            Until::Head if !refused => {}
            Until::Head | Until::End => self.read_until_count(u64::MAX).await,
            Until::Bytes(count) => self.read_until_count(count).await,
        }
        if self.end.is_none() {
            self.finish_with(End::Complete);
        }
        self.look_out_for_surplus().await;
        self.into_transcript()
    }

    /// An exchange that has not begun.
    pub(super) fn new(
        shared: Arc<Shared>,
        probe: Probe,
        connection: Result<Connection, String>,
        fresh: bool,
    ) -> Self {
        let mut limits = shared.limits.clone();
        narrow(&mut limits, &probe);
        let asked = Asked { head: probe.request.method == "HEAD", upgrade: probe.expect_takeover };
        let started = Instant::now();
        let (connection, end) = match connection {
            Ok(connection) => (Some(connection), None),
            Err(reason) => (None, Some(End::Unreachable(reason))),
        };
        Self {
            connection,
            fresh,
            started,
            deadline: later(started, limits.overall),
            head_deadline: later(started, limits.head.min(limits.overall)),
            body_time: limits.body,
            answer: Answer::new(asked, limits),
            request_head: Bytes::new(),
            asked_at: None,
            whole_request: false,
            first_byte: None,
            sent: Vec::new(),
            half_closed: None,
            unread: None,
            end,
            shared,
            probe,
        }
    }

    /// Whether bytes are kept for [`Stream::read_some`].
    pub(super) fn keeps_unread(&mut self, keeps: bool) {
        self.unread = keeps.then(BytesMut::new);
    }

    /// Writes the request and reads up to the head of the answer.
    pub(super) async fn ask(&mut self) {
        let encoded = request::encode(&self.shared.target, &self.probe.request);
        self.request_head = encoded.head;
        let length = self.pump(&encoded.all, self.head_deadline).await;
        self.whole_request = length == encoded.all.len();
        self.asked_at = Some(self.now());
        while self.answer.head().is_none() && self.end.is_none() {
            if !self.wait(self.head_deadline).await {
                self.finish_with(End::Deadline);
            }
        }
    }

    /// Whether a connection out of the pool gave not a byte, so that the server may never have seen the request.
    pub(super) fn met_a_stale_connection(&self) -> bool {
        !self.fresh
            && self.answer.is_empty()
            && matches!(self.end, Some(End::Truncated | End::Reset))
    }

    /// Reads until nothing came for so long.
    pub(super) async fn read_until_quiet(&mut self, quiet: Duration) {
        while self.wait(later(Instant::now(), quiet)).await {}
    }

    /// Reads until so many bytes have come in all.
    pub(super) async fn read_until_count(&mut self, count: u64) {
        while self.answer.received() < count && self.wait(self.deadline).await {}
    }

    /// Reads for so long.
    pub(super) async fn read_for(&mut self, time: Duration) {
        let until = later(Instant::now(), time);
        while self.wait(until).await {}
    }

    /// Waits for bytes and takes them in; false if the deadline passed first or there is nothing to wait for.
    async fn wait(&mut self, deadline: Instant) -> bool {
        let hard = self.hard_deadline();
        let Some(connection) = self.connection.as_mut().filter(|_| self.end.is_none()) else {
            return false;
        };
        match timeout_at(deadline.min(hard), connection.read()).await {
            Ok(read) => self.absorb(&read),
            Err(_) if hard <= deadline => {
                self.finish_with(End::Deadline);
                return false;
            }
            Err(_) => return false,
        }
        true
    }

    /// Writes, and takes in what comes meanwhile; says how much went out. A writing that fails is no end yet:
    /// the answer may tell why.
    async fn pump(&mut self, outgoing: &[u8], deadline: Instant) -> usize {
        let mut rest = outgoing;
        while !rest.is_empty() && self.end.is_none() {
            let Some(connection) = &mut self.connection else { break };
            match timeout_at(deadline, connection.write_or_read(rest)).await {
                Ok(Moved::Out(Ok(length))) => rest = rest.get(length..).unwrap_or_default(),
                Ok(Moved::Out(Err(_))) => break,
                Ok(Moved::In(read)) => self.absorb(&read),
                Err(_) => self.finish_with(End::Deadline),
            }
        }
        if let Some(connection) = &mut self.connection
            && timeout_at(deadline, connection.flush()).await.is_err()
        {
            self.finish_with(End::Deadline);
        }
        outgoing.len() - rest.len()
    }

    fn absorb(&mut self, read: &io::Result<usize>) {
        let at = self.now();
        let end = match (read, &self.connection) {
            (Err(_), _) => Some(End::Reset),
            (Ok(0), _) | (_, None) => Some(self.answer.close()),
            (Ok(_), Some(connection)) => {
                self.first_byte.get_or_insert(at);
                let unread = &mut self.unread;
                self.answer.push(connection.incoming(), at, &mut |content| {
                    if let Some(unread) = unread {
                        unread.extend_from_slice(content);
                    }
                });
                self.answer.end().cloned()
            }
        };
        if let Some(end) = end {
            self.finish_with(end);
        }
    }

    /// The first end counts. A connection that cannot be used any more is closed at once.
    fn finish_with(&mut self, end: End) {
        if self.end.is_some() {
            return;
        }
        if end != End::Complete {
            self.connection = None;
        }
        self.end = Some(end);
    }

    /// A body that may not be there often comes a moment after the head.
    async fn look_out_for_surplus(&mut self) {
        if self.end != Some(End::Complete) || !self.answer.is_bodiless() {
            return;
        }
        let (least, most) = LINGER;
        let until = Instant::now() + (self.round_trip().unwrap_or_default() * 2).clamp(least, most);
        let at = self.now();
        let Some(connection) = &mut self.connection else { return };
        match timeout_at(until, connection.read()).await {
            Ok(Ok(length)) if length > 0 => {
                self.answer.push(connection.incoming(), at, &mut |_| ());
            }
            Ok(_) => self.connection = None,
            Err(_) => {}
        }
    }

    fn into_transcript(mut self) -> Transcript {
        let elapsed = self.now();
        let round_trip = self.round_trip();
        self.give_back();
        let Parts { interim, head, body, surplus, irregularities } = self.answer.into_parts();
        Transcript {
            target: self.shared.target.to_string(),
            probe: self.probe,
            request_head: self.request_head,
            fresh_connection: self.fresh,
            interim,
            head,
            body,
            surplus,
            sent: self.sent,
            half_closed: self.half_closed,
            irregularities,
            end: self.end.unwrap_or(End::Complete),
            round_trip,
            elapsed,
        }
    }

    /// Leaves the connection to others if it is as good as new.
    fn give_back(&mut self) {
        let asked_to_close = self.probe.request.headers.iter().any(|header| {
            header.is("Connection")
                && header.members().any(|each| each.eq_ignore_ascii_case("close"))
        });
        let usable = self.whole_request
            && !asked_to_close
            && !self.probe.fresh_connection
            && !self.probe.expect_takeover
            && self.answer.leaves_connection_usable();
        if let Some(connection) = self.connection.take().filter(|_| usable) {
            self.shared.pool.put(connection, self.shared.limits.idle);
        }
    }

    fn hard_deadline(&self) -> Instant {
        match self.answer.head() {
            None => self.head_deadline,
            Some(_) if self.is_takeover() => self.deadline,
            Some(head) => self.deadline.min(later(self.started + head.at, self.body_time)),
        }
    }

    /// Cut to the microsecond, which is what a transcript can write down.
    fn now(&self) -> Duration {
        let elapsed = self.started.elapsed();
        elapsed - Duration::from_nanos(u64::from(elapsed.subsec_nanos() % 1000))
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("request", &self.probe.request)
            .field("head", &self.answer.head())
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

/// A time that the clock cannot hold is as good as a day.
fn later(start: Instant, by: Duration) -> Instant {
    start.checked_add(by).unwrap_or_else(|| start + Duration::from_secs(24 * 60 * 60))
}

fn narrow(limits: &mut Limits, probe: &Probe) {
    if let Some(bytes) = probe.caps.bytes {
        limits.body_bytes = limits.body_bytes.min(bytes);
    }
    if let Some(time) = probe.caps.time {
        limits.overall = limits.overall.min(time);
    }
}
