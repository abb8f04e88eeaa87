//! Values of the documented schemas: the same on every run of one seed, and valid by the document itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use generator::contract::{Content, Place, Pointer, SchemaId, Schemas, Shape};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value};

use crate::judge::{Validators, Validity};
use crate::strategy::{Depth, Sender, valid};

/// How many values are tried for each that is valid: one that fits several variants of a choice is not.
const TRIES: usize = 24;

/// Makes and judges values.
#[derive(Debug)]
pub(super) struct Made {
    schemas: Schemas,
    validators: Validators,
    seed: u64,
    known: Mutex<BTreeMap<String, Option<Value>>>,
}

impl Made {
    pub(super) fn new(schemas: Schemas, validators: Validators, seed: u64) -> Self {
        Self { schemas, validators, seed, known: Mutex::default() }
    }

    pub(super) fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// Whether a value is one of the schema; a schema that cannot be used takes everything.
    pub(super) fn is_valid(&self, id: SchemaId, value: &Value) -> bool {
        self.schemas.get(id).is_none_or(|schema| self.is_valid_at(&schema.place, value))
    }

    /// Whether a value is one of the schema that stands there.
    pub(super) fn is_valid_at(&self, place: &Place, value: &Value) -> bool {
        !matches!(self.validators.check(place, value), Validity::Invalid(_))
    }

    /// So many values of a schema; fewer where no more could be made.
    pub(super) fn many(&self, id: SchemaId, name: &str, count: usize) -> Vec<Value> {
        let values = valid(&self.schemas, id, Depth(2), Sender::Server);
        let mut runner = self.runner(name);
        let tries =
            (0..count.saturating_mul(TRIES)).map_while(|_| values.new_tree(&mut runner).ok());
        let drawn = tries.map(|tree| tree.current());
        drawn.filter(|value| self.is_valid(id, value)).take(count).collect()
    }

    /// A value of a schema, the same whenever asked by that name.
    pub(super) fn of(&self, id: SchemaId, name: &str) -> Option<Value> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known.get(name) {
            return value.clone();
        }
        let value = self.many(id, name, 1).pop();
        known.insert(name.to_owned(), value.clone());
        value
    }

    /// A body: the first documented example that is valid, else a value of the schema.
    pub(super) fn body(&self, content: &Content, name: &str) -> Value {
        let place = content.place.under("schema");
        let is_valid = |value: &&Value| content.schema.is_none() || self.is_valid_at(&place, value);
        let example = content.examples.iter().map(|example| &example.value).find(is_valid);
        let made = || content.schema.and_then(|id| self.of(id, name));
        example.cloned().or_else(made).unwrap_or_default()
    }

    /// The schema of what a pointer leads to.
    pub(super) fn schema_at(&self, id: SchemaId, pointer: &Pointer) -> Option<SchemaId> {
        pointer.segments().iter().try_fold(id, |id, segment| match &self.schemas.get(id)?.shape {
            Shape::Object { properties, .. } => {
                let found = properties.iter().find(|property| property.name == *segment);
                found.map(|property| property.schema)
            }
            Shape::Array { items, .. } => Some(*items),
            _ => None,
        })
    }

    fn runner(&self, name: &str) -> TestRunner {
        let mut seed = [0; 32];
        let words = [self.seed, fnv(name.as_bytes()), 0, 0];
        for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&u64::to_le_bytes(word));
        }
        TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
    }
}

/// FNV-1a: a hash that is the same on every machine.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Sets what a pointer leads to, making objects on the way; what is no object on the way stays, and nothing is set.
pub(super) fn put(value: &mut Value, pointer: &Pointer, new: Value) {
    let Some((last, path)) = pointer.segments().split_last() else {
        *value = new;
        return;
    };
    let mut inner = value;
    for segment in path {
        let next = match inner {
            Value::Object(map) => {
                map.entry(segment.clone()).or_insert_with(|| Value::Object(Map::new()))
            }
            _ => return,
        };
        if next.is_null() {
            *next = Value::Object(Map::new());
        }
        inner = next;
    }
    if let Value::Object(map) = inner {
        map.insert(last.clone(), new);
    }
}
