//! A fictitious switchboard that talks over WebSocket: nothing is found on a sound one, and every seeded fault is.

mod server;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use conformance::call::Credentials;
use conformance::judge::Validators;
use conformance::rule::{Rule, applicable};
use conformance::run::{Observer, Record, Session, Settings, Writes};
use conformance::verdict::Outcome;
use conformance::wire::{Limits, Wire};
use conformance::workflow::{self, Workflow};
use generator::contract::Api;
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::source::Source;
use serde::Deserialize;

use crate::checked::{findings, line};
use crate::reference::{data, each};
use crate::specs::{self, Read};

/// A fault, and the rules that find it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutant {
    fault: String,
    finds: BTreeSet<String>,
}

fn switchboard() -> Read {
    specs::read(&specs::root().join("conformance/tests/data/channels/openapi.yaml")).unwrap()
}

fn workflows(api: &Api) -> Vec<Workflow> {
    let text = include_str!("../data/channels/workflows.arazzo.yaml");
    let source = Source::new("workflows.arazzo.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let workflows = workflow::read(&source, &mut diagnostics);
    workflow::check(&workflows, api, &mut diagnostics);
    let problems = render(&diagnostics, [&source], Colour::Never);
    assert!(problems.is_empty(), "{problems}");
    workflows
}

/// Few generated requests, since what is asked matters little here, and little patience.
fn settings(target: &str) -> Settings {
    Settings {
        target: target.parse().unwrap(),
        credentials: Credentials::default(),
        parameters: BTreeMap::from([("room".to_owned(), "lobby".into())]),
        inputs: BTreeMap::new(),
        filter: None,
        seed: 1,
        run_id: "it".to_owned(),
        writes: Writes::Allowed,
        cases: 1,
        shrinks: 0,
        patience: Duration::from_secs(3),
    }
}

struct Silent;

impl Observer for Silent {
    fn began(&self, _number: usize, _of: usize, _subject: &str) {}
}

fn run(fault: &str) -> Record {
    let read = switchboard();
    let workflows = workflows(&read.api);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let settings = settings(&format!("http://{}", server::start(fault).await));
        let validators = Validators::new(read.trees.clone(), read.api.schemas.clone());
        let wire = Wire::new(settings.target.clone(), Limits::default());
        let stopped = Rc::new(Cell::new(false));
        let session = Session::new(&read.api, &validators, &wire, &settings, stopped);
        conformance::run::run(&session, &workflows, &Silent).await;
        session.into_record()
    })
}

#[test]
fn nothing_is_found_on_a_sound_switchboard() {
    let record = run("none");
    let found: Vec<_> = findings(&record).into_iter().map(line).collect();
    assert!(found.is_empty(), "{found:#?}");
    let passed: BTreeSet<_> = record
        .verdicts()
        .filter(|verdict| verdict.outcome == Outcome::Pass)
        .map(|verdict| verdict.rule)
        .collect();
    let api = switchboard().api;
    let of_chapters = |rule: &Rule| matches!(rule.chapter(), "frame" | "upgrade");
    let apply: BTreeSet<Rule> = api
        .operations
        .iter()
        .flat_map(|operation| applicable(&api, operation))
        .chain(workflows(&api).iter().flat_map(workflow::rules))
        .filter(of_chapters)
        .collect();
    let never: Vec<_> = apply.difference(&passed).map(ToString::to_string).collect();
    assert_eq!(never, UNSEEN, "rules that apply and passed nowhere");
}

/// Rules that a sound switchboard gives no look at: its streams are no bodies.
const UNSEEN: [&str; 2] = ["frame.media-type", "frame.unbounded"];

#[test]
fn every_fault_of_a_switchboard_is_found() {
    let mut mutants: Vec<Mutant> = data("channels/faults.yaml");
    let only = std::env::var("FAULTS").ok();
    mutants.retain(|mutant| only.as_ref().is_none_or(|only| only.contains(&mutant.fault)));
    let found = each(&mutants, |mutant| {
        let record = run(&mutant.fault);
        let found = findings(&record);
        let rules: BTreeSet<_> = found.iter().map(|verdict| verdict.rule.to_string()).collect();
        (rules, found.into_iter().map(line).collect::<Vec<_>>())
    });
    let mut complaints = Vec::new();
    for (mutant, (rules, lines)) in mutants.iter().zip(found) {
        if rules != mutant.finds {
            complaints.push(format!("{}: {rules:?}\n  {}", mutant.fault, lines.join("\n  ")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
