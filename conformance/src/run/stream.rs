//! An open stream, cut into its named streams as it comes in.
//!
//! Waits and writes; what should have come is not known here.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use generator::contract::{FieldRole, Framing, Layout, Operation};
use serde_json::Value;
use tokio::time::Instant;

use super::clock::Clock;
use super::session::Session;
use super::socket::{Socket, document_channels};
use crate::call::Call;
use crate::frame::{Decoder, Event, Mark, Outgoing, encode, hexdump};
use crate::judge;
use crate::probe::Until;
use crate::transcript::{End, Transcript};
use crate::wire::{Read, Stream};
use crate::workflow::{Action, Content, Expectation, Reach, Stream as Script};

/// How soon a wish to stop is heard.
const SLICE: Duration = Duration::from_millis(200);
/// A silence of so many round trips tells something.
const ROUND_TRIPS: u32 = 100;
/// A silence of this share of the user's patience tells something, however fast the server is.
const SHARE: u32 = 2;

/// So many bytes may come beyond what a script asks for.
const SPARE: u64 = 16 << 20;

/// So much is taken in ahead of a stream that is left in its middle.
const WINDOW: u32 = 2048;

/// An open stream.
pub(super) struct Talk {
    stream: Stream,
    framing: Option<Framing>,
    decoder: Decoder,
    /// Where messages on channels are cut instead.
    socket: Option<Socket>,
    broken: bool,
    raw: Vec<u8>,
    streams: BTreeMap<String, Carried>,
    silence: Duration,
    clock: Rc<Clock>,
}

/// What one named stream has carried.
#[derive(Debug, Default)]
struct Carried {
    bytes: Vec<u8>,
    /// Where its pieces begin: in the named stream, and in the stream as a whole.
    pieces: Vec<(usize, u64)>,
}

/// What a wait brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waited {
    /// Bytes.
    Came,
    /// Nothing in the time given.
    Quiet,
    /// Nothing more will come.
    Over,
}

impl Talk {
    /// Sends the request and reads the head of the answer. The stream may last for some of the user's patience and
    /// the time that the script asks for; of one that is left in its middle little is taken in ahead.
    pub(super) async fn open(
        session: &Session<'_>,
        operation: &Operation,
        call: &Call,
        script: &Script,
    ) -> Self {
        let patience = session.settings.patience;
        let mut probe = session.probe(operation, call);
        probe.fresh_connection = true;
        probe.until = Until::End;
        probe.caps.bytes = Some(room(script));
        probe.caps.time = Some(patience.saturating_mul(3).saturating_add(stated_time(script)));
        probe.caps.window = script.is_left().then_some(WINDOW);
        let stream = session.open(&probe).await;
        let rule = stream
            .head()
            .and_then(|head| judge::framing(session.validators, operation, call, head));
        let framing = rule.map(|rule| rule.framing.clone());
        let socket = stream
            .head()
            .zip(framing.as_ref())
            .filter(|_| stream.is_takeover())
            .and_then(|(head, framing)| Socket::new(framing, call, head));
        // Without a documented subprotocol what comes cannot be told apart.
        let broken = socket.is_none() && framing.as_ref().is_some_and(is_channels);
        let decoder = Decoder::new(framing.as_ref().map_or(&Layout::Raw, |it| &it.receive));
        let measured = stream.round_trip().unwrap_or_default().saturating_mul(ROUND_TRIPS);
        let silence = measured.max(patience / SHARE).min(patience);
        let streams = BTreeMap::new();
        Self {
            stream,
            framing,
            decoder,
            socket,
            broken,
            raw: Vec::new(),
            streams,
            silence,
            clock: Rc::clone(session.clock()),
        }
    }

    /// The status of the answer, if one came.
    pub(super) fn status(&self) -> Option<u16> {
        self.stream.head().map(|head| head.status)
    }

    /// How the exchange ended, if it has.
    pub(super) fn end(&self) -> Option<&End> {
        self.stream.end()
    }

    /// Whether the answer is a stream with a documented framing.
    pub(super) fn is_framed(&self) -> bool {
        self.framing.is_some()
    }

    /// Whether the framing is broken, so that what comes can no longer be told apart.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether the client can send.
    pub(super) fn is_two_way(&self) -> bool {
        let is_mute = self.socket.is_none() && self.framing.as_ref().is_some_and(is_channels);
        self.stream.is_takeover() && !is_mute
    }

