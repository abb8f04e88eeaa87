//! What travels over the numbered channels of a connection. Knows no connection.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::support::decode::{Decode, Faults, from_slice};
use crate::support::stream::Endian;

/// A subprotocol (RFC 6455 §1.9): how messages are written under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    pub(super) name: &'static str,
    pub(super) is_base64: bool,
    pub(super) close: Option<u8>,
}

impl Protocol {
    /// Binary messages: a byte with the channel, then the payload.
    #[must_use]
    pub const fn binary(name: &'static str) -> Self {
        Self { name, is_base64: false, close: None }
    }

    /// Texts: a digit with the channel, then the payload in base64.
    #[must_use]
    pub const fn base64(name: &'static str) -> Self {
        Self { name, is_base64: true, close: None }
    }

    /// The same with a channel whose messages say which other channel ends.
    #[must_use]
    pub const fn closing(self, channel: u8) -> Self {
        Self { close: Some(channel), ..self }
    }

    /// Whether it is what a client speaks that names no subprotocol.
    #[cfg(feature = "websocket")]
    pub(super) fn is_plain(&self) -> bool {
        !self.is_base64 && self.close.is_none()
    }
}

/// The channels of a connection.
pub trait Channels: Send + Sync + 'static {
    /// What the server sends.
    type Output: Send + 'static;

    /// What the client sends.
    type Input: Send + 'static;

    /// Number and payload of a message.
    ///
    /// # Errors
    /// When a document cannot be written.
    fn write(&self, output: Self::Output) -> Result<(u8, Bytes), serde_json::Error>;

    /// What a message of the client says; `None` on a channel that is not the client's to write.
    fn read(&self, channel: u8, payload: Bytes) -> Option<Result<Self::Input, WrongItem>>;

    /// What it means that the client ends that channel.
    fn end(&self, channel: u8) -> End<Self::Input>;

    /// Messages that come before all others.
    fn opening(&self) -> Vec<(u8, Bytes)> {
        Vec::new()
    }
}

/// What it means that the client ends a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<T> {
    /// That.
    Of(T),
    /// Nothing: the channel is not the client's.
    Ignored,
    /// There is no such channel.
    Unknown,
}

/// A document on a channel that is not of the channel's schema.
#[derive(Debug)]
pub struct WrongItem {
    /// The channel.
    pub channel: u8,
    /// What is wrong.
    pub faults: Faults,
}

impl fmt::Display for WrongItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "channel {}: {}", self.channel, self.faults)
    }
}

impl std::error::Error for WrongItem {}

/// A message that is a JSON document.
///
/// # Errors
/// When the document cannot be written.
pub fn item(channel: u8, item: &impl Serialize) -> Result<(u8, Bytes), serde_json::Error> {
    Ok((channel, Bytes::from(serde_json::to_vec(item)?)))
}

/// Reads a message that is a JSON document.
///
/// # Errors
/// When it is none, or one of another schema.
pub fn read_item<T: Decode>(channel: u8, payload: &Bytes) -> Result<T, WrongItem> {
    from_slice(payload).map_err(|faults| WrongItem { channel, faults })
}

/// Channels in pairs: the data of the i-th one is channel 2i, what goes wrong with it channel 2i + 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairs {
    values: Vec<u64>,
    opening: Option<(usize, Endian)>,
}

/// No more pairs have numbers.
const MOST_PAIRS: usize = 127;

impl Pairs {
    /// A pair for each of these values, of which those that have no number any more are left out.
    pub fn new(values: impl IntoIterator<Item = u64>) -> Self {
        Self { values: values.into_iter().take(MOST_PAIRS).collect(), opening: None }
    }

    /// The same with a first message on each channel that holds its value, that many bytes wide.
    #[must_use]
    pub fn opened_by(self, width: usize, endian: Endian) -> Self {
        Self { opening: Some((width, endian)), ..self }
    }
}

/// A message of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairMessage {
    /// Which pair, counted from 0.
    pub pair: usize,
    /// Whether it is on the channel of what goes wrong.
    pub is_error: bool,
    /// What it holds.
    pub payload: Bytes,
}

impl PairMessage {
    /// Data of a pair.
    pub fn data(pair: usize, payload: impl Into<Bytes>) -> Self {
        Self { pair, is_error: false, payload: payload.into() }
    }

    /// What goes wrong with a pair.
    pub fn error(pair: usize, message: impl Into<Bytes>) -> Self {
        Self { pair, is_error: true, payload: message.into() }
    }
}

impl Channels for Pairs {
    type Output = PairMessage;
    type Input = PairMessage;

    fn write(&self, output: PairMessage) -> Result<(u8, Bytes), serde_json::Error> {
        let number = output.pair.saturating_mul(2).saturating_add(usize::from(output.is_error));
        Ok((u8::try_from(number).unwrap_or(u8::MAX), output.payload))
    }

    fn read(&self, channel: u8, payload: Bytes) -> Option<Result<PairMessage, WrongItem>> {
        let pair = usize::from(channel / 2);
        let is_data = channel.is_multiple_of(2) && pair < self.values.len();
        is_data.then(|| Ok(PairMessage::data(pair, payload)))
    }

    fn end(&self, channel: u8) -> End<PairMessage> {
        if usize::from(channel / 2) < self.values.len() { End::Ignored } else { End::Unknown }
    }

    fn opening(&self) -> Vec<(u8, Bytes)> {
        let Some((width, endian)) = self.opening else { return Vec::new() };
        let messages = (0_u8..).zip(self.values.iter().flat_map(|value| [value, value]));
        messages.map(|(channel, value)| (channel, number(*value, width, endian))).collect()
    }
}

fn number(value: u64, width: usize, endian: Endian) -> Bytes {
    let width = width.min(8);
    let bytes = match endian {
        Endian::Big => value.to_be_bytes().get(8 - width..).map(Bytes::copy_from_slice),
        Endian::Little => value.to_le_bytes().get(..width).map(Bytes::copy_from_slice),
    };
    bytes.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_announce_their_values() {
        let pairs = Pairs::new([80, 8080]).opened_by(2, Endian::Little);
        let opening = pairs.opening().into_iter().map(|(channel, bytes)| (channel, bytes.to_vec()));
        let expected =
            [(0, vec![80, 0]), (1, vec![80, 0]), (2, vec![0x90, 0x1f]), (3, vec![0x90, 0x1f])];
        assert_eq!(opening.collect::<Vec<_>>(), expected);
        let big = Pairs::new([1]).opened_by(4, Endian::Big).opening();
        assert_eq!(big.first().map(|(_, bytes)| bytes.to_vec()), Some(vec![0, 0, 0, 1]));
        assert!(Pairs::new([1]).opening().is_empty());
    }

    #[test]
    fn only_data_is_the_clients() {
        let pairs = Pairs::new([80]);
        let data = pairs.read(0, Bytes::from_static(b"x")).and_then(Result::ok);
        assert_eq!(data, Some(PairMessage::data(0, "x")));
        assert!(pairs.read(1, Bytes::new()).is_none() && pairs.read(2, Bytes::new()).is_none());
        assert_eq!(pairs.write(PairMessage::error(3, "no")).unwrap(), (7, Bytes::from("no")));
        assert_eq!((pairs.end(1), pairs.end(2)), (End::Ignored, End::Unknown));
    }
}
