//! The kill matrix: every rule finds the fault that breaks it and no other rule, apart from those that break with it.
//!
//! `tests/data/mutants.yaml` says which fault of the reference server a rule is there to find. A fault knows nothing of
//! rules. `tests/data/stricter.yaml` makes the documents promise a little more than is shipped, so that rules have
//! something to look at that no shipped document gives reason for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use conformance::rule::Rule;
use conformance::run::Record;
use conformance::verdict::Outcome;
use globset::{Glob, GlobSet};
use reference::{Api, Fault};
use serde::Deserialize;

use crate::reference::{Case, Edit, Subject, checked, data, each};

/// Few cases, since each rule is looked for by what it needs, and one seed, since faults do not depend on it.
const CASE: Case = Case { seed: 11, cases: 12, shrinks: 4 };

/// A server with a fault, and what is to be found of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutant {
    /// The fault.
    fault: String,
    /// The rule that is there to find it.
    rule: String,
    /// Rules that are broken as well, and rightly found so.
    #[serde(default)]
    also: BTreeSet<String>,
    /// Rules that are broken as well where things happen at the same time, and else not.
    #[serde(default)]
    sometimes: BTreeSet<String>,
    /// Which rules are tried on what, as `--filter` says it; all on all where nothing is said. A run over a large API
    /// takes longer than the fault needs to show.
    filter: Option<String>,
}

impl Mutant {
    fn filter(&self) -> Option<GlobSet> {
        let glob = Glob::new(self.filter.as_ref()?).unwrap();
        Some(GlobSet::builder().add(glob).build().unwrap())
    }
}

/// What a run found of a mutant.
struct Killed {
    found: BTreeSet<&'static str>,
    /// The first finding of each rule, in words.
    messages: Vec<String>,
    went_wrong: bool,
}

#[test]
fn every_rule_has_a_mutant_and_every_fault_a_rule() {
    let mutants = mutants();
    let elsewhere = fictitious();
    let primaries: BTreeSet<_> = mutants
        .values()
        .flatten()
        .map(|mutant| mutant.rule.as_str())
        .chain(elsewhere.iter().map(String::as_str))
        .collect();
    let rules: BTreeSet<_> = Rule::TABLE.iter().map(|entry| entry.id).collect();
    assert_eq!(primaries, rules, "the rules with a mutant, and the rules");
    let named: Vec<_> = mutants
        .iter()
        .flat_map(|(api, mutants)| mutants.iter().map(move |mutant| (api.as_str(), mutant)))
        .map(|(api, mutant)| (api, mutant.fault.as_str()))
        .collect();
    let faults: BTreeSet<_> =
        Fault::all().iter().map(|fault| (fault.api.name(), fault.name)).collect();
    assert_eq!(named.len(), faults.len(), "a fault is named twice, or not at all");
    assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), faults);
    for mutant in mutants.values().flatten() {
        for rule in mutant.also.iter().chain(&mutant.sometimes) {
            assert!(rules.contains(rule.as_str()), "{}: no rule {rule}", mutant.fault);
            assert_ne!(*rule, mutant.rule, "{}", mutant.fault);
        }
    }
}

