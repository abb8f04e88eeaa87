//! What walks through workflows found, kept until it is known whether it recurs.

use std::rc::Rc;

use generator::contract::{Operation, OperationId};

use super::session::{Exchange, Session};
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::{Judgement, Outcome};

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    exchanges: Vec<(OperationId, Exchange)>,
    looks: Vec<(Judgement, Vec<Rc<Transcript>>)>,
}

/// A finding, by the operation it is about, if it is about one alone, and its rule.
pub(super) type Found = (Option<OperationId>, Rule);

impl Walked {
    /// Adds what another walk found.
    pub(super) fn merge(&mut self, other: Self) {
        self.exchanges.extend(other.exchanges);
        self.looks.extend(other.looks);
    }

    /// Adds an exchange, judged by itself.
    pub(super) fn exchanged(&mut self, operation: &Operation, exchange: &Exchange) {
        self.exchanges.push((operation.id.clone(), exchange.clone()));
    }

    /// Adds a look at a rule and what it rests on.
    pub(super) fn looked(&mut self, judgement: Judgement, evidence: &[Rc<Transcript>]) {
        self.looks.push((judgement, evidence.to_vec()));
    }

    /// Every finding.
    pub(super) fn findings(&self) -> impl Iterator<Item = Found> {
        let exchanges = self.exchanges.iter().flat_map(|(operation, exchange)| {
            exchange.judgements.iter().map(|judgement| (Some(operation.clone()), judgement))
        });
        let looks = self.looks.iter().map(|(judgement, _)| (None, judgement));
        exchanges
            .chain(looks)
            .filter(|(_, judgement)| judgement.outcome.is_finding())
            .map(|(operation, judgement)| (operation, judgement.rule))
    }

    /// Gives every finding that `which` names another outcome.
    pub(super) fn soften(&mut self, which: impl Fn(Found) -> bool, outcome: Outcome) {
        for (operation, exchange) in &mut self.exchanges {
            for judgement in &mut exchange.judgements {
                let found = (Some(operation.clone()), judgement.rule);
                if judgement.outcome.is_finding() && which(found) {
                    judgement.outcome = outcome;
                }
            }
        }
        for (judgement, _) in &mut self.looks {
            if judgement.outcome.is_finding() && which((None, judgement.rule)) {
                judgement.outcome = outcome;
            }
        }
    }

    /// Turns failures of the workflow itself into warnings.
    pub(super) fn soften_all(&mut self) {
        self.soften(|(operation, _)| operation.is_none(), Outcome::Warn);
    }

    /// Records everything.
    pub(super) fn record(self, session: &Session<'_>, subject: &str) {
        for (operation, exchange) in &self.exchanges {
            if let Some(operation) = session.api.operation(operation) {
                session.note(operation, exchange);
            }
        }
        for (judgement, evidence) in self.looks {
            session.judge(subject, vec![judgement], &evidence);
        }
    }
}