    /// Whether the server ended the stream, and all of it was read.
    pub(super) fn was_ended(&self) -> bool {
        let by_server =
            |end: &End| matches!(end, End::Complete | End::Closed | End::Truncated | End::Reset);
        self.end().is_some_and(by_server) && self.raw.len() as u64 >= self.stream.received()
    }

    /// How many bytes were read.
    pub(super) fn received(&self) -> usize {
        self.raw.len()
    }

    /// The silence after which waiting is given up.
    pub(super) fn silence(&self) -> Duration {
        self.silence
    }

    /// What a named stream has carried.
    pub(super) fn carried(&self, name: &str) -> &[u8] {
        self.streams.get(name).map_or(&[], |carried| &carried.bytes)
    }

    /// The names and contents of all streams but one.
    pub(super) fn others(&self, name: &str) -> impl Iterator<Item = (&str, &[u8])> {
        self.streams
            .iter()
            .filter(move |(other, _)| *other != name)
            .map(|(other, carried)| (other.as_str(), carried.bytes.as_slice()))
    }

    /// Whether it is a WebSocket with channels that can be told apart.
    pub(super) fn has_socket(&self) -> bool {
        self.socket.is_some()
    }

    /// Whether a pong with that payload came.
    pub(super) fn was_answered(&self, payload: &[u8]) -> bool {
        self.socket.as_ref().is_some_and(|socket| socket.was_answered(payload))
    }

    /// The code of the server's close, if it has come; a close need not have one.
    pub(super) fn close_code(&self) -> Option<Option<u16>> {
        self.socket.as_ref()?.code()
    }

    /// The documents on a channel, or on all that carry documents; one that is not whole yet is left out.
    pub(super) fn documents(&self, name: Option<&str>) -> Vec<Value> {
        let channels = match (name, &self.framing) {
            (Some(name), _) => vec![name],
            (None, Some(framing)) => document_channels(framing),
            (None, None) => Vec::new(),
        };
        let read = |name| serde_json::Deserializer::from_slice(self.carried(name)).into_iter();
        channels.into_iter().flat_map(read).map_while(Result::ok).collect()
    }

    /// Whether any document came, with which streams usually end.
    pub(super) fn has_documents(&self) -> bool {
        !self.documents(None).is_empty()
    }

    /// Waits for bytes, but not past the deadline.
    pub(super) async fn wait(&mut self, deadline: Instant) -> Waited {
        let slice = deadline.min(Instant::now() + SLICE);
        match self.clock.wait(self.stream.read_some(slice)).await {
            Read::Bytes(bytes) => {
                self.take(&bytes);
                let replies = self.socket.as_mut().map(Socket::replies);
                for reply in replies.into_iter().flatten() {
                    self.stream.send(&reply).await;
                }
                Waited::Came
            }
            Read::Quiet => Waited::Quiet,
            Read::Ended => {
                self.take_rest();
                Waited::Over
            }
        }
    }

    /// Writes bytes to a named stream, in so many parts where it carries messages; says whether they went out.
    pub(super) async fn send(&mut self, name: &str, bytes: &[u8], parts: Option<usize>) -> bool {
        let encoded = match (&mut self.socket, &self.framing, parts) {
            (Some(socket), _, Some(parts)) => socket.outlet.fragmented(name, bytes, parts),
            (Some(socket), _, None) => socket.outlet.message(name, bytes),
            (None, Some(framing), _) if !self.broken => encoded(framing, name, bytes),
            _ => None,
        };
        match encoded {
            Some(encoded) => self.stream.send(&encoded).await,
            None if self.socket.is_some() => false,
            None => self.stream.send(bytes).await,
        }
    }

    /// Says something on the WebSocket, if it is one.
    pub(super) async fn say(&mut self, what: impl FnOnce(&mut Socket) -> Bytes) {
        let said = self.socket.as_mut().map(what);
        if let Some(said) = said {
            self.stream.send(&said).await;
        }
    }

    /// Ends the own direction of a named stream; whether there is a way to.
    pub(super) async fn close_send(&mut self, name: &str) -> bool {
        let Some(socket) = &mut self.socket else {
            self.stream.half_close().await;
            return true;
        };
        let end = socket.outlet.end(name);
        match &end {
            Some(end) => self.stream.send(end).await,
            None => false,
        }
    }

