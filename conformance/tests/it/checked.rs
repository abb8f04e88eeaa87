//! Whole runs against any server on this machine.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use conformance::call::Credentials;
use conformance::judge::Validators;
use conformance::run::{self, Observer, Record, Session, Settings, Verdict, Writes};
use conformance::verdict::Outcome;
use conformance::wire::{Limits, Wire};
use conformance::workflow::Workflow;
use serde_json::Value;

use crate::specs::Read;

/// What a run is told of a server.
pub(crate) struct Told<'t> {
    pub(crate) url: &'t str,
    pub(crate) credentials: &'t Credentials,
    pub(crate) parameters: &'t [(&'t str, &'t str)],
    pub(crate) workflows: &'t [Workflow],
    pub(crate) seed: u64,
}

/// Checks a server by every rule.
pub(crate) async fn check(read: &Read, told: Told<'_>) -> Record {
    check_with(read, told, Writes::Allowed).await
}

/// The same with or without leave to write.
pub(crate) async fn check_with(read: &Read, told: Told<'_>, writes: Writes) -> Record {
    let settings = Settings { writes, ..settings(&told) };
    let validators = Validators::new(read.trees.clone(), read.api.schemas.clone());
    let wire = Wire::new(settings.target.clone(), Limits::default());
    let stopped = Rc::new(Cell::new(false));
    let session = Session::new(&read.api, &validators, &wire, &settings, stopped);
    run::run(&session, told.workflows, &Quiet).await;
    session.into_record()
}

fn settings(told: &Told<'_>) -> Settings {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), Value::from(*value));
    Settings {
        target: told.url.parse().unwrap(),
        credentials: told.credentials.clone(),
        parameters: told.parameters.iter().map(pair).collect(),
        inputs: BTreeMap::new(),
        filter: None,
        seed: told.seed,
        run_id: "it".to_owned(),
        writes: Writes::Allowed,
        cases: 8,
        shrinks: 8,
        patience: Duration::from_secs(6),
    }
}

pub(crate) struct Quiet;

impl Observer for Quiet {
    fn began(&self, _number: usize, _of: usize, _subject: &str) {}
}

/// Everything that was found wrong.
pub(crate) fn findings(record: &Record) -> Vec<&Verdict> {
    record.verdicts().filter(|verdict| verdict.outcome > Outcome::Inconclusive).collect()
}

/// A verdict in a line.
pub(crate) fn line(verdict: &Verdict) -> String {
    let first = verdict.findings.first().map(|found| found.judgement.message.as_str());
    let (word, rule) = (verdict.outcome.word(), verdict.rule);
    format!("{word} {rule} on {}: {}", verdict.subject, first.unwrap_or_default())
}
