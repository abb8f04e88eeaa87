//! A conclusion with the exchanges it rests on.

use std::collections::BTreeSet;
use std::rc::Rc;

use generator::contract::Paging;

use super::page::{Page, Refusal};
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::{Judgement, Outcome};

/// A conclusion and what it rests on, the decisive exchange last.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The conclusion.
    pub judgement: Judgement,
    /// The exchanges.
    pub evidence: Vec<Rc<Transcript>>,
}

impl Ruling {
    /// The rule holds.
    #[must_use]
    pub fn pass(rule: Rule) -> Self {
        Self { judgement: Judgement::pass(rule), evidence: Vec::new() }
    }

    /// It cannot be told.
    #[must_use]
    pub fn inconclusive(rule: Rule, why: impl Into<String>) -> Self {
        Self { judgement: Judgement::inconclusive(rule, why), evidence: Vec::new() }
    }

    /// The rule is broken, as those pages show.
    #[must_use]
    pub fn broken<'p>(
        rule: Rule,
        paging: &Paging,
        message: String,
        pages: impl IntoIterator<Item = &'p Page>,
    ) -> Self {
        let evidence = pages.into_iter().map(|page| Rc::clone(&page.transcript)).collect();
        Self { judgement: Judgement::broken(rule, message, Some(&paging.place)), evidence }
    }

    /// The rule is broken, as an answer that is no page shows; a server that is late or busy shows nothing.
    #[must_use]
    pub fn refused(rule: Rule, paging: &Paging, message: String, refusal: &Refusal) -> Self {
        let evidence = vec![Rc::clone(&refusal.transcript)];
        if refusal.is_passing() {
            return Self { judgement: Judgement::inconclusive(rule, message), evidence };
        }
        Self { judgement: Judgement::broken(rule, message, Some(&paging.place)), evidence }
    }

    /// A failure becomes a warning where `softer`.
    #[must_use]
    pub fn softened(mut self, softer: bool) -> Self {
        self.judgement = self.judgement.softened(softer);
        self
    }

    /// What looks like a breach tells nothing on a list that changed while it was walked.
    #[must_use]
    pub fn unless_changed(self, changed: bool) -> Self {
        if !changed || !self.judgement.outcome.is_finding() {
            return self;
        }
        let why = format!("the list changed while it was walked; {}", self.judgement.message);
        Self {
            judgement: Judgement::inconclusive(self.judgement.rule, why),
            evidence: self.evidence,
        }
    }
}

/// What was found, given what the same look found when it was taken again: a finding that does not recur is flaky.
#[must_use]
pub fn confirmed(first: Vec<Ruling>, again: &[Ruling]) -> Vec<Ruling> {
    let recurs = |rule: Rule| {
        again
            .iter()
            .any(|other| other.judgement.rule == rule && other.judgement.outcome.is_finding())
    };
    first
        .into_iter()
        .map(|mut ruling| {
            if ruling.judgement.outcome.is_finding() && !recurs(ruling.judgement.rule) {
                ruling.judgement.outcome = Outcome::Flaky;
            }
            ruling
        })
        .collect()
}

/// The rulings worth telling. That one look could not tell matters only where no other look at the rule could, and a
/// finding says little where what its rule needs is broken: one fault is not to be found five times over.
#[must_use]
pub fn told(rulings: Vec<Ruling>) -> Vec<Ruling> {
    let is_open = |ruling: &Ruling| ruling.judgement.outcome == Outcome::Inconclusive;
    let decided = rules(&rulings, |ruling| !is_open(ruling));
    let broken = rules(&rulings, |ruling| ruling.judgement.outcome.is_finding());
    rulings
        .into_iter()
        .filter(|ruling| !is_open(ruling) || !decided.contains(&ruling.judgement.rule))
        .map(|ruling| match blamed(ruling.judgement.rule, &broken) {
            Some(need) if ruling.judgement.outcome.is_finding() => {
                let why = format!("{need} is broken; {}", ruling.judgement.message);
                let judgement = Judgement::inconclusive(ruling.judgement.rule, why);
                Ruling { judgement, ..ruling }
            }
            _ => ruling,
        })
        .collect()
}

fn rules(rulings: &[Ruling], of: impl Fn(&Ruling) -> bool) -> BTreeSet<Rule> {
    rulings.iter().filter(|ruling| of(ruling)).map(|ruling| ruling.judgement.rule).collect()
}

/// A broken rule that this one needs, be it by way of others.
fn blamed(rule: Rule, broken: &BTreeSet<Rule>) -> Option<Rule> {
    let needs = rule.entry().needs;
    let direct = needs.iter().copied().find(|need| broken.contains(need));
    direct.or_else(|| needs.iter().find_map(|need| blamed(*need, broken)))
}
