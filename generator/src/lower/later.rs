//! What JSON Schema 2020-12 says beyond the schema objects of OpenAPI 3.0. What the contract has no words for is named
//! at its place; nothing of it is judged here.

use crate::contract::{Schema, SchemaId, Shape, Union, UnionKind};
use crate::document::Node;
use crate::resolve::Cursor;

use super::bounds;
use super::context::Lowering;
use super::draft::{Draft, Kind};
use super::keywords::truth;
use super::schema::{Origin, Without};
use super::shape::placeholder_of_nothing;

/// Keywords that constrain values and that the contract has no words for.
const NOT_CARRIED: [&str; 13] = [
    "$dynamicRef",
    "$id",
    "$anchor",
    "contains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "patternProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$schema",
];

/// Values of those keywords that say nothing beyond what is meant anyway.
const EMPTY: [&str; 2] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/base",
];

impl<'d> Lowering<'d, '_> {
    /// Adds what a definition says in words of OpenAPI 3.1 alone.
    pub(super) fn take_later(&mut self, cursor: &Cursor<'d>, draft: &mut Draft<'d>) {
        draft.refused |= truth(cursor) == Some(false);
        let closes =
            cursor.get("unevaluatedProperties").is_some_and(|it| truth(&it) == Some(false));
        draft.closed |= closes && cursor.get("patternProperties").is_none();
        if closes {
            draft.imply(Kind::Object);
        }
        if let Some(prefix) = cursor.get("prefixItems") {
            draft.imply(Kind::Array);
            draft.tuples.push(cursor.clone());
            if cursor.get("items").is_some_and(|items| truth(&items) == Some(false)) {
                let most = prefix.node().sequence().map_or(0, <[Node]>::len);
                let most = u64::try_from(most).ok();
                let length = crate::contract::Length { minimum: None, maximum: most };
                draft.count = bounds::both(draft.count, length);
            }
        }
        for key in NOT_CARRIED {
            let Some(said) = cursor.get(key) else { continue };
            let is_empty = truth(&said) == Some(true)
                || key == "unevaluatedProperties" && closes
                || said.node().mapping().is_some_and(|entries| entries.is_empty())
                || EMPTY.contains(&said.node().string().unwrap_or_default());
            if !is_empty {
                self.not_carried(&said, format_args!("`{key}`"));
            }
        }
    }

    /// The shape of values of several types: one variant for each.
    pub(super) fn of_several_kinds(
        &mut self,
        draft: &Draft<'d>,
        kinds: &[Kind],
        place: &crate::contract::Place,
    ) -> Shape {
        if let Some(values) = &draft.values {
            return self.listed_of(values, kinds, place);
        }
        let is_any = [Kind::Boolean, Kind::Number, Kind::String, Kind::Array, Kind::Object];
        if draft.says_nothing_but_kinds() && is_any.iter().all(|kind| kinds.contains(kind)) {
            return Shape::Any;
        }
        let is_covered = |kind: &&Kind| **kind != Kind::Integer || !kinds.contains(&Kind::Number);
        let of_kind = |kind: &Kind| -> Vec<Origin<'d>> {
            let parts = draft.parts.iter().cloned();
            let only = |mut part: Origin<'d>| {
                part.without = Without { other_kinds_than: Some(*kind), ..part.without };
                part
            };
            parts.map(only).collect()
        };
        let variants: Vec<_> = kinds.iter().filter(is_covered).map(of_kind).collect();
        let variants = variants.into_iter().map(|origins| self.intern(origins)).collect();
        Shape::Union(Union { kind: UnionKind::AnyOf, variants, discriminator: None })
    }

    /// The items of a list of which it is said what stands where: any of those, anywhere.
    pub(super) fn items_of_tuple(&mut self, tuple: &Cursor<'d>) -> SchemaId {
        let place = tuple.place();
        let Some(prefix) = tuple.get("prefixItems") else { return self.anything(&place) };
        self.not_carried(&prefix, "which item of a list stands where");
        let rest = tuple.get("items");
        if rest.is_none() {
            return self.anything(&prefix.place());
        }
        let rest = rest.filter(|rest| truth(rest) != Some(false));
        let cursors: Vec<_> = prefix.items().chain(rest).collect();
        let mut variants: Vec<SchemaId> = Vec::new();
        for cursor in &cursors {
            let id = self.schema_id(cursor);
            if !variants.contains(&id) {
                variants.push(id);
            }
        }
        let union = Union { kind: UnionKind::AnyOf, variants, discriminator: None };
        let (shape, place) = (Shape::Union(union), prefix.place());
        self.push(Schema { shape, place, ..placeholder_of_nothing() })
    }
}
