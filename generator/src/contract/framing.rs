//! `x-frames`, `x-upgrade` and `x-watch`: how a stream of bytes is cut into messages.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Place, Pointer, SchemaId};

/// A framing and when it applies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrameRule {
    /// Every condition must hold; none means always.
    pub when: Vec<Condition>,
    /// The framing.
    pub framing: Framing,
    /// Whether it was recognised rather than declared.
    pub inferred: bool,
    /// Where it stands.
    pub place: Place,
}

/// The framing of both directions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Framing {
    /// What the server sends.
    pub receive: Layout,
    /// What the client sends, once a stream runs.
    pub send: Sends,
}

/// What the client sends.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sends {
    /// The layout.
    pub layout: Layout,
    /// Whether the client may end its direction while the server goes on.
    pub half_close: bool,
}

/// A fact about an exchange that a framing depends on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// What it must be.
    pub equals: Value,
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A part of the request's JSON body; an absent one counts as its schema's default, else as null.
    Body(Pointer),
    /// A query parameter.
    Query(String),
    /// A request header field.
    Header(String),
    /// A response header field.
    ResponseHeader(String),
    /// The status.
    Status,
}

/// How bytes are cut.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Not at all.
    Raw,
    /// A header that states the length, then the payload.
    LengthPrefixed(LengthPrefixed),
    /// One JSON document a line.
    Lines(Lines),
    /// Lines of text.
    TextLines(TextLines),
    /// WebSocket messages (RFC 6455) that begin with a channel number.
    Channels(Channels),
    /// WebSocket channels in pairs of data and error, one pair an item of a query parameter.
    ChannelPairs {
        /// The query parameter.
        parameter: String,
        /// Subprotocol name to encoding: `binary` or `base64`, and the number of a close channel.
        protocols: BTreeMap<String, (String, Option<u8>)>,
        /// What the first message of each channel of a pair carries.
        opens_with: Option<OpeningValue>,
    },
}

/// A header that states the length, then the payload.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LengthPrefixed {
    /// The header's fields, in order. Exactly one has [`FieldRole::PayloadLength`].
    pub header: Vec<HeaderField>,
    /// No payload is longer, in bytes.
    pub max_frame: Option<u64>,
}

/// A field of a frame's header.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeaderField {
    /// Its name.
    pub name: String,
    /// Its width and byte order.
    pub kind: HeaderType,
    /// What it is for.
    pub role: FieldRole,
}

/// Width and byte order of a header field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeaderType {
    /// One byte.
    U8,
    /// Two bytes.
    U16 {
        /// Most significant byte first.
        big_endian: bool,
    },
    /// Four bytes.
    U32 {
        /// Most significant byte first.
        big_endian: bool,
    },
    /// Eight bytes.
    U64 {
        /// Most significant byte first.
        big_endian: bool,
    },
    /// That many bytes.
    Bytes(u8),
}

impl HeaderType {
    /// How many bytes it takes.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 { .. } => 2,
            Self::U32 { .. } => 4,
            Self::U64 { .. } => 8,
            Self::Bytes(length) => usize::from(length),
        }
    }
}

/// What a header field is for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldRole {
    /// States the payload's length, or header and payload together.
    PayloadLength {
        /// Whether the header counts.
        includes_header: bool,
    },
    /// Names the stream: number to name; no names when any number is a stream.
    Stream(BTreeMap<u64, String>),
    /// Is always that: the number, or for [`HeaderType::Bytes`] the value of every byte.
    Constant(u64),
    /// Binds nothing.
    Free,
}

/// One JSON document a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lines {
    /// The schema of each.
    pub item: Option<SchemaId>,
    /// An item that has this and not as null is the last.
    pub last: Option<Pointer>,
    /// Exactly one of these is there and not null.
    pub alternatives: Vec<Pointer>,
    /// What makes two items the same item; no two are.
    pub identity: Vec<Pointer>,
    /// Which lines end in a newline.
    pub terminated: Terminated,
}

/// Which lines end in a newline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Terminated {
    /// Every one.
    All,
    /// A final item may do without.
    ExceptFinal,
}

/// Lines of text, with the query parameters that cut or mark them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TextLines {
    /// Meaning (`tail`, `bytes`, `since`, `since-time`, `timestamps`, `follow`) to parameter name.
    pub options: BTreeMap<String, String>,
}

/// WebSocket messages that begin with a channel number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Channels {
    /// Subprotocol name to encoding: `binary` or `base64`, and the number of a close channel.
    pub protocols: BTreeMap<String, (String, Option<u8>)>,
    /// Number to channel.
    pub channels: BTreeMap<u8, Channel>,
    /// Whether the first message may be empty.
    pub first_may_be_empty: bool,
}

/// One channel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Whether the client writes it.
    pub to_server: bool,
    /// The schema of the JSON document it carries, if it carries one.
    pub item: Option<SchemaId>,
    /// How many documents it carries.
    pub times: Option<u64>,
    /// It carries something only where this holds of the request; always a query parameter.
    pub asked: Option<Condition>,
    /// Whether its messages come after those of all other channels.
    pub last: bool,
}

/// What the first message of a channel carries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpeningValue {
    /// Width and byte order.
    pub kind: HeaderType,
    /// What it states, such as `port`.
    pub value: String,
}

/// `x-upgrade`: what 101 switches to (RFC 9110 §7.8).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Upgrade {
    /// Protocol names a request may offer.
    pub protocols: Vec<String>,
    /// Whether a request without `Upgrade` is at fault.
    pub required: bool,
    /// Where it stands.
    pub place: Place,
}

/// `x-watch`: how the events of a watch read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Watch {
    /// Where an event has its type.
    pub kind: Pointer,
    /// Where it has its object.
    pub object: Pointer,
    /// Meaning (`added`, `modified`, `deleted`, `bookmark`, `error`) to the type's value.
    pub kinds: BTreeMap<String, String>,
    /// Where an event has the version.
    pub version: Option<Pointer>,
    /// Where an event has the identity of its object.
    pub identity: Option<Pointer>,
    /// The parameter that resumes from a version.
    pub resume: Option<String>,
    /// The parameter that limits the time, in seconds.
    pub timeout: Option<String>,
    /// The parameter that asks for bookmarks.
    pub bookmarks: Option<String>,
    /// What a watch that resumes from no version begins with.
    pub initial: Option<WatchInitial>,
    /// Types whose objects are not of the item's schema.
    pub untyped: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// What a watch that resumes from no version begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WatchInitial {
    /// One event for each thing that is there.
    State,
    /// The first change from now on.
    Changes,
    /// One of the two.
    Either,
}
