//! Messages that begin with a channel number, as WebSocket subprotocols carry them (RFC 6455 gives the messages).
//!
//! Takes whole messages; the layer that cuts a connection into messages is not here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use generator::contract::{Channels, OpeningValue};
use thiserror::Error;

use super::header::number;
use super::websocket::MessageKind;

/// How a message holds its channel and payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// A byte with the channel's number, then the payload.
    Binary,
    /// A digit, then the payload in base64.
    Base64,
}

impl Encoding {
    /// What such messages are made of.
    pub(super) fn kind(self) -> MessageKind {
        match self {
            Self::Binary => MessageKind::Binary,
            Self::Base64 => MessageKind::Text,
        }
    }
}

/// A message that breaks its layout; messages are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChannelViolation {
    /// It is a text where the subprotocol has bytes, or the other way round.
    #[error("message {message} is {}", wrong(*.found))]
    WrongKind {
        /// Which message.
        message: u64,
        /// What it is.
        found: MessageKind,
    },
    /// It is empty where it must not be.
    #[error("message {message} is empty")]
    Empty {
        /// Which message.
        message: u64,
    },
    /// The layout does not have the channel.
    #[error("message {message} is for channel {channel}, which the layout does not have")]
    UnknownChannel {
        /// Which message.
        message: u64,
        /// The number.
        channel: u8,
    },
    /// The channel is one that only the other side writes.
    #[error("message {message} comes on channel {channel}, which only the client writes")]
    WrongDirection {
        /// Which message.
        message: u64,
        /// The number.
        channel: u8,
    },
    /// It is not in base64 although the subprotocol says so.
    #[error("message {message} is not a digit and base64")]
    NotBase64 {
        /// Which message.
        message: u64,
    },
    /// A close names anything but exactly one channel.
    #[error("message {message} closes anything but exactly one channel of the layout")]
    BadClose {
        /// Which message.
        message: u64,
    },
    /// The first message of a channel is not the value it must carry.
    #[error("message {message} must carry the {expected} bytes of `{value}`, found {found}")]
    BadOpening {
        /// Which message.
        message: u64,
        /// What the value is.
        value: String,
        /// Bytes it takes.
        expected: usize,
        /// Bytes that came.
        found: usize,
    },
}

/// What a message on named channels says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelEvent {
    /// Bytes on a channel.
    Data {
        /// Its number.
        channel: u8,
        /// Its name.
        name: Arc<str>,
        /// The bytes.
        payload: Bytes,
    },
    /// The end of a channel.
    Close {
        /// Its number.
        channel: u8,
    },
    /// Nothing; only the first message may.
    Empty,
}

/// Reads messages on named channels, as the server sends them.
#[derive(Clone, Debug)]
pub struct ChannelDecoder {
    encoding: Encoding,
    close: Option<u8>,
    channels: BTreeMap<u8, (Arc<str>, bool)>,
    first_may_be_empty: bool,
    message: u64,
}

impl ChannelDecoder {
    /// A decoder for a subprotocol; `None` if the layout does not offer it.
    #[must_use]
    pub fn new(layout: &Channels, protocol: &str) -> Option<Self> {
        let (encoding, close) = agreed(&layout.protocols, protocol)?;
        let channels = layout.channels.iter().map(|(number, channel)| {
            (*number, (Arc::from(channel.name.as_str()), channel.to_server))
        });
        Some(Self {
            encoding,
            close,
            channels: channels.collect(),
            first_may_be_empty: layout.first_may_be_empty,
            message: 0,
        })
    }

    /// Reads the next message, made of that.
    ///
    /// # Errors
    /// How it breaks the layout. The messages after it can still be read.
    pub fn read(
        &mut self,
        kind: MessageKind,
        bytes: &[u8],
    ) -> Result<ChannelEvent, ChannelViolation> {
        if kind == self.encoding.kind() {
            return self.next(bytes);
        }
        let message = self.message;
        self.message += 1;
        Err(ChannelViolation::WrongKind { message, found: kind })
    }

    /// Reads the next message.
    ///
    /// # Errors
    /// How it breaks the layout. The messages after it can still be read.
    pub fn next(&mut self, bytes: &[u8]) -> Result<ChannelEvent, ChannelViolation> {
        let message = self.message;
        self.message += 1;
        if bytes.is_empty() && message == 0 && self.first_may_be_empty {
            return Ok(ChannelEvent::Empty);
        }
        let (channel, payload) = split(self.encoding, bytes, message)?;
        if self.close == Some(channel) {
            return self.close(&payload, message);
        }
        match self.channels.get(&channel) {
            None => Err(ChannelViolation::UnknownChannel { message, channel }),
            Some((_, true)) => Err(ChannelViolation::WrongDirection { message, channel }),
            Some((name, false)) => Ok(ChannelEvent::Data { channel, name: name.clone(), payload }),
        }
    }

