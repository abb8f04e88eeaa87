//! Frames of a header that states a length, and that much payload.
//!
//! What the header looks like is a table, given by a [`Layout`]; reading and writing it is here.
//! Nothing is allocated on the word of a header: the buffer grows with the bytes that arrived.

use std::fmt;
use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

/// The longest payload a codec takes or gives, in bytes, where its layout sets no bound.
pub const DEFAULT_MAX_FRAME: u64 = 64 * 1024 * 1024;

/// The streams of a layout and the header of its frames.
pub trait Layout: Copy + fmt::Debug + Eq + Send + Sync + Unpin + 'static {
    /// The fields of the header, in order.
    const HEADER: &'static [Field];

    /// The longest payload in bytes, where there is a bound.
    const MAX_FRAME: Option<u64>;

    /// The stream of that number; `None` when there is none. A header without a stream field asks for 0.
    fn from_number(number: u64) -> Option<Self>;

    /// The number that stands in the header.
    fn number(self) -> u64;

    /// A frame of this stream.
    fn frame(self, payload: impl Into<Bytes>) -> Frame<Self> {
        Frame { stream: self, payload: payload.into() }
    }
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<L> {
    /// Which stream it belongs to.
    pub stream: L,
    /// What it carries.
    pub payload: Bytes,
}

/// A field of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    name: &'static str,
    width: u8,
    endian: Endian,
    role: Role,
}

/// The order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    /// Most significant byte first.
    Big,
    /// Least significant byte first.
    Little,
}

/// What a header field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// States the length of the payload.
    PayloadLength,
    /// States the length of header and payload together.
    FrameLength,
    /// Names the stream.
    Stream,
    /// Is always that number.
    Constant(u64),
    /// Is always made of that byte.
    Filler(u8),
    /// Binds nothing; written as zeros.
    Free,
}

/// Reads and writes frames of a layout.
#[derive(Clone, Debug)]
pub struct LengthPrefixed<L> {
    limit: u64,
    head: Option<Head<L>>,
}

impl<L: Layout> LengthPrefixed<L> {
    /// A codec with the bound of its layout, else [`DEFAULT_MAX_FRAME`].
    #[must_use]
    pub fn new() -> Self {
        Self { limit: L::MAX_FRAME.unwrap_or(DEFAULT_MAX_FRAME), head: None }
    }

    /// The same with another bound, in bytes of payload. A bound of the layout stays in force.
    #[must_use]
    pub fn with_max_frame(self, bytes: u64) -> Self {
        Self { limit: bytes.min(L::MAX_FRAME.unwrap_or(u64::MAX)), ..self }
    }
}

impl<L: Layout> Default for LengthPrefixed<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: Layout> Decoder for LengthPrefixed<L> {
    type Item = Frame<L>;
    type Error = LengthPrefixedError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<Frame<L>>, LengthPrefixedError> {
        let head = match self.head {
            Some(head) => head,
            None if source.len() < header_width::<L>() => return Ok(None),
            None => {
                let header = source.split_to(header_width::<L>());
                *self.head.insert(Head::read(&header, self.limit)?)
            }
        };
        if as_u64(source.len()) < head.length {
            return Ok(None);
        }
        self.head = None;
        let length = usize::try_from(head.length).unwrap_or(source.len());
        Ok(Some(Frame { stream: head.stream, payload: source.split_to(length).freeze() }))
    }

    fn decode_eof(
        &mut self,
        source: &mut BytesMut,
    ) -> Result<Option<Frame<L>>, LengthPrefixedError> {
        if let Some(frame) = self.decode(source)? {
            return Ok(Some(frame));
        }
        let found = as_u64(source.len());
        source.clear();
        match self.head.take() {
            Some(head) => {
                Err(LengthPrefixedError::TruncatedPayload { expected: head.length, found })
            }
            None if found == 0 => Ok(None),
            None => Err(LengthPrefixedError::TruncatedHeader {
                expected: as_u64(header_width::<L>()),
                found,
            }),
        }
    }
}

