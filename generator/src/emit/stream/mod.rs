//! Streams → the tables from which codecs read and write them. How they do it is support code.

mod channels;
mod length_prefixed;
mod lines;

use super::framing::{Framings, LayoutKind, LayoutPlan};
use super::{Imports, PlannedFile, Types};

/// The file of every stream of an API; none where it has no streams that need code of their own.
#[must_use]
pub fn emit(types: &Types<'_>, framings: &Framings) -> Option<PlannedFile> {
    let has_code = |plan: &LayoutPlan| !matches!(plan.kind, LayoutKind::Pairs(_));
    if !framings.layouts().iter().any(has_code) {
        return None;
    }
    let mut imports = Imports::qualified();
    let mut items = Vec::new();
    for plan in framings.layouts() {
        match &plan.kind {
            LayoutKind::LengthPrefixed(layout) => {
                items.extend(length_prefixed::items(plan, layout, &mut imports));
            }
            LayoutKind::Lines(layout) => {
                items.extend(lines::items(plan, layout, types, &mut imports));
            }
            LayoutKind::Channels(layout) => {
                items.extend(channels::items(plan, layout, types, &mut imports));
            }
            LayoutKind::Pairs(_) => {}
        }
    }
    Some(PlannedFile {
        path: format!("{}/streams.rs", types.names().module()),
        doc: format!("Streams of {}.", types.api().title),
        imports,
        items,
    })
}
