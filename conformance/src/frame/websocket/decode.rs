//! The incremental decoder of one side of a WebSocket.

use bytes::{Bytes, BytesMut};

use super::encode::Opcode;
use super::violation::WebSocketViolation;

/// Whose bytes they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The one that connected; it masks what it sends.
    Client,
    /// The other.
    Server,
}

/// What a message is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// UTF-8.
    Text,
    /// Any bytes.
    Binary,
}

/// A whole message, or a control frame. Offsets count bytes from the start of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebSocketEvent {
    /// A message, put together from its parts.
    Message {
        /// Where its first frame begins.
        offset: u64,
        /// What it is made of.
        kind: MessageKind,
        /// Its content.
        payload: Bytes,
        /// In how many parts it came.
        frames: u64,
    },
    /// A question whether the other side is there.
    Ping {
        /// Where it begins.
        offset: u64,
        /// What the answer must carry.
        payload: Bytes,
    },
    /// The answer to such a question.
    Pong {
        /// Where it begins.
        offset: u64,
        /// What it carries.
        payload: Bytes,
    },
    /// The end of what this side says.
    Close {
        /// Where it begins.
        offset: u64,
        /// The code, if one is given.
        code: Option<u16>,
    },
}

/// Cuts one side of a WebSocket into messages. What came and is not yet one is all it holds.
#[derive(Clone, Debug)]
pub struct WebSocketDecoder {
    side: Side,
    buffer: BytesMut,
    offset: u64,
    partial: Option<Partial>,
    closed: bool,
    broken: Option<WebSocketViolation>,
}

/// A message whose last part has not come.
#[derive(Clone, Debug)]
struct Partial {
    offset: u64,
    kind: MessageKind,
    payload: BytesMut,
    frames: u64,
}

/// The header of a frame, as it stands there.
#[derive(Clone, Copy, Debug)]
struct Header {
    last: bool,
    reserved: u8,
    opcode: u8,
    mask: Option<[u8; 4]>,
    length: u64,
    /// Bytes of the header itself.
    width: usize,
    is_shortest: bool,
}

impl WebSocketDecoder {
    /// A decoder of what that side sends.
    #[must_use]
    pub fn new(side: Side) -> Self {
        Self {
            side,
            buffer: BytesMut::new(),
            offset: 0,
            partial: None,
            closed: false,
            broken: None,
        }
    }