impl<L: Layout> Encoder<Frame<L>> for LengthPrefixed<L> {
    type Error = LengthPrefixedError;

    fn encode(
        &mut self,
        frame: Frame<L>,
        target: &mut BytesMut,
    ) -> Result<(), LengthPrefixedError> {
        let length = as_u64(frame.payload.len());
        let limit = self.limit.min(largest_length::<L>());
        if length > limit {
            return Err(LengthPrefixedError::Oversize { length, limit });
        }
        target.reserve(header_width::<L>().saturating_add(frame.payload.len()));
        for field in L::HEADER {
            match field.role {
                Role::PayloadLength => field.write(length, target),
                Role::FrameLength => {
                    field.write(length.saturating_add(as_u64(header_width::<L>())), target);
                }
                Role::Stream => field.write(frame.stream.number(), target),
                Role::Constant(number) => field.write(number, target),
                Role::Filler(byte) => target.put_bytes(byte, usize::from(field.width)),
                Role::Free => target.put_bytes(0, usize::from(field.width)),
            }
        }
        target.put(frame.payload);
        Ok(())
    }
}

/// What a stream of frames does wrong.
#[derive(Debug)]
pub enum LengthPrefixedError {
    /// The stream ended inside a header.
    TruncatedHeader {
        /// How many bytes a header has.
        expected: u64,
        /// How many came.
        found: u64,
    },
    /// The stream ended inside a payload.
    TruncatedPayload {
        /// How many bytes the header promised.
        expected: u64,
        /// How many came.
        found: u64,
    },
    /// The header names a stream that there is none of.
    UnknownStream {
        /// The field.
        field: &'static str,
        /// The number in it.
        number: u64,
    },
    /// A field that is always the same is not.
    Constant {
        /// The field.
        field: &'static str,
        /// What it always is.
        expected: u64,
        /// What it is here.
        found: u64,
    },
    /// A payload is over the bound.
    Oversize {
        /// Its length in bytes.
        length: u64,
        /// The bound in bytes.
        limit: u64,
    },
    /// A length that counts the header is less than the header.
    LengthBelowHeader {
        /// What the field states.
        length: u64,
        /// How many bytes the header has.
        header: u64,
    },
    /// The transport failed.
    Io(io::Error),
}

impl fmt::Display for LengthPrefixedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TruncatedHeader { expected, found } => {
                write!(f, "the stream ended after {found} of {expected} bytes of a header")
            }
            Self::TruncatedPayload { expected, found } => {
                write!(f, "the stream ended after {found} of {expected} bytes of a payload")
            }
            Self::UnknownStream { field, number } => {
                write!(f, "field {field} names stream {number}, which does not exist")
            }
            Self::Constant { field, expected, found } => {
                write!(f, "field {field} is {found}, not {expected}")
            }
            Self::Oversize { length, limit } => {
                write!(f, "a payload of {length} bytes is over the bound of {limit}")
            }
            Self::LengthBelowHeader { length, header } => {
                write!(f, "a frame of {length} bytes is shorter than its header of {header}")
            }
            Self::Io(error) => write!(f, "the transport failed: {error}"),
        }
    }
}

impl std::error::Error for LengthPrefixedError {}

impl From<io::Error> for LengthPrefixedError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a header says.
#[derive(Clone, Copy, Debug)]
struct Head<L> {
    stream: L,
    length: u64,
}

