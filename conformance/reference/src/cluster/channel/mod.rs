//! Channels over a WebSocket: a process's streams, its window and its end, or the ports of a pod, in messages.
//!
//! A message is the unit here; frames, handshakes and pings belong to whoever holds the connection. The protocols and
//! their messages are pure; [`serve`] and [`serve_ports`] carry them between a client and what it is connected to.

mod codec;
mod ports;
mod protocol;
mod serve;

use bytes::Bytes;

pub use self::{
    codec::{Channel, Decoder, Encoder, Received},
    ports::{parse_ports, serve_ports},
    protocol::{Generation, Protocol, Unsupported},
    serve::serve,
};

/// A WebSocket message with data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whether it is text.
    pub text: bool,
    /// What it carries.
    pub bytes: Bytes,
}

/// What is sent to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// A message.
    Message(Message),
    /// The end, with this code (RFC 6455, section 7.4.1).
    Close(u16),
}

/// The code of a normal end.
pub const NORMAL: u16 = 1000;
