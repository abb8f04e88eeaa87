//! One answer that goes on: its events or lines as they come in.
//!
//! Waits; what should have come is not known here.

use std::rc::Rc;
use std::time::Duration;

use generator::contract::{Layout, Operation};
use serde_json::Value;
use tokio::time::Instant;

use super::session::Session;
use crate::call::Call;
use crate::frame::{Decoder, Event};
use crate::judge;
use crate::transcript::Transcript;
use crate::wire::{Read, Stream};

/// How soon a wish to stop is heard.
const SLICE: Duration = Duration::from_millis(200);
/// A silence of so many round trips tells something.
const ROUND_TRIPS: u32 = 100;
/// No answer is read further than that, in bytes.
const MOST: u64 = 16 << 20;

/// What came so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The documents of its lines.
    pub(super) events: Vec<Value>,
    /// All of it.
    pub(super) bytes: Vec<u8>,
}

/// An answer that goes on.
pub(super) struct Feed<'r, 'a> {
    session: &'r Session<'a>,
    operation: &'r Operation,
    call: Call,
    stream: Stream,
    decoder: Decoder,
    framed: bool,
    broken: bool,
    pub(super) seen: Seen,
    /// The silence after which waiting is given up.
    pub(super) silence: Duration,
}

impl<'r, 'a> Feed<'r, 'a> {
    /// Sends the request and reads the head of the answer. The answer may last for so long.
    pub(super) async fn open(
        session: &'r Session<'a>,
        operation: &'r Operation,
        call: Call,
        time: Duration,
    ) -> Self {
        let patience = session.settings.patience;
        let mut probe = session.probe(operation, &call);
        probe.fresh_connection = true;
        probe.caps.bytes = Some(MOST);
        probe.caps.time = Some(time.saturating_add(patience));
        let stream = session.open(&probe).await;
        let rule = stream
            .head()
            .and_then(|head| judge::framing(session.validators, operation, &call, head));
        let lines = rule.map(|rule| &rule.framing.receive);
        let lines =
            lines.filter(|layout| matches!(layout, Layout::Lines(_) | Layout::TextLines(_)));
        let decoder = Decoder::new(lines.unwrap_or(&Layout::Raw));
        let measured = stream.round_trip().unwrap_or_default().saturating_mul(ROUND_TRIPS);
        let silence = measured.max(patience / 2).min(patience);
        let framed = lines.is_some();
        Self {
            session,
            operation,
            call,
            stream,
            decoder,
            framed,
            broken: false,
            seen: Seen::default(),
            silence,
        }
    }

    /// Whether the answer is a stream of lines.
    pub(super) fn is_open(&self) -> bool {
        self.framed
    }

    /// The status of the answer, if one came.
    pub(super) fn status(&self) -> Option<u16> {
        self.stream.head().map(|head| head.status)
    }

    /// Whether nothing more will come.
    pub(super) fn is_over(&self) -> bool {
        self.stream.end().is_some()
    }

    /// Reads until that holds of what came, or the answer ends, or nothing came for long; says whether it holds.
    pub(super) async fn until(&mut self, holds: impl Fn(&Seen) -> bool) -> bool {
        let mut deadline = Instant::now() + self.silence;
        let mut known = 0;
        loop {
            if self.seen.bytes.len() > known {
                known = self.seen.bytes.len();
                deadline = Instant::now() + self.silence;
                if holds(&self.seen) {
                    return true;
                }
            }
            if self.broken || Instant::now() >= deadline || !self.step(deadline).await {
                return false;
            }
        }
    }

    /// Reads until the answer ends or that time is over.
    pub(super) async fn read_out(&mut self, time: Duration) {
        let deadline = Instant::now() + time;
        while Instant::now() < deadline && self.step(deadline).await {}
    }

    /// Waits for more; false if there is nothing to wait for.
    async fn step(&mut self, deadline: Instant) -> bool {
        if self.session.is_stopped() {
            return false;
        }
        let slice = deadline.min(Instant::now() + SLICE);
        match self.session.clock().wait(self.stream.read_some(slice)).await {
            Read::Bytes(bytes) => {
                self.take(&bytes);
                true
            }
            Read::Quiet => true,
            Read::Ended => false,
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.seen.bytes.extend_from_slice(bytes);
        self.decoder.push(bytes);
        loop {
            match self.decoder.next() {
                Ok(Some(Event::Item { value, .. })) => self.seen.events.push(value),
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(_) => {
                    self.broken = true;
                    return;
                }
            }
        }
    }

    /// Leaves the answer where it is still open, and has the exchange judged by itself.
    pub(super) async fn leave(mut self) -> Left {
        if self.stream.end().is_none() {
            self.stream.drop_connection();
        }
        let transcript = Rc::new(self.stream.finish().await);
        let exchange = self.session.judged(self.operation, &self.call, transcript);
        self.session.note(self.operation, &exchange);
        Left { framed: self.framed, seen: self.seen, transcript: exchange.transcript }
    }
}

/// An answer that is over.
pub(super) struct Left {
    /// Whether it was a stream of lines.
    pub(super) framed: bool,
    pub(super) seen: Seen,
    pub(super) transcript: Rc<Transcript>,
}
