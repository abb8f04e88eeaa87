//! The wiremock twins of the shipped APIs: every rule is tried on them, and nothing is found but what wiremock cannot
//! play, which is a committed list.

use std::collections::BTreeSet;

use conformance::mock::{Server, Settings};
use conformance::run::Record;
use conformance::verdict::Outcome;
use generator::contract::OperationId;
use serde::Deserialize;

use crate::checked::{Told, check, findings, line};
use crate::reference::data;
use crate::specs;

/// The shipped APIs, and the parameters whose values only a user knows.
const SHIPPED: [(&str, &[(&str, &str)]); 3] =
    [("huawei-hss", &[("project_id", "a-project")]), ("stackrox", &[]), ("pi", &[])];

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

#[tokio::test]
async fn nothing_is_found_on_the_twins() {
    let unplayed: Vec<Unplayed> = data("unplayed.yaml");
    let mut complaints = Vec::new();
    let mut met = BTreeSet::new();
    for (name, parameters) in SHIPPED {
        for seed in 0..3 {
            let record = run(name, parameters, seed).await;
            for found in findings(&record) {
                let rule = found.rule.to_string();
                let listed = unplayed.iter().position(|entry| {
                    entry.api == name
                        && entry.subject == found.subject
                        && entry.rules.contains(&rule)
                });
                match listed {
                    Some(index) => drop(met.insert((index, rule))),
                    None => complaints.push(format!("{name}, seed {seed}: {}", line(found))),
                }
            }
            complaints.extend(unproven(name, &record, &unplayed));
        }
    }
    for (index, entry) in unplayed.iter().enumerate() {
        assert!(entry.reason.ends_with('.'), "{} gives no reason", entry.subject);
        let stale = entry.rules.iter().filter(|rule| !met.contains(&(index, (*rule).clone())));
        complaints
            .extend(stale.map(|rule| format!("{}: listed, but not found: {rule}", entry.api)));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

async fn run(name: &str, parameters: &[(&str, &str)], seed: u64) -> Record {
    let read = specs::shipped(name);
    let server = Server::start(&read.api, read.trees.clone(), Settings::default()).await;
    let (url, credentials) = (server.url(), server.credentials());
    check(&read, Told { url: &url, credentials, parameters, workflows: &[], seed }).await
}

/// Operations that never reached a success, so that nothing was looked at; and those that did though they are listed.
fn unproven(name: &str, record: &Record, unplayed: &[Unplayed]) -> Vec<String> {
    let read = specs::shipped(name);
    let ids = read.api.operations.iter().map(|operation| &operation.id);
    let listed = |id: &OperationId| {
        unplayed.iter().any(|entry| entry.api == name && entry.subject == id.0 && entry.unproven)
    };
    let wrong = ids.filter(|id| (record.is_proven(id) != Some(true)) != listed(id));
    let passes = record.verdicts().filter(|verdict| verdict.outcome == Outcome::Pass).count();
    let few = (passes < 20).then(|| format!("{name}: only {passes} rules pass"));
    let told = |id| format!("{name}: {id}: {:?} is not what is listed", record.is_proven(id));
    wrong.map(told).chain(few).collect()
}
