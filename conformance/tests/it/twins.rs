//! The wiremock twins of the shipped APIs: every rule is tried on them, and nothing is found but what wiremock cannot
//! play, which is a committed list.

use std::collections::BTreeSet;

use conformance::mock::{Server, Settings};
use conformance::rule::{Rule, applicable};
use conformance::run::Record;
use conformance::verdict::Outcome;
use generator::contract::OperationId;
use serde::Deserialize;

use crate::checked::{Told, check, findings, line};
use crate::reference::{data, each};
use crate::specs;

/// The shipped APIs, and the parameters whose values only a user knows.
const SHIPPED: [(&str, &[(&str, &str)]); 3] =
    [("huawei-hss", &[("project_id", "a-project")]), ("stackrox", &[]), ("pi", &[])];

const SEEDS: std::ops::Range<u64> = 0..20;

/// What the twin of an API cannot play.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unplayed {
    api: String,
    subject: String,
    /// The rules that find something.
    #[serde(default)]
    rules: BTreeSet<String>,
    /// Whether it never succeeds.
    #[serde(default)]
    unproven: bool,
    reason: String,
}

/// Rules that apply to an API and never pass on its twin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unseen {
    api: String,
    rules: BTreeSet<String>,
    reason: String,
}

#[test]
fn nothing_is_found_on_the_twins() {
    let unplayed: Vec<Unplayed> = data("unplayed.yaml");
    let unseen: Vec<Unseen> = data("unseen.yaml");
    let work: Vec<_> =
        SHIPPED.into_iter().flat_map(|api| SEEDS.map(move |seed| (api, seed))).collect();
    let seen = each(&work, |((name, parameters), seed)| {
        let record = run(name, parameters, *seed);
        let found = findings(&record).into_iter();
        let found = found.map(|found| (found.subject.clone(), found.rule.to_string(), line(found)));
        let passed = record.verdicts().filter(|one| one.counts.contains_key(&Outcome::Pass));
        let passed: BTreeSet<_> = passed.map(|one| one.rule).collect();
        (found.collect::<Vec<_>>(), passed, unproven(name, &record, &unplayed))
    });
    let mut complaints = Vec::new();
    let mut met = BTreeSet::new();
    for (((name, _), seed), (found, _, unproven)) in work.iter().zip(&seen) {
        for (subject, rule, line) in found {
            let listed = unplayed.iter().position(|entry| {
                entry.api == *name && entry.subject == *subject && entry.rules.contains(rule)
            });
            match listed {
                Some(index) => drop(met.insert((index, rule.clone()))),
                None => complaints.push(format!("{name}, seed {seed}: {line}")),
            }
        }
        complaints.extend(unproven.iter().cloned());
    }
    for (index, entry) in unplayed.iter().enumerate() {
        assert!(entry.reason.ends_with('.'), "{} gives no reason", entry.subject);
        let stale = entry.rules.iter().filter(|rule| !met.contains(&(index, (*rule).clone())));
        complaints
            .extend(stale.map(|rule| format!("{}: listed, but not found: {rule}", entry.api)));
    }
    for (name, _) in SHIPPED {
        let of_api = work.iter().zip(&seen).filter(|(((its, _), _), _)| *its == name);
        let passed = of_api.flat_map(|(_, (_, passed, _))| passed).copied().collect();
        complaints.extend(never(name, &passed, &unseen));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Rules that apply and never pass though they are not listed, and those that pass though they are.
fn never(name: &str, passed: &BTreeSet<Rule>, unseen: &[Unseen]) -> Vec<String> {
    let api = specs::shipped(name).api;
    let apply: BTreeSet<_> =
        api.operations.iter().flat_map(|operation| applicable(&api, operation)).collect();
    let never: BTreeSet<_> = apply.difference(passed).map(ToString::to_string).collect();
    let entries = unseen.iter().filter(|entry| entry.api == name);
    let listed: BTreeSet<_> = entries
        .inspect(|entry| assert!(entry.reason.ends_with('.'), "{:?}", entry.rules))
        .flat_map(|entry| entry.rules.clone())
        .collect();
    let differing = never.symmetric_difference(&listed);
    differing.map(|rule| format!("{name}: {rule} never passes, or is wrongly listed")).collect()
}

fn run(name: &str, parameters: &[(&str, &str)], seed: u64) -> Record {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let read = specs::shipped(name);
        let server = Server::start(&read.api, read.trees.clone(), Settings::default()).await;
        let (url, credentials) = (server.url(), server.credentials());
        check(&read, Told { url: &url, credentials, parameters, workflows: &[], seed }).await
    })
}

/// Operations that never reached a success, so that nothing was looked at; and those that did though they are listed.
fn unproven(name: &str, record: &Record, unplayed: &[Unplayed]) -> Vec<String> {
    let read = specs::shipped(name);
    let ids = read.api.operations.iter().map(|operation| &operation.id);
    let listed = |id: &OperationId| {
        unplayed.iter().any(|entry| entry.api == name && entry.subject == id.0 && entry.unproven)
    };
    let wrong = ids.filter(|id| (record.is_proven(id) != Some(true)) != listed(id));
    let told = |id| format!("{name}: {id}: {:?} is not what is listed", record.is_proven(id));
    wrong.map(told).collect()
}
