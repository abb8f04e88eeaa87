//! Streams cut into frames, lines and messages as the contract's layouts say, and back into bytes.
//!
//! Decoders take any split of the bytes and hold no more than came. Incomplete input is no error; a broken
//! sentence is one [`Violation`], after which decoding stops and the events before it stay.
//! Deliberately absent: sockets, clocks, schemas, and any use of the emitted codecs, which are held equal to this
//! room by tests alone.

mod channels;
mod decoder;
mod encode;
mod event;
mod header;
mod hexdump;
mod multiplex;
mod outlet;
mod violation;
mod websocket;

pub use channels::{ChannelDecoder, ChannelEvent, ChannelViolation, PairDecoder, PairEvent};
pub use decoder::{Decoded, Decoder, decode};
pub use encode::{Outgoing, Unencodable, encode};
pub use event::{Event, UNNAMED};
pub use hexdump::{Mark, hexdump};
pub use multiplex::{Multiplex, Spoken, pair_name, subprotocols};
pub use outlet::Outlet;
pub use violation::Violation;
pub use websocket::{
    MessageKind, Opcode, Side, WEBSOCKET_VERSION, WebSocketDecoder, WebSocketEvent,
    WebSocketViolation, close_payload, encode_frame, websocket_accept,
};
