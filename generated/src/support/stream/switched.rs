//! Frames or plain bytes, as the request decided. Writes only: a reader knows what it asked for.

use bytes::{BufMut, BytesMut};
use tokio_util::codec::Encoder;

use super::length_prefixed::{Frame, Layout, LengthPrefixed, LengthPrefixedError};

/// Writes frames with their header, or their payloads alone.
#[derive(Clone, Debug)]
pub enum Switched<L> {
    /// Header and payload.
    Framed(LengthPrefixed<L>),
    /// Payloads one after the other, of whatever stream.
    Raw,
}

impl<L: Layout> Switched<L> {
    /// The codec for a stream that is framed or not.
    #[must_use]
    pub fn new(framed: bool) -> Self {
        if framed { Self::Framed(LengthPrefixed::new()) } else { Self::Raw }
    }
}

impl<L: Layout> Encoder<Frame<L>> for Switched<L> {
    type Error = LengthPrefixedError;

    fn encode(
        &mut self,
        frame: Frame<L>,
        target: &mut BytesMut,
    ) -> Result<(), LengthPrefixedError> {
        match self {
            Self::Framed(codec) => codec.encode(frame, target),
            Self::Raw => {
                target.reserve(frame.payload.len());
                target.put(frame.payload);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::length_prefixed::{Endian, Field, Role};
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Short;

    impl Layout for Short {
        const HEADER: &'static [Field] = &[Field::new("size", 1, Endian::Big, Role::PayloadLength)];

        const MAX_FRAME: Option<u64> = None;

        fn from_number(_number: u64) -> Option<Self> {
            Some(Self)
        }

        fn number(self) -> u64 {
            0
        }
    }

    #[test]
    fn the_same_frames_come_with_or_without_headers() {
        for (framed, expected) in [(true, &b"\x02ab\x01c"[..]), (false, b"abc")] {
            let (mut codec, mut buffer) = (Switched::new(framed), BytesMut::new());
            codec.encode(Short.frame("ab"), &mut buffer).unwrap();
            codec.encode(Short.frame("c"), &mut buffer).unwrap();
            assert_eq!(buffer[..], *expected);
        }
    }
}