impl<L: Layout> Head<L> {
    /// Reads the fields in order; the first that is wrong decides.
    fn read(mut header: &[u8], limit: u64) -> Result<Self, LengthPrefixedError> {
        let mut stream = L::from_number(0);
        let mut length = 0;
        for field in L::HEADER {
            let (bytes, rest) =
                header.split_at_checked(usize::from(field.width)).unwrap_or_default();
            header = rest;
            match field.role {
                Role::PayloadLength => length = within(field.read(bytes), limit)?,
                Role::FrameLength => {
                    length = within(without_header::<L>(field.read(bytes))?, limit)?;
                }
                Role::Stream => {
                    stream = Some(known_stream(field, field.read(bytes))?);
                }
                Role::Constant(number) => field.check(number, field.read(bytes))?,
                Role::Filler(byte) => {
                    let odd = bytes.iter().find(|found| **found != byte);
                    field.check(u64::from(byte), u64::from(*odd.unwrap_or(&byte)))?;
                }
                Role::Free => {}
            }
        }
        let stream =
            stream.ok_or(LengthPrefixedError::UnknownStream { field: "stream", number: 0 })?;
        Ok(Self { stream, length })
    }
}

impl Field {
    /// A field of that name, how many bytes it takes, their order, and what it is for.
    #[must_use]
    pub const fn new(name: &'static str, width: u8, endian: Endian, role: Role) -> Self {
        Self { name, width, endian, role }
    }

    fn read(&self, bytes: &[u8]) -> u64 {
        let append = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        match self.endian {
            Endian::Big => bytes.iter().fold(0, append),
            Endian::Little => bytes.iter().rev().fold(0, append),
        }
    }

    fn write(&self, number: u64, target: &mut BytesMut) {
        let width = usize::from(self.width).min(8);
        match self.endian {
            Endian::Big => target.put_uint(number, width),
            Endian::Little => target.put_uint_le(number, width),
        }
    }

    fn check(&self, expected: u64, found: u64) -> Result<(), LengthPrefixedError> {
        if expected == found {
            return Ok(());
        }
        Err(LengthPrefixedError::Constant { field: self.name, expected, found })
    }
}

fn known_stream<L: Layout>(field: &Field, number: u64) -> Result<L, LengthPrefixedError> {
    L::from_number(number).ok_or(LengthPrefixedError::UnknownStream { field: field.name, number })
}

fn within(length: u64, limit: u64) -> Result<u64, LengthPrefixedError> {
    if length > limit {
        return Err(LengthPrefixedError::Oversize { length, limit });
    }
    Ok(length)
}

fn without_header<L: Layout>(length: u64) -> Result<u64, LengthPrefixedError> {
    let header = as_u64(header_width::<L>());
    length.checked_sub(header).ok_or(LengthPrefixedError::LengthBelowHeader { length, header })
}

fn header_width<L: Layout>() -> usize {
    L::HEADER.iter().map(|field| usize::from(field.width)).sum()
}

/// The longest payload that the length field can state.
fn largest_length<L: Layout>() -> u64 {
    let of = |field: &Field| match field.role {
        Role::PayloadLength => Some(largest_number(field.width)),
        Role::FrameLength => {
            Some(largest_number(field.width).saturating_sub(as_u64(header_width::<L>())))
        }
        _ => None,
    };
    L::HEADER.iter().find_map(of).unwrap_or(0)
}

