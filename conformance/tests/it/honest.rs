//! The honest servers: nothing is found on them, whatever the seed, and what cannot be told there is a committed list.

use std::collections::{BTreeMap, BTreeSet};

use conformance::rule::{Rule, applicable};
use conformance::run::Record;
use conformance::verdict::Outcome;
use reference::Api;
use serde::Deserialize;

use crate::reference::{Case, Subject, checked, data, each};

const SEEDS: std::ops::Range<u64> = 0..20;

/// A verdict that is no pass, and why it cannot be one here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Untold {
    /// The operation or workflow.
    subject: String,
    /// The rules.
    rules: BTreeSet<String>,
    /// `INCONCLUSIVE` or `SKIP`, or `UNSEEN` where a rule has nothing to look at.
    outcome: String,
    /// Whether the rule passes nowhere else on this API either.
    #[serde(default)]
    nowhere: bool,
    /// Why.
    reason: String,
}

/// A verdict that is no pass: subject, rule, outcome.
type Look = (String, String, String);

#[test]
fn nothing_is_found_on_the_honest_servers() {
    let untold: BTreeMap<String, Vec<Untold>> = data("untold.yaml");
    let subjects: BTreeMap<_, _> = checked().map(|api| (api, Subject::read(api, &[]))).collect();
    let work: Vec<_> = checked().flat_map(|api| SEEDS.map(move |seed| (api, seed))).collect();
    let seen = each(&work, |(api, seed)| {
        let case = Case { seed: *seed, cases: 8, shrinks: 8 };
        Seen::of(&subjects[api].check(*api, None, case))
    });
    let mut complaints = Vec::new();
    for api in checked() {
        let of_api: Vec<_> = work.iter().zip(&seen).filter(|((its, _), _)| *its == api).collect();
        for ((_, seed), seen) in &of_api {
            complaints
                .extend(seen.findings.iter().map(|found| format!("{api}, seed {seed}: {found}")));
        }
        let untold = untold.get(api.name()).map(Vec::as_slice).unwrap_or_default();
        let looks: BTreeSet<_> = of_api.iter().flat_map(|(_, seen)| &seen.looks).collect();
        complaints.extend(compared(api, untold, &looks));
        let passed: BTreeSet<_> =
            of_api.iter().flat_map(|(_, seen)| &seen.passed).copied().collect();
        complaints.extend(never(api, untold, &subjects[&api], &passed));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What a run showed.
struct Seen {
    findings: Vec<String>,
    looks: BTreeSet<Look>,
    passed: BTreeSet<Rule>,
}

impl Seen {
    fn of(record: &Record) -> Self {
        let mut seen =
            Self { findings: Vec::new(), looks: BTreeSet::new(), passed: BTreeSet::new() };
        for verdict in record.verdicts() {
            let first = verdict.findings.first().map(|found| found.judgement.message.as_str());
            match verdict.outcome {
                Outcome::Pass => {}
                Outcome::Skip | Outcome::Inconclusive => {
                    seen.looks.insert((
                        verdict.subject.clone(),
                        verdict.rule.to_string(),
                        verdict.outcome.word().to_owned(),
                    ));
                }
                _ => seen.findings.push(format!(
                    "{} {} on {}: {}",
                    verdict.outcome.word(),
                    verdict.rule,
                    verdict.subject,
                    first.unwrap_or_default()
                )),
            }
            if verdict.counts.contains_key(&Outcome::Pass) {
                seen.passed.insert(verdict.rule);
            }
        }
        seen
    }
}

/// What was seen and is not listed, and what is listed and was not seen.
fn compared(api: Api, untold: &[Untold], looks: &BTreeSet<&Look>) -> Vec<String> {
    let listed: BTreeSet<Look> = untold
        .iter()
        .filter(|entry| entry.outcome != "UNSEEN")
        .flat_map(|entry| {
            assert!(entry.reason.ends_with('.'), "{:?} gives no reason", entry.subject);
            let look = |rule: &String| (entry.subject.clone(), rule.clone(), entry.outcome.clone());
            entry.rules.iter().map(look)
        })
        .collect();
    let news = looks.iter().filter(|look| !listed.contains(**look));
    let stale = listed.iter().filter(|look| !looks.contains(look));
    news.map(|(subject, rule, outcome)| format!("{api}: not listed: {outcome} {rule} on {subject}"))
        .chain(stale.map(|(subject, rule, outcome)| {
            format!("{api}: listed, but not seen: {outcome} {rule} on {subject}")
        }))
        .collect()
}

/// Rules that apply and passed nowhere, unless that is listed.
fn never(api: Api, untold: &[Untold], subject: &Subject, passed: &BTreeSet<Rule>) -> Vec<String> {
    let listed: BTreeSet<_> =
        untold.iter().filter(|entry| entry.nowhere).flat_map(|entry| &entry.rules).collect();
    let apply: BTreeSet<_> = subject
        .contract
        .operations
        .iter()
        .flat_map(|operation| applicable(&subject.contract, operation))
        .collect();
    let complaint = |rule: &Rule| format!("{api}: {rule} applies and passed nowhere");
    let unlisted =
        apply.iter().filter(|rule| !passed.contains(rule) && !listed.contains(&rule.to_string()));
    let wrongly = passed.iter().filter(|rule| listed.contains(&rule.to_string()));
    unlisted
        .map(complaint)
        .chain(wrongly.map(|rule| format!("{api}: {rule} is listed to pass nowhere and does")))
        .collect()
}
