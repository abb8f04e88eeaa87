//! Validates values against the document's own schemas.
//!
//! A schema is translated from the marked tree to JSON Schema 2020-12 here, not through the contract's shapes, so
//! that an error in lowering cannot hide. Nothing is ever fetched or read because of a `$ref`.

mod translate;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use generator::contract::{Place, Pointer, Schema, SchemaId, Schemas, Shape};
use generator::document::Node;
use jsonschema::Validator;
use serde_json::Value;

use crate::verdict::cut;

/// What a schema says of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is one of its values.
    Valid,
    /// It is not; each fault with its pointer.
    Invalid(Vec<String>),
    /// The schema cannot be used; why.
    Unknown(String),
}

/// How many faults of one value are told.
const TOLD: usize = 5;
/// The longest text of one fault, in characters.
const LONGEST: usize = 240;

type Compiled = Arc<Result<Validator, String>>;

/// The schemas of a document, translated and compiled when first asked for.
#[derive(Debug)]
pub struct Validators {
    documents: BTreeMap<Arc<str>, Node>,
    schemas: Schemas,
    compiled: Mutex<BTreeMap<(Arc<str>, Pointer), Compiled>>,
}

impl Validators {
    /// The schemas of those documents; `schemas` tells the shape of a scalar that travels as text.
    #[must_use]
    pub fn new(documents: BTreeMap<Arc<str>, Node>, schemas: Schemas) -> Self {
        Self { documents, schemas, compiled: Mutex::default() }
    }

    /// A schema as the contract has it.
    #[must_use]
    pub fn schema(&self, id: SchemaId) -> Option<&Schema> {
        self.schemas.get(id)
    }

    /// The shape of a schema, to read a text that has no type of its own.
    #[must_use]
    pub fn shape(&self, id: SchemaId) -> Option<&Shape> {
        self.schemas.get(id).map(|schema| &schema.shape)
    }

    /// Whether `value` is a value of the schema that stands at `place`.
    #[must_use]
    pub fn check(&self, place: &Place, value: &Value) -> Validity {
        match &*self.compiled(place) {
            Err(why) => Validity::Unknown(why.clone()),
            Ok(validator) => {
                let faults: Vec<_> =
                    validator.iter_errors(value).take(TOLD).map(|error| told(&error)).collect();
                if faults.is_empty() { Validity::Valid } else { Validity::Invalid(faults) }
            }
        }
    }

    fn compiled(&self, place: &Place) -> Compiled {
        let key = (Arc::clone(&place.source), place.pointer.clone());
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = compiled.get(&key) {
            return Arc::clone(known);
        }
        let fresh = Arc::new(self.compile(place));
        compiled.insert(key, Arc::clone(&fresh));
        fresh
    }

    fn compile(&self, place: &Place) -> Result<Validator, String> {
        let schema = translate::translate(&self.documents, place)?;
        jsonschema::options()
            .offline()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .build(&schema)
            .map_err(|error| format!("the schema at {place} cannot be compiled: {error}"))
    }
}

fn told(error: &jsonschema::ValidationError<'_>) -> String {
    let path = error.instance_path().to_string();
    let path = if path.is_empty() { "the whole".to_owned() } else { path };
    cut(&format!("{path}: {error}"), LONGEST)
}
