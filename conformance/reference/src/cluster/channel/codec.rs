//! Messages of a process: what a client's mean, and what is sent to it.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};

use super::{Generation, Message, Protocol};
use crate::{
    cluster::container::End,
    exec::{Output as Chunk, Streams},
    tty::WindowSize,
};

/// What each channel is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Input.
    Stdin,
    /// Output.
    Stdout,
    /// Errors.
    Stderr,
    /// The end.
    Status,
    /// The size of the window.
    Resize,
}

/// The channel with which the fifth protocol ends another one.
const CLOSE: u8 = 255;

/// How many channels there are.
const CHANNELS: u8 = 5;

/// What a client's message means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Bytes for the process.
    Stdin(Bytes),
    /// Nothing more for the process.
    StdinEnd,
    /// New sizes of the window, one after the other.
    Resize(Vec<WindowSize>),
    /// Nothing that matters.
    Ignored,
    /// The client breaks the protocol: the connection ends without a status.
    Broken,
}

/// Reads a client's messages.
#[derive(Clone, Debug)]
pub struct Decoder {
    protocol: Protocol,
    /// Whether sizes are still listened to; the first malformed one ends that.
    resizes: bool,
}

/// Writes messages to a client.
#[derive(Clone, Copy, Debug)]
pub struct Encoder {
    protocol: Protocol,
}

impl Channel {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Stdin => 0,
            Self::Stdout => 1,
            Self::Stderr => 2,
            Self::Status => 3,
            Self::Resize => 4,
        }
    }
}

impl Decoder {
    /// A decoder of a protocol.
    #[must_use]
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, resizes: true }
    }

    /// What a message means.
    pub fn decode(&mut self, message: &Message) -> Received {
        let Some((channel, data)) = self.split(message) else { return Received::Ignored };
        if channel == CLOSE && self.protocol.generation == Generation::Fifth {
            return closing(&data);
        }
        match channel {
            0 if data.is_empty() => Received::Ignored,
            0 => Received::Stdin(data),
            4 => self.resize(&data),
            _ => Received::Ignored,
        }
    }

    /// The channel of a message and what it carries; nothing when it has none, or is malformed.
    #[must_use]
    pub fn split(&self, message: &Message) -> Option<(u8, Bytes)> {
        let (first, rest) = message.bytes.split_first()?;
        if !self.protocol.base64 {
            return Some((*first, message.bytes.slice_ref(rest)));
        }
        let channel = char::from(*first).to_digit(10)?;
        Some((u8::try_from(channel).ok()?, Bytes::from(STANDARD.decode(rest).ok()?)))
    }

    fn resize(&mut self, data: &[u8]) -> Received {
        let mut sizes = Vec::new();
        for value in serde_json::Deserializer::from_slice(data).into_iter::<Value>() {
            let size = value.ok().filter(|_| self.resizes).as_ref().and_then(size);
            match size {
                Some(size) => sizes.push(size),
                None => {
                    self.resizes = false;
                    break;
                }
            }
        }
        if sizes.is_empty() { Received::Ignored } else { Received::Resize(sizes) }
    }
}

/// What `[255, n]` means.
fn closing(data: &[u8]) -> Received {
    match data {
        [0] => Received::StdinEnd,
        [channel] if *channel < CHANNELS => Received::Ignored,
        _ => Received::Broken,
    }
}

/// A size, whose names may be written in any case.
fn size(value: &Value) -> Option<WindowSize> {
    let fields = value.as_object()?;
    let side = |name: &str| {
        let found = fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or(Some(0), |(_, side)| u16::try_from(side.as_u64()?).ok())
    };
    Some(WindowSize { columns: side("width")?, rows: side("height")? })
}

impl Encoder {
    /// An encoder of a protocol.
    #[must_use]
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol }
    }

    /// A message on a channel.
    #[must_use]
    pub fn encode(&self, channel: u8, data: &[u8]) -> Message {
        if self.protocol.base64 {
            let text = format!("{channel}{}", STANDARD.encode(data));
            return Message { text: true, bytes: Bytes::from(text) };
        }
        let mut bytes = BytesMut::with_capacity(data.len().saturating_add(1));
        bytes.put_u8(channel);
        bytes.put_slice(data);
        Message { text: false, bytes: bytes.freeze() }
    }

    /// The empty message with which a connection begins, on the first channel that the client listens to.
    #[must_use]
    pub fn greeting(&self, streams: Streams) -> Message {
        let channel = if streams.stdout {
            Channel::Stdout
        } else if streams.stderr {
            Channel::Stderr
        } else {
            Channel::Status
        };
        self.encode(channel.number(), b"")
    }

    /// What a process wrote.
    #[must_use]
    pub fn chunk(&self, chunk: &Chunk) -> Message {
        let channel = match chunk {
            Chunk::Stdout(_) | Chunk::Terminal(_) => Channel::Stdout,
            Chunk::Stderr(_) => Channel::Stderr,
        };
        self.encode(channel.number(), chunk.bytes())
    }

    /// How a process ended; nothing when the protocol says nothing of success.
    #[must_use]
    pub fn end(&self, end: &End, command: &[String]) -> Option<Message> {
        let text = match self.protocol.generation {
            Generation::Bare => self.words(end, command)?,
            Generation::Fourth | Generation::Fifth => self.status(end, command).to_string(),
        };
        Some(self.encode(Channel::Status.number(), text.as_bytes()))
    }

    fn status(&self, end: &End, command: &[String]) -> Value {
        let Some(message) = self.words(end, command) else {
            return json!({ "metadata": {}, "status": "Success" });
        };
        let mut status = json!({ "metadata": {}, "status": "Failure", "message": message });
        let (reason, cause) = match end {
            End::Exit(code) => {
                ("NonZeroExitCode", json!({ "reason": "ExitCode", "message": code.to_string() }))
            }
            End::Failed(why) => ("InternalError", json!({ "message": why })),
            End::Detached => return status,
        };
        if let Some(map) = status.as_object_mut() {
            map.insert("reason".to_owned(), reason.into());
            map.insert("details".to_owned(), json!({ "causes": [cause] }));
            if reason == "InternalError" {
                map.insert("code".to_owned(), 500.into());
            }
        }
        status
    }

    /// A failure in words; nothing for success.
    fn words(&self, end: &End, command: &[String]) -> Option<String> {
        match end {
            End::Detached => None,
            End::Exit(code) if code.is_success() => None,
            End::Exit(code) => {
                let how = match self.protocol.generation {
                    Generation::Fifth => format!("command terminated with exit code {code}"),
                    Generation::Fourth | Generation::Bare => {
                        format!("error executing command [{}], exit code {code}", command.join(" "))
                    }
                };
                Some(format!("command terminated with non-zero exit code: {how}"))
            }
            End::Failed(why) => Some(format!("Internal error occurred: {why}")),
        }
    }
}
