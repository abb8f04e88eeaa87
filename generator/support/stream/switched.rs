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
