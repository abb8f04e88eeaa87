//! A run in numbers and verdicts, ready to be shown.

use std::collections::BTreeMap;

use generator::contract::{Api, OperationId, Place};
use serde::Serialize;

use super::gaps::{Gap, gaps};
use super::known::Known;
use super::matrix::Matrix;
use crate::rule::{Rule, applicable};
use crate::run::{Leftover, Record, Settings, Verdict, Writes, redact};
use crate::verdict::Outcome;

/// How a run ends, as the exit code of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// 0: conformant.
    Conformant,
    /// 1: a MUST is broken.
    NotConformant,
    /// 3: the target gave no answer at all, or the checker went wrong.
    Unreachable,
    /// 4: an operation that was tried never succeeded, or nothing was tried.
    NotProved,
    /// 5: an expected finding was not found.
    Idle,
}

impl Exit {
    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Conformant => 0,
            Self::NotConformant => 1,
            Self::Unreachable => 3,
            Self::NotProved => 4,
            Self::Idle => 5,
        }
    }
}

/// What is said of a run beside its verdicts.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// The document, as it was named.
    pub spec: String,
    /// The API's own name.
    pub title: String,
    /// The base URL.
    pub target: String,
    /// The seed; the same one gives the same requests.
    pub seed: u64,
    /// The id of the run.
    pub run_id: String,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How much of that was waiting for time to pass or for what might still come, in seconds.
    pub waited: f64,
    /// How many requests were sent.
    pub requests: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

/// A whole run.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// What is said of it beside its verdicts.
    pub facts: Facts,
    /// How it ends.
    pub exit: Exit,
    /// How many verdicts have which outcome.
    pub counts: BTreeMap<Outcome, usize>,
    /// Operations that were tried and never reached a documented success.
    pub unproven: Vec<OperationId>,
    /// Operations with the documented statuses that were seen.
    pub matrix: Matrix,
    /// The verdicts, the gravest first.
    pub verdicts: Vec<Verdict>,
    /// Findings that the user expects, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Known>,
    /// Expectations that no finding met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub idle: Vec<String>,
    /// Answers that a convention allows and the source document does not list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// Rules that apply to an operation and were not looked at.
    pub not_covered: Vec<(OperationId, Rule)>,
    /// What could not be removed: its name, the answer, and the command that removes it.
    pub leftovers: Vec<(String, String, String)>,
}

impl Summary {
    /// Sums up a run.
    #[must_use]
    pub fn new(
        api: &Api,
        settings: &Settings,
        record: &Record,
        leftovers: Vec<(Leftover, String)>,
        facts: Facts,
    ) -> Self {
        let mut verdicts: Vec<_> = record.verdicts().cloned().collect();
        verdicts.sort_by_key(|verdict| std::cmp::Reverse(verdict.outcome));
        let mut counts = BTreeMap::new();
        for verdict in &verdicts {
            *counts.entry(verdict.outcome).or_default() += 1;
        }
        // What a server names or answers may hold what it was sent.
        let clean = |text: &str| redact::text(text, &settings.credentials);
        let unproven: Vec<_> = record.unproven(api).into_iter().cloned().collect();
        let exit = exit(record, &counts, &unproven);
        Self {
            exit,
            counts,
            matrix: Matrix::new(api, record, settings.writes == Writes::Allowed),
            not_covered: not_covered(api, record),
            unproven,
            verdicts,
            known: Vec::new(),
            idle: Vec::new(),
            gaps: gaps(record),
            leftovers: leftovers
                .into_iter()
                .map(|(left, command)| {
                    (clean(&left.removal.name), clean(&left.answer), clean(&command))
                })
                .collect(),
            facts,
        }
    }

    /// The same with the places of findings as `find` gives them; `None` keeps one as it is.
    #[must_use]
    pub fn placing(mut self, find: impl Fn(&Place) -> Option<Place>) -> Self {
        for finding in self.verdicts.iter_mut().flat_map(|verdict| &mut verdict.findings) {
            let place = &mut finding.judgement.place;
            *place = place.take().map(|place| find(&place).unwrap_or(place));
        }
        self
    }

    /// How many verdicts have that outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.counts.get(&outcome).copied().unwrap_or_default()
    }
}

fn exit(record: &Record, counts: &BTreeMap<Outcome, usize>, unproven: &[OperationId]) -> Exit {
    let has = |outcome| counts.get(&outcome).is_some_and(|count| *count > 0);
    if !record.was_answered() && record.requests() > 0 || has(Outcome::Error) {
        Exit::Unreachable
    } else if !unproven.is_empty() || !record.proves_anything() {
        Exit::NotProved
    } else if has(Outcome::Fail) {
        Exit::NotConformant
    } else {
        Exit::Conformant
    }
}

fn not_covered(api: &Api, record: &Record) -> Vec<(OperationId, Rule)> {
    let of = |operation: &generator::contract::Operation| -> Vec<_> {
        let unseen = |rule: &Rule| record.verdict(&operation.id.0, *rule).is_none();
        applicable(api, operation)
            .into_iter()
            .filter(unseen)
            .map(|rule| (operation.id.clone(), rule))
            .collect()
    };
    api.operations.iter().flat_map(of).collect()
}
