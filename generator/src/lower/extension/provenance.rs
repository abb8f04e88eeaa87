//! `x-provenance`: where a statement comes from.

use crate::contract::Provenance;
use crate::resolve::Cursor;

use crate::lower::context::Lowering;

impl<'d> Lowering<'d, '_> {
    /// What the thing at `owner` says of its origin.
    pub(in crate::lower) fn provenance(&mut self, owner: &Cursor<'d>) -> Option<Provenance> {
        let cursor = self.mapping(owner.get("x-provenance")?)?;
        if let Some(name) = self.text(&cursor, "convention") {
            return Some(Provenance::Convention { name });
        }
        let document = self.needed_text(&cursor, "document")?;
        Some(Provenance::Document { document, section: self.text(&cursor, "section") })
    }
}
