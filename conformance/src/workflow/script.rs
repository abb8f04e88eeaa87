//! `x-stream`: what is sent on a stream, and what must come back.

use std::time::Duration;

use generator::contract::Place;
use generator::diagnostic::Diagnostics;
use serde::Serialize;

use super::cursor::{Cursor, Keys};
use super::model::LONGEST;
use super::payload::Payload;
use super::template::Template;

/// What happens on the stream of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stream {
    /// The protocol that an upgrade is offered to.
    pub upgrade: Option<String>,
    /// The subprotocols of WebSocket that are offered; none: all that are documented.
    pub protocols: Vec<String>,
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
        /// In how many parts a message goes out; `None`: in one, as is usual.
        fragments: Option<usize>,
    },
    /// Sends messages that mean nothing: an empty one, one on a channel that is not there, one on a channel of the
    /// server's.
    Nonsense,
    /// Asks the other side of a WebSocket whether it is there, and waits for its answer.
    Ping(String),
    /// Closes a WebSocket with that code, and waits for the other side to do so.
    Close(u16),
    /// Sends a frame as no client may, and waits for the connection to fail.
    Unmasked,
    /// Ends the own direction of a stream.
    CloseSend(String),
    /// Waits for bytes.
    Expect(Expectation),
    /// Runs a step while the stream is open.
    Call(String),
    /// Runs a step with a stream of its own while this one is open.
    Open(String),
    /// Waits for the end of the stream.
    Ends(Ending),
    /// The stream must not end for so long.
    StaysOpen(Duration),
}

/// How a stream must end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ending {
    /// In order, and not by a reset.
    pub clean: bool,
    /// With a close of that code (RFC 6455 §7.4).
    pub close_code: Option<u16>,
    /// With a document on a channel of documents that holds this.
    pub status: Option<Template>,
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
    /// A JSON document that holds this.
    Item(Template),
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

const ENTRIES: Keys = Keys {
    known: &[
        "status",
        "send",
        "close-send",
        "expect",
        "call",
        "open",
        "ends",
        "stays-open",
        "nonsense",
        "ping",
        "close",
        "unmasked",
    ],
    foreign: &[],
};
const EXPECT: Keys = Keys {
    known: &[
        "from", "text", "hex", "base64", "repeat", "length", "contains", "empty", "first",
        "within", "item",
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
        !self.script.iter().any(|entry| {
            matches!(
                entry.action,
                Action::CloseSend(_) | Action::Ends(_) | Action::Close(_) | Action::Unmasked
            )
        })
    }

    pub(super) fn read(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Self {
        cursor
            .keys(&Keys { known: &["upgrade", "protocols", "script"], foreign: &[] }, diagnostics);
        let upgrade = cursor.get("upgrade").and_then(|at| at.text(diagnostics));
        let protocols = cursor.get("protocols").map(|at| at.items(diagnostics));
        let protocols = protocols.iter().flatten().filter_map(|at| at.text(diagnostics));
        let protocols = protocols.map(str::to_owned).collect();
        let entries = cursor.need("script", diagnostics).map(|at| at.items(diagnostics));
        let script = entries.unwrap_or_default();
        Self {
            upgrade: upgrade.map(str::to_owned),
            protocols,
            script: script.iter().filter_map(|entry| read_entry(entry, diagnostics)).collect(),
            place: cursor.place(),
        }
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
        "ends" => Some(Action::Ends(ending(value, diagnostics))),
        "nonsense" => value.flag(diagnostics).filter(|wanted| *wanted).map(|_| Action::Nonsense),
        "unmasked" => value.flag(diagnostics).filter(|wanted| *wanted).map(|_| Action::Unmasked),
        "ping" => named(diagnostics).map(Action::Ping),
        "close" => close_code(value, diagnostics).map(Action::Close),
        "stays-open" => time(value, diagnostics).map(Action::StaysOpen),
        _ => None,
    }
}

fn ending(value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Ending {
    let keys = Keys { known: &["clean", "close-code", "status"], foreign: &["exit-code"] };
    value.keys(&keys, diagnostics);
    let clean = value.get("clean").and_then(|at| at.flag(diagnostics));
    let code = value.get("close-code").and_then(|at| close_code(&at, diagnostics));
    let status = value.get("status").map(|at| Template::read(&at, diagnostics));
    Ending { clean: clean.unwrap_or(true), close_code: code, status }
}

fn close_code(value: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<u16> {
    let code = u16::try_from(value.count(diagnostics)?).ok().filter(|code| *code >= 1000);
    if code.is_none() {
        value.wrong("a code from 1000 to 65535", diagnostics);
    }
    code
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
    let keys = Keys {
        known: &["to", "text", "hex", "base64", "item", "repeat", "fragments"],
        foreign: &[],
    };
    value.keys(&keys, diagnostics);
    let to = value.need("to", diagnostics).and_then(|at| at.text(diagnostics));
    let payload = Payload::read(value, diagnostics);
    if payload.is_none() {
        says_nothing(value, diagnostics);
    }
    let fragments = value.get("fragments").and_then(|at| at.count(diagnostics));
    let fragments = fragments.and_then(|parts| usize::try_from(parts).ok());
    Some(Action::Send { to: to?.to_owned(), payload: payload?, fragments })
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
    if let Some(at) = value.get("item") {
        return Some(Content::Item(Template::read(&at, diagnostics)));
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
    let help = "say them as text, hex, base64, item or repeat";
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
