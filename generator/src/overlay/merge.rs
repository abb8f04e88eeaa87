//! One node merged into another: objects key by key, lists end to end, and single values in place of others.
//! Kinds that differ are not merged, so that nothing is lost without a word.

use std::collections::HashMap;

use crate::contract::Pointer;
use crate::document::{Entry, Mapping, Node, Scalar, Value};

/// A part of an update that has nothing to be merged with.
pub(super) struct Trouble<'u> {
    /// The part.
    pub(super) node: &'u Node,
    /// The way to it in the update.
    pub(super) at: Way<'u>,
    /// Its key; none if it is the whole update.
    pub(super) key: Option<&'u str>,
    /// What stands in the document.
    pub(super) there: &'static str,
    /// A sentence fragment.
    pub(super) why: &'static str,
}

/// The keys that lead to a part of an update.
#[derive(Clone, Default)]
pub(super) struct Way<'u>(Vec<&'u str>);

impl Way<'_> {
    /// The pointer to it, given that to the update.
    pub(super) fn under(&self, update: &Pointer) -> Pointer {
        let above = update.segments().iter().map(String::as_str);
        Pointer::from_segments(above.chain(self.0.iter().copied()))
    }
}

/// How large an update is.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// Bytes, about.
    pub(super) bytes: usize,
    /// Levels.
    pub(super) depth: usize,
}

impl Size {
    /// Measures a tree.
    pub(super) fn of(node: &Node) -> Self {
        let none = Self { bytes: size_of::<Entry>(), depth: 0 };
        let hold = |sum: Self, inner: Self, key: usize| Self {
            bytes: sum.bytes + inner.bytes + key,
            depth: sum.depth.max(inner.depth + 1),
        };
        match &node.value {
            Value::Scalar(Scalar::String(text)) => Self { bytes: none.bytes + text.len(), ..none },
            Value::Scalar(_) => none,
            Value::Sequence(items) => {
                items.iter().fold(none, |sum, item| hold(sum, Self::of(item), 0))
            }
            Value::Mapping(entries) => entries
                .iter()
                .fold(none, |sum, entry| hold(sum, Self::of(&entry.value), entry.key.len())),
        }
    }
}

/// Merges an update into what a target selected, and tells what could not be. What it brings is `after` lines further
/// down than it is written.
///
/// A list is added to the end of a list, and anything else is added to it as a further item. A key without a value says
/// nothing where there is an object or a list already.
pub(super) fn into<'u>(target: &mut Node, update: &'u Node, after: u32) -> Vec<Trouble<'u>> {
    let mut troubles = Vec::new();
    match (&mut target.value, &update.value) {
        (Value::Sequence(items), Value::Sequence(further)) => {
            items.extend(further.iter().map(|item| moved(item, after)));
        }
        (Value::Sequence(items), _) => items.push(moved(update, after)),
        (Value::Mapping(_), Value::Mapping(_)) => {
            merged(target, update, after, &Way::default(), &mut troubles);
        }
        (there, _) => {
            let why = match there {
                Value::Scalar(_) => "cannot be updated",
                _ => "is updated by an object alone",
            };
            let there = kind(there);
            troubles.push(Trouble { node: update, at: Way::default(), key: None, there, why });
        }
    }
    troubles
}

fn merged<'u>(
    target: &mut Node,
    update: &'u Node,
    after: u32,
    way: &Way<'u>,
    troubles: &mut Vec<Trouble<'u>>,
) {
    match (&mut target.value, &update.value) {
        (Value::Mapping(entries), Value::Mapping(further)) => {
            merge_entries(entries, further, after, way, troubles);
        }
        (Value::Sequence(items), Value::Sequence(further)) => {
            items.extend(further.iter().map(|item| moved(item, after)));
        }
        (Value::Scalar(_), Value::Scalar(_)) => *target = moved(update, after),
        (_, Value::Scalar(Scalar::Null)) => {}
        (there, _) => troubles.push(Trouble {
            node: update,
            at: way.clone(),
            key: way.0.last().copied(),
            there: kind(there),
            why: "does not go together with this",
        }),
    }
}

fn merge_entries<'u>(
    entries: &mut Mapping,
    further: &'u Mapping,
    after: u32,
    way: &Way<'u>,
    troubles: &mut Vec<Trouble<'u>>,
) {
    let entries = entries.entries_mut();
    let known: HashMap<String, usize> =
        entries.iter().enumerate().map(|(index, entry)| (entry.key.clone(), index)).collect();
    for entry in further {
        let there = known.get(&entry.key).and_then(|index| entries.get_mut(*index));
        let Some(there) = there else {
            entries.push(moved_entry(entry, after));
            continue;
        };
        let mut way = way.clone();
        way.0.push(&entry.key);
        if matches!(there.value.value, Value::Scalar(_)) {
            (there.line, there.column) = (entry.line.saturating_add(after), entry.column);
        }
        merged(&mut there.value, &entry.value, after, &way, troubles);
    }
}

fn moved(node: &Node, after: u32) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| moved(item, after)).collect())
        }
        Value::Mapping(entries) => {
            Value::Mapping(entries.iter().map(|entry| moved_entry(entry, after)).collect())
        }
    };
    Node { value, line: node.line.saturating_add(after), column: node.column }
}

fn moved_entry(entry: &Entry, after: u32) -> Entry {
    Entry {
        key: entry.key.clone(),
        line: entry.line.saturating_add(after),
        column: entry.column,
        value: moved(&entry.value, after),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Scalar(Scalar::Null) => "nothing",
        Value::Scalar(_) => "a single value",
        Value::Sequence(_) => "a list",
        Value::Mapping(_) => "an object",
    }
}
