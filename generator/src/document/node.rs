//! The marked tree. Says what a text holds and where, not what it means.

use std::sync::Arc;

use super::Mapping;
use crate::contract::{Place, Pointer};

/// A node of a document's tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What stands here.
    pub value: Value,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values, in document order, keys unique.
    Mapping(Mapping),
}

/// A single value, resolved by the YAML 1.2 core schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a float, as JSON has it.
    Number(serde_json::Number),
    /// Anything else.
    String(String),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's text; keys that are numbers or booleans are taken by their text.
    pub key: String,
    /// Line of the key, counted from 1.
    pub line: u32,
    /// Column of the key, counted from 1.
    pub column: u32,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The entries, if this is a mapping.
    #[must_use]
    pub fn mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if this is a sequence.
    #[must_use]
    pub fn sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn string(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(Scalar::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The value under that key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.mapping()?.get(key)
    }

    /// The entry with that key, if this is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.mapping()?.entry(key)
    }

    /// The node that `pointer` leads to.
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<&Self> {
        pointer.segments().iter().try_fold(self, |node, segment| match &node.value {
            Value::Mapping(_) => node.get(segment),
            Value::Sequence(items) => items.get(segment.parse::<usize>().ok()?),
            Value::Scalar(_) => None,
        })
    }

    /// The same content without positions.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Scalar(Scalar::Null) => serde_json::Value::Null,
            Value::Scalar(Scalar::Bool(flag)) => (*flag).into(),
            Value::Scalar(Scalar::Number(number)) => serde_json::Value::Number(number.clone()),
            Value::Scalar(Scalar::String(text)) => text.as_str().into(),
            Value::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    /// The place of this node, given the source it is from and the pointer that leads to it.
    #[must_use]
    pub fn place(&self, source: &Arc<str>, pointer: Pointer) -> Place {
        Place { source: Arc::clone(source), pointer, line: self.line, column: self.column }
    }
}
