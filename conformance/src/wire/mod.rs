//! Probe in, transcript out, over HTTP/1.1. The only room with sockets.
//!
//! ```text
//! target, limits → request → tls → connection, pool → head, chunked → answer → stream → exchange
//! ```
//!
//! `head`, `chunked` and `answer` read bytes without knowing where they come from; the rest moves bytes without
//! knowing what they mean. Heads are kept raw, because header laws and takeovers are what is judged.
//! Deliberately absent: judgement, redirects, cookies, decompression, and any error: whatever a server does
//! is a transcript.

mod answer;
mod chunked;
mod connection;
mod exchange;
mod head;
mod limits;
mod pool;
mod request;
mod stream;
mod target;
mod tls;

pub use exchange::Wire;
pub use limits::Limits;
pub use stream::{Read, Stream};
pub use target::{Target, TargetError};
pub use tls::{Identity, Tls, TlsError, TlsSettings};
