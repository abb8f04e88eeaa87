//! Whether what the contract names is there: parameters, members, operations, and samples that fit.
//!
//! A statement that names something else is reported and taken out, so that nobody downstream has to doubt it.

mod cycle;
mod frames;
mod link;
mod paging;
mod parameter;
pub(super) mod prune;
pub(super) mod sample;
mod samples;
mod seek;
mod watch;
mod write;

use std::collections::BTreeMap;

use crate::contract::{
    Api, Location, Operation, OperationId, Place, Pointer, Response, SchemaId, Schemas,
};
use crate::resolve::Cursor;

use super::context::Lowering;
use seek::Found;
pub(super) use seek::items;

/// All of the contract, as it was before anything was taken out.
struct Scene<'a> {
    schemas: &'a Schemas,
    operations: BTreeMap<&'a OperationId, &'a Operation>,
}

impl<'a> Scene<'a> {
    fn operation(&self, id: &OperationId) -> Option<&'a Operation> {
        self.operations.get(id).copied()
    }
}

impl Lowering<'_, '_> {
    /// Checks everything that names something, and takes out what names nothing.
    pub(super) fn check(&mut self, api: &mut Api) {
        let before = api.operations.clone();
        let operations = before.iter().map(|operation| (&operation.id, operation)).collect();
        let scene = &Scene { schemas: &api.schemas, operations };
        for (operation, own) in api.operations.iter_mut().zip(&before) {
            let declared = own.paging.clone();
            operation.paging = declared.and_then(|paging| self.checked_paging(scene, own, paging));
            operation.watch = own.watch.clone().map(|watch| self.checked_watch(own, watch));
            let equivalent = own.equivalent.clone();
            operation.equivalent = equivalent.filter(|claim| self.is_equivalent(scene, own, claim));
            operation.frames.retain(|rule| self.is_frame_rule(scene, own, rule));
            operation.version = self.checked_version(scene, own);
            operation.dry_run = self.checked_dry_run(own);
            for response in operation.responses.0.values_mut() {
                self.check_response(scene, own, response);
            }
            self.check_parameters(scene.schemas, own);
        }
    }

    fn check_response(&mut self, scene: &Scene<'_>, own: &Operation, response: &mut Response) {
        for content in &mut response.content {
            content.frames.retain(|rule| self.is_frame_rule(scene, own, rule));
        }
        let before = response.clone();
        for link in &mut response.links {
            self.check_link(scene, own, &before, link);
        }
        let schema = document_of(response);
        if let Some(field) = &response.status_field
            && let Some(schema) = schema
            && !self.leads_somewhere(
                scene.schemas,
                &[schema],
                &field.pointer,
                &field.place,
                &["pointer"],
            )
        {
            response.status_field = None;
        }
    }

    /// Whether the operation has that parameter; says so if not.
    fn has_parameter(&mut self, own: &Operation, name: &str, place: &Place, keys: &[&str]) -> bool {
        let found = own
            .parameters
            .iter()
            .any(|parameter| parameter.location == Location::Query && parameter.name == name);
        if !found {
            self.error(
                "unknown-parameter",
                &self.below(place, keys),
                format_args!("the operation has no query parameter `{name}`"),
                "name one of its query parameters",
            );
        }
        found
    }

    /// Whether the pointer leads to something that one of the schemas describes; an error if not.
    fn leads_somewhere(
        &mut self,
        schemas: &Schemas,
        from: &[SchemaId],
        pointer: &Pointer,
        place: &Place,
        keys: &[&str],
    ) -> bool {
        let found = seek::seek(schemas, from, pointer) != Found::Nowhere;
        if !found {
            self.error(
                "unknown-member",
                &self.below(place, keys),
                format_args!("the schema describes nothing at `{pointer}`"),
                "name a member that the schema has",
            );
        }
        found
    }

    /// The place of what stands under those keys, or `place` itself.
    fn below(&self, place: &Place, keys: &[&str]) -> Place {
        let document = self.resolver.documents().get(&place.source).ok();
        let found = document.and_then(|document| {
            let pointer = Pointer::from_segments(
                place.pointer.segments().iter().map(String::as_str).chain(keys.iter().copied()),
            );
            Cursor::root(document).at(&pointer)
        });
        found.map_or_else(|| place.clone(), |cursor| cursor.place())
    }
}

/// The schema of a response's JSON body.
pub(super) fn document_of(response: &Response) -> Option<SchemaId> {
    response.content.iter().find(|content| content.media_type.is_json())?.schema
}