    /// The bytes around a place in a named stream, or at the end of all that came.
    pub(super) fn dump(&self, at: Option<(&str, usize)>, note: &str) -> String {
        let place = at.and_then(|(name, at)| self.streams.get(name)?.place(at));
        let mark = Mark { offset: place.unwrap_or(self.raw.len() as u64), note: note.to_owned() };
        let layout = self.framing.as_ref().map_or(&Layout::Raw, |framing| &framing.receive);
        hexdump(&self.raw, layout, &mark)
    }

    /// Leaves the stream, where it is still open, and tells what happened.
    pub(super) async fn leave(mut self) -> Transcript {
        if self.stream.end().is_none() {
            self.stream.drop_connection();
        }
        self.stream.finish().await
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        if self.socket.is_some() {
            return self.take_messages(bytes);
        }
        self.decoder.push(bytes);
        loop {
            match self.decoder.next() {
                Ok(Some(event)) => self.sort(&event),
                Ok(None) => return,
                Err(_) => {
                    self.broken = true;
                    return;
                }
            }
        }
    }

    /// What came last and has no end of its own. What is cut off there carries nothing.
    fn take_rest(&mut self) {
        if self.socket.is_none()
            && let Ok(Some(event)) = self.decoder.finish()
        {
            self.sort(&event);
        }
    }

    fn take_messages(&mut self, bytes: &[u8]) {
        let Some(socket) = &mut self.socket else { return };
        socket.push(bytes);
        loop {
            match socket.next() {
                Ok(Some(piece)) => {
                    let carried = self.streams.entry(piece.name.to_string()).or_default();
                    carried.pieces.push((carried.bytes.len(), piece.offset));
                    carried.bytes.extend_from_slice(&piece.payload);
                }
                Ok(None) => return,
                Err(_) => {
                    self.broken = true;
                    return;
                }
            }
        }
    }

    fn sort(&mut self, event: &Event) {
        let header = match (event, self.framing.as_ref().map(|framing| &framing.receive)) {
            (Event::Frame { .. }, Some(Layout::LengthPrefixed(layout))) => {
                layout.header.iter().map(|field| field.kind.width() as u64).sum()
            }
            _ => 0,
        };
        let carried = self.streams.entry(event.stream().to_owned()).or_default();
        carried.pieces.push((carried.bytes.len(), event.offset() + header));
        carried.bytes.extend_from_slice(event.payload());
        // A line's end is part of what was written.
        if let Event::Item { terminated: true, .. } | Event::Line { terminated: true, .. } = event {
            carried.bytes.push(b'\n');
        }
    }
}

impl Carried {
    /// Where a byte of the named stream stands in the stream as a whole.
    fn place(&self, at: usize) -> Option<u64> {
        let after = self.pieces.partition_point(|(start, _)| *start <= at);
        let (start, offset) = self.pieces.get(after.checked_sub(1)?)?;
        Some(offset + (at - start) as u64)
    }
}

fn is_channels(framing: &Framing) -> bool {
    matches!(framing.receive, Layout::Channels(_) | Layout::ChannelPairs { .. })
}

/// The bytes of a unit where the client's direction is cut into units as well.
fn encoded(framing: &Framing, name: &str, bytes: &[u8]) -> Option<Bytes> {
    let Layout::LengthPrefixed(layout) = &framing.send.layout else { return None };
    let stream = layout.header.iter().find_map(|field| match &field.role {
        FieldRole::Stream(names) => {
            names.iter().find(|(_, known)| *known == name).map(|(number, _)| *number)
        }
        _ => None,
    });
    let frame = Outgoing::Frame { stream: stream.unwrap_or_default(), payload: bytes };
    encode(&framing.send.layout, frame).ok()
}

/// How many bytes may come: what the script asks for twice over, and some more.
fn room(script: &Script) -> u64 {
    let asked = script.script.iter().map(|entry| match &entry.action {
        Action::Expect(Expectation { content: Content::Length(length), .. }) => *length,
        Action::Expect(Expectation {
            content: Content::Exactly(payload) | Content::Contains(payload),
            ..
        }) => payload.length(),
        _ => 0,
    });
    asked.fold(0, u64::saturating_add).saturating_mul(2).saturating_add(SPARE)
}

/// The time that a script itself asks for.
fn stated_time(script: &Script) -> Duration {
    let times = script.script.iter().map(|entry| match &entry.action {
        Action::StaysOpen(time) => *time,
        Action::Expect(Expectation { reach: Reach::Within(time), .. }) => *time,
        _ => Duration::ZERO,
    });
    times.sum()
}
