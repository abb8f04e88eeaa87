//! `x-upgrade`: what 101 switches to.

use crate::contract::{Responses, StatusKey, Upgrade};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

impl<'d> Lowering<'d, '_> {
    /// What an operation upgrades to. Unless it says so itself, an upgrade is required where no success is documented
    /// without one.
    pub(in crate::lower) fn upgrade(
        &mut self,
        operation: &Cursor<'d>,
        responses: &Responses,
    ) -> Option<Upgrade> {
        let cursor = self.mapping(operation.get("x-upgrade")?)?;
        self.needed(&cursor, "protocols")?;
        let protocols = self.texts(&cursor, "protocols");
        if protocols.is_empty() {
            return None;
        }
        let has_success = responses.iter().any(|(key, _)| {
            matches!(key, StatusKey::Code(200..=299) | StatusKey::Range(2) | StatusKey::Default)
        });
        let required = self.flag(&cursor, "required").unwrap_or(!has_success);
        if responses.get(101).is_none_or(|(key, _)| key == StatusKey::Default) {
            self.warning(
                "upgrade-without-101",
                &cursor.place(),
                "the operation upgrades and documents no 101",
                "describe the response 101",
            );
        }
        Some(Upgrade { protocols, required, place: cursor.place() })
    }
}
