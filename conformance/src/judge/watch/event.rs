//! One event of a watch, read by its declaration.

use generator::contract::{Pointer, Watch};
use serde_json::Value;

/// What an event says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A thing is there, or matches now.
    Added,
    /// It has changed.
    Modified,
    /// It is gone, or matches no more.
    Deleted,
    /// Nothing but a version to resume from.
    Bookmark,
    /// The watch cannot go on.
    Error,
    /// Nothing that is documented.
    Unknown,
}

impl Kind {
    /// Every documented kind with its key under `x-watch`.
    const KEYS: [(&'static str, Self); 5] = [
        ("added", Self::Added),
        ("modified", Self::Modified),
        ("deleted", Self::Deleted),
        ("bookmark", Self::Bookmark),
        ("error", Self::Error),
    ];

    /// Whether it is about one thing.
    #[must_use]
    pub fn is_change(self) -> bool {
        matches!(self, Self::Added | Self::Modified | Self::Deleted)
    }
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What it says.
    pub kind: Kind,
    /// The word that says so.
    pub word: String,
    /// What its thing is, in words.
    pub key: Option<String>,
    /// The version that it leads to.
    pub version: Option<String>,
    /// The event.
    pub value: Value,
}

impl Event {
    /// Reads an event.
    #[must_use]
    pub fn read(watch: &Watch, value: &Value) -> Self {
        let word = watch.kind.get(value).and_then(Value::as_str).unwrap_or_default();
        let of = |(key, kind): &(&str, Kind)| {
            watch.kinds.get(*key).is_some_and(|known| known == word).then_some(*kind)
        };
        let text = |pointer: &Option<Pointer>| pointer.as_ref().and_then(|at| text(at.get(value)?));
        Self {
            kind: Kind::KEYS.iter().find_map(of).unwrap_or(Kind::Unknown),
            word: word.to_owned(),
            key: text(&watch.identity),
            version: text(&watch.version),
            value: value.clone(),
        }
    }
}

/// Where a thing itself has what an event has at that pointer.
#[must_use]
pub fn inner(watch: &Watch, pointer: &Pointer) -> Option<Pointer> {
    let rest = pointer.segments().strip_prefix(watch.object.segments())?;
    Some(Pointer::from_segments(rest.iter().cloned()))
}

pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
