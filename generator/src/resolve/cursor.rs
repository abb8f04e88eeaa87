//! A node together with the way that led to it, so that whatever is said about it can be located.

use std::sync::Arc;

use crate::contract::{Place, Pointer};
use crate::document::Node;

use super::Document;

/// A node of a document and where it stands.
#[derive(Clone, Debug)]
pub struct Cursor<'d> {
    document: &'d Document,
    node: &'d Node,
    pointer: Pointer,
}

impl<'d> Cursor<'d> {
    /// The whole document.
    #[must_use]
    pub fn root(document: &'d Document) -> Self {
        Self { document, node: document.root(), pointer: Pointer::root() }
    }

    /// The document it stands in.
    #[must_use]
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// The name of the source it stands in.
    #[must_use]
    pub fn source(&self) -> &'d Arc<str> {
        self.document.source().name()
    }

    /// What stands here.
    #[must_use]
    pub fn node(&self) -> &'d Node {
        self.node
    }

    /// The way from the root of its document.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// The last step of that way, empty at the root.
    #[must_use]
    pub fn key(&self) -> &str {
        self.pointer.segments().last().map_or("", String::as_str)
    }

    /// Its place, for a diagnostic or for the contract.
    #[must_use]
    pub fn place(&self) -> Place {
        self.node.place(self.source(), self.pointer.clone())
    }

    /// The value under that key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        self.node.get(key).map(|node| self.child(key, node))
    }

    /// What `pointer` leads to from here.
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<Self> {
        let node = self.node.at(pointer)?;
        let way = self.pointer.segments().iter().chain(pointer.segments());
        Some(Self { document: self.document, node, pointer: Pointer::from_segments(way) })
    }

    /// Keys and values, in document order; none if this is no mapping.
    pub fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> + '_ {
        let entries = self.node.mapping().unwrap_or_default();
        entries.iter().map(|entry| (entry.key.as_str(), self.child(&entry.key, &entry.value)))
    }

    /// The items, in document order; none if this is no sequence.
    pub fn items(&self) -> impl Iterator<Item = Self> + '_ {
        let items = self.node.sequence().unwrap_or_default();
        items.iter().enumerate().map(|(index, node)| self.child(&index.to_string(), node))
    }

    /// The text under that key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'d str> {
        self.node.get(key)?.string()
    }

    fn child(&self, segment: &str, node: &'d Node) -> Self {
        Self { document: self.document, node, pointer: self.pointer.child(segment) }
    }
}
