//! `x-refusals`: what a request at fault may get.

use crate::contract::{Fault, Refusals};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

impl<'d> Lowering<'d, '_> {
    /// The table of the document or of an operation, laid over `inherited` key by key.
    pub(in crate::lower) fn refusals(
        &mut self,
        owner: &Cursor<'d>,
        inherited: &Refusals,
    ) -> Refusals {
        let mut refusals = inherited.clone();
        let cursor = owner.get("x-refusals").and_then(|cursor| self.mapping(cursor));
        for (key, list) in cursor.iter().flat_map(Cursor::entries) {
            let Some((_, fault)) = Fault::ALL.into_iter().find(|(name, _)| *name == key) else {
                continue;
            };
            let mut statuses = self.statuses_of(&list);
            if statuses.iter().any(|status| *status < 400) {
                self.wrong_extension(&list, "a list of statuses from 400");
                statuses.retain(|status| *status >= 400);
            }
            refusals.0.insert(fault, statuses);
        }
        refusals
    }
}
