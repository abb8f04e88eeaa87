//! Which line of a tree is a line of which text, once texts have been laid over one another.
//!
//! A node that an overlay brings stands where it would stand if the overlay's text followed the document's, so that a
//! line number alone says which text it is from, and nothing else needs to know of overlays.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::document::{Node, Value};
use crate::source::Source;

/// The overlays that were laid over a document, and the lines that what they brought has in its tree.
#[derive(Clone, Debug)]
pub struct Overlays {
    document: Arc<str>,
    laid: Vec<Laid>,
    next: u32,
}

#[derive(Clone, Debug)]
struct Laid {
    source: Source,
    /// Lines of everything before.
    after: u32,
    /// Ways in its own text.
    ways: Ways,
}

impl Overlays {
    /// None yet, over that document.
    #[must_use]
    pub fn over(document: &Source) -> Self {
        let next = length(document);
        Self { document: Arc::clone(document.name()), laid: Vec::new(), next }
    }

    /// Takes a further overlay in, and tells how many lines stand before its first.
    pub(super) fn add(&mut self, source: &Source, tree: &Node) -> u32 {
        let mut ways = Ways::new();
        search(tree, &mut Vec::new(), &mut ways);
        let after = self.next;
        self.next = after.saturating_add(length(source));
        self.laid.push(Laid { source: source.clone(), after, ways });
        after
    }

    /// The texts, in the order in which they were laid over the document.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.laid.iter().map(|laid| &laid.source)
    }

    /// Where that really is, if an overlay brought it.
    #[must_use]
    pub fn find(&self, place: &Place) -> Option<Place> {
        if place.source != self.document {
            return None;
        }
        let laid = self.laid.iter().rev().find(|laid| place.line > laid.after)?;
        let (line, column) = (place.line - laid.after, place.column);
        let ways = laid.ways.get(&(line, column)).map(Vec::as_slice).unwrap_or_default();
        let last = place.pointer.segments().last();
        let same_end = ways.iter().find(|way| way.segments().last() == last);
        let pointer = same_end.or_else(|| ways.first()).cloned().unwrap_or_default();
        Some(Place { source: Arc::clone(laid.source.name()), pointer, line, column })
    }

    /// Gives every problem of what an overlay brought its place in that overlay.
    pub fn locate(&self, diagnostics: &mut Diagnostics) {
        if !self.laid.is_empty() {
            diagnostics.move_places(|place| self.find(place));
        }
    }
}

fn length(source: &Source) -> u32 {
    u32::try_from(source.lines().count()).unwrap_or(u32::MAX).saturating_add(1)
}

/// Ways to what stands at a line and column: to a node, and to the first key in it.
type Ways = BTreeMap<(u32, u32), Vec<Pointer>>;

fn search(node: &Node, way: &mut Vec<String>, ways: &mut Ways) {
    note((node.line, node.column), way, ways);
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                way.push(index.to_string());
                search(item, way, ways);
                way.pop();
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                way.push(entry.key.clone());
                note((entry.line, entry.column), way, ways);
                search(&entry.value, way, ways);
                way.pop();
            }
        }
    }
}

fn note(at: (u32, u32), way: &[String], ways: &mut Ways) {
    ways.entry(at).or_default().push(Pointer::from_segments(way));
}