    fn close(&self, payload: &[u8], message: u64) -> Result<ChannelEvent, ChannelViolation> {
        match payload {
            &[channel] if self.channels.contains_key(&channel) => {
                Ok(ChannelEvent::Close { channel })
            }
            _ => Err(ChannelViolation::BadClose { message }),
        }
    }
}

/// What a message on channels in pairs says. Pair `i` has data on channel `2i` and errors on `2i + 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairEvent {
    /// The first message of a channel.
    Opened {
        /// Which pair.
        pair: u8,
        /// Whether it is the channel of errors.
        error: bool,
        /// The number that the message carries.
        value: u64,
    },
    /// Bytes on a channel.
    Data {
        /// Which pair.
        pair: u8,
        /// Whether it is the channel of errors.
        error: bool,
        /// The bytes.
        payload: Bytes,
    },
    /// The end of a channel.
    Close {
        /// Its number.
        channel: u8,
    },
}

/// Reads messages on channels in pairs.
#[derive(Clone, Debug)]
pub struct PairDecoder {
    encoding: Encoding,
    close: Option<u8>,
    opens_with: Option<OpeningValue>,
    pairs: u8,
    opened: BTreeSet<u8>,
    message: u64,
}

impl PairDecoder {
    /// A decoder for a subprotocol and so many pairs; `None` if the layout does not offer it.
    #[must_use]
    pub fn new(
        protocols: &BTreeMap<String, (String, Option<u8>)>,
        opens_with: Option<&OpeningValue>,
        protocol: &str,
        pairs: u8,
    ) -> Option<Self> {
        let (encoding, close) = agreed(protocols, protocol)?;
        let opens_with = opens_with.cloned();
        Some(Self { encoding, close, opens_with, pairs, opened: BTreeSet::new(), message: 0 })
    }

    /// Reads the next message, made of that.
    ///
    /// # Errors
    /// How it breaks the layout. The messages after it can still be read.
    pub fn read(&mut self, kind: MessageKind, bytes: &[u8]) -> Result<PairEvent, ChannelViolation> {
        if kind == self.encoding.kind() {
            return self.next(bytes);
        }
        let message = self.message;
        self.message += 1;
        Err(ChannelViolation::WrongKind { message, found: kind })
    }

    /// Reads the next message.
    ///
    /// # Errors
    /// How it breaks the layout. The messages after it can still be read.
    pub fn next(&mut self, bytes: &[u8]) -> Result<PairEvent, ChannelViolation> {
        let message = self.message;
        self.message += 1;
        let (channel, payload) = split(self.encoding, bytes, message)?;
        if self.close == Some(channel) {
            return match payload.as_ref() {
                &[channel] if channel / 2 < self.pairs => Ok(PairEvent::Close { channel }),
                _ => Err(ChannelViolation::BadClose { message }),
            };
        }
        let (pair, error) = (channel / 2, channel % 2 == 1);
        if pair >= self.pairs {
            return Err(ChannelViolation::UnknownChannel { message, channel });
        }
        match &self.opens_with {
            Some(opening) if self.opened.insert(channel) => {
                let value = opening_value(opening, &payload, message)?;
                Ok(PairEvent::Opened { pair, error, value })
            }
            _ => Ok(PairEvent::Data { pair, error, payload }),
        }
    }
}

fn opening_value(
    opening: &OpeningValue,
    payload: &[u8],
    message: u64,
) -> Result<u64, ChannelViolation> {
    let expected = opening.kind.width();
    if payload.len() == expected {
        return Ok(number(opening.kind, payload));
    }
    let value = opening.value.clone();
    Err(ChannelViolation::BadOpening { message, value, expected, found: payload.len() })
}

/// What a subprotocol says of messages; `None` if it is not documented.
pub(super) fn agreed(
    protocols: &BTreeMap<String, (String, Option<u8>)>,
    protocol: &str,
) -> Option<(Encoding, Option<u8>)> {
    let (encoding, close) = protocols.get(protocol)?;
    let encoding = match encoding.as_str() {
        "binary" => Encoding::Binary,
        "base64" => Encoding::Base64,
        _ => return None,
    };
    Some((encoding, *close))
}

fn wrong(found: MessageKind) -> &'static str {
    match found {
        MessageKind::Text => "a text, and the subprotocol has bytes",
        MessageKind::Binary => "bytes, and the subprotocol has texts",
    }
}

fn split(encoding: Encoding, bytes: &[u8], message: u64) -> Result<(u8, Bytes), ChannelViolation> {
    let (&first, rest) = bytes.split_first().ok_or(ChannelViolation::Empty { message })?;
    match encoding {
        Encoding::Binary => Ok((first, Bytes::copy_from_slice(rest))),
        Encoding::Base64 => {
            let not_base64 = ChannelViolation::NotBase64 { message };
            let digit = char::from(first).to_digit(10).and_then(|digit| u8::try_from(digit).ok());
            match (digit, STANDARD.decode(rest)) {
                (Some(channel), Ok(payload)) => Ok((channel, payload.into())),
                _ => Err(not_base64),
            }
        }
    }
}

#[cfg(test)]
mod tests;
