//! Two readings of every schema agree: the contract's shapes, from which values are made, and the document's own
//! schema, translated to JSON Schema without them. An error in lowering shows as a difference.

use std::path::{Path, PathBuf};

use conformance::judge::{Validators, Validity};
use conformance::strategy::{Constraint, Depth, Miss, Sender, misses, unmatched, valid};
use generator::contract::{NumberFormat, Schema, SchemaId, Shape};
use proptest::strategy::{BoxedStrategy, Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::specs::{self, Read};

/// Valid values made of each schema.
const VALID: u64 = 32;
/// Values made of each near miss.
const MISSES: u64 = 4;
/// How far inside a value a near miss is looked at; what is further inside is a schema of its own.
const DEEPEST: usize = 2;

/// Keywords whose schemas are parts of the one they stand in.
const PARTS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Every shipped document, and every fixture of the generator that can be read without an error and of which the
/// contract holds everything.
fn documents() -> Vec<(PathBuf, Read)> {
    let fixtures = specs::root().join("generator/tests/data");
    let shipped = specs::below(&specs::root().join("specs"), "openapi.yaml");
    let all = shipped.into_iter().chain(specs::below(&fixtures, ".yaml"));
    let read = all.filter_map(|path| specs::read(&path).map(|read| (path, read)));
    read.filter(|(_, read)| read.is_carried).collect()
}

#[test]
fn made_values_are_valid_and_near_misses_are_not() {
    let documents = documents();
    assert!(documents.len() >= 10, "the documents were not found");
    let mut complaints = Vec::new();
    let mut judged = 0;
    for (path, read) in &documents {
        judged += differences(path, read, &mut complaints);
    }
    assert!(judged > 30_000, "only {judged} values were made");
    assert!(complaints.is_empty(), "{} differences:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn an_error_in_the_contract_shows() {
    type Damage = fn(&mut Schema);
    let damages: [Damage; 3] = [
        |schema| schema.nullable = true,
        |schema| match &mut schema.shape {
            Shape::Object { properties, .. } => {
                properties.iter_mut().for_each(|property| property.required ^= true)
            }
            Shape::Enumeration(values) => values.push("made up".into()),
            _ => {}
        },
        |schema| {
            if let Shape::Integer { format, minimum, maximum, .. } = &mut schema.shape {
                (*format, *minimum, *maximum) = (NumberFormat::Int64, None, None);
            }
        },
    ];
    let path = specs::root().join("specs/huawei-hss/openapi.yaml");
    for damage in damages {
        let mut read = specs::read(&path).unwrap();
        let ids: Vec<_> = read.api.schemas.iter().map(|(id, _)| id).collect();
        ids.into_iter().for_each(|id| damage(read.api.schemas.get_mut(id).unwrap()));
        let mut complaints = Vec::new();
        differences(&path, &read, &mut complaints);
        assert!(!complaints.is_empty());
    }
}

/// Judges values of every schema of a document; tells how many.
fn differences(path: &Path, read: &Read, complaints: &mut Vec<String>) -> usize {
    let validators = Validators::new(read.trees.clone(), read.api.schemas.clone());
    let whole = read.api.schemas.iter().filter(|(_, schema)| is_whole(read, schema));
    let judged = whole.map(|(id, schema)| {
        let difference = Difference { path, read, validators: &validators, id, schema };
        difference.valid(complaints) + difference.misses(complaints)
    });
    judged.sum()
}

/// Whether all of a schema stands at its place. One that was merged of several stands at one of them, and is judged
/// as part of the schema that merges them.
fn is_whole(read: &Read, schema: &Schema) -> bool {
    let is_part = schema.place.pointer.segments().iter().any(|segment| PARTS.contains(&&**segment));
    let mut there = read.api.schemas.iter().filter(|(_, other)| other.place == schema.place);
    !is_part && there.all(|(_, other)| other.shape == schema.shape)
}

/// One schema, read in two ways.
struct Difference<'d> {
    path: &'d Path,
    read: &'d Read,
    validators: &'d Validators,
    id: SchemaId,
    schema: &'d Schema,
}

impl Difference<'_> {
    fn valid(&self, complaints: &mut Vec<String>) -> usize {
        let schemas = &self.read.api.schemas;
        // Of what has no value none can be made.
        let is_empty = self.schema.shape == Shape::Never && !self.schema.nullable;
        if is_empty || !unmatched(schemas, self.id).is_empty() {
            return 0;
        }
        let values = sample(&valid(schemas, self.id, Depth::default(), Sender::Server), VALID);
        for value in &values {
            let verdict = self.validators.check(&self.schema.place, value);
            if verdict != Validity::Valid && !fits_several(&verdict) {
                complaints.push(self.told("made as valid", value, &verdict));
                break;
            }
        }
        values.len()
    }

    fn misses(&self, complaints: &mut Vec<String>) -> usize {
        let mut judged = 0;
        let misses = misses(&self.read.api.schemas, self.id).into_iter();
        let near = misses.filter(|miss| miss.pointer.segments().len() <= DEEPEST);
        for miss in
            near.filter(|miss| miss.constraint != Constraint::Type || self.states_type(miss))
        {
            let values = sample(&miss.values, MISSES);
            judged += values.len();
            for value in &values {
                let verdict = self.validators.check(&self.schema.place, value);
                if !matches!(verdict, Validity::Invalid(_)) {
                    let how = format!("made to break {} at {:?}", miss.constraint, miss.pointer);
                    complaints.push(self.told(&how, value, &verdict));
                    break;
                }
            }
        }
        judged
    }

    /// Whether the document states the type that a near miss breaks. The contract infers one from other keywords, of
    /// which JSON Schema says nothing.
    fn states_type(&self, miss: &Miss) -> bool {
        let node =
            self.read.trees.get(&miss.place.source).and_then(|tree| tree.at(&miss.place.pointer));
        node.is_some_and(|node| ["type", "enum", "allOf"].iter().any(|key| node.get(key).is_some()))
    }

    fn told(&self, how: &str, value: &Value, verdict: &Validity) -> String {
        let place = format!("{} {}", self.path.display(), self.schema.place);
        format!("{place}\n  {how}: {value}\n  {verdict:?}")
    }
}

/// Whether the only fault is that a value fits several variants of a `oneOf`: whoever makes one cannot tell.
fn fits_several(verdict: &Validity) -> bool {
    let Validity::Invalid(faults) = verdict else { return false };
    faults.iter().all(|fault| fault.contains("valid under more than one of the schemas"))
}

/// The first values of a strategy, the same on every run.
fn sample(values: &BoxedStrategy<Value>, count: u64) -> Vec<Value> {
    let made = (0..count).filter_map(|seed| {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        values.new_tree(&mut runner).ok().map(|tree| tree.current())
    });
    made.collect()
}
