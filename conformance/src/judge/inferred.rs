//! Which verdicts rest on what was recognised in a document and is not declared by it. They bind no more than a
//! recommendation, and say so.

use std::collections::{BTreeMap, BTreeSet};

use generator::contract::{Api, Operation};

use crate::rule::{Level, Rule};
use crate::verdict::Judgement;

/// What of an API was recognised.
#[derive(Clone, Debug, Default)]
pub struct Inferred {
    /// Operation id to the chapters that rest on it.
    chapters: BTreeMap<String, BTreeSet<&'static str>>,
}

impl Inferred {
    /// What of that API was recognised.
    #[must_use]
    pub fn of(api: &Api) -> Self {
        let mut found = Self::default();
        for operation in &api.operations {
            found.take(api, operation);
        }
        found
    }

    fn take(&mut self, api: &Api, operation: &Operation) {
        let paged = |one: &Operation| one.paging.as_ref().is_some_and(|paging| paging.inferred);
        let other = operation.equivalent.as_ref().and_then(|pair| api.operation(&pair.operation));
        if paged(operation) || other.is_some_and(paged) {
            self.add(operation, Rule::PagingComplete);
        }
        let contents = operation.responses.iter().flat_map(|(_, response)| &response.content);
        if contents.flat_map(|content| &content.frames).any(|rule| rule.inferred) {
            self.add(operation, Rule::FrameLineJson);
        }
        let links = operation.responses.iter().flat_map(|(_, response)| &response.links);
        for link in links.filter(|link| link.inferred) {
            self.add(operation, Rule::LifecycleReadBack);
            if let Some(target) = api.operation(&link.operation) {
                self.add(target, Rule::LifecycleReadBack);
                // What it is called on was found by that link.
                self.add(target, Rule::StatusSuccess);
            }
        }
    }

    fn add(&mut self, operation: &Operation, rule: Rule) {
        self.chapters.entry(operation.id.0.clone()).or_default().insert(area(rule));
    }

    /// Whether a verdict of that rule on that operation rests on what was recognised.
    #[must_use]
    pub fn is(&self, subject: &str, rule: Rule) -> bool {
        self.chapters.get(subject).is_some_and(|chapters| chapters.contains(area(rule)))
    }

    /// How strongly a rule binds that operation.
    #[must_use]
    pub fn level(&self, subject: &str, rule: Rule) -> Level {
        if self.is(subject, rule) { Level::Should } else { rule.entry().level }
    }

    /// The judgement, a failure no more than a warning where it rests on what was recognised.
    #[must_use]
    pub fn tempered(&self, subject: &str, judgement: Judgement) -> Judgement {
        if !judgement.outcome.is_finding() || !self.is(subject, judgement.rule) {
            return judgement;
        }
        let what = match area(judgement.rule) {
            "paging" => "paging is",
            "frame" => "frames are",
            _ => "links are",
        };
        let message = format!("{}; {what} inferred here, not declared", judgement.message);
        Judgement { message, ..judgement }.softened(true)
    }
}

/// The chapter; of what is sent to show a success, a word of its own.
fn area(rule: Rule) -> &'static str {
    match rule {
        Rule::StatusSuccess | Rule::RequestBoundary => "success",
        _ => rule.chapter(),
    }
}
