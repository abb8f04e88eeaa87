//! Codecs of streams. Knows bytes and frames; neither requests nor connections.
//!
//! Each codec is a `tokio_util` [`Encoder`](tokio_util::codec::Encoder) and
//! [`Decoder`](tokio_util::codec::Decoder), so that it works over any transport and in a test over none.

pub mod length_prefixed;
pub mod lines;
pub mod raw;
pub mod switched;
pub mod text_lines;

pub use length_prefixed::{
    Endian, Field, Frame, Layout, LengthPrefixed, LengthPrefixedError, Role,
};
pub use lines::{Line, Lines, LinesError};
pub use raw::Raw;
pub use switched::Switched;
pub use text_lines::{TextLines, TextLinesError};
