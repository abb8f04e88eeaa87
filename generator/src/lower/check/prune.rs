//! Variants without a value add nothing to a union, and go.

use crate::contract::{SchemaId, Schemas, Shape};

/// No union is looked at more often; what is then left does no harm.
const MOST_PASSES: usize = 16;

/// Takes variants without a value out of unions, and unions without a variant become schemas without a value.
pub(in crate::lower) fn prune(schemas: &mut Schemas) {
    let ids: Vec<_> = schemas.iter().map(|(id, _)| id).collect();
    for _ in 0..MOST_PASSES {
        if ids.iter().rev().filter(|id| prune_one(schemas, **id)).count() == 0 {
            return;
        }
    }
}

/// Whether something was taken out.
fn prune_one(schemas: &mut Schemas, id: SchemaId) -> bool {
    let Some(Shape::Union(union)) = schemas.get(id).map(|schema| &schema.shape) else {
        return false;
    };
    let mut union = union.clone();
    let before = union.variants.len();
    union.variants.retain(|variant| has_value(schemas, *variant));
    if union.variants.len() == before {
        return false;
    }
    if let Some(discriminator) = &mut union.discriminator {
        discriminator.mapping.retain(|(_, variant)| union.variants.contains(variant));
    }
    let shape = if union.variants.is_empty() { Shape::Never } else { Shape::Union(union) };
    if let Some(schema) = schemas.get_mut(id) {
        schema.shape = shape;
    }
    true
}

fn has_value(schemas: &Schemas, id: SchemaId) -> bool {
    schemas.get(id).is_none_or(|schema| schema.nullable || schema.shape != Shape::Never)
}