#[test]
fn every_rule_kills_its_mutant() {
    let mutants = mutants();
    let only = std::env::var("MUTANTS").ok();
    let wanted = |mutant: &&Mutant| only.as_ref().is_none_or(|only| only.contains(&mutant.fault));
    let subjects = subjects();
    let work: Vec<_> = checked()
        .flat_map(|api| mutants[api.name()].iter().filter(wanted).map(move |mutant| (api, mutant)))
        .collect();
    let killed = each(&work, |(api, mutant)| {
        let fault = Fault::named(&mutant.fault).unwrap();
        Killed::of(&subjects[api].check_part(*api, Some(fault), CASE, mutant.filter()))
    });
    let mut complaints = Vec::new();
    for api in checked() {
        let of_api: Vec<_> = work
            .iter()
            .zip(&killed)
            .filter(|((its, _), _)| *its == api)
            .map(|((_, mutant), killed)| (*mutant, killed))
            .collect();
        println!("{}", matrix(api, &of_api));
        complaints.extend(of_api.iter().filter_map(|(mutant, killed)| killed.complaint(mutant)));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The mutants, by the name of their API.
fn mutants() -> BTreeMap<String, Vec<Mutant>> {
    data("mutants.yaml")
}

/// Rules that a fault of a fictitious server is there for; tests of their own hold them to it.
fn fictitious() -> BTreeSet<String> {
    #[derive(Deserialize)]
    struct Fault {
        finds: Vec<String>,
    }
    let lists: [Vec<Fault>; 3] =
        [data("paging/faults.yaml"), data("kennel/faults.yaml"), data("channels/faults.yaml")];
    lists.into_iter().flatten().filter_map(|fault| fault.finds.into_iter().next()).collect()
}

fn subjects() -> BTreeMap<Api, Subject> {
    let mut edits: BTreeMap<String, Vec<Edit>> = data("stricter.yaml");
    let read = |api: Api| (api, Subject::read(api, &edits.remove(api.name()).unwrap_or_default()));
    checked().map(read).collect()
}

impl Killed {
    fn of(record: &Record) -> Self {
        let broken: Vec<_> =
            record.verdicts().filter(|verdict| verdict.outcome > Outcome::Flaky).collect();
        let message = |verdict: &&conformance::run::Verdict| {
            let first = verdict.findings.first().map(|found| found.judgement.message.as_str());
            format!(
                "    {} {} on {}: {}",
                verdict.outcome.word(),
                verdict.rule,
                verdict.subject,
                first.unwrap_or_default()
            )
        };
        Self {
            found: broken.iter().map(|verdict| verdict.rule.id()).collect(),
            messages: broken.iter().map(message).collect(),
            went_wrong: broken.iter().any(|verdict| verdict.outcome == Outcome::Error),
        }
    }

    /// What is not as it should be.
    fn complaint(&self, mutant: &Mutant) -> Option<String> {
        let expected = |rule: &str| {
            rule == mutant.rule || mutant.also.contains(rule) || mutant.sometimes.contains(rule)
        };
        let survived = !self.found.contains(mutant.rule.as_str());
        let strange: Vec<_> = self.found.iter().filter(|rule| !expected(rule)).collect();
        let stale: Vec<_> =
            mutant.also.iter().filter(|rule| !self.found.contains(rule.as_str())).collect();
        if !survived && strange.is_empty() && stale.is_empty() && !self.went_wrong {
            return None;
        }
        Some(format!(
            "{}: {} {}; found beside it and not declared: {strange:?}; declared and not found: {stale:?}\n{}",
            mutant.fault,
            mutant.rule,
            if survived { "DOES NOT KILL IT" } else { "kills it" },
            self.messages.join("\n")
        ))
    }
}

/// Rules down, mutants across: `#` where a rule is there to find a mutant and does, `+` where it finds it as well.
fn matrix(api: Api, killed: &[(&Mutant, &Killed)]) -> String {
    let mut text = format!("{api}\n");
    for (number, (mutant, _)) in killed.iter().enumerate() {
        let _ = writeln!(text, "  {:>2} {}", number + 1, mutant.fault);
    }
    let digit = |place: usize| -> String {
        (1..=killed.len()).map(|number| char::from(b'0' + (number / place % 10) as u8)).collect()
    };
    let _ = writeln!(text, "  {:<36} {}\n  {:<36} {}", "", digit(10), "", digit(1));
    for entry in Rule::TABLE {
        let cells: String = killed
            .iter()
            .map(|(mutant, killed)| match killed.found.contains(entry.id) {
                true if mutant.rule == entry.id => '#',
                true => '+',
                false => '.',
            })
            .collect();
        if cells.contains(['#', '+']) {
            let _ = writeln!(text, "  {:<36} {cells}", entry.id);
        }
    }
    let dead = killed.iter().filter(|(mutant, killed)| killed.found.contains(mutant.rule.as_str()));
    let _ = writeln!(text, "  {} of {} mutants killed", dead.count(), killed.len());
    text
}
