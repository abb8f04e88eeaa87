//! The client's side of a WebSocket with channels: what it says, as masked frames.
//!
//! Says right things and, on purpose, wrong ones. Sends nothing.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use generator::contract::Layout;

use super::channels::{Encoding, agreed};
use super::multiplex::pair_name;
use super::websocket::{MessageKind, Opcode, close_payload, encode_frame};

/// Writes frames. No two have the same mask, and each run has the same ones: what a mask protects from are scripts
/// in a browser (RFC 6455 §10.3), of which there are none here.
#[derive(Clone, Debug)]
pub struct Outlet {
    encoding: Encoding,
    close: Option<u8>,
    numbers: BTreeMap<String, u8>,
    /// A number that no channel has, and one that only the server writes.
    foreign: Option<u8>,
    servers: Option<u8>,
    count: u32,
}

impl Outlet {
    /// A writer for a layout, a subprotocol and so many pairs; `None` if the layout has no channels or does not have
    /// the subprotocol.
    #[must_use]
    pub fn new(layout: &Layout, protocol: &str, pairs: u8) -> Option<Self> {
        let (protocols, channels): (_, BTreeMap<u8, (String, bool)>) = match layout {
            Layout::Channels(layout) => {
                let channels = layout.channels.iter();
                let named = channels
                    .map(|(number, channel)| (*number, (channel.name.clone(), channel.to_server)));
                (&layout.protocols, named.collect())
            }
            Layout::ChannelPairs { protocols, .. } => {
                let both = |pair: u8| {
                    let number = pair.checked_mul(2)?;
                    let data = (number, (pair_name(pair, false), true));
                    Some([data, (number + 1, (pair_name(pair, true), false))])
                };
                (protocols, (0..pairs).filter_map(both).flatten().collect())
            }
            _ => return None,
        };
        let (encoding, close) = agreed(protocols, protocol)?;
        // One digit is all that base64 has for a channel.
        let foreign =
            (0..=9).rev().find(|number| !channels.contains_key(number) && Some(*number) != close);
        let servers = channels.iter().find(|(_, (_, to_server))| !to_server);
        let servers = servers.map(|(number, _)| *number);
        let numbers = channels
            .into_iter()
            .filter(|(_, (_, to_server))| *to_server)
            .map(|(number, (name, _))| (name, number));
        Some(Self { encoding, close, numbers: numbers.collect(), foreign, servers, count: 0 })
    }

    /// Bytes on a channel, in one frame; `None` if the client has no such channel.
    pub fn message(&mut self, name: &str, payload: &[u8]) -> Option<Bytes> {
        let number = *self.numbers.get(name)?;
        Some(self.on(number, payload))
    }

    /// The same in so many frames, at least one (RFC 6455 §5.4).
    pub fn fragmented(&mut self, name: &str, payload: &[u8], parts: usize) -> Option<Bytes> {
        let whole = self.encoding.join(*self.numbers.get(name)?, payload);
        let size = whole.len().div_ceil(parts.max(1)).max(1);
        let mut out = BytesMut::new();
        let pieces: Vec<_> = whole.chunks(size).collect();
        for (index, piece) in pieces.iter().enumerate() {
            let opcode = if index == 0 { self.opcode() } else { Opcode::Continuation };
            let mask = self.mask();
            out.extend_from_slice(&encode_frame(opcode, index + 1 == pieces.len(), piece, mask));
        }
        Some(out.freeze())
    }

    /// Says that nothing more comes on a channel; `None` if the subprotocol has no word for it.
    pub fn end(&mut self, name: &str) -> Option<Bytes> {
        let (close, number) = (self.close?, *self.numbers.get(name)?);
        Some(self.on(close, &[number]))
    }

    /// Messages that mean nothing: an empty one, one on a channel that is not there, one on a channel of the
    /// server's.
    pub fn odd(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        out.extend_from_slice(&self.frame(self.opcode(), &[]));
        for number in [self.foreign, self.servers].into_iter().flatten() {
            out.extend_from_slice(&self.on(number, b"nothing"));
        }
        out.freeze()
    }

    /// A question whether the server is there (RFC 6455 §5.5.2).
    pub fn ping(&mut self, payload: &[u8]) -> Bytes {
        self.frame(Opcode::Ping, payload)
    }

    /// The answer to a ping.
    pub fn pong(&mut self, payload: &[u8]) -> Bytes {
        self.frame(Opcode::Pong, payload)
    }

    /// The end of what the client says.
    pub fn close(&mut self, code: u16) -> Bytes {
        self.frame(Opcode::Close, &close_payload(code))
    }

    /// A frame as only a server may send it (RFC 6455 §5.1).
    #[must_use]
    pub fn unmasked(&self) -> Bytes {
        encode_frame(Opcode::Ping, true, b"unmasked", None)
    }

    fn on(&mut self, number: u8, payload: &[u8]) -> Bytes {
        let message = self.encoding.join(number, payload);
        self.frame(self.opcode(), &message)
    }

    fn opcode(&self) -> Opcode {
        match self.encoding.kind() {
            MessageKind::Text => Opcode::Text,
            MessageKind::Binary => Opcode::Binary,
        }
    }

    fn frame(&mut self, opcode: Opcode, payload: &[u8]) -> Bytes {
        let mask = self.mask();
        encode_frame(opcode, true, payload, mask)
    }

    fn mask(&mut self) -> Option<[u8; 4]> {
        self.count = self.count.wrapping_add(1);
        Some(self.count.wrapping_mul(0x9e37_79b9).to_be_bytes())
    }
}

impl Encoding {
    /// A channel's number and payload as one message.
    fn join(self, number: u8, payload: &[u8]) -> Vec<u8> {
        match self {
            Self::Binary => [&[number], payload].concat(),
            Self::Base64 => format!("{number}{}", STANDARD.encode(payload)).into_bytes(),
        }
    }
}
