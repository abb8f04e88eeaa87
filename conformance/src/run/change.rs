//! What a write does to a thing that the run made: versions, identity, patches, dry runs.
//!
//! Writes nothing but a member that is free for anyone's use, and the thing's name where that must be refused.

mod dry;
mod patch;
mod replace;

use std::rc::Rc;

use generator::contract::{Location, Method, Operation, Pointer};
use serde_json::Value;

use super::provide::{Provider, removable};
use super::session::{Exchange, Session};
use super::thing::{Thing, free_map};
use crate::call::Call;
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::Judgement;

/// The free member that writes set.
const LABEL: &str = "conformance-change";

/// Everything about an operation that writes to what another one made.
pub(super) async fn run(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let rules = crate::rule::applicable(session.api, operation);
    let is_ours = |rule: &Rule| OURS.contains(rule) && session.covers(&operation.id.0, *rule);
    if session.is_stopped() || !rules.iter().any(is_ours) {
        return;
    }
    let Some(producer) = producer(session, operation) else {
        let why = "no documented creation leads to what this writes to, or none may be made";
        let skips = rules.into_iter().filter(is_ours).map(|rule| Judgement::skip(rule, why));
        session.judge(&operation.id.0, skips.collect(), &[]);
        return;
    };
    let label = free_map(session, producer).map(|map| map.child(LABEL));
    let writing = Writing { session, provider, operation, producer, label };
    match operation.method {
        Method::Put => replace::run(&writing).await,
        Method::Patch => patch::run(&writing).await,
        _ => {}
    }
    dry::run(&writing).await;
}

/// The rules of this room.
const OURS: [Rule; 9] = [
    Rule::LifecycleUpdate,
    Rule::LifecycleVersion,
    Rule::LifecycleConflict,
    Rule::LifecycleIdentity,
    Rule::LifecycleMergePatch,
    Rule::LifecycleJsonPatch,
    Rule::LifecyclePatchAtomic,
    Rule::LifecyclePatchMalformed,
    Rule::LifecycleDryRun,
];

/// The removable creation that leads to what an operation is about; an operation that creates leads to its own.
fn producer<'s>(session: &Session<'s>, operation: &Operation) -> Option<&'s Operation> {
    removable(session, |candidate, targets| {
        candidate.id == operation.id
            || targets.iter().any(|target| target.path.is_same_as(&operation.path))
    })
}

/// An operation that writes, and what it writes to.
struct Writing<'r, 'a> {
    session: &'r Session<'a>,
    provider: &'r Provider,
    operation: &'r Operation,
    producer: &'a Operation,
    /// The member that is free.
    label: Option<Pointer>,
}

impl<'a> Writing<'_, 'a> {
    async fn thing(&self) -> Option<Thing<'a>> {
        Thing::make(self.session, self.provider, self.producer, |_| ()).await
    }

    /// Where a thing has the last part of its path.
    fn identity(&self) -> Option<Pointer> {
        use generator::contract::LinkValue;
        let last = self.operation.path.parameters().last()?;
        let links = self.producer.responses.iter().flat_map(|(_, response)| &response.links);
        let named = |name: &str| name == last || name.strip_prefix("path.") == Some(last);
        links.flat_map(|link| &link.parameters).filter(|(name, _)| named(name)).find_map(
            |(_, value)| match value {
                LinkValue::ResponseBody(pointer) => Some(pointer.clone()),
                _ => None,
            },
        )
    }

    /// The member that is free, of a thing.
    fn label_of(&self, value: &Value) -> Option<String> {
        Some(self.label.as_ref()?.get(value)?.as_str()?.to_owned())
    }

    /// The version of a thing.
    fn version_of(&self, value: &Value) -> Option<Value> {
        self.operation.version.as_ref()?.get(value).filter(|version| !version.is_null()).cloned()
    }

    fn judge(&self, judgement: Judgement, evidence: &[&Exchange]) {
        let evidence: Vec<Rc<Transcript>> =
            evidence.iter().map(|exchange| Rc::clone(&exchange.transcript)).collect();
        self.session.judge(&self.operation.id.0, vec![judgement], &evidence);
    }

    fn untold(&self, rule: Rule, why: &str) {
        self.judge(Judgement::inconclusive(rule, why), &[]);
    }

    /// The rule holds, or is broken as said.
    fn of(&self, rule: Rule, holds: bool, message: impl FnOnce() -> String, on: &[&Exchange]) {
        self.judge(Judgement::of(rule, holds, message, Some(&self.operation.place)), on);
    }

    /// The same call with the query under which nothing is kept.
    fn dry(&self, call: Call) -> Call {
        match &self.operation.dry_run {
            Some(dry) => call.with(Location::Query, &dry.parameter, dry.value.clone()),
            None => call,
        }
    }
}
