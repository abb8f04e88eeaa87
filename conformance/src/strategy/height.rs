//! How deep the shallowest value of a schema is, so that a value of a recursive schema has an end.

use std::collections::{BTreeMap, BTreeSet};

use generator::contract::{Additional, Schema, SchemaId, Schemas, Shape};

use super::valid::{Sender, sent};

/// Values deeper than this are not made: a schema whose values all are has none.
const HIGHEST: u32 = 48;

/// The heights of every schema below one; those without a finite value have none.
#[derive(Debug, Default)]
pub(super) struct Heights {
    heights: BTreeMap<SchemaId, u32>,
    /// Schemas whose only finite value is `null`, or which need that of another.
    ended: BTreeSet<SchemaId>,
}

impl Heights {
    /// Measures every schema that `root` is made of.
    pub(super) fn below(schemas: &Schemas, sender: Sender, root: SchemaId) -> Self {
        let reached = reached(schemas, sender, root);
        let mut heights = Self::default();
        // Each round settles at least the schemas of one more height.
        for _ in 0..=HIGHEST {
            let waiting = reached.iter().copied().filter(|id| heights.of(*id).is_none());
            let waiting: Vec<_> = waiting.collect();
            let measured = waiting.iter().filter_map(|id| {
                Some((*id, heights.measured(schemas, schemas.get(*id)?, sender)?))
            });
            let measured: Vec<_> = measured.collect();
            if measured.is_empty() && !heights.end_in_null(schemas, &waiting) {
                break;
            }
            heights.heights.extend(measured);
        }
        heights
    }

    /// The height of the shallowest value: 0 for one that holds no other; none if there is no finite one.
    pub(super) fn of(&self, id: SchemaId) -> Option<u32> {
        self.heights.get(&id).copied()
    }

    /// Whether only `null` ends the value.
    pub(super) fn ends_in_null(&self, id: SchemaId) -> bool {
        self.ended.contains(&id)
    }

    /// Lets values that may be null end there; tells whether there are such.
    fn end_in_null(&mut self, schemas: &Schemas, waiting: &[SchemaId]) -> bool {
        let nullable = |id: &SchemaId| schemas.get(*id).is_some_and(|schema| schema.nullable);
        let ended: Vec<_> = waiting.iter().copied().filter(nullable).collect();
        self.heights.extend(ended.iter().map(|id| (*id, 0)));
        self.ended.extend(&ended);
        !ended.is_empty()
    }

    fn measured(&self, schemas: &Schemas, schema: &Schema, sender: Sender) -> Option<u32> {
        let above = |id: SchemaId| Some(self.of(id)? + 1).filter(|height| *height <= HIGHEST);
        match &schema.shape {
            Shape::Never => None,
            Shape::Array { items, length, .. } if length.minimum > Some(0) => above(*items),
            Shape::Object { properties, additional, size } => {
                let filled = match additional {
                    Additional::Of(id) if size.minimum > Some(0) => above(*id)?,
                    _ => 0,
                };
                sent(schemas, properties, sender)
                    .filter(|property| property.required)
                    .map(|property| above(property.schema))
                    .try_fold(filled, |highest, next| Some(highest.max(next?)))
            }
            Shape::Union(union) => union.variants.iter().filter_map(|id| above(*id)).min(),
            _ => Some(0),
        }
    }
}

/// Every schema that values of `root` may hold, itself first.
pub(super) fn reached(schemas: &Schemas, sender: Sender, root: SchemaId) -> Vec<SchemaId> {
    let mut seen = BTreeSet::from([root]);
    let mut reached = vec![root];
    let mut next = 0;
    while let Some(schema) = reached.get(next).and_then(|id| schemas.get(*id)) {
        next += 1;
        for child in children(schemas, &schema.shape, sender) {
            if seen.insert(child) {
                reached.push(child);
            }
        }
    }
    reached
}

/// The schemas a shape is made of.
fn children(schemas: &Schemas, shape: &Shape, sender: Sender) -> Vec<SchemaId> {
    match shape {
        Shape::Array { items, .. } => vec![*items],
        Shape::Object { properties, additional, .. } => {
            let members = sent(schemas, properties, sender).map(|property| property.schema);
            let others = match additional {
                Additional::Of(id) => Some(*id),
                _ => None,
            };
            members.chain(others).collect()
        }
        Shape::Union(union) => union.variants.clone(),
        _ => Vec::new(),
    }
}
