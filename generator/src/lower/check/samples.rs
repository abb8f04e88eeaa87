//! Defaults and examples that do not fit the schema they stand beside are reported and taken out.

use serde_json::Value;

use crate::contract::{Api, Content, Example, Place, SchemaId, Schemas, Shape};
use crate::lower::context::Lowering;

use super::sample;

impl Lowering<'_, '_> {
    /// Keeps the samples that fit.
    pub(in crate::lower) fn check_samples(&mut self, api: &mut Api) {
        self.check_schemas(&mut api.schemas);
        let schemas = &api.schemas;
        for operation in &mut api.operations {
            for parameter in &mut operation.parameters {
                let (schema, place) = (parameter.schema, parameter.place.clone());
                self.keep_fitting(schemas, schema, &place, &mut parameter.examples);
            }
            for content in operation.body.iter_mut().flat_map(|body| &mut body.content) {
                self.check_content(schemas, content);
            }
            let responses = operation.responses.0.values_mut();
            for content in responses.flat_map(|response| &mut response.content) {
                self.check_content(schemas, content);
            }
        }
    }

    fn check_schemas(&mut self, schemas: &mut Schemas) {
        let ids: Vec<_> = schemas.iter().map(|(id, _)| id).collect();
        for id in ids {
            let Some(schema) = schemas.get(id) else { continue };
            let place = schema.place.clone();
            let default = schema.default.clone();
            let mut examples = schema.examples.clone();
            let default = default.filter(|value| {
                self.is_sample(schemas, id, value, &place, "default", "the default")
            });
            examples.retain(|value| {
                self.is_sample(schemas, id, value, &place, "example", "the example")
            });
            let mut shape = schema.shape.clone();
            self.check_members(schemas, &mut shape);
            if let Some(schema) = schemas.get_mut(id) {
                schema.default = default;
                schema.examples = examples;
                schema.shape = shape;
            }
        }
    }

    /// Defaults that a member states beside a shared schema.
    fn check_members(&mut self, schemas: &Schemas, shape: &mut Shape) {
        let Shape::Object { properties, .. } = shape else { return };
        for property in properties {
            let default = property.default.take();
            let (schema, place) = (property.schema, property.place.clone());
            property.default = default.filter(|value| {
                self.is_sample(schemas, schema, value, &place, "default", "the default")
            });
        }
    }

    fn check_content(&mut self, schemas: &Schemas, content: &mut Content) {
        let Some(schema) = content.schema.filter(|_| content.media_type.is_json()) else { return };
        let place = content.place.clone();
        self.keep_fitting(schemas, schema, &place, &mut content.examples);
    }

    fn keep_fitting(
        &mut self,
        schemas: &Schemas,
        schema: SchemaId,
        place: &Place,
        examples: &mut Vec<Example>,
    ) {
        examples.retain(|example| match &example.name {
            None => {
                self.is_sample(schemas, schema, &example.value, place, "example", "the example")
            }
            Some(name) => {
                let place = self.below(place, &["examples", name]);
                self.is_sample(schemas, schema, &example.value, &place, "value", "the example")
            }
        });
    }

    fn is_sample(
        &mut self,
        schemas: &Schemas,
        id: SchemaId,
        value: &Value,
        place: &Place,
        key: &str,
        what: &str,
    ) -> bool {
        let Err(message) = sample::fits(schemas, id, value) else { return true };
        let code = if what == "the default" { "bad-default" } else { "bad-example" };
        self.warning(
            code,
            &self.below(place, &[key]),
            format_args!("{what} does not fit its schema: {message}"),
            "correct it, or the schema; it is left out",
        );
        false
    }
}
