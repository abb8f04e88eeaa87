//! `x-status-field`: a member of a body that agrees with the status.

use std::collections::BTreeMap;

use crate::contract::StatusField;
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

impl<'d> Lowering<'d, '_> {
    /// The member of a response's body that agrees with its status.
    pub(in crate::lower) fn status_field(&mut self, response: &Cursor<'d>) -> Option<StatusField> {
        let cursor = self.mapping(response.get("x-status-field")?)?;
        let pointer = self.needed_pointer(&cursor, "pointer")?;
        let values = match cursor.get("values") {
            Some(values) => self.status_values(values)?,
            None => {
                self.needed(&cursor, "equals")?;
                self.word(&cursor, "equals", &[("status", ())])?;
                BTreeMap::new()
            }
        };
        Some(StatusField { pointer, values, place: cursor.place() })
    }

    fn status_values(&mut self, cursor: Cursor<'d>) -> Option<BTreeMap<i64, Vec<u16>>> {
        let cursor = self.mapping(cursor)?;
        let mut values = BTreeMap::new();
        for (value, statuses) in cursor.entries() {
            let Ok(value) = value.parse() else {
                self.wrong_extension(&statuses, "under a whole number");
                return None;
            };
            values.insert(value, self.statuses_of(&statuses));
        }
        if values.is_empty() {
            self.wrong_extension(&cursor, "a mapping of values to statuses");
            return None;
        }
        Some(values)
    }
}
