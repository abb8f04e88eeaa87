//! Bytes as they are. A chunk is whatever arrived together; its borders mean nothing.

use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

/// Passes bytes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Raw;

impl Decoder for Raw {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<Bytes>, io::Error> {
        if source.is_empty() {
            return Ok(None);
        }
        Ok(Some(source.split().freeze()))
    }
}

impl Encoder<Bytes> for Raw {
    type Error = io::Error;

    fn encode(&mut self, chunk: Bytes, target: &mut BytesMut) -> Result<(), io::Error> {
        target.reserve(chunk.len());
        target.put(chunk);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_pass_unchanged() {
        let mut buffer = BytesMut::new();
        Raw.encode(Bytes::from_static(b"a\0b"), &mut buffer).unwrap();
        assert_eq!(Raw.decode(&mut buffer).unwrap(), Some(Bytes::from_static(b"a\0b")));
        assert_eq!(Raw.decode(&mut buffer).unwrap(), None);
        assert_eq!(Raw.decode_eof(&mut buffer).unwrap(), None);
    }
}
