//! `x-dry-run`: how to ask that nothing be kept.

use crate::contract::DryRun;
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

impl<'d> Lowering<'d, '_> {
    /// The query under which an operation keeps nothing.
    pub(in crate::lower) fn dry_run(&mut self, operation: &Cursor<'d>) -> Option<DryRun> {
        let cursor = self.mapping(operation.get("x-dry-run")?)?;
        Some(DryRun {
            parameter: self.needed_text(&cursor, "param")?,
            value: self.needed_value(&cursor, "value")?,
            place: cursor.place(),
        })
    }
}
