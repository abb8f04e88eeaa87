//! `x-stream`: what is sent on a stream, and what must come back.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generator::contract::Place;
use generator::diagnostic::Diagnostics;
use serde::Serialize;

use super::cursor::{Cursor, Keys};
use super::expression::{Expression, Scope, Unresolved};
use super::model::LONGEST;
use super::template::Template;

/// What happens on the stream of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stream {
    /// The protocol that an upgrade is offered to.
    pub upgrade: Option<String>,
    /// What is done, in order.
    pub script: Vec<Entry>,
    /// Where it stands.
    pub place: Place,
}

/// One thing to do, and where the script says so.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// What.
    pub action: Action,
    /// Where it stands.
    pub place: Place,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The status must be one of these.
    Status(Vec<u16>),
    /// Writes bytes.
    Send {
        /// The stream.
        to: String,
        /// The bytes.
        payload: Payload,
    },
    /// Ends the own direction of a stream.
    CloseSend(String),
    /// Waits for bytes.
    Expect(Expectation),
    /// Runs a step while the stream is open.
    Call(String),
    /// Runs a step with a stream of its own while this one is open.
    Open(String),
    /// Waits for the end of the stream.
    Ends {
        /// Whether it must be an orderly one.
        clean: bool,
    },
    /// The stream must not end for so long.
    StaysOpen(Duration),
}

/// What must come.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expectation {
    /// The stream.
    pub from: String,
    /// The bytes.
    pub content: Content,
    /// Which part of the stream is meant.
    pub reach: Reach,
}

/// Bytes that must come.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// These and no others.
    Exactly(Payload),
    /// These among others.
    Contains(Payload),
    /// So many.
    Length(u64),
    /// None.
    Empty,
}

/// Which part of a stream an expectation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// All of it, to its end.
    Whole,
    /// Its beginning.
    First,
    /// What comes in that time.
    Within(Duration),
}

/// Bytes as a script writes them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payload {
    /// A text, which may hold expressions.
    Text(Template),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A text again and again.
    Repeat {
        /// The text.
        text: String,
        /// How often.
        times: u64,
    },
}

/// The longest payload, in bytes.
const LARGEST: u64 = 64 << 20;

const ENTRIES: Keys = Keys {
    known: &["status", "send", "close-send", "expect", "call", "open", "ends", "stays-open"],
    foreign: &[],
};
const EXPECT: Keys = Keys {
    known: &[
        "from", "text", "hex", "base64", "repeat", "length", "contains", "empty", "first", "within",
    ],
    foreign: &["items"],
};

impl Stream {
    /// The ids of the steps that the script runs.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.script.iter().filter_map(|entry| match &entry.action {
            Action::Call(id) | Action::Open(id) => Some(id.as_str()),
            _ => None,
        })
    }

    /// Whether the client goes away before the stream is at an end.
    #[must_use]
    pub fn is_left(&self) -> bool {
        !self
            .script
            .iter()
            .any(|entry| matches!(entry.action, Action::CloseSend(_) | Action::Ends { .. }))
    }

    pub(super) fn read(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Self {
        cursor.keys(&Keys { known: &["upgrade", "script"], foreign: &[] }, diagnostics);
        let upgrade = cursor.get("upgrade").and_then(|at| at.text(diagnostics));
        let entries = cursor.need("script", diagnostics).map(|at| at.items(diagnostics));
        let script = entries.unwrap_or_default();
        Self {
            upgrade: upgrade.map(str::to_owned),
            script: script.iter().filter_map(|entry| read_entry(entry, diagnostics)).collect(),
            place: cursor.place(),
        }
    }
}

impl Payload {
    /// The bytes.
    ///
    /// # Errors
    /// The first expression that leads to nothing.
    pub fn bytes(&self, scope: &Scope<'_>) -> Result<Vec<u8>, Unresolved> {
        Ok(match self {
            Self::Text(template) => match template.evaluate(scope)? {
                serde_json::Value::String(text) => text.into_bytes(),
                other => other.to_string().into_bytes(),
            },
            Self::Bytes(bytes) => bytes.clone(),
            Self::Repeat { text, times } => {
                text.repeat(usize::try_from(*times).unwrap_or(0)).into_bytes()
            }
        })
    }

    /// How many bytes it is; what expressions give is not counted.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Text(_) => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Repeat { text, times } => (text.len() as u64).saturating_mul(*times),
        }
    }

    /// Every expression in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Text(template) => template.expressions(),
            Self::Bytes(_) | Self::Repeat { .. } => Vec::new(),
        }
    }

    /// The payload under whichever of its keys is there.
    fn read(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        if let Some(at) = cursor.get("text") {
            return at.text(diagnostics).map(|_| Self::Text(Template::read(&at, diagnostics)));
        }
        if let Some(at) = cursor.get("hex") {
            return decoded(&at, "hexadecimal digits, two a byte", from_hex, diagnostics);
        }
        if let Some(at) = cursor.get("base64") {
            let decode = |text: &str| STANDARD.decode(text).ok();
            return decoded(&at, "base64 (RFC 4648 §4)", decode, diagnostics);
        }
        cursor.get("repeat").and_then(|at| repeat(&at, diagnostics))
    }
}

