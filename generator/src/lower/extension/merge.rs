//! `x-merge-strategy`, `x-merge-key`, `x-list-type` and `x-list-keys`: how a change is merged into a member.

use crate::contract::{ListKind, Merge, MergeStrategy};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

const STRATEGIES: [(&str, MergeStrategy); 3] = [
    ("merge", MergeStrategy::Merge),
    ("replace", MergeStrategy::Replace),
    ("retain-keys", MergeStrategy::RetainKeys),
];

const LISTS: [(&str, ListKind); 3] =
    [("atomic", ListKind::Atomic), ("set", ListKind::Set), ("map", ListKind::Map)];

impl<'d> Lowering<'d, '_> {
    /// What the schema at `owner`, where a member is declared, says of merging.
    pub(in crate::lower) fn merge(&mut self, owner: &Cursor<'d>) -> Option<Merge> {
        let merge = Merge {
            strategies: self.strategies(owner),
            key: self.text(owner, "x-merge-key"),
            list: self.word(owner, "x-list-type", &LISTS),
            list_keys: self.texts(owner, "x-list-keys"),
        };
        let has_keys = !merge.list_keys.is_empty();
        if has_keys != (merge.list == Some(ListKind::Map)) {
            self.error(
                "bad-list-keys",
                &owner.place(),
                "`x-list-keys` goes with `x-list-type: map`, and only with it",
                "state both or none",
            );
        }
        (merge != Merge::default()).then_some(merge)
    }

    fn strategies(&mut self, owner: &Cursor<'d>) -> Vec<MergeStrategy> {
        let Some(cursor) = owner.get("x-merge-strategy") else { return Vec::new() };
        let words: Vec<_> = match cursor.node().sequence() {
            Some(_) => cursor.items().collect(),
            None => vec![cursor],
        };
        words.iter().filter_map(|word| self.word_of(word, &STRATEGIES)).collect()
    }
}
