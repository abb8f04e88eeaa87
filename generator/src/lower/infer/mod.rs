//! What a document means without saying so: lists in pages, streams of lines, and where a creation leads.
//!
//! Goes by names and values that are usual in the field. What is recognised is marked so and binds nobody; what is
//! declared is never touched.

mod lines;
mod links;
mod paging;
mod words;

use crate::contract::{Api, Property, Schema, Shape};

/// Adds to a contract what it means without saying so.
pub(super) fn infer(api: &mut Api) {
    for operation in &mut api.operations {
        if operation.paging.is_none() {
            operation.paging = paging::of(&api.schemas, operation);
        }
        lines::infer(&api.schemas, operation);
    }
    links::infer(api);
}

/// What is known of the members, if the values are objects.
fn properties(schema: &Schema) -> &[Property] {
    match &schema.shape {
        Shape::Object { properties, .. } => properties,
        _ => &[],
    }
}