    /// Takes in what came.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next event; `None` if it is not whole yet.
    ///
    /// # Errors
    /// The violation, again at every further call.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot say that more may come later"
    )]
    pub fn next(&mut self) -> Result<Option<WebSocketEvent>, WebSocketViolation> {
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        let cut = self.cut();
        self.broken = cut.as_ref().err().cloned();
        cut
    }

    /// What is amiss, given that nothing more comes.
    ///
    /// # Errors
    /// The end inside a frame or a message.
    pub fn finish(&self) -> Result<(), WebSocketViolation> {
        if let Some(violation) = &self.broken {
            return Err(violation.clone());
        }
        match &self.partial {
            _ if !self.buffer.is_empty() => {
                Err(WebSocketViolation::CutShort { offset: self.offset, of_frame: true })
            }
            Some(partial) => {
                Err(WebSocketViolation::CutShort { offset: partial.offset, of_frame: false })
            }
            None => Ok(()),
        }
    }

    /// Frames that end no message give no event, so cutting goes on behind them.
    fn cut(&mut self) -> Result<Option<WebSocketEvent>, WebSocketViolation> {
        while let Some(header) = header(&self.buffer) {
            let opcode = self.checked(&header)?;
            let Ok(length) = usize::try_from(header.length) else { return Ok(None) };
            let Some(whole) = header.width.checked_add(length) else { return Ok(None) };
            if self.buffer.len() < whole {
                return Ok(None);
            }
            let offset = self.offset;
            self.offset += whole as u64;
            let mut payload = self.buffer.split_to(whole).split_off(header.width);
            if let Some(key) = header.mask {
                for (byte, mask) in payload.iter_mut().zip(key.iter().cycle()) {
                    *byte ^= mask;
                }
            }
            let event = self.event(offset, opcode, header.last, payload)?;
            if event.is_some() {
                return Ok(event);
            }
        }
        Ok(None)
    }

    /// The laws that a header alone can break.
    fn checked(&self, header: &Header) -> Result<Opcode, WebSocketViolation> {
        let offset = self.offset;
        match (self.side, header.mask) {
            (Side::Server, Some(_)) => return Err(WebSocketViolation::Masked { offset }),
            (Side::Client, None) => return Err(WebSocketViolation::Unmasked { offset }),
            _ => {}
        }
        if header.reserved != 0 {
            return Err(WebSocketViolation::ReservedBits { offset, bits: header.reserved });
        }
        let opcode = Opcode::from_number(header.opcode)
            .ok_or(WebSocketViolation::ReservedOpcode { offset, opcode: header.opcode })?;
        if !header.is_shortest {
            return Err(WebSocketViolation::LongLength { offset, length: header.length });
        }
        if opcode.is_control() && header.length > 125 {
            return Err(WebSocketViolation::LongControl { offset, length: header.length });
        }
        if opcode.is_control() && !header.last {
            return Err(WebSocketViolation::FragmentedControl { offset });
        }
        match (opcode, &self.partial) {
            (Opcode::Continuation, None) => Err(WebSocketViolation::StrayContinuation { offset }),
            (Opcode::Text | Opcode::Binary, Some(_)) => {
                Err(WebSocketViolation::Interleaved { offset })
            }
            (Opcode::Text | Opcode::Binary, None) if self.closed => {
                Err(WebSocketViolation::AfterClose { offset })
            }
            _ => Ok(opcode),
        }
    }

    fn event(
        &mut self,
        offset: u64,
        opcode: Opcode,
        last: bool,
        payload: BytesMut,
    ) -> Result<Option<WebSocketEvent>, WebSocketViolation> {
        let kind = match opcode {
            Opcode::Ping => {
                return Ok(Some(WebSocketEvent::Ping { offset, payload: payload.freeze() }));
            }
            Opcode::Pong => {
                return Ok(Some(WebSocketEvent::Pong { offset, payload: payload.freeze() }));
            }
            Opcode::Close => return self.close(offset, &payload).map(Some),
            Opcode::Text => MessageKind::Text,
            Opcode::Binary | Opcode::Continuation => MessageKind::Binary,
        };
        let mut message = self.partial.take().unwrap_or_else(|| Partial {
            offset,
            kind,
            payload: BytesMut::new(),
            frames: 0,
        });
        message.frames += 1;
        message.payload.unsplit(payload);
        if !last {
            self.partial = Some(message);
            return Ok(None);
        }
        if message.kind == MessageKind::Text && std::str::from_utf8(&message.payload).is_err() {
            return Err(WebSocketViolation::NotText { offset });
        }
        Ok(Some(WebSocketEvent::Message {
            offset: message.offset,
            kind: message.kind,
            payload: message.payload.freeze(),
            frames: message.frames,
        }))
    }

    fn close(&mut self, offset: u64, payload: &[u8]) -> Result<WebSocketEvent, WebSocketViolation> {
        self.closed = true;
        let code = match payload {
            [] => None,
            [high, low, reason @ ..] => {
                if std::str::from_utf8(reason).is_err() {
                    return Err(WebSocketViolation::NotText { offset });
                }
                Some(u16::from_be_bytes([*high, *low]))
            }
            [_] => return Err(WebSocketViolation::BadClose { offset, code: None }),
        };
        match code {
            Some(code) if !may_be_sent(code) => {
                Err(WebSocketViolation::BadClose { offset, code: Some(code) })
            }
            code => Ok(WebSocketEvent::Close { offset, code }),
        }
    }
}

/// The codes in use, those of the registry up to 1014, and those for libraries and applications (RFC 6455 §7.4).
fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// The header at the start of `bytes`, if all of it is there (RFC 6455 §5.2).
fn header(bytes: &[u8]) -> Option<Header> {
    let (&first, rest) = bytes.split_first()?;
    let (&second, rest) = rest.split_first()?;
    let (length, rest, is_shortest) = match second & 0x7f {
        126 => {
            let (length, rest) = rest.split_first_chunk()?;
            let length = u64::from(u16::from_be_bytes(*length));
            (length, rest, length > 125)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk()?;
            let length = u64::from_be_bytes(*length);
            (length, rest, length > u64::from(u16::MAX) && length >> 63 == 0)
        }
        short => (u64::from(short), rest, true),
    };
    let (mask, rest) = match second & 0x80 {
        0 => (None, rest),
        _ => rest.split_first_chunk().map(|(key, rest)| (Some(*key), rest))?,
    };
    Some(Header {
        last: first & 0x80 != 0,
        reserved: first >> 4 & 0b111,
        opcode: first & 0x0f,
        mask,
        length,
        width: bytes.len() - rest.len(),
        is_shortest,
    })
}
