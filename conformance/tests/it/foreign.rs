//! A document that says nothing in the vocabulary of this project, in every dialect: what is meant by its names is
//! recognised, an honest server has no finding, and what a faulty one gets is a warning that says so.

mod server;

use std::collections::BTreeSet;
use std::path::PathBuf;

use conformance::call::Credentials;
use conformance::judge::Inferred;
use conformance::rule::applicable;
use conformance::run::Record;
use conformance::verdict::Outcome;
use serde::Deserialize;

use crate::checked::{Told, check, findings, line};
use crate::specs::{self, Read};

const DIALECTS: [&str; 3] = ["swagger-2.0", "openapi-3.0", "openapi-3.1"];

fn data(name: &str) -> PathBuf {
    specs::root().join("conformance/tests/data/foreign").join(name)
}

fn document(dialect: &str) -> Read {
    specs::read(&data(&format!("{dialect}.yaml"))).unwrap()
}

fn run(dialect: &str, fault: &str, seed: u64) -> Record {
    let read = document(dialect);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = server::start(fault).await;
        let told = Told {
            url: &server.uri(),
            credentials: &Credentials::default(),
            parameters: &[],
            workflows: &[],
            seed,
        };
        check(&read, told).await
    })
}

fn told(record: &Record) -> String {
    findings(record).into_iter().map(|verdict| line(verdict) + "\n").collect()
}

#[test]
fn what_is_meant_is_recognised() {
    let recognised = |dialect: &str| -> String {
        let api = document(dialect).api;
        let inferred = Inferred::of(&api);
        let lines = api.operations.iter().map(|operation| {
            let rules = applicable(&api, operation).into_iter();
            let rules = rules.filter(|rule| inferred.is(&operation.id.0, *rule));
            let rules: Vec<_> = rules.map(|rule| rule.id()).collect();
            let links = operation.responses.iter().flat_map(|(_, response)| &response.links);
            let links: Vec<_> = links
                .map(|link| {
                    let (to, with) = (&link.operation, &link.parameters);
                    format!("  -> {to} {}\n", serde_json::to_string(with).unwrap())
                })
                .collect();
            format!("{}: {}\n{}", operation.id, rules.join(" "), links.concat())
        });
        lines.collect()
    };
    let [first, others @ ..] = DIALECTS.map(recognised);
    for other in others {
        assert_eq!(first, other);
    }
    insta::assert_snapshot!(first);
}

#[test]
fn an_honest_server_has_no_finding() {
    for (dialect, seed) in DIALECTS.into_iter().zip(1..) {
        let record = run(dialect, "", seed);
        assert_eq!(told(&record), "", "{dialect}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    fault: String,
    on: String,
    finds: String,
}

#[test]
fn each_fault_is_a_warning_that_says_what_was_inferred() {
    let text = std::fs::read_to_string(data("faults.yaml")).unwrap();
    let faults: Vec<Fault> = serde_yaml::from_str(&text).unwrap();
    for (fault, dialect) in faults.iter().zip(DIALECTS.into_iter().cycle()) {
        let record = run(dialect, &fault.fault, 1);
        let found = record
            .verdicts()
            .find(|verdict| verdict.subject == fault.on && verdict.rule.id() == fault.finds);
        let found = found.filter(|verdict| verdict.outcome == Outcome::Warn);
        let first = found.and_then(|verdict| verdict.findings.first());
        let message = first.map(|first| first.judgement.message.as_str()).unwrap_or_default();
        assert!(
            message.ends_with("inferred here, not declared"),
            "{}: {}",
            fault.fault,
            told(&record)
        );
        let failed: BTreeSet<_> = record
            .verdicts()
            .filter(|verdict| verdict.outcome > Outcome::Warn)
            .map(|verdict| verdict.rule.id())
            .collect();
        assert_eq!(failed, BTreeSet::new(), "{}: {}", fault.fault, told(&record));
    }
}
