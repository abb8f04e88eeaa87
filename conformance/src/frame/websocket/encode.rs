//! Frames as bytes, for either side. Fit for breaking the laws on purpose: nothing is checked.

use bytes::{BufMut, Bytes, BytesMut};

/// What a frame is (RFC 6455 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Opcode {
    /// A further part of a message.
    Continuation,
    /// A text, or its beginning.
    Text,
    /// Bytes, or their beginning.
    Binary,
    /// The end of the conversation.
    Close,
    /// A question whether the other side is there.
    Ping,
    /// The answer to it.
    Pong,
}

impl Opcode {
    /// Its number on the wire.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    /// The opcode of a number, if it is one in use.
    pub(super) fn from_number(number: u8) -> Option<Self> {
        [Self::Continuation, Self::Text, Self::Binary, Self::Close, Self::Ping, Self::Pong]
            .into_iter()
            .find(|opcode| opcode.number() == number)
    }

    /// Whether it is about the conversation and not part of it (RFC 6455 §5.5).
    pub(super) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// One frame; masked where a key is given, as a client must (RFC 6455 §5.3).
#[must_use]
pub fn encode_frame(opcode: Opcode, last: bool, payload: &[u8], mask: Option<[u8; 4]>) -> Bytes {
    let mut out = BytesMut::with_capacity(payload.len() + 14);
    out.put_u8(u8::from(last) << 7 | opcode.number());
    put_length(&mut out, payload.len() as u64, mask.is_some());
    let Some(key) = mask else {
        out.put_slice(payload);
        return out.freeze();
    };
    out.put_slice(&key);
    out.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out.freeze()
}

/// The payload of a close with that code (RFC 6455 §5.5.1).
#[must_use]
pub fn close_payload(code: u16) -> [u8; 2] {
    code.to_be_bytes()
}

fn put_length(out: &mut BytesMut, length: u64, masked: bool) {
    let bit = u8::from(masked) << 7;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => out.put_u8(bit | short),
        (_, Ok(medium)) => {
            out.put_u8(bit | 126);
            out.put_u16(medium);
        }
        _ => {
            out.put_u8(bit | 127);
            out.put_u64(length);
        }
    }
}
