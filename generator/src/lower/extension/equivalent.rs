//! `x-equivalent`: another operation that lists the same things.

use crate::contract::{Equivalent, OperationId};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

impl<'d> Lowering<'d, '_> {
    /// The operation that tells the same truth.
    pub(in crate::lower) fn equivalent(&mut self, operation: &Cursor<'d>) -> Option<Equivalent> {
        let cursor = self.mapping(operation.get("x-equivalent")?)?;
        Some(Equivalent {
            operation: OperationId(self.needed_text(&cursor, "operation")?),
            items: self.needed_pointer(&cursor, "items")?,
            each: self.needed_pointer(&cursor, "each")?,
            place: cursor.place(),
        })
    }
}
