//! Unions that contain themselves through unions alone: whether a value fits one would never be decided.

use crate::contract::{SchemaId, Schemas, Shape};
use crate::lower::context::Lowering;

/// How far the search has come with a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

impl Lowering<'_, '_> {
    /// Reports such unions, and takes out the variant that closes the circle.
    pub(in crate::lower) fn break_union_cycles(&mut self, schemas: &mut Schemas) {
        let mut states = vec![State::New; schemas.len()];
        let ids: Vec<_> = schemas.iter().map(|(id, _)| id).collect();
        for id in ids {
            for (union, variant) in closing_edges(schemas, id, &mut states) {
                self.take_out(schemas, union, variant);
            }
        }
    }

    fn take_out(&mut self, schemas: &mut Schemas, union: SchemaId, variant: SchemaId) {
        let Some(schema) = schemas.get_mut(union) else { return };
        self.diagnostics.error(
            "union-cycle",
            &schema.place,
            "a variant of this union leads back to the union itself",
            "take the union out of its own variants",
        );
        if let Shape::Union(shape) = &mut schema.shape {
            shape.variants.retain(|known| *known != variant);
            if shape.variants.is_empty() {
                schema.shape = Shape::Never;
            }
        }
    }
}

/// Depth-first from one schema along variants: the edges that lead back to a schema on the way.
fn closing_edges(
    schemas: &Schemas,
    start: SchemaId,
    states: &mut [State],
) -> Vec<(SchemaId, SchemaId)> {
    let mut closing = Vec::new();
    let mut way = vec![(start, 0)];
    while let Some((id, next)) = way.pop() {
        let Some(state) = states.get_mut(id.0 as usize) else { continue };
        if next == 0 && *state != State::New {
            continue;
        }
        *state = State::Open;
        let Some(variant) = variants(schemas, id).get(next).copied() else {
            *state = State::Done;
            continue;
        };
        way.push((id, next + 1));
        match states.get(variant.0 as usize) {
            Some(State::New) => way.push((variant, 0)),
            Some(State::Open) => closing.push((id, variant)),
            Some(State::Done) | None => {}
        }
    }
    closing
}

fn variants(schemas: &Schemas, id: SchemaId) -> &[SchemaId] {
    match schemas.get(id).map(|schema| &schema.shape) {
        Some(Shape::Union(union)) => &union.variants,
        _ => &[],
    }
}
