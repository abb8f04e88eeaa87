//! Does what the actions of one overlay say. Each costs only itself when it cannot be done.

use super::merge;
use super::read::{Action, Change};
use super::target::Budget;
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::document::{Limits, Node, Value};
use crate::source::Source;

/// Nodes that one action may change.
const MOST_MATCHES: usize = 100_000;

/// The laying of one overlay.
pub(super) struct Work<'w> {
    /// Its text.
    pub(super) source: &'w Source,
    /// Lines of everything before.
    pub(super) after: u32,
    /// How large a tree may become.
    pub(super) limits: &'w Limits,
    /// What may still be spent on finding targets.
    pub(super) budget: &'w mut Budget,
    /// Where problems go.
    pub(super) diagnostics: &'w mut Diagnostics,
}

impl Work<'_> {
    /// Does every action, in order.
    pub(super) fn all(mut self, actions: &[Action<'_>], root: &mut Node) {
        let mut added = 0;
        for action in actions {
            let Some(found) = self.found(action, root) else { continue };
            // From the end, so that what stands inside is done before what holds it, and no index moves.
            let found = found.iter().rev();
            match &action.change {
                Change::Remove => found.for_each(|way| self.remove(root, way, &action.place)),
                Change::Update(update, at) => {
                    let size = merge::Size::of(update);
                    for way in found {
                        added += size.bytes;
                        if !self.has_room(way, size, added, &action.place) {
                            return;
                        }
                        self.update(root, way, update, at);
                    }
                }
            }
        }
    }

    /// What an action is about; there is always something, or it is reported.
    fn found(&mut self, action: &Action<'_>, root: &Node) -> Option<Vec<Pointer>> {
        let Ok(found) = action.target.find(root, self.budget) else {
            let message = "finding what this selects would take too long in this document";
            let help = "name more of the way, and use fewer `..` and filters";
            self.diagnostics.error("too-complex", &action.place, message, help);
            return None;
        };
        match found.len() {
            0 => {
                let message = "nothing in the document matches this target";
                let help = "correct the target, or remove the action if it has become needless";
                self.diagnostics.error("no-match", &action.place, message, help);
                None
            }
            matches if matches > MOST_MATCHES => {
                let message =
                    format_args!("{matches} nodes match, at most {MOST_MATCHES} are changed");
                self.diagnostics.error("too-many-matches", &action.place, message, "match less");
                None
            }
            _ => Some(found),
        }
    }

    fn remove(&mut self, root: &mut Node, way: &Pointer, place: &Place) {
        let Some((last, above)) = way.segments().split_last() else {
            let message = "the document as a whole cannot be removed";
            self.diagnostics.error("not-removable", place, message, "name a part of it");
            return;
        };
        match reach(root, above).map(|node| &mut node.value) {
            Some(Value::Mapping(entries)) => {
                entries.entries_mut().retain(|entry| entry.key != *last);
            }
            Some(Value::Sequence(items)) => {
                let index = last.parse().ok().filter(|index| *index < items.len());
                index.map(|index: usize| items.remove(index));
            }
            Some(Value::Scalar(_)) | None => {}
        }
    }

    fn update(&mut self, root: &mut Node, way: &Pointer, update: &Node, at: &Pointer) {
        let Some(target) = reach(root, way.segments()) else { return };
        let troubles = merge::into(target, update, self.after);
        for trouble in troubles {
            let message = match &trouble.key {
                None => format!("{} stands at `#{way}`, which {}", trouble.there, trouble.why),
                Some(key) => {
                    format!("`{key}` at `#{way}` is {} there, which {}", trouble.there, trouble.why)
                }
            };
            let place = trouble.node.place(self.source.name(), trouble.at.under(at));
            let help = "update what holds it, or remove it in an action before this one";
            self.diagnostics.error("not-mergeable", &place, message, help);
        }
    }

    /// Whether the tree stays within its bounds with an update at the end of that way.
    fn has_room(&mut self, way: &Pointer, size: merge::Size, added: usize, place: &Place) -> bool {
        if way.segments().len() + size.depth > self.limits.depth {
            let message =
                format_args!("the document becomes more than {} levels deep", self.limits.depth);
            self.diagnostics.error("too-deep", place, message, "nest less");
            return false;
        }
        if added > self.limits.alias_bytes {
            let message = "the document grows too large with this action";
            self.diagnostics.error("too-large", place, message, "match less, or add less");
            return false;
        }
        true
    }
}

/// The node at the end of a way.
fn reach<'n>(root: &'n mut Node, way: &[String]) -> Option<&'n mut Node> {
    way.iter().try_fold(root, |node, segment| match &mut node.value {
        Value::Mapping(entries) => {
            let entry = entries.entries_mut().iter_mut().find(|entry| entry.key == *segment);
            entry.map(|entry| &mut entry.value)
        }
        Value::Sequence(items) => items.get_mut(segment.parse::<usize>().ok()?),
        Value::Scalar(_) => None,
    })
}
