//! A node of a marked tree together with its place, and reads that report what they do not find.
//!
//! Knows no keys: what is read is said by the caller.

use std::fmt;
use std::sync::Arc;

use generator::contract::{Place, Pointer};
use generator::diagnostic::Diagnostics;
use generator::document::{Node, Scalar, Value};

/// A node and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'n> {
    node: &'n Node,
    source: Arc<str>,
    pointer: Pointer,
}

/// The keys that a mapping may have.
pub(super) struct Keys {
    /// Keys that mean something here.
    pub(super) known: &'static [&'static str],
    /// Keys of Arazzo that are not understood here.
    pub(super) foreign: &'static [&'static str],
}

impl<'n> Cursor<'n> {
    /// The whole document.
    pub(super) fn new(node: &'n Node, source: &Arc<str>) -> Self {
        Self { node, source: Arc::clone(source), pointer: Pointer::root() }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        self.node.place(&self.source, self.pointer.clone())
    }

    /// What stands here, without positions.
    pub(super) fn json(&self) -> serde_json::Value {
        self.node.to_json()
    }

    /// Whether this is a mapping.
    pub(super) fn is_mapping(&self) -> bool {
        self.node.mapping().is_some()
    }

    /// The value under that key, unless there is none or it is null.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.node.get(key).filter(|node| node.value != Value::Scalar(Scalar::Null)).map(|node| {
            Self { node, source: Arc::clone(&self.source), pointer: self.pointer.child(key) }
        })
    }

    /// The value under that key; its absence is reported.
    pub(super) fn need(&self, key: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let found = self.get(key);
        if found.is_none() && self.is_mapping() {
            let message = format_args!("`{key}` is missing");
            diagnostics.error("missing-key", &self.place(), message, "add it");
        }
        found
    }

    /// Reports keys that are not known, and a node that is no mapping.
    pub(super) fn keys(&self, keys: &Keys, diagnostics: &mut Diagnostics) {
        let Some(entries) = self.node.mapping() else {
            return self.wrong("an object", diagnostics);
        };
        for entry in entries.iter().filter(|entry| !keys.known.contains(&entry.key.as_str())) {
            let place = Place {
                source: Arc::clone(&self.source),
                pointer: self.pointer.child(&entry.key),
                line: entry.line,
                column: entry.column,
            };
            let key = &entry.key;
            if keys.foreign.contains(&key.as_str()) {
                let message = format_args!("`{key}` is not supported here");
                diagnostics.error("unsupported", &place, message, "leave it out");
            } else {
                let message = format_args!("`{key}` is not known here");
                let help = format_args!("known are {}", keys.known.join(", "));
                diagnostics.error("unknown-key", &place, message, help);
            }
        }
    }

    /// The members of a mapping, in document order.
    pub(super) fn members(&self, diagnostics: &mut Diagnostics) -> Vec<(&'n str, Self)> {
        let Some(entries) = self.node.mapping() else {
            self.wrong("an object", diagnostics);
            return Vec::new();
        };
        let member = |node: &'n Node, key: &str| Self {
            node,
            source: Arc::clone(&self.source),
            pointer: self.pointer.child(key),
        };
        entries.iter().map(|entry| (entry.key.as_str(), member(&entry.value, &entry.key))).collect()
    }

    /// The items of a list.
    pub(super) fn items(&self, diagnostics: &mut Diagnostics) -> Vec<Self> {
        let Some(items) = self.node.sequence() else {
            self.wrong("a list", diagnostics);
            return Vec::new();
        };
        let item = |(index, node): (usize, &'n Node)| Self {
            node,
            source: Arc::clone(&self.source),
            pointer: self.pointer.child(index.to_string()),
        };
        items.iter().enumerate().map(item).collect()
    }

    /// A text.
    pub(super) fn text(&self, diagnostics: &mut Diagnostics) -> Option<&'n str> {
        let found = self.node.string();
        if found.is_none() {
            self.wrong("a text", diagnostics);
        }
        found
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, diagnostics: &mut Diagnostics) -> Option<bool> {
        if let Value::Scalar(Scalar::Bool(flag)) = self.node.value {
            return Some(flag);
        }
        self.wrong("true or false", diagnostics);
        None
    }

    /// A whole number that is not negative.
    pub(super) fn count(&self, diagnostics: &mut Diagnostics) -> Option<u64> {
        let found = match &self.node.value {
            Value::Scalar(Scalar::Number(number)) => number.as_u64(),
            _ => None,
        };
        if found.is_none() {
            self.wrong("a whole number", diagnostics);
        }
        found
    }

    /// Reports that this is not what stands here.
    pub(super) fn wrong(&self, expected: impl fmt::Display, diagnostics: &mut Diagnostics) {
        let message = format_args!("{expected} is expected here");
        diagnostics.error("wrong-type", &self.place(), message, "");
    }
}
