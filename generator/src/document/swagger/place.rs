//! Finds the way to a node again from its line and column, once trees have been given another form.

use std::collections::BTreeMap;

use super::super::{Limits, Node, Value, parse};
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::source::Source;

/// Ways to what stands at one place: that of a node, and that of the first key in it.
type Ways = Vec<Pointer>;

/// Gives every problem of that text the pointer under which its place is found there.
pub fn relocate(source: &Source, limits: &Limits, diagnostics: &mut Diagnostics) {
    let is_here = |found: &crate::diagnostic::Diagnostic| found.place.source == *source.name();
    let mut wanted: BTreeMap<(u32, u32), Ways> = diagnostics
        .iter()
        .filter(|found| is_here(found))
        .map(|found| ((found.place.line, found.place.column), Vec::new()))
        .collect();
    if wanted.is_empty() {
        return;
    }
    let Some(root) = parse(source, limits, &mut Diagnostics::default()) else { return };
    search(&root, &mut Vec::new(), &mut wanted);
    diagnostics.move_places(|place| {
        let ways =
            wanted.get(&(place.line, place.column)).filter(|_| place.source == *source.name())?;
        let last = place.pointer.segments().last();
        let same_end = ways.iter().find(|way| way.segments().last() == last);
        let pointer = same_end.or_else(|| ways.first()).cloned()?;
        Some(Place { pointer, ..place.clone() })
    });
}

fn search(node: &Node, way: &mut Vec<String>, wanted: &mut BTreeMap<(u32, u32), Ways>) {
    note((node.line, node.column), way, wanted);
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                way.push(index.to_string());
                search(item, way, wanted);
                way.pop();
            }
        }
        Value::Mapping(entries) => {
            for entry in entries {
                way.push(entry.key.clone());
                note((entry.line, entry.column), way, wanted);
                search(&entry.value, way, wanted);
                way.pop();
            }
        }
    }
}

fn note(at: (u32, u32), way: &[String], wanted: &mut BTreeMap<(u32, u32), Ways>) {
    if let Some(ways) = wanted.get_mut(&at) {
        ways.push(Pointer::from_segments(way));
    }
}