fn largest_number(width: u8) -> u64 {
    1_u64.checked_shl(u32::from(width) * 8).map_or(u64::MAX, |limit| limit - 1)
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two bytes for the stream, one constant, a filler, a free byte and a length that counts the header.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Odd {
        Left,
        Right,
    }

    impl Layout for Odd {
        const HEADER: &'static [Field] = &[
            Field::new("stream", 2, Endian::Little, Role::Stream),
            Field::new("magic", 1, Endian::Big, Role::Constant(7)),
            Field::new("gap", 2, Endian::Big, Role::Filler(9)),
            Field::new("flags", 1, Endian::Big, Role::Free),
            Field::new("size", 2, Endian::Big, Role::FrameLength),
        ];

        const MAX_FRAME: Option<u64> = Some(300);

        fn from_number(number: u64) -> Option<Self> {
            [(1, Self::Left), (256, Self::Right)]
                .into_iter()
                .find_map(|(known, stream)| (known == number).then_some(stream))
        }

        fn number(self) -> u64 {
            match self {
                Self::Left => 1,
                Self::Right => 256,
            }
        }
    }

    fn encoded(frames: &[Frame<Odd>]) -> BytesMut {
        let mut buffer = BytesMut::new();
        for frame in frames {
            LengthPrefixed::new().encode(frame.clone(), &mut buffer).unwrap();
        }
        buffer
    }

    fn decoded(parts: &[&[u8]]) -> Result<Vec<Frame<Odd>>, LengthPrefixedError> {
        let mut codec = LengthPrefixed::<Odd>::new();
        let (mut frames, mut buffer) = (Vec::new(), BytesMut::new());
        for part in parts {
            buffer.extend_from_slice(part);
            while let Some(frame) = codec.decode(&mut buffer)? {
                frames.push(frame);
            }
        }
        while let Some(frame) = codec.decode_eof(&mut buffer)? {
            frames.push(frame);
        }
        Ok(frames)
    }

    #[test]
    fn a_header_is_written_field_by_field() {
        let bytes = encoded(&[Odd::Right.frame("ab")]);
        assert_eq!(bytes[..], *b"\x00\x01\x07\x09\x09\x00\x00\x0aab");
    }

    #[test]
    fn frames_come_whole_on_every_split() {
        let frames = [Odd::Left.frame("one"), Odd::Right.frame(""), Odd::Left.frame(vec![7; 300])];
        let bytes = encoded(&frames);
        for first in 0..bytes.len() {
            for second in [first, (first + bytes.len()) / 2, bytes.len()] {
                let parts = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                assert_eq!(decoded(&parts).unwrap(), frames);
            }
        }
    }

    #[test]
    fn every_violation_has_its_variant() {
        let whole = encoded(&[Odd::Left.frame("abc")]);
        let broken = |at: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            decoded(&[&bytes]).unwrap_err().to_string()
        };
        let cut = |length: usize| decoded(&[&whole[..length]]).unwrap_err().to_string();
        assert_eq!(cut(5), "the stream ended after 5 of 8 bytes of a header");
        assert_eq!(cut(9), "the stream ended after 1 of 3 bytes of a payload");
        assert_eq!(broken(0, 2), "field stream names stream 2, which does not exist");
        assert_eq!(broken(2, 8), "field magic is 8, not 7");
        assert_eq!(broken(4, 8), "field gap is 8, not 9");
        assert_eq!(broken(7, 7), "a frame of 7 bytes is shorter than its header of 8");
        assert_eq!(broken(6, 9), "a payload of 2307 bytes is over the bound of 300");
        assert_eq!(
            decoded(&[&{
                let mut bytes = whole.clone();
                bytes[5] = 1;
                bytes
            }])
            .unwrap(),
            [Odd::Left.frame("abc")]
        );
    }

    #[test]
    fn what_a_header_cannot_state_is_not_written() {
        let mut buffer = BytesMut::new();
        let refused = LengthPrefixed::new().encode(Odd::Left.frame(vec![0; 301]), &mut buffer);
        assert!(matches!(refused, Err(LengthPrefixedError::Oversize { length: 301, limit: 300 })));
        assert!(buffer.is_empty());
        let narrow =
            LengthPrefixed::new().with_max_frame(2).encode(Odd::Left.frame("abc"), &mut buffer);
        assert!(matches!(narrow, Err(LengthPrefixedError::Oversize { limit: 2, .. })));
        assert_eq!(largest_length::<Odd>(), 65_527);
    }

    #[test]
    fn a_header_allocates_nothing() {
        let mut codec = LengthPrefixed::<Odd>::new();
        let mut buffer = BytesMut::from(&b"\x01\x00\x07\x09\x09\x00\x01\x00"[..]);
        assert_eq!(codec.decode(&mut buffer).unwrap(), None);
        assert!(buffer.capacity() < 64);
    }
}
