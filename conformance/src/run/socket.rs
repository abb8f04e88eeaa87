//! The WebSocket of an open stream: sorts what is said, and keeps the manners of the protocol.
//!
//! Pings are answered and closes returned as they come (RFC 6455 §5.5); what is sent is told, and sent elsewhere.

use std::sync::Arc;

use bytes::Bytes;
use generator::contract::{Framing, Layout};

use crate::call::Call;
use crate::frame::{Multiplex, Outlet, Spoken, WebSocketViolation};
use crate::judge;
use crate::transcript::Head;

/// The code for a normal end (RFC 6455 §7.4.1).
const NORMAL: u16 = 1000;

/// A WebSocket with channels.
pub(super) struct Socket {
    multiplex: Multiplex,
    /// What the client can say.
    pub(super) outlet: Outlet,
    pongs: Vec<Bytes>,
    replies: Vec<Bytes>,
    /// The code of the server's close, once it has come.
    code: Option<Option<u16>>,
    has_closed: bool,
}

/// Bytes on a channel.
pub(super) struct Piece {
    /// The channel.
    pub(super) name: Arc<str>,
    /// Where the message begins, in the stream as a whole.
    pub(super) offset: u64,
    /// The bytes.
    pub(super) payload: Bytes,
}

impl Socket {
    /// The socket of an answer that agrees on a documented subprotocol.
    pub(super) fn new(framing: &Framing, call: &Call, head: &Head) -> Option<Self> {
        let layout = &framing.receive;
        let protocol = judge::agreed(head)?;
        let pairs = u8::try_from(judge::pairs(layout, call).len()).unwrap_or(u8::MAX);
        Some(Self {
            multiplex: Multiplex::new(layout, protocol, pairs)?,
            outlet: Outlet::new(layout, protocol, pairs)?,
            pongs: Vec::new(),
            replies: Vec::new(),
            code: None,
            has_closed: false,
        })
    }

    /// Takes in what came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.multiplex.push(bytes);
    }

    /// The next bytes on a channel; `None` if none are whole yet.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, WebSocketViolation> {
        while let Some(spoken) = self.multiplex.next()? {
            match spoken {
                Spoken::Data { offset, name, payload } => {
                    return Ok(Some(Piece { name, offset, payload }));
                }
                Spoken::Ping { payload, .. } => self.replies.push(self.outlet.pong(&payload)),
                Spoken::Pong { payload, .. } => self.pongs.push(payload),
                Spoken::Close { code, .. } => self.met_close(code),
                // The judge has these from the transcript.
                Spoken::Opened { .. }
                | Spoken::Ended { .. }
                | Spoken::Nothing { .. }
                | Spoken::Breach { .. } => {}
            }
        }
        Ok(None)
    }

    /// What good manners ask to be sent now.
    pub(super) fn replies(&mut self) -> Vec<Bytes> {
        std::mem::take(&mut self.replies)
    }

    /// Whether a pong with that payload came.
    pub(super) fn was_answered(&self, payload: &[u8]) -> bool {
        self.pongs.iter().any(|pong| pong == payload)
    }

    /// The code of the server's close, if it has come; a close need not have one.
    pub(super) fn code(&self) -> Option<Option<u16>> {
        self.code
    }

    /// A close, after which none is returned.
    pub(super) fn close(&mut self, code: u16) -> Bytes {
        self.has_closed = true;
        self.outlet.close(code)
    }

    fn met_close(&mut self, code: Option<u16>) {
        self.code.get_or_insert(code);
        if !self.has_closed {
            let reply = self.close(code.unwrap_or(NORMAL));
            self.replies.push(reply);
        }
    }
}

/// The channels that carry documents from the server.
pub(super) fn document_channels(framing: &Framing) -> Vec<&str> {
    let Layout::Channels(layout) = &framing.receive else { return Vec::new() };
    let written = layout.channels.values().filter(|it| !it.to_server && it.item.is_some());
    written.map(|channel| channel.name.as_str()).collect()
}
