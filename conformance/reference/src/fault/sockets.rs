//! Messages of a WebSocket (RFC 6455 §5.2) changed on their way, in either direction.
//!
//! A message in parts is seen as its parts. What is longer than anything that is sent here goes on as it is.

use std::collections::BTreeMap;

use bytes::{Buf as _, BytesMut};

/// A longer message is not looked at, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// Whose messages are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Those of the client.
    Client,
    /// Those of the server.
    Server,
}

/// What goes on in the place of a message.
pub(super) type Change = fn(Message) -> Vec<Message>;

/// A message, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// Whether it is the last part, and what it is.
    first: u8,
    mask: Option<[u8; 4]>,
    /// Its bytes, not masked.
    pub(super) payload: Vec<u8>,
    /// How many came on its channel before.
    pub(super) before: usize,
}

impl Message {
    /// Its channel, if it carries data. In base64, channels are digits.
    pub(super) fn channel(&self) -> Option<u8> {
        let first = *self.payload.first().filter(|_| [TEXT, BINARY].contains(&self.opcode()))?;
        Some(if first.is_ascii_digit() { first - b'0' } else { first })
    }

    /// Puts it on another channel.
    pub(super) fn move_to(&mut self, channel: u8) {
        if let Some(first) = self.payload.first_mut() {
            *first = if first.is_ascii_digit() { b'0' + channel } else { channel };
        }
    }

    /// Says that it is text.
    pub(super) fn call_text(&mut self) {
        self.first = self.first & 0xf0 | TEXT;
    }

    pub(super) fn is_close(&self) -> bool {
        self.opcode() == CLOSE
    }

    /// Whether it is a ping of a client that keeps to the protocol.
    pub(super) fn is_ping(&self) -> bool {
        self.opcode() == PING && self.mask.is_some()
    }

    fn opcode(&self) -> u8 {
        self.first & 0x0f
    }

    fn write(mut self, out: &mut Vec<u8>) {
        out.push(self.first);
        let masked = if self.mask.is_some() { 0x80 } else { 0 };
        match (u8::try_from(self.payload.len()), u16::try_from(self.payload.len())) {
            (Ok(length @ ..126), _) => out.push(masked | length),
            (_, Ok(length)) => {
                out.push(masked | 126);
                out.extend_from_slice(&length.to_be_bytes());
            }
            _ => {
                out.push(masked | 127);
                out.extend_from_slice(&(self.payload.len() as u64).to_be_bytes());
            }
        }
        if let Some(mask) = self.mask {
            out.extend_from_slice(&mask);
            apply(mask, &mut self.payload);
        }
        out.extend_from_slice(&self.payload);
    }
}

fn apply(mask: [u8; 4], payload: &mut [u8]) {
    for (byte, mask) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// One direction of a connection whose messages are being changed.
#[derive(Debug)]
pub(super) struct Messages {
    change: Change,
    buffer: BytesMut,
    counts: BTreeMap<u8, usize>,
    /// Whether nothing is looked at any more.
    raw: bool,
}

impl Messages {
    pub(super) fn new(change: Change) -> Self {
        Self { change, buffer: BytesMut::new(), counts: BTreeMap::new(), raw: false }
    }

    /// What goes out for what came in.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        self.buffer.extend_from_slice(bytes);
        while let Some(mut message) = self.next() {
            if let Some(channel) = message.channel() {
                let count = self.counts.entry(channel).or_default();
                message.before = *count;
                *count += 1;
            }
            for message in (self.change)(message) {
                message.write(&mut out);
            }
        }
        if self.raw {
            out.extend_from_slice(&self.buffer.split());
        }
        out
    }

    /// What goes out at the end.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        self.buffer.split().to_vec()
    }

    /// The next whole message.
    fn next(&mut self) -> Option<Message> {
        let [first, second] = *self.buffer.first_chunk::<2>()?;
        let rest = self.buffer.get(2..)?;
        let (length, at) = match second & 0x7f {
            126 => (u16::from_be_bytes(*rest.first_chunk()?).into(), 4),
            127 => (u64::from_be_bytes(*rest.first_chunk()?), 10),
            short => (short.into(), 2),
        };
        self.raw |= length > LONGEST;
        let (mask, start) = if second & 0x80 == 0 {
            (None, at)
        } else {
            (Some(*self.buffer.get(at..)?.first_chunk::<4>()?), at + 4)
        };
        let end = usize::try_from(length).ok().filter(|_| !self.raw)?.checked_add(start)?;
        let mut payload = self.buffer.get(start..end)?.to_vec();
        self.buffer.advance(end);
        apply(mask.unwrap_or_default(), &mut payload);
        Some(Message { first, mask, payload, before: 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(change: Change, bytes: &[u8]) -> Vec<u8> {
        let mut messages = Messages::new(change);
        let mut out: Vec<u8> = bytes.iter().flat_map(|byte| messages.pass(&[*byte])).collect();
        out.extend(messages.finish());
        out
    }

    #[test]
    fn messages_are_changed_on_every_split() {
        let bytes = b"\x82\x02\x01a\x82\x82\x01\x02\x03\x04\x03c\x88\x02\x03\xe8";
        assert_eq!(through(|message| vec![message], bytes), bytes);
        let seconds = |message: Message| if message.before == 0 { vec![] } else { vec![message] };
        assert_eq!(through(seconds, b"\x82\x02\x01a\x82\x02\x01b"), b"\x82\x02\x01b");
        let moved = |mut message: Message| {
            message.move_to(2);
            vec![message]
        };
        assert_eq!(through(moved, b"\x82\x02\x01a\x81\x021a"), b"\x82\x02\x02a\x81\x022a");
    }

    #[test]
    fn lengths_keep_their_form() {
        for length in [125_usize, 126, 65_535, 65_536] {
            let message = Message { first: 0x82, mask: None, payload: vec![1; length], before: 0 };
            let mut bytes = Vec::new();
            message.write(&mut bytes);
            assert_eq!(through(|message| vec![message], &bytes), bytes);
        }
    }

    #[test]
    fn what_is_too_long_goes_on_as_it_is() {
        let bytes = b"\x82\x7f\x7f\0\0\0\0\0\0\0abc";
        assert_eq!(through(|_| vec![], bytes), bytes);
    }
}
