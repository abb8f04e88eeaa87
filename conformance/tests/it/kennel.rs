//! A fictitious kennel: its list is watched, its dogs are written to with versions and patches, and they bark into a
//! log. Whole runs against servers with one fault each.

mod barks;
mod server;
mod store;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use conformance::call::Credentials;
use conformance::judge::Validators;
use conformance::report::{self, Exit, Facts, Summary};
use conformance::rule::{Rule, applicable};
use conformance::run::{Record, Session, Settings, Writes, run};
use conformance::verdict::Outcome;
use conformance::wire::{Limits, Wire};
use globset::{Glob, GlobSetBuilder};
use serde::Deserialize;

use crate::checked::{Quiet, findings, line};
use crate::reference::{data, each};
use crate::specs::{self, Read};

/// The chapters that the kennel is there for.
const CHAPTERS: &str = "{watch,lifecycle,log,frame,body,status}.*";

fn kennel() -> Read {
    specs::read(&specs::root().join("conformance/tests/data/kennel/openapi.yaml")).unwrap()
}

fn settings(url: &str, operations: &str, seed: u64) -> Settings {
    let glob = Glob::new(&format!("{operations}/{CHAPTERS}")).unwrap();
    Settings {
        target: url.parse().unwrap(),
        credentials: Credentials::default(),
        parameters: BTreeMap::new(),
        inputs: BTreeMap::new(),
        filter: Some(GlobSetBuilder::new().add(glob).build().unwrap()),
        seed,
        run_id: "it".to_owned(),
        writes: Writes::Allowed,
        cases: 2,
        shrinks: 2,
        patience: Duration::from_secs(6),
    }
}

fn checked(fault: &str, operations: &str, seed: u64) -> Record {
    let read = kennel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("http://{}", server::start(fault).await);
        let settings = settings(&url, operations, seed);
        let validators = Validators::new(read.trees.clone(), read.api.schemas.clone());
        let wire = Wire::new(settings.target.clone(), Limits::default());
        let stopped = Rc::new(Cell::new(false));
        let session = Session::new(&read.api, &validators, &wire, &settings, stopped);
        let leftovers = run(&session, &[], &Quiet).await;
        assert!(leftovers.is_empty(), "{leftovers:?}");
        session.into_record()
    })
}

fn told(record: &Record) -> String {
    record.verdicts().map(|verdict| format!("{}\n", line(verdict))).collect()
}

fn is_ours(rule: Rule) -> bool {
    let id = rule.id();
    ["watch.", "log.", "lifecycle."].iter().any(|chapter| id.starts_with(chapter))
}

#[test]
fn nothing_is_found_in_an_honest_kennel() {
    let seen = each(&[1, 2, 3], |seed| {
        let record = checked("", "*", *seed);
        let found: Vec<_> = findings(&record).into_iter().map(line).collect();
        let passed =
            record.verdicts().filter(|verdict| verdict.counts.contains_key(&Outcome::Pass));
        let passed: BTreeSet<_> = passed.map(|verdict| verdict.rule).collect();
        (found, passed, told(&record))
    });
    for (found, passed, told) in seen {
        assert!(found.is_empty(), "{found:#?}");
        let api = kennel().api;
        let apply: BTreeSet<Rule> =
            api.operations.iter().flat_map(|operation| applicable(&api, operation)).collect();
        let ours = apply.into_iter().filter(|rule| is_ours(*rule));
        let never: Vec<_> =
            ours.filter(|rule| !passed.contains(rule)).map(|rule| rule.to_string()).collect();
        assert_eq!(never, [] as [&str; 0], "apply and passed nowhere: {told}");
    }
}

#[test]
fn what_is_refused_before_it_is_ready_is_no_finding() {
    let record = checked("settles-in", "hearDog", 1);
    let found: Vec<_> = findings(&record).into_iter().map(line).collect();
    assert!(found.is_empty(), "{found:#?}");
    let success = record.verdict("hearDog", Rule::StatusSuccess).unwrap();
    assert_eq!(success.outcome, Outcome::Pass, "{}", told(&record));
}

/// A fault, and what is to be found of it: first the rule that is there for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    fault: String,
    operation: String,
    finds: Vec<String>,
}

#[test]
fn each_fault_of_a_kennel_is_found() {
    let faults: Vec<Fault> = data("kennel/faults.yaml");
    let only = std::env::var("MUTANTS").ok();
    let faults: Vec<_> = faults
        .into_iter()
        .filter(|fault| only.as_ref().is_none_or(|only| only.contains(&fault.fault)))
        .collect();
    let wrong = each(&faults, |fault| {
        let record = checked(&fault.fault, &fault.operation, 1);
        let found: BTreeSet<_> =
            findings(&record).into_iter().map(|verdict| verdict.rule.to_string()).collect();
        let holds = found == fault.finds.iter().cloned().collect();
        if holds { String::new() } else { format!("{fault:?}: {found:?}\n{}\n", told(&record)) }
    });
    let wrong: String = wrong.concat();
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn gaps_of_the_document_fail_a_strict_run_only() {
    let record = checked("", "admitDog", 1);
    let facts = Facts {
        spec: "openapi.yaml".to_owned(),
        title: "Kennel".to_owned(),
        target: "http://kennel".to_owned(),
        seed: 1,
        run_id: "it".to_owned(),
        seconds: 1.0,
        waited: 0.0,
        requests: 1,
        stopped: false,
    };
    let settings = settings("http://127.0.0.1:1", "admitDog", 1);
    let summary = Summary::new(&kennel().api, &settings, &record, Vec::new(), facts);
    assert_eq!(summary.exit, Exit::Conformant);
    // A body of another media type is refused by a status that the document does not list.
    let gaps: Vec<_> = summary
        .gaps
        .iter()
        .map(|gap| (&*gap.operation.0, gap.statuses.contains_key(&415)))
        .collect();
    assert_eq!(gaps, [("admitDog", true)]);
    let told = report::terminal(&summary, report::Style::Plain);
    assert!(told.contains("Documentation gaps") && told.contains("  admitDog: 415\n"), "{told}");
    assert_eq!(summary.strictly().exit, Exit::NotConformant);
}
