//! A sixth, fictitious API: the same rules pass on a server of it, and find its seeded faults. Nothing in the checker
//! is cut to the APIs that ship.

mod fault;
mod server;

use std::collections::{BTreeMap, BTreeSet};

use conformance::call::Credentials;
use conformance::mock::{Settings, Twin};
use conformance::rule::{Rule, applicable};
use conformance::run::Record;
use conformance::verdict::Outcome;
use conformance::workflow::{self, Workflow};
use generator::contract::Api;
use generator::diagnostic::Diagnostics;
use generator::source::Source;
use tokio::runtime::Runtime;

use crate::checked::{Told, check, findings, line};
use crate::reference::{data, each};
use crate::specs::{self, Read};

pub(crate) use fault::{FAULTS, Fault, HONEST};

/// The pass that the harbour takes.
pub(crate) const PASS: &str = "harbour-secret";

/// The document of the harbour.
pub(crate) fn harbour() -> Read {
    specs::read(&specs::root().join("conformance/tests/data/sixth/openapi.yaml")).unwrap()
}

/// The workflows of the harbour.
pub(crate) fn workflows(api: &Api) -> Vec<Workflow> {
    let text = include_str!("../data/sixth/workflows.arazzo.yaml");
    let mut diagnostics = Diagnostics::default();
    let workflows = workflow::read(&Source::new("workflows.arazzo.yaml", text), &mut diagnostics);
    workflow::check(&workflows, api, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    workflows
}

fn twin(read: &Read) -> Twin {
    let settings = Settings { secret: PASS.to_owned(), ..Settings::default() };
    Twin::new(&read.api, read.trees.clone(), settings)
}

/// A harbour on a port of its own; it ends when it is dropped.
pub(crate) struct Harbour {
    url: String,
    _runtime: Runtime,
}

impl Harbour {
    /// A harbour with a fault, or none.
    pub(crate) fn open(fault: &'static Fault) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let address = runtime.block_on(server::start(twin(&harbour()), fault));
        Self { url: format!("http://{address}"), _runtime: runtime }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

fn run(fault: &'static Fault, seed: u64) -> Record {
    let read = harbour();
    let workflows = workflows(&read.api);
    let twin = twin(&read);
    let credentials: Credentials = twin.credentials();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("http://{}", server::start(twin, fault).await);
        let parameters = &[("quay", "N7")];
        let told =
            Told { url: &url, credentials: &credentials, parameters, workflows: &workflows, seed };
        check(&read, told).await
    })
}

#[test]
fn nothing_is_found_on_an_honest_harbour() {
    let records = each(&[1, 2, 3, 4, 5, 6], |seed| {
        let record = run(&HONEST, *seed);
        let found: Vec<_> = findings(&record).into_iter().map(line).collect();
        let passed = record.verdicts().filter(|verdict| verdict.outcome == Outcome::Pass);
        (found, passed.map(|verdict| verdict.rule).collect::<BTreeSet<_>>())
    });
    let found: Vec<_> = records.iter().flat_map(|(found, _)| found).collect();
    assert!(found.is_empty(), "{found:#?}");
    let passed: BTreeSet<_> = records.iter().flat_map(|(_, passed)| passed).copied().collect();
    let api = harbour().api;
    let apply: BTreeSet<Rule> =
        api.operations.iter().flat_map(|operation| applicable(&api, operation)).collect();
    let never: Vec<_> = apply.difference(&passed).map(ToString::to_string).collect();
    let unseen: Vec<_> = UNSEEN.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(never, unseen, "rules that apply and passed nowhere");
}

/// Rules that a sound harbour gives no look at, and why.
const UNSEEN: [(&str, &str); 3] = [
    ("headers.challenge", "A request without a pass is answered with 403, never with 401."),
    ("paging.max-page", "More rows than a page has are refused."),
    ("frame.lines.final", "Nothing halts the log."),
];

#[test]
fn every_fault_of_a_harbour_is_found() {
    let expected: BTreeMap<String, BTreeSet<String>> = data("sixth/faults.yaml");
    let named: BTreeSet<_> = FAULTS.iter().map(|fault| fault.name.to_owned()).collect();
    assert_eq!(named, expected.keys().cloned().collect());
    let faults: Vec<&'static Fault> = FAULTS.iter().collect();
    let found = each(&faults, |fault| {
        let record = run(fault, 1);
        let found = findings(&record);
        let rules: BTreeSet<_> = found.iter().map(|verdict| verdict.rule.to_string()).collect();
        (rules, found.into_iter().map(line).collect::<Vec<_>>())
    });
    let mut complaints = Vec::new();
    for (fault, (rules, lines)) in FAULTS.iter().zip(found) {
        if rules != expected[fault.name] {
            complaints.push(format!("{}: {rules:?}\n  {}", fault.name, lines.join("\n  ")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
