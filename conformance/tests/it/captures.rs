//! Exchanges recorded from real servers, judged by the shipped documents. Each is accepted, or every finding of it is
//! in the ledger with its reason.
//!
//! The recordings lie beside the workspace, in `../shared/captures`, or in the folder that `CAPTURES` names; where
//! there are none, that is said and nothing is tested.

mod row;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use conformance::judge::{self, Validators};
use conformance::verdict::Judgement;
use generator::contract::Api;
use serde::Deserialize;

use crate::reference::data;
use crate::specs;
use row::{Exchange, Row};

/// The recordings that are judged, by the documents that describe them, the widest first.
const FILES: [&str; 6] = [
    "kube-apiserver-captures.jsonl",
    "kube-kubelet-captures.jsonl",
    "kube-ws-captures.jsonl",
    "kube-429-captures.jsonl",
    "kube-expired-cache-captures.jsonl",
    "kube-expired-nocache-captures.jsonl",
];
const DOCUMENTS: [&str; 2] = ["openshift", "kubernetes"];

/// A finding that is right, and known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    /// A part of the finding's message.
    says: String,
    /// The names of the exchanges, where the message alone says too little.
    #[serde(default)]
    of: BTreeSet<String>,
    reason: String,
}

impl Entry {
    fn expects(&self, row: &Row, found: &Judgement) -> bool {
        self.rule == found.rule.id()
            && found.message.contains(&self.says)
            && (self.of.is_empty() || self.of.contains(&row.name))
    }
}

/// A document and its schemas.
struct Document {
    api: Api,
    validators: Validators,
}

/// What became of the exchanges of a file.
#[derive(Debug, Default)]
struct Tally {
    judged: usize,
    accepted: usize,
    ledgered: usize,
    /// Of operations that no document has.
    outside: usize,
}

fn folder() -> Option<PathBuf> {
    let usual = || specs::root().parent().map(|parent| parent.join("shared/captures"));
    std::env::var_os("CAPTURES").map(PathBuf::from).or_else(usual).filter(|path| path.is_dir())
}

fn documents() -> Vec<Document> {
    let read = |name| {
        let read = specs::shipped(name);
        let validators = Validators::new(read.trees, read.api.schemas.clone());
        Document { api: read.api, validators }
    };
    DOCUMENTS.into_iter().map(read).collect()
}

/// What is found wrong by any document that has the operation; none if no document has it.
fn findings(documents: &[Document], row: &Row) -> Option<Vec<Judgement>> {
    let mut judged = None;
    for document in documents {
        let Some(Exchange { operation, call, transcript }) = row.exchange(&document.api) else {
            continue;
        };
        let found: &mut Vec<Judgement> = judged.get_or_insert_default();
        let judgements =
            judge::exchange(&document.validators, operation, &call, &transcript).into_iter();
        for judgement in judgements.filter(|judgement| judgement.outcome.is_finding()) {
            if !found.iter().any(|known| known.message == judgement.message) {
                found.push(judgement);
            }
        }
    }
    judged
}

#[test]
fn every_recorded_exchange_is_accepted_or_accounted_for() {
    let Some(folder) = folder() else {
        println!("skipped: there are no recordings in ../shared/captures, and CAPTURES names none");
        return;
    };
    let documents = documents();
    let ledger: Vec<Entry> = data("captures/ledger.yaml");
    let (mut tallies, mut complaints) = (BTreeMap::new(), Vec::new());
    let mut used = BTreeSet::new();
    for file in FILES {
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else { continue };
        let tally: &mut Tally = tallies.entry(file).or_default();
        for line in text.lines() {
            let row: Row = serde_json::from_str(line).unwrap();
            let Some(found) = findings(&documents, &row) else {
                tally.outside += 1;
                continue;
            };
            tally.judged += 1;
            if found.is_empty() {
                tally.accepted += 1;
                continue;
            }
            let mut strange = false;
            for judgement in found {
                match ledger.iter().position(|entry| entry.expects(&row, &judgement)) {
                    Some(entry) => drop(used.insert(entry)),
                    None => {
                        strange = true;
                        let (rule, message) = (judgement.rule, judgement.message);
                        complaints.push(format!("{file} {}: {rule}: {message}", row.name));
                    }
                }
            }
            tally.ledgered += usize::from(!strange);
        }
    }
    for (file, tally) in &tallies {
        println!(
            "{file}: {} judged, {} accepted, {} ledgered, {} outside the documents",
            tally.judged, tally.accepted, tally.ledgered, tally.outside
        );
    }
    assert!(!tallies.is_empty(), "no recording in {}", folder.display());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let idle = ledger.iter().enumerate().filter(|(index, _)| !used.contains(index));
    let idle: Vec<_> = idle.map(|(_, entry)| format!("{}: {}", entry.rule, entry.says)).collect();
    assert!(idle.is_empty(), "entries that no recording needs: {idle:#?}");
    assert!(ledger.iter().all(|entry| !entry.reason.is_empty()), "an entry gives no reason");
}
