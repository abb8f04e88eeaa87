//! Requests that the API itself sends: webhooks, and the callbacks of operations.

use std::collections::BTreeSet;

use crate::contract::{OperationId, Outgoing, PathTemplate};
use crate::resolve::Cursor;

use super::context::Lowering;
use super::operation::{Inherited, Outline, methods};

impl<'d> Lowering<'d, '_> {
    /// The webhooks of a document (OpenAPI 3.1).
    pub(super) fn webhooks(
        &mut self,
        root: &Cursor<'d>,
        inherited: &Inherited<'_>,
    ) -> Vec<Outgoing> {
        let webhooks: Vec<_> = root.get("webhooks").iter().flat_map(Cursor::entries).collect();
        let each = webhooks.iter().filter(|(name, _)| !name.starts_with("x-"));
        each.filter_map(|(name, item)| self.outgoing(name, None, item, inherited)).collect()
    }

    /// The callbacks of an operation, each with the expression that says where it goes.
    pub(super) fn callbacks(
        &mut self,
        operation: &Cursor<'d>,
        inherited: &Inherited<'_>,
    ) -> Vec<Outgoing> {
        let mut found = Vec::new();
        for (name, callback) in operation.get("callbacks").iter().flat_map(Cursor::entries) {
            let Some(callback) = self.follow(&callback) else { continue };
            for (target, item) in callback.entries().filter(|(key, _)| !key.starts_with("x-")) {
                found.extend(self.outgoing(name, Some(target), &item, inherited));
            }
        }
        found
    }

    fn outgoing(
        &mut self,
        name: &str,
        target: Option<&str>,
        item: &Cursor<'d>,
        inherited: &Inherited<'_>,
    ) -> Option<Outgoing> {
        let item = self.follow(item)?;
        let mut operations = Vec::new();
        let mut taken = BTreeSet::new();
        for (method, cursor) in methods(&item) {
            // Callbacks of callbacks may lead round in a circle.
            if let Some(inner) = cursor.get("callbacks") {
                self.not_carried(&inner, "a callback of a request that is sent");
            }
            let Some(spelled) = self.spelled(&cursor) else { continue };
            let named = spelled.operation_id.clone().filter(|id| !id.is_empty());
            let id = named.unwrap_or_else(|| name.to_owned());
            let id = if taken.insert(id.clone()) { id } else { format!("{id} {method}") };
            let (id, path) = (OperationId(id), PathTemplate { segments: Vec::new() });
            let outline = Outline { id, method, path, item: item.clone(), cursor, spelled };
            operations.extend(self.operation(&outline, inherited));
        }
        let (name, target) = (name.to_owned(), target.map(str::to_owned));
        Some(Outgoing { name, target, operations, place: item.place() })
    }
}
