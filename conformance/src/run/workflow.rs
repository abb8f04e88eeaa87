//! Runs workflows: their steps in order, streams by their scripts, what cleans up always.
//!
//! Which rule speaks follows from the form of a workflow alone:
//!
//! | what it says | rule |
//! |---|---|
//! | `successCriteria`, and `status` in a script | `workflow.step` |
//! | `status` of nothing but successes, in a workflow that MUST hold | also `upgrade.switch`, or `upgrade.plain` without an offer to upgrade |
//! | `expect` | `frame.content`; where bytes of another stream are in it, `frame.origin` |
//! | `expect` of nothing (`empty`) | `frame.origin` |
//! | `expect` after `close-send` | also `frame.half-close`; this one alone where nothing came after it |
//! | `expect` after `call` | `workflow.effect` |
//! | `expect` while another stream is open, or in a workflow run by `x-parallel` | `workflow.isolated` |
//! | `expect` after `send` in `fragments` | `frame.websocket.fragmented` |
//! | `expect` of an `item`, and `status` of `ends` | `frame.channels.outcome` |
//! | `ping`, `close`, `unmasked`, `nonsense` | `frame.websocket.pong`, `.close-echo`, `.mask-required`, `frame.channels.ignored` |
//! | `ends` | `frame.ends`; its `close-code` `frame.channels.close` |
//! | `stays-open` | `frame.stays-open` |
//! | a script that leaves an open stream without `close-send` or `ends`, with steps after it | `frame.abort` |
//!
//! A rule binds as strongly as both itself and its workflow (`x-level`) do. Every exchange is also judged by itself.
//! A workflow with a finding is run once more; what does not recur is flaky.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream;
use serde_json::Value;

use super::session::Session;
use super::walk::Walk;
use super::walked::Walked;
use super::{Observer, Writes};
use crate::call::{Call, Intent};
use crate::rule::{Level, Rule};
use crate::verdict::{Judgement, Outcome};
use crate::workflow::{Workflow, rules};

/// The input that every workflow is given: a name for what this run creates.
const RUN: &str = "run";

/// So many workflows are under way at a time. They wait more than they work.
const AT_A_TIME: usize = 8;

/// Runs every workflow that the filter lets through: those that keep out of each other's way several at a time, then
/// the others one by one.
pub(super) async fn all(session: &Session<'_>, workflows: &[Workflow], observer: &dyn Observer) {
    let wanted = workflows.iter().filter(|workflow| is_wanted(session, workflow));
    let (apart, together): (Vec<_>, Vec<_>) =
        wanted.partition(|workflow| workflow.independent && workflow.parallel.is_empty());
    let run = Run { session, workflows, failing: RefCell::default() };
    let of = apart.len() + together.len();
    let numbered = |(index, workflow): (usize, &&Workflow)| {
        if !session.is_stopped() {
            observer.began(index + 1, of, &workflow.id);
        }
    };
    let begun = apart.iter().enumerate().map(|one| {
        let (run, workflow) = (&run, *one.1);
        async move {
            numbered(one);
            Box::pin(run.one(workflow)).await;
        }
    });
    stream::iter(begun).buffer_unordered(AT_A_TIME).collect::<()>().await;
    for one in together.iter().enumerate().map(|(index, one)| (apart.len() + index, one)) {
        numbered(one);
        Box::pin(run.one(one.1)).await;
    }
}

/// The workflows of a run.
struct Run<'r, 'a> {
    session: &'r Session<'a>,
    workflows: &'r [Workflow],
    /// Those with findings so far.
    failing: RefCell<BTreeSet<String>>,
}

impl Run<'_, '_> {
    async fn one(&self, workflow: &Workflow) {
        let session = self.session;
        if session.is_stopped() {
            return;
        }
        let family = family(self.workflows, workflow);
        if let Some(why) = obstacle(session, &family) {
            return skip(session, &family, &why);
        }
        let failing = workflow.parallel.iter().find(|id| self.failing.borrow().contains(*id));
        if let Some(other) = failing {
            let why = format!("{other} has findings when it runs alone");
            let judgement = Judgement::inconclusive(Rule::WorkflowIsolated, why);
            return session.judge(&workflow.id, vec![judgement], &[]);
        }
        if confirmed(session, &family).await {
            self.failing.borrow_mut().insert(workflow.id.clone());
        }
    }
}

