//! The other direction: one unit of a stream as bytes, for servers that play a part and for tests.

use bytes::{BufMut, Bytes, BytesMut};
use generator::contract::{FieldRole, HeaderField, Layout, LengthPrefixed};
use serde_json::Value;
use thiserror::Error;

use super::header::{constant, write_number};

/// What to put on a stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outgoing<'a> {
    /// A frame; the number is left out where the header has no stream field.
    Frame {
        /// The stream's number.
        stream: u64,
        /// The payload.
        payload: &'a [u8],
    },
    /// A JSON document on a line of its own.
    Item(&'a Value),
    /// A line of text without its end.
    Line(&'a [u8]),
    /// Bytes of a stream that is not cut.
    Data(&'a [u8]),
}

/// Why something cannot be put on a stream.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unencodable {
    /// The layout carries things of another kind.
    #[error("the layout carries no such thing")]
    OtherLayout,
    /// The layout does not have that stream.
    #[error("the layout has no stream {0}")]
    UnknownStream(u64),
    /// A header field is too narrow for its number.
    #[error("{number} does not fit into `{field}`")]
    TooLarge {
        /// The field's name.
        field: String,
        /// The number.
        number: u64,
    },
    /// The payload is longer than the layout allows.
    #[error("the payload of {length} bytes is longer than {limit}")]
    Oversize {
        /// Its length.
        length: u64,
        /// The greatest length allowed.
        limit: u64,
    },
    /// A line of text holds a newline.
    #[error("a line cannot hold a newline")]
    NewlineInLine,
}

/// The bytes of one unit.
///
/// # Errors
/// What the layout cannot carry.
pub fn encode(layout: &Layout, outgoing: Outgoing<'_>) -> Result<Bytes, Unencodable> {
    match (layout, outgoing) {
        (Layout::Raw, Outgoing::Data(bytes)) => Ok(Bytes::copy_from_slice(bytes)),
        (Layout::LengthPrefixed(layout), Outgoing::Frame { stream, payload }) => {
            frame(layout, stream, payload)
        }
        (Layout::Lines(_), Outgoing::Item(value)) => line(value.to_string().as_bytes()),
        (Layout::TextLines(_), Outgoing::Line(text)) => line(text),
        _ => Err(Unencodable::OtherLayout),
    }
}

fn frame(layout: &LengthPrefixed, stream: u64, payload: &[u8]) -> Result<Bytes, Unencodable> {
    let length = payload.len() as u64;
    if let Some(limit) = layout.max_frame.filter(|&limit| length > limit) {
        return Err(Unencodable::Oversize { length, limit });
    }
    let width: usize = layout.header.iter().map(|field| field.kind.width()).sum();
    let mut out = BytesMut::with_capacity(width + payload.len());
    for field in &layout.header {
        out.put_slice(&field_bytes(field, stream, length, width as u64)?);
    }
    out.put_slice(payload);
    Ok(out.freeze())
}

fn field_bytes(
    field: &HeaderField,
    stream: u64,
    length: u64,
    header: u64,
) -> Result<Vec<u8>, Unencodable> {
    let number = match &field.role {
        FieldRole::Constant(value) => return Ok(constant(field.kind, *value)),
        FieldRole::Free => 0,
        FieldRole::Stream(names) if names.is_empty() || names.contains_key(&stream) => stream,
        FieldRole::Stream(_) => return Err(Unencodable::UnknownStream(stream)),
        FieldRole::PayloadLength { includes_header: false } => length,
        FieldRole::PayloadLength { includes_header: true } => length.saturating_add(header),
    };
    write_number(field.kind, number)
        .ok_or_else(|| Unencodable::TooLarge { field: field.name.clone(), number })
}

fn line(text: &[u8]) -> Result<Bytes, Unencodable> {
    if text.contains(&b'\n') {
        return Err(Unencodable::NewlineInLine);
    }
    let mut out = BytesMut::with_capacity(text.len() + 1);
    out.put_slice(text);
    out.put_u8(b'\n');
    Ok(out.freeze())
}
