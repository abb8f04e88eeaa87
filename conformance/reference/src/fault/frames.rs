//! Frames of a stream changed on their way: an eight byte header (stream, three zero bytes, size) and a payload.

use bytes::{Buf as _, BytesMut};

use super::memory::Memory;

/// Length of a header, in bytes.
const HEADER: usize = 8;
/// A payload of at least that many bytes belongs to a stream that has much to say.
const LARGE: usize = 4 * 1024;

/// How frames are changed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tamper {
    /// Each frame by itself.
    Each(fn(&mut Frame)),
    /// These bytes come first.
    Begin(&'static [u8]),
    /// These bytes come last.
    End(&'static [u8]),
    /// The first frame is lost.
    LoseFirst,
    /// From a large frame on, everything comes in one frame at the end.
    Merge,
    /// What one stream carries comes on another one too that is open at the same time.
    CrossTalk,
}

/// A frame as it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) stream: u8,
    pub(super) reserved: [u8; 3],
    pub(super) size: [u8; 4],
    pub(super) payload: Vec<u8>,
}

impl Frame {
    /// Another payload, with the size that goes with it.
    pub(super) fn carry(&mut self, payload: Vec<u8>) {
        self.size = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
        self.payload = payload;
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(self.stream);
        out.extend_from_slice(&self.reserved);
        out.extend_from_slice(&self.size);
        out.extend_from_slice(&self.payload);
    }
}

/// A stream of frames that is being changed.
#[derive(Debug)]
pub(super) struct Tampered {
    tamper: Tamper,
    memory: Memory,
    /// What tells it apart from other streams.
    number: u64,
    buffer: BytesMut,
    begun: bool,
    held: Option<Frame>,
}

impl Tampered {
    pub(super) fn new(tamper: Tamper, memory: Memory) -> Self {
        let number = memory.count("stream");
        memory.opened();
        Self { tamper, memory, number, buffer: BytesMut::new(), begun: false, held: None }
    }

    /// What goes out for what came in.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        self.buffer.extend_from_slice(bytes);
        if let (Tamper::Begin(first), false) = (self.tamper, self.begun) {
            out.extend_from_slice(first);
            self.begun = true;
        }
        while let Some(frame) = self.next() {
            self.tamper(frame, &mut out);
        }
        out
    }

    /// What goes out at the end.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(held) = self.held.take() {
            held.write(&mut out);
        }
        out.extend_from_slice(&self.buffer);
        if let Tamper::End(last) = self.tamper {
            out.extend_from_slice(last);
        }
        out
    }

    fn tamper(&mut self, mut frame: Frame, out: &mut Vec<u8>) {
        match self.tamper {
            Tamper::Begin(_) | Tamper::End(_) => {}
            Tamper::Each(change) => change(&mut frame),
            Tamper::LoseFirst if !self.begun => {
                self.begun = true;
                return;
            }
            Tamper::LoseFirst => {}
            Tamper::Merge => {
                let Some(frame) = self.merged(frame) else { return };
                return frame.write(out);
            }
            Tamper::CrossTalk => {
                let mut payload = self.memory.exchange(self.number, &frame.payload);
                payload.extend_from_slice(&frame.payload);
                frame.carry(payload);
            }
        }
        frame.write(out);
    }

    /// The frame that goes out now, if one does.
    fn merged(&mut self, frame: Frame) -> Option<Frame> {
        match self.held.take() {
            None if frame.payload.len() < LARGE => Some(frame),
            None => {
                self.held = Some(frame);
                None
            }
            Some(mut held) if held.stream == frame.stream => {
                let joined = [std::mem::take(&mut held.payload), frame.payload].concat();
                held.carry(joined);
                self.held = Some(held);
                None
            }
            Some(held) => {
                self.held = Some(frame);
                Some(held)
            }
        }
    }

    /// The next whole frame.
    fn next(&mut self) -> Option<Frame> {
        let [stream, one, two, three, size @ ..] = *self.buffer.first_chunk::<HEADER>()?;
        let length = usize::try_from(u32::from_be_bytes(size)).ok()?;
        let payload = self.buffer.get(HEADER..HEADER.checked_add(length)?)?.to_vec();
        self.buffer.advance(HEADER + length);
        Some(Frame { stream, reserved: [one, two, three], size, payload })
    }
}

impl Drop for Tampered {
    fn drop(&mut self) {
        self.memory.closed();
    }
}

pub(super) fn reserved_set(frame: &mut Frame) {
    frame.reserved = [0, 0, 1];
}

pub(super) fn little_endian(frame: &mut Frame) {
    frame.size.reverse();
}

/// Standard error comes as standard output.
pub(super) fn merged_streams(frame: &mut Frame) {
    if frame.stream == 2 {
        frame.stream = 1;
    }
}

/// Only seven bits of each byte get through.
pub(super) fn seven_bits(frame: &mut Frame) {
    for byte in &mut frame.payload {
        *byte &= 0x7f;
    }
}

/// Newlines become carriage return and newline, as on a terminal.
pub(super) fn carriage_returns(frame: &mut Frame) {
    let payload = frame.payload.iter().flat_map(|byte| match byte {
        b'\n' => b"\r\n".as_slice(),
        other => std::slice::from_ref(other),
    });
    let payload = payload.copied().collect();
    frame.carry(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(tamper: Tamper, bytes: &[u8]) -> Vec<u8> {
        let mut tampered = Tampered::new(tamper, Memory::default());
        let mut out: Vec<u8> = bytes.iter().flat_map(|byte| tampered.pass(&[*byte])).collect();
        out.extend(tampered.finish());
        out
    }

    #[test]
    fn frames_are_changed_on_every_split() {
        let bytes = b"\x01\0\0\0\0\0\0\x02a\n\x02\0\0\0\0\0\0\x01b";
        let merged = b"\x01\0\0\0\0\0\0\x02a\n\x01\0\0\0\0\0\0\x01b";
        assert_eq!(through(Tamper::Each(merged_streams), bytes), merged);
        let returned = b"\x01\0\0\0\0\0\0\x03a\r\n\x02\0\0\0\0\0\0\x01b";
        assert_eq!(through(Tamper::Each(carriage_returns), bytes), returned);
        assert_eq!(through(Tamper::End(b"x"), bytes), [bytes.as_slice(), b"x"].concat());
        assert_eq!(through(Tamper::Begin(b"x"), bytes), [b"x", bytes.as_slice()].concat());
        assert_eq!(through(Tamper::LoseFirst, bytes), bytes[10..]);
        assert_eq!(through(Tamper::Merge, bytes), bytes);
        assert_eq!(through(Tamper::CrossTalk, bytes), bytes);
    }

    #[test]
    fn streams_that_are_open_together_mix() {
        let memory = Memory::default();
        let mut one = Tampered::new(Tamper::CrossTalk, memory.clone());
        let mut other = Tampered::new(Tamper::CrossTalk, memory);
        assert_eq!(one.pass(b"\x01\0\0\0\0\0\0\x01a"), b"\x01\0\0\0\0\0\0\x01a");
        assert_eq!(other.pass(b"\x01\0\0\0\0\0\0\x01b"), b"\x01\0\0\0\0\0\0\x02ab");
    }
}
