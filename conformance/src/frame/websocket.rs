//! WebSocket (RFC 6455): bytes into messages and back, and the one sum of its handshake.
//!
//! Takes any split of the bytes. Every law of §5 that the bytes of one side can break is one [`WebSocketViolation`],
//! after which decoding stops. Deliberately absent: extensions, since none is ever offered, and any answer to what
//! comes: pongs and closes are sent by whoever holds the connection.

mod decode;
mod encode;
mod violation;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

pub use decode::{MessageKind, Side, WebSocketDecoder, WebSocketEvent};
pub use encode::{Opcode, close_payload, encode_frame};
pub use violation::WebSocketViolation;

/// The version of the protocol (RFC 6455 §4.1).
pub const WEBSOCKET_VERSION: &str = "13";

/// What every server adds to the key of a handshake (RFC 6455 §1.3).
const ADDED: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The value of `Sec-WebSocket-Accept` that answers a key (RFC 6455 §4.2.2).
#[must_use]
pub fn websocket_accept(key: &str) -> String {
    STANDARD.encode(Sha1::digest(format!("{}{ADDED}", key.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_standard_is_answered_as_there() {
        assert_eq!(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
