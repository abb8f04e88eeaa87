//! The ways in which one side can break the framing of WebSocket.

use thiserror::Error;

/// A broken law of RFC 6455, with the place of its frame in bytes from the start of the stream.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WebSocketViolation {
    /// A server masks a frame (§5.1).
    #[error("the frame is masked, which only a client may do")]
    Masked {
        /// Where the frame begins.
        offset: u64,
    },
    /// A client does not mask a frame (§5.1).
    #[error("the frame is not masked, which a client must do")]
    Unmasked {
        /// Where the frame begins.
        offset: u64,
    },
    /// A reserved bit is set although no extension was agreed on (§5.2).
    #[error("the reserved bits are {bits:03b}, and no extension was agreed on")]
    ReservedBits {
        /// Where the frame begins.
        offset: u64,
        /// The three bits.
        bits: u8,
    },
    /// The opcode is one of those kept for later (§5.2).
    #[error("opcode {opcode} is reserved")]
    ReservedOpcode {
        /// Where the frame begins.
        offset: u64,
        /// The opcode.
        opcode: u8,
    },
    /// A length takes more bytes than it needs, or has its highest bit set (§5.2).
    #[error("the length {length} is not written in the fewest bytes")]
    LongLength {
        /// Where the frame begins.
        offset: u64,
        /// The length.
        length: u64,
    },
    /// A control frame carries too much (§5.5).
    #[error("a control frame carries {length} bytes, more than 125")]
    LongControl {
        /// Where the frame begins.
        offset: u64,
        /// The length.
        length: u64,
    },
    /// A control frame comes in parts (§5.5).
    #[error("a control frame is fragmented")]
    FragmentedControl {
        /// Where the frame begins.
        offset: u64,
    },
    /// A part of a message comes without its beginning (§5.4).
    #[error("a continuation continues nothing")]
    StrayContinuation {
        /// Where the frame begins.
        offset: u64,
    },
    /// A message begins before the one before it has ended (§5.4).
    #[error("a message begins inside another")]
    Interleaved {
        /// Where the frame begins.
        offset: u64,
    },
    /// A text is not UTF-8 (§5.6, §8.1).
    #[error("a text is not UTF-8")]
    NotText {
        /// Where its last frame begins.
        offset: u64,
    },
    /// A close carries a code that may not be sent, or half of one (§5.5.1, §7.4).
    #[error("a close carries {}", told(*.code))]
    BadClose {
        /// Where the frame begins.
        offset: u64,
        /// The code, if there were two bytes for it.
        code: Option<u16>,
    },
    /// A message follows the close (§5.5.1).
    #[error("a message follows the close")]
    AfterClose {
        /// Where the frame begins.
        offset: u64,
    },
    /// The stream ends inside a frame or a message.
    #[error("the stream ends inside a {}", if *.of_frame { "frame" } else { "message" })]
    CutShort {
        /// Where the frame or message begins.
        offset: u64,
        /// Whether it is a frame that is not whole.
        of_frame: bool,
    },
}

impl WebSocketViolation {
    /// Where the frame at fault begins.
    #[must_use]
    pub fn offset(&self) -> u64 {
        match self {
            Self::Masked { offset }
            | Self::Unmasked { offset }
            | Self::ReservedBits { offset, .. }
            | Self::ReservedOpcode { offset, .. }
            | Self::LongLength { offset, .. }
            | Self::LongControl { offset, .. }
            | Self::FragmentedControl { offset }
            | Self::StrayContinuation { offset }
            | Self::Interleaved { offset }
            | Self::NotText { offset }
            | Self::BadClose { offset, .. }
            | Self::AfterClose { offset }
            | Self::CutShort { offset, .. } => *offset,
        }
    }
}

fn told(code: Option<u16>) -> String {
    match code {
        Some(code) => format!("the code {code}, which may not be sent"),
        None => "a single byte".to_owned(),
    }
}
