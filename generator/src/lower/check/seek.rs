//! Where a JSON pointer leads inside the values of a schema.

use std::collections::BTreeSet;

use crate::contract::{Additional, Pointer, Schema, SchemaId, Schemas, Shape};

/// Where a pointer leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// To values of these schemas, none of which is a union.
    At(Vec<SchemaId>),
    /// To something of which nothing is said.
    Anything,
    /// To nothing that is described.
    Nowhere,
}

/// Follows `pointer` from values of any of the schemas.
pub(super) fn seek(schemas: &Schemas, from: &[SchemaId], pointer: &Pointer) -> Found {
    let mut here = flattened(schemas, from);
    for segment in pointer.segments() {
        let mut next = Vec::new();
        for id in &here {
            match schemas.get(*id).map(|schema| step(schema, segment)) {
                Some(Step::To(id)) => next.push(id),
                Some(Step::Anywhere) => return Found::Anything,
                Some(Step::Nowhere) | None => {}
            }
        }
        here = flattened(schemas, &next);
    }
    let is_open =
        |id: &SchemaId| schemas.get(*id).is_some_and(|schema| matches!(schema.shape, Shape::Any));
    match here.as_slice() {
        [] => Found::Nowhere,
        ids if ids.iter().any(is_open) => Found::Anything,
        _ => Found::At(here),
    }
}

enum Step {
    To(SchemaId),
    Anywhere,
    Nowhere,
}

fn step(schema: &Schema, segment: &str) -> Step {
    match &schema.shape {
        Shape::Any => Step::Anywhere,
        Shape::Array { items, .. } if segment.bytes().all(|byte| byte.is_ascii_digit()) => {
            Step::To(*items)
        }
        Shape::Object { properties, additional, .. } => {
            let known = properties.iter().find(|property| property.name == segment);
            match (known, additional) {
                (Some(property), _) => Step::To(property.schema),
                (None, Additional::Of(id)) => Step::To(*id),
                (None, Additional::Any) => Step::Anywhere,
                (None, Additional::Unsaid | Additional::Refused) => Step::Nowhere,
            }
        }
        _ => Step::Nowhere,
    }
}

/// The schemas, the variants of unions in place of the unions.
fn flattened(schemas: &Schemas, ids: &[SchemaId]) -> Vec<SchemaId> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<_> = ids.iter().rev().copied().collect();
    let mut flat = Vec::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        match schemas.get(id).map(|schema| &schema.shape) {
            Some(Shape::Union(union)) => waiting.extend(union.variants.iter().rev()),
            Some(_) => flat.push(id),
            None => {}
        }
    }
    flat
}

/// The schemas of the items, if the values are lists.
pub(in crate::lower) fn items(schemas: &Schemas, ids: &[SchemaId]) -> Vec<SchemaId> {
    let item = |id: &SchemaId| match schemas.get(*id).map(|schema| &schema.shape) {
        Some(Shape::Array { items, .. }) => Some(*items),
        _ => None,
    };
    ids.iter().filter_map(item).collect()
}
