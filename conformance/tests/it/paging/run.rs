//! Whole runs of the chapter against the reading room.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use conformance::call::Credentials;
use conformance::judge::Validators;
use conformance::rule::Rule;
use conformance::run::{Observer, Record, Session, Settings, Writes, run};
use conformance::verdict::Outcome;
use conformance::wire::{Limits, Wire};
use generator::contract::Api;
use generator::diagnostic::Diagnostic;
use generator::document::Node;
use generator::source::{NoFiles, Source};
use globset::{Glob, GlobSetBuilder};
use serde::Deserialize;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

use super::server::Room;

struct Unobserved;

impl Observer for Unobserved {
    fn began(&self, _: usize, _: usize, _: &str) {}
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/paging").join(name)
}

fn settings(url: &str, filter: &str, seed: u64) -> Settings {
    let filter = GlobSetBuilder::new().add(Glob::new(filter).unwrap()).build().unwrap();
    Settings {
        target: url.parse().unwrap(),
        credentials: Credentials::default(),
        parameters: BTreeMap::new(),
        inputs: BTreeMap::new(),
        filter: Some(filter),
        seed,
        run_id: "test".to_owned(),
        writes: Writes::Allowed,
        cases: 1,
        shrinks: 4,
        patience: Duration::from_secs(5),
    }
}

/// The document of the reading room, read once.
static DOCUMENT: LazyLock<(Api, BTreeMap<Arc<str>, Node>)> = LazyLock::new(|| {
    let text = std::fs::read_to_string(data("openapi.yaml")).unwrap();
    let source = Source::new("openapi.yaml", text);
    let reading = generator::read(&source, &NoFiles, &generator::Limits::default());
    assert_eq!(reading.diagnostics.iter().collect::<Vec<_>>(), [] as [&Diagnostic; 0]);
    let trees = reading.trees();
    (reading.api.unwrap(), trees)
});

/// Runs the chapter on the operations that a glob names, against a room with one fault.
async fn checked(operations: &str, (faulty, fault): (&str, &str), seed: u64) -> Record {
    let server = MockServer::builder().disable_request_recording().start().await;
    Mock::given(any()).respond_with(Room::new(faulty, fault)).mount(&server).await;
    let (api, trees) = &*DOCUMENT;
    let validators = Validators::new(trees.clone(), api.schemas.clone());
    let settings = settings(&server.uri(), &format!("{operations}/paging.*"), seed);
    let wire = Wire::new(settings.target.clone(), Limits::default());
    let session = Session::new(api, &validators, &wire, &settings, Rc::new(Cell::new(false)));
    let leftovers = run(&session, &[], &Unobserved).await;
    assert!(leftovers.is_empty(), "{leftovers:?}");
    session.into_record()
}

/// Every finding: operation and rule.
fn findings(record: &Record) -> BTreeSet<(String, String)> {
    record
        .verdicts()
        .filter(|verdict| verdict.outcome.is_finding() || verdict.outcome == Outcome::Error)
        .map(|verdict| (verdict.subject.clone(), verdict.rule.id().to_owned()))
        .collect()
}

fn told(record: &Record) -> String {
    record
        .verdicts()
        .map(|verdict| {
            let why = verdict.findings.first().map(|finding| finding.judgement.message.as_str());
            let line = format!(
                "{} {} {} {}",
                verdict.subject,
                verdict.rule,
                verdict.outcome.word(),
                why.unwrap_or_default()
            );
            format!("{}\n", line.trim_end())
        })
        .collect()
}

#[tokio::test]
async fn an_honest_server_passes() {
    let record = checked("*", ("", ""), 1).await;
    assert_eq!(findings(&record), BTreeSet::new(), "{}", told(&record));
    insta::assert_snapshot!(told(&record));
}

#[tokio::test]
async fn no_seed_accuses_an_honest_server() {
    for seed in 2..8 {
        let record = checked("*", ("", ""), seed).await;
        assert_eq!(findings(&record), BTreeSet::new(), "seed {seed}: {}", told(&record));
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    fault: String,
    operation: String,
    finds: Vec<String>,
    #[serde(default)]
    flaky: bool,
}

fn faults() -> Vec<Fault> {
    let text = std::fs::read_to_string(data("faults.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

#[test]
fn each_rule_has_a_fault_that_it_is_for() {
    let first: BTreeSet<_> =
        faults().into_iter().filter_map(|mut fault| fault.finds.drain(..).next()).collect();
    let rules = Rule::TABLE.iter().filter(|entry| entry.rule.chapter() == "paging");
    assert_eq!(first, rules.map(|entry| entry.id.to_owned()).collect());
}

/// What is wrong with what is found of a fault, in words; nothing if nothing is.
fn misfound(fault: &Fault) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let record = runtime.block_on(checked(&fault.operation, (&fault.operation, &fault.fault), 1));
    let found: BTreeSet<_> = findings(&record).into_iter().map(|(_, rule)| rule).collect();
    let is_flaky = record.verdicts().any(|verdict| verdict.outcome == Outcome::Flaky);
    if found == fault.finds.iter().cloned().collect() && fault.flaky == is_flaky {
        return String::new();
    }
    format!("{fault:?}: {found:?}\n{}\n", told(&record))
}

#[test]
fn each_fault_is_found_by_its_rules() {
    let faults = faults();
    let (front, back) = faults.split_at(faults.len() / 2);
    let all = |faults: &[Fault]| faults.iter().map(misfound).collect::<String>();
    let wrong = std::thread::scope(|scope| {
        let front = scope.spawn(|| all(front));
        all(back) + &front.join().unwrap()
    });
    assert!(wrong.is_empty(), "{wrong}");
}
