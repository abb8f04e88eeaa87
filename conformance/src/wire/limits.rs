//! The caps under which every exchange runs, so that no server can make it wait or grow for ever.

use std::time::Duration;

/// Caps on time and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection is made.
    pub connect: Duration,
    /// From the start of the request to the end of the answer's head.
    pub head: Duration,
    /// From the end of the head to the end of the body; a stream after a takeover is free of it.
    pub body: Duration,
    /// The whole exchange, the making of the connection aside.
    pub overall: Duration,
    /// Bytes of a head, of a chunk's size line, and of a trailer section.
    pub head_bytes: usize,
    /// Header fields of a head.
    pub header_count: usize,
    /// Bytes of a body or stream.
    pub body_bytes: u64,
    /// Connections that are kept open between exchanges.
    pub idle_connections: usize,
    /// How long an idle connection is kept for requests that may be repeated. Others, whose failure could not be
    /// told from a close that crossed them, only take a connection that has idled for a tenth of it.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            overall: Duration::from_secs(60),
            head_bytes: 64 * 1024,
            header_count: 128,
            body_bytes: 64 * 1024 * 1024,
            idle_connections: 32,
            idle: Duration::from_secs(4),
        }
    }
}