fn read_entry(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Entry> {
    cursor.keys(&ENTRIES, diagnostics);
    let mut members = cursor.members(diagnostics).into_iter();
    let first = members.next();
    if members.next().is_some() || first.is_none() && cursor.is_mapping() {
        let message = "an entry of a script says exactly one thing";
        diagnostics.error("script", &cursor.place(), message, "write one entry for each thing");
    }
    let (key, value) = first?;
    let action = action(key, &value, diagnostics)?;
    Some(Entry { action, place: cursor.place() })
}

fn action(key: &str, value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Action> {
    let named = |diagnostics: &mut Diagnostics| value.text(diagnostics).map(str::to_owned);
    match key {
        "status" => Some(Action::Status(statuses(value, diagnostics))),
        "send" => send(value, diagnostics),
        "close-send" => named(diagnostics).map(Action::CloseSend),
        "expect" => expect(value, diagnostics),
        "call" => named(diagnostics).map(Action::Call),
        "open" => named(diagnostics).map(Action::Open),
        "ends" => {
            value.keys(
                &Keys { known: &["clean"], foreign: &["close-code", "status", "exit-code"] },
                diagnostics,
            );
            let clean = value.get("clean").and_then(|at| at.flag(diagnostics));
            Some(Action::Ends { clean: clean.unwrap_or(true) })
        }
        "stays-open" => time(value, diagnostics).map(Action::StaysOpen),
        _ => None,
    }
}

fn statuses(value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Vec<u16> {
    let mut found = Vec::new();
    for item in value.items(diagnostics) {
        match item.count(diagnostics).map(u16::try_from) {
            Some(Ok(status @ 100..=599)) => found.push(status),
            Some(_) => item.wrong("a status from 100 to 599", diagnostics),
            None => {}
        }
    }
    found
}

fn send(value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Action> {
    let keys = Keys { known: &["to", "text", "hex", "base64", "repeat"], foreign: &["item"] };
    value.keys(&keys, diagnostics);
    let to = value.need("to", diagnostics).and_then(|at| at.text(diagnostics));
    let payload = Payload::read(value, diagnostics);
    if payload.is_none() {
        says_nothing(value, diagnostics);
    }
    Some(Action::Send { to: to?.to_owned(), payload: payload? })
}

fn expect(value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Action> {
    value.keys(&EXPECT, diagnostics);
    let from = value.need("from", diagnostics).and_then(|at| at.text(diagnostics));
    let content = content(value, diagnostics);
    if content.is_none() {
        says_nothing(value, diagnostics);
    }
    let first = value.get("first").and_then(|at| at.flag(diagnostics)).unwrap_or(false);
    let within = value.get("within").and_then(|at| time(&at, diagnostics));
    let reach = match (first, within) {
        (_, Some(time)) => Reach::Within(time),
        (true, None) => Reach::First,
        (false, None) => Reach::Whole,
    };
    Some(Action::Expect(Expectation { from: from?.to_owned(), content: content?, reach }))
}

fn content(value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Content> {
    if let Some(at) = value.get("length") {
        return at.count(diagnostics).map(Content::Length);
    }
    if let Some(at) = value.get("contains") {
        let template = at.text(diagnostics).map(|_| Template::read(&at, diagnostics));
        return template.map(|template| Content::Contains(Payload::Text(template)));
    }
    if let Some(at) = value.get("empty") {
        return at.flag(diagnostics).filter(|empty| *empty).map(|_| Content::Empty);
    }
    Payload::read(value, diagnostics).map(Content::Exactly)
}

fn says_nothing(value: &Cursor<'_>, diagnostics: &mut Diagnostics) {
    if diagnostics.has_error_within(&value.place()) {
        return;
    }
    let help = "say them as text, hex, base64 or repeat";
    diagnostics.error("script", &value.place(), "nothing says which bytes are meant", help);
}

fn time(value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Duration> {
    let time = value.count(diagnostics).map(Duration::from_secs)?;
    if LONGEST < time {
        value.wrong(format_args!("a time of at most {} seconds", LONGEST.as_secs()), diagnostics);
        return None;
    }
    Some(time)
}

fn repeat(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Payload> {
    cursor.keys(&Keys { known: &["text", "times"], foreign: &[] }, diagnostics);
    let text = cursor.need("text", diagnostics).and_then(|at| at.text(diagnostics));
    let times = cursor.need("times", diagnostics).and_then(|at| at.count(diagnostics));
    let (text, times) = (text?.to_owned(), times?);
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_mul(times);
    if LARGEST < length {
        cursor.wrong(format_args!("at most {LARGEST} bytes in all"), diagnostics);
        return None;
    }
    Some(Payload::Repeat { text, times })
}

fn decoded(
    at: &Cursor<'_>,
    expected: &str,
    decode: impl Fn(&str) -> Option<Vec<u8>>,
    diagnostics: &mut Diagnostics,
) -> Option<Payload> {
    let text = at.text(diagnostics)?;
    let bytes = decode(text);
    if bytes.is_none() {
        at.wrong(expected, diagnostics);
    }
    bytes.map(Payload::Bytes)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let byte = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_come_in_pairs() {
        assert_eq!(from_hex("00fF"), Some(vec![0, 255]));
        assert_eq!(from_hex(""), Some(Vec::new()));
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("0g"), None);
    }
}
