//! A WebSocket whose messages are on channels: what each of them says, by the name of its channel.
//!
//! Joins the decoder of WebSocket with that of the layout. Says nothing of what should have been said.

use std::sync::Arc;

use bytes::Bytes;
use generator::contract::{Channels, Layout, Operation};

use super::channels::{ChannelDecoder, ChannelEvent, ChannelViolation, PairDecoder, PairEvent};
use super::websocket::{MessageKind, Side, WebSocketDecoder, WebSocketEvent, WebSocketViolation};

/// What the server says. Offsets count bytes from the start of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoken {
    /// Bytes on a channel; there may be none.
    Data {
        /// Where the message begins.
        offset: u64,
        /// The channel.
        name: Arc<str>,
        /// The bytes.
        payload: Bytes,
    },
    /// The value with which a channel of a pair opens.
    Opened {
        /// Where the message begins.
        offset: u64,
        /// The channel.
        name: Arc<str>,
        /// Which pair, counted from 0.
        pair: u8,
        /// The value.
        value: u64,
    },
    /// The end of a channel.
    Ended {
        /// Where the message begins.
        offset: u64,
    },
    /// Nothing, where that is allowed.
    Nothing {
        /// Where the message begins.
        offset: u64,
    },
    /// A message that breaks the layout; those after it can be read.
    Breach {
        /// Where the message begins.
        offset: u64,
        /// How.
        violation: ChannelViolation,
    },
    /// A question whether this side is there, to be answered with the same bytes.
    Ping {
        /// Where it begins.
        offset: u64,
        /// The bytes.
        payload: Bytes,
    },
    /// The answer to such a question.
    Pong {
        /// Where it begins.
        offset: u64,
        /// The bytes.
        payload: Bytes,
    },
    /// The end of what the server says.
    Close {
        /// Where it begins.
        offset: u64,
        /// The code, if one is given.
        code: Option<u16>,
    },
}

/// Reads what a server says on the channels of a WebSocket.
#[derive(Clone, Debug)]
pub struct Multiplex {
    socket: WebSocketDecoder,
    reader: Reader,
}

#[derive(Clone, Debug)]
enum Reader {
    Named(ChannelDecoder),
    Paired(PairDecoder),
}

/// The name of a channel of the i-th pair: `data-0`, `error-0`, `data-1` and so on.
#[must_use]
pub fn pair_name(pair: u8, error: bool) -> String {
    format!("{}-{pair}", if error { "error" } else { "data" })
}

/// Every subprotocol that some framing of the operation has.
#[must_use]
pub fn subprotocols(operation: &Operation) -> Vec<&str> {
    let contents = operation.responses.iter().flat_map(|(_, response)| &response.content);
    let rules = contents.flat_map(|content| &content.frames).chain(&operation.frames);
    let mut found: Vec<&str> = Vec::new();
    for rule in rules {
        let (Layout::Channels(Channels { protocols, .. }) | Layout::ChannelPairs { protocols, .. }) =
            &rule.framing.receive
        else {
            continue;
        };
        let names = protocols.keys().map(String::as_str);
        let news: Vec<_> = names.filter(|name| !found.contains(name)).collect();
        found.extend(news);
    }
    found
}

impl Multiplex {
    /// A reader for a layout, a subprotocol and so many pairs; `None` if the layout has no channels or does not have
    /// the subprotocol.
    #[must_use]
    pub fn new(layout: &Layout, protocol: &str, pairs: u8) -> Option<Self> {
        let reader = match layout {
            Layout::Channels(channels) => Reader::Named(ChannelDecoder::new(channels, protocol)?),
            Layout::ChannelPairs { protocols, opens_with, .. } => {
                Reader::Paired(PairDecoder::new(protocols, opens_with.as_ref(), protocol, pairs)?)
            }
            _ => return None,
        };
        Some(Self { socket: WebSocketDecoder::new(Side::Server), reader })
    }

    /// Takes in what came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.socket.push(bytes);
    }

    /// The next thing said; `None` if it is not whole yet.
    ///
    /// # Errors
    /// The law of WebSocket that is broken, again at every further call.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot say that more may come later"
    )]
    pub fn next(&mut self) -> Result<Option<Spoken>, WebSocketViolation> {
        Ok(self.socket.next()?.map(|event| match event {
            WebSocketEvent::Message { offset, kind, payload, .. } => {
                self.reader.read(offset, kind, &payload)
            }
            WebSocketEvent::Ping { offset, payload } => Spoken::Ping { offset, payload },
            WebSocketEvent::Pong { offset, payload } => Spoken::Pong { offset, payload },
            WebSocketEvent::Close { offset, code } => Spoken::Close { offset, code },
        }))
    }

    /// What is amiss, given that nothing more comes.
    ///
    /// # Errors
    /// The law that is broken.
    pub fn finish(&self) -> Result<(), WebSocketViolation> {
        self.socket.finish()
    }
}

impl Reader {
    fn read(&mut self, offset: u64, kind: MessageKind, bytes: &[u8]) -> Spoken {
        match self {
            Self::Named(decoder) => decoder.read(kind, bytes).map_or_else(
                |violation| Spoken::Breach { offset, violation },
                |event| named(offset, event),
            ),
            Self::Paired(decoder) => decoder.read(kind, bytes).map_or_else(
                |violation| Spoken::Breach { offset, violation },
                |event| paired(offset, event),
            ),
        }
    }
}

fn named(offset: u64, event: ChannelEvent) -> Spoken {
    match event {
        ChannelEvent::Data { name, payload, .. } => Spoken::Data { offset, name, payload },
        ChannelEvent::Close { .. } => Spoken::Ended { offset },
        ChannelEvent::Empty => Spoken::Nothing { offset },
    }
}

fn paired(offset: u64, event: PairEvent) -> Spoken {
    match event {
        PairEvent::Opened { pair, error, value } => {
            Spoken::Opened { offset, name: pair_name(pair, error).into(), pair, value }
        }
        PairEvent::Data { pair, error, payload } => {
            Spoken::Data { offset, name: pair_name(pair, error).into(), payload }
        }
        PairEvent::Close { .. } => Spoken::Ended { offset },
    }
}
