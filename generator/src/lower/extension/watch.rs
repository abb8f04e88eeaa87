//! `x-watch`: how the events of a watch read.

use std::collections::BTreeMap;

use crate::contract::{Watch, WatchInitial};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

/// What an event may mean.
const KINDS: [&str; 5] = ["added", "modified", "deleted", "bookmark", "error"];

/// What a watch without a version may begin with.
const INITIAL: [(&str, WatchInitial); 3] = [
    ("state", WatchInitial::State),
    ("changes", WatchInitial::Changes),
    ("either", WatchInitial::Either),
];

impl<'d> Lowering<'d, '_> {
    /// How the events of an operation's stream read.
    pub(in crate::lower) fn watch(&mut self, operation: &Cursor<'d>) -> Option<Watch> {
        let cursor = self.mapping(operation.get("x-watch")?)?;
        let mut kinds = BTreeMap::new();
        for kind in KINDS {
            kinds.extend(self.text(&cursor, kind).map(|value| (kind.to_owned(), value)));
        }
        Some(Watch {
            kind: self.needed_pointer(&cursor, "type")?,
            object: self.needed_pointer(&cursor, "object")?,
            kinds,
            version: self.pointer(&cursor, "version"),
            identity: self.pointer(&cursor, "identity"),
            resume: self.text(&cursor, "resume"),
            timeout: self.text(&cursor, "timeout"),
            bookmarks: self.text(&cursor, "bookmarks"),
            initial: self.word(&cursor, "initial", &INITIAL),
            untyped: self.texts(&cursor, "untyped"),
            place: cursor.place(),
        })
    }
}
