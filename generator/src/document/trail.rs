//! How a walk over a tree came to a node. Links back to the node above, so that walking allocates nothing;
//! a pointer is made only where there is something to report.

use super::{Entry, Node};
use crate::contract::{Place, Pointer};
use crate::source::Source;

/// The way to one node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trail<'t> {
    parent: Option<&'t Self>,
    segment: Segment<'t>,
    /// Where the node is named: its key, or the node itself where it has none.
    line: u32,
    column: u32,
}

#[derive(Clone, Copy, Debug)]
enum Segment<'t> {
    Root,
    Key(&'t str),
    Index(usize),
}

impl<'t> Trail<'t> {
    /// To the root of a document.
    pub(super) fn root(node: &Node) -> Self {
        Self { parent: None, segment: Segment::Root, line: node.line, column: node.column }
    }

    /// On to the value of an entry.
    pub(super) fn key(&'t self, entry: &'t Entry) -> Self {
        let segment = Segment::Key(&entry.key);
        Self { parent: Some(self), segment, line: entry.line, column: entry.column }
    }

    /// On to an item of a sequence.
    pub(super) fn index(&'t self, index: usize, item: &Node) -> Self {
        let segment = Segment::Index(index);
        Self { parent: Some(self), segment, line: item.line, column: item.column }
    }

    /// The place where the node is named.
    pub(super) fn name_place(&self, source: &Source) -> Place {
        let source = source.name().clone();
        Place { source, pointer: self.pointer(), line: self.line, column: self.column }
    }

    /// The place of the node at the end of this trail.
    pub(super) fn value_place(&self, source: &Source, node: &Node) -> Place {
        node.place(source.name(), self.pointer())
    }

    /// What to call the node in a sentence.
    pub(super) fn called(&self) -> String {
        match self.segment {
            Segment::Root => "the document".to_owned(),
            Segment::Key(key) => format!("`{key}`"),
            Segment::Index(_) => match self.parent {
                Some(parent) => format!("an item of {}", parent.called()),
                None => "an item".to_owned(),
            },
        }
    }

    /// Whether the node is an item of a list under that key.
    pub(super) fn is_item_of(&self, key: &str) -> bool {
        matches!(self.segment, Segment::Index(_))
            && self
                .parent
                .is_some_and(|list| matches!(list.segment, Segment::Key(name) if name == key))
    }

    fn pointer(&self) -> Pointer {
        let mut segments = Vec::new();
        let mut trail = Some(self);
        while let Some(Self { parent, segment, .. }) = trail {
            match segment {
                Segment::Root => {}
                Segment::Key(key) => segments.push((*key).to_owned()),
                Segment::Index(index) => segments.push(index.to_string()),
            }
            trail = *parent;
        }
        segments.reverse();
        Pointer::from_segments(segments)
    }
}
