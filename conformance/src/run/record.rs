//! What a run has seen: judgements by rule and subject, and the matrix of operations and statuses.

use std::collections::BTreeMap;
use std::rc::Rc;

use generator::contract::{Api, OperationId, StatusKey};
use serde::Serialize;

use super::redact;
use crate::call::{Credentials, is_spoken};
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::{Judgement, Outcome};

/// A verdict keeps no more findings than this; the others are counted.
const KEPT: usize = 3;

/// Everything a run has seen.
#[derive(Debug, Default)]
pub struct Record {
    verdicts: BTreeMap<(String, Rule), Verdict>,
    cells: BTreeMap<(OperationId, StatusKey), Cell>,
    proven: BTreeMap<OperationId, bool>,
    gaps: BTreeMap<(OperationId, u16), u64>,
    requests: u64,
    answers: u64,
}

/// What is concluded of one rule on one subject, an operation or a workflow.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The operation or workflow.
    pub subject: String,
    /// The rule.
    pub rule: Rule,
    /// The gravest outcome.
    pub outcome: Outcome,
    /// How many looks had which outcome.
    pub counts: BTreeMap<Outcome, u64>,
    /// The gravest looks with their evidence; a pass needs none.
    pub findings: Vec<Finding>,
}

/// A look at a rule that did not pass, and what it rests on.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The look.
    #[serde(flatten)]
    pub judgement: Judgement,
    /// The exchanges it rests on, the decisive one last.
    pub evidence: Vec<Rc<Transcript>>,
}

/// How often a documented status was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// With everything documented for it in order.
    pub valid: u64,
    /// With a finding.
    pub invalid: u64,
}

impl Record {
    /// Takes in looks at one subject that rest on the same evidence. What is kept holds no credential.
    pub fn add(
        &mut self,
        subject: &str,
        judgements: Vec<Judgement>,
        evidence: &[Rc<Transcript>],
        secrets: &Credentials,
    ) {
        for judgement in judgements {
            let verdict =
                self.verdicts.entry((subject.to_owned(), judgement.rule)).or_insert_with(|| {
                    Verdict {
                        subject: subject.to_owned(),
                        rule: judgement.rule,
                        outcome: Outcome::Skip,
                        counts: BTreeMap::new(),
                        findings: Vec::new(),
                    }
                });
            verdict.take(judgement, evidence, secrets);
        }
    }

    /// Takes in an answer to an operation: its place in the matrix.
    pub fn answered(
        &mut self,
        operation: &generator::contract::Operation,
        status: u16,
        in_order: bool,
    ) {
        let Some((key, _)) = operation.responses.get(status) else { return };
        let cell = self.cells.entry((operation.id.clone(), key)).or_default();
        if in_order {
            cell.valid += 1;
        } else {
            cell.invalid += 1;
        }
        let success = key != StatusKey::Default && (status == 101 || (200..300).contains(&status));
        *self.proven.entry(operation.id.clone()).or_insert(false) |= success;
    }

    /// Takes in an answer that was allowed: counts it where the source document does not list it.
    pub fn allowed(&mut self, operation: &generator::contract::Operation, status: u16) {
        let listed = operation.responses.get(status).is_some_and(|(_, response)| {
            !response
                .provenance
                .as_ref()
                .is_some_and(generator::contract::Provenance::is_convention)
        });
        if !listed {
            *self.gaps.entry((operation.id.clone(), status)).or_default() += 1;
        }
    }

    /// Answers that a convention allows and the source document does not list: operation, status, how often.
    pub fn gaps(&self) -> impl Iterator<Item = (&OperationId, u16, u64)> {
        self.gaps.iter().map(|((operation, status), count)| (operation, *status, *count))
    }

    /// Counts a request, and whether it was answered at all.
    pub fn sent(&mut self, answered: bool) {
        self.requests += 1;
        self.answers += u64::from(answered);
    }

    /// Whether any request was answered.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        self.answers > 0
    }

    /// Whether any operation was tried and reached a documented success.
    #[must_use]
    pub fn proves_anything(&self) -> bool {
        self.proven.values().any(|proven| *proven)
    }

    /// How many requests were sent.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests
    }

    /// Whether an operation ever reached a documented success; `None` if it was never tried.
    #[must_use]
    pub fn is_proven(&self, operation: &OperationId) -> Option<bool> {
        self.proven.get(operation).copied()
    }

    /// The verdict on a rule, if anything was seen.
    #[must_use]
    pub fn verdict(&self, subject: &str, rule: Rule) -> Option<&Verdict> {
        self.verdicts.get(&(subject.to_owned(), rule))
    }

    /// Every verdict, by subject and rule.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.values()
    }

    /// How often an operation gave a documented status.
    #[must_use]
    pub fn cell(&self, operation: &OperationId, key: StatusKey) -> Cell {
        self.cells.get(&(operation.clone(), key)).copied().unwrap_or_default()
    }

    /// The operations that were tried without ever reaching a documented success, apart from those that are not
    /// spoken with here.
    #[must_use]
    pub fn unproven<'a>(&self, api: &'a Api) -> Vec<&'a OperationId> {
        api.operations
            .iter()
            .filter(|operation| is_spoken(operation))
            .map(|operation| &operation.id)
            .filter(|id| self.is_proven(id) == Some(false))
            .collect()
    }
}

impl Verdict {
    fn take(&mut self, judgement: Judgement, evidence: &[Rc<Transcript>], secrets: &Credentials) {
        *self.counts.entry(judgement.outcome).or_default() += 1;
        let graver = judgement.outcome > self.outcome;
        self.outcome = self.outcome.max(judgement.outcome);
        if judgement.outcome == Outcome::Pass {
            return;
        }
        if graver {
            self.findings.retain(|finding| finding.judgement.outcome >= judgement.outcome);
        }
        let news =
            !self.findings.iter().any(|finding| finding.judgement.message == judgement.message);
        if news && self.findings.len() < KEPT && judgement.outcome == self.outcome {
            let message = redact::text(&judgement.message, secrets);
            let dump = judgement.dump.map(|dump| redact::dump(&dump, evidence, secrets));
            let evidence = evidence
                .iter()
                .map(|transcript| Rc::new(redact::redacted(transcript, secrets)))
                .collect();
            self.findings
                .push(Finding { judgement: Judgement { message, dump, ..judgement }, evidence });
        }
    }
}