fn is_wanted(session: &Session<'_>, workflow: &Workflow) -> bool {
    Rule::TABLE.iter().any(|entry| session.covers(&workflow.id, entry.rule))
}

/// A workflow and those that run beside it.
struct Family<'w> {
    head: &'w Workflow,
    beside: Vec<&'w Workflow>,
}

impl<'w> Family<'w> {
    fn members(&self) -> impl Iterator<Item = &'w Workflow> + '_ {
        self.beside.iter().copied().chain([self.head])
    }
}

fn family<'w>(workflows: &'w [Workflow], head: &'w Workflow) -> Family<'w> {
    let named = |id: &String| workflows.iter().find(|workflow| workflow.id == *id);
    Family { head, beside: head.parallel.iter().filter_map(named).collect() }
}

/// Why a workflow cannot be run.
fn obstacle(session: &Session<'_>, family: &Family<'_>) -> Option<String> {
    let missing = family.members().find_map(|workflow| missing_input(session, workflow));
    if let Some(name) = missing {
        return Some(format!("needs the input {name:?}; give it with --input {name}=…"));
    }
    let writes = family.members().flat_map(|workflow| &workflow.steps).any(|step| {
        let call = Call::new(step.operation.clone(), Intent::Part);
        let operation = session.api.operation(&step.operation);
        operation.is_some_and(|operation| !session.may_send(operation, &call))
    });
    (writes && session.settings.writes == Writes::Forbidden)
        .then(|| "changes something, and nothing may be changed without --allow-writes".to_owned())
}

fn missing_input<'w>(session: &Session<'_>, workflow: &'w Workflow) -> Option<&'w str> {
    let given = |name: &str| name == RUN || session.settings.inputs.contains_key(name);
    let missing =
        workflow.inputs.iter().find(|input| input.default.is_none() && !given(&input.name));
    missing.map(|input| input.name.as_str())
}

fn skip(session: &Session<'_>, family: &Family<'_>, why: &str) {
    let judgements =
        rules(family.head).into_iter().map(|rule| Judgement::skip(rule, why)).collect();
    session.judge(&family.head.id, judgements, &[]);
}

/// Runs a workflow, and once more if there is a finding; says whether there is one that recurs.
async fn confirmed(session: &Session<'_>, family: &Family<'_>) -> bool {
    let first = run(session, family, &session.settings.run_id).await;
    if session.is_stopped() {
        return false;
    }
    let mut first = first;
    if first.findings().next().is_some() {
        let again = format!("{}-again", session.settings.run_id);
        let second = run(session, family, &again).await;
        let recurring: BTreeSet<_> = second.findings().collect();
        if !session.is_stopped() {
            first.soften(|found| !recurring.contains(&found), Outcome::Flaky);
        }
    }
    let fails = first.findings().next().is_some();
    first.record(session, &family.head.id);
    fails
}

/// Runs a workflow and those beside it, all at the same time.
async fn run(session: &Session<'_>, family: &Family<'_>, run: &str) -> Walked {
    let beside = family.beside.iter().map(|workflow| {
        // Names are told apart from those of the same workflow run alone.
        let run = format!("{run}-{}", family.head.id);
        let inputs = inputs(session, workflow, &run);
        Box::pin(Walk::new(session, workflow, inputs, true).run())
    });
    let mut walked = Walked::default();
    for other in join_all(beside).await {
        walked.merge(other);
    }
    let inputs = inputs(session, family.head, run);
    walked.merge(Box::pin(Walk::new(session, family.head, inputs, false).run()).await);
    if family.head.level == Level::Should {
        walked.soften_all();
    }
    walked
}

fn inputs(session: &Session<'_>, workflow: &Workflow, run: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for input in &workflow.inputs {
        let given = session.settings.inputs.get(&input.name).map(|value| input.typed(value));
        if let Some(value) = given.or_else(|| input.default.clone()) {
            found.insert(input.name.clone(), value);
        }
    }
    found.entry(RUN.to_owned()).or_insert_with(|| Value::from(format!("conformance-{run}")));
    found
}
