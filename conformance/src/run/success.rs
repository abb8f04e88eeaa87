//! Valid requests: the one that everything else needs, every documented example, and generated ones.

use std::collections::BTreeMap;
use std::time::Duration;

use generator::contract::{Fault, Location, Operation, Shape};
use proptest::prelude::*;
use serde_json::Value;

use super::lasting::asks_to_last;
use super::plain::{json_content, named, plain};
use super::provide::{Provider, provided};
use super::session::{Exchange, Session};
use crate::call::{Call, CallBody, Intent};
use crate::rule::Rule;
use crate::strategy::{self, Depth, Sender, edges, valid};
use crate::verdict::Judgement;

/// What a success shows, in words, for a rule.
pub(super) fn succeed(rule: Rule, what: impl Into<String>) -> Intent {
    Intent::Succeed { rule, what: what.into() }
}

/// Tries the plainest valid call of an operation, on which everything else about it rests. Whether it succeeded;
/// where there is no valid call, that is recorded.
pub(super) async fn baseline(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
) -> bool {
    let rule = Rule::StatusSuccess;
    let intent = succeed(rule, "a valid request");
    let call = match provider.call(session, operation, intent).await {
        Ok(call) => call,
        Err(why) => {
            session.judge(&operation.id.0, vec![Judgement::skip(rule, why.to_string())], &[]);
            return false;
        }
    };
    if !session.may_send(operation, &call) {
        let why = "changes something, and nothing may be changed without --allow-writes";
        session.judge(&operation.id.0, vec![Judgement::skip(rule, why)], &[]);
        return false;
    }
    let exchange = ready(session, provider, operation, call).await;
    session.note(operation, &exchange);
    if exchange.transcript.status().is_none() {
        let what = format!("no answer: {}", exchange.transcript.end);
        session.judge(
            &operation.id.0,
            vec![Judgement::broken(rule, what, Some(&operation.place))],
            &super::provide::only(&exchange),
        );
    }
    exchange.succeeded()
}

/// Sends a call until it succeeds, as long as what it is about may have been made only just now.
async fn ready(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
    call: Call,
) -> Exchange {
    let intent = call.intent.clone();
    let mut exchange = session.attempt(operation, &call).await;
    for _ in 1..READY_TRIES {
        let may_come = provided(session, operation) && may_come(&exchange);
        if exchange.succeeded() || session.is_stopped() || !may_come {
            break;
        }
        session.pause(READY_PAUSE).await;
        let Ok(call) = provider.call(session, operation, intent.clone()).await else { break };
        exchange = session.attempt(operation, &call).await;
    }
    exchange
}

/// Whether a refusal may be one of the moment.
fn may_come(exchange: &Exchange) -> bool {
    let lasting = |status| matches!(status, 401 | 403 | 405 | 406 | 415 | 501);
    exchange.transcript.status().is_some_and(|status| status >= 400 && !lasting(status))
}

/// How often, and after which pause, a thing is asked again that may not be ready yet.
const READY_TRIES: u32 = 12;
const READY_PAUSE: Duration = Duration::from_millis(250);

/// So often a write is tried that others may have come before.
pub(super) const TRIES: u32 = 3;

/// Whether a write was refused because the version that it rests on is no longer the newest.
fn is_outdated(operation: &Operation, exchange: &Exchange) -> bool {
    let Some(status) = exchange.transcript.status().filter(|_| operation.version.is_some()) else {
        return false;
    };
    match operation.refusals.get(Fault::Conflict) {
        Some(declared) => declared.contains(&status),
        None => status == 409,
    }
}

/// Every documented example of a parameter and of the body, and every edge of a parameter's range.
pub(super) async fn documented(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location != Location::Path && !parameter.unsupported)
        .filter(|parameter| !asks_to_last(operation, &parameter.name))
    {
        for example in &parameter.examples {
            let what = format!("the documented example {} of {}", example.value, parameter.name);
            let call =
                |call: Call| call.with(parameter.location, &parameter.name, example.value.clone());
            one(session, provider, operation, succeed(Rule::StatusSuccess, what), call).await;
        }
        let schema = session.api.schemas.get(parameter.schema);
        let is_range = schema.is_some_and(|schema| {
            matches!(schema.shape, Shape::Integer { .. } | Shape::Number { .. })
        });
        for edge in edges(&session.api.schemas, parameter.schema) {
            // A text of the right length may still name nothing, and a word or a flag may go with certain others only:
            // they must be understood, not necessarily served.
            let what = format!("{} at its {}", parameter.name, edge.what);
            let intent =
                if is_range { succeed(Rule::RequestBoundary, what) } else { Intent::Valid };
            let call =
                |call: Call| call.with(parameter.location, &parameter.name, edge.value.clone());
            one(session, provider, operation, intent, call).await;
        }
    }
    let examples = operation
        .body
        .as_ref()
        .and_then(json_content)
        .map(|content| (&content.media_type, &content.examples));
    for (media_type, example) in examples
        .into_iter()
        .flat_map(|(kind, examples)| examples.iter().skip(1).map(move |example| (kind, example)))
    {
        let what = format!(
            "the documented example {} of the body",
            example.name.as_deref().unwrap_or("without a name")
        );
        let body = named(session, operation, example.value.clone());
        let call = |mut call: Call| {
            call.body = CallBody::Json(media_type.clone(), body.clone());
            call
        };
        one(session, provider, operation, succeed(Rule::StatusSuccess, what), call).await;
    }
}

/// Makes a fresh valid call, changes it, and sends it; anew where others wrote in between, or where what it is about
/// may not be ready yet.
pub(super) async fn one(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
    intent: Intent,
    change: impl Fn(Call) -> Call,
) -> Option<Exchange> {
    let mut left = TRIES;
    loop {
        if session.is_stopped() {
            return None;
        }
        let call = change(provider.call(session, operation, intent.clone()).await.ok()?);
        if !session.may_send(operation, &call) {
            return None;
        }
        let exchange = session.tried(operation, &call).await;
        let must_succeed = matches!(call.intent, Intent::Succeed { .. });
        if must_succeed && provider.is_new(operation) && may_come(&exchange) {
            session.pause(READY_PAUSE).await;
            continue;
        }
        left -= 1;
        if left == 0 || !is_outdated(operation, &exchange) {
            session.note(operation, &exchange);
            return Some(exchange);
        }
    }
}

/// Generated valid requests. What they contain is made up, so a documented refusal is no finding.
///
/// Only safe operations get them: what a made-up body creates could not always be found again to be removed.
pub(super) async fn generated(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    if !operation.method.is_safe() {
        return;
    }
    let Ok(base) = provider.call(session, operation, Intent::Valid).await else { return };
    let calls = optional_parameters(session, operation, base);
    session.generated(operation, "valid", session.settings.cases, &calls).await;
}

fn optional_parameters(
    session: &Session<'_>,
    operation: &Operation,
    base: Call,
) -> BoxedStrategy<Call> {
    let mut calls = Just(base).boxed();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required && !parameter.unsupported)
        .filter(|parameter| !asks_to_last(operation, &parameter.name))
    {
        let value = proptest::option::weighted(
            0.4,
            valid(&session.api.schemas, parameter.schema, Depth::default(), Sender::Client),
        );
        let (location, name) = (parameter.location, parameter.name.clone());
        calls = (calls, value)
            .prop_map(move |(call, value)| match value {
                Some(value) if !value.is_null() => call.with(location, &name, value),
                _ => call,
            })
            .boxed();
    }
    calls
}

/// Names every pattern for which no value can be made.
pub(super) fn name_unmatched(session: &Session<'_>, operation: &Operation) {
    let bodies =
        operation.body.iter().flat_map(|body| &body.content).filter_map(|content| content.schema);
    let schemas = operation.parameters.iter().map(|parameter| parameter.schema).chain(bodies);
    let mut found = BTreeMap::new();
    for unmatched in schemas.flat_map(|id| strategy::unmatched(&session.api.schemas, id)) {
        found.insert(unmatched.place.to_string(), unmatched);
    }
    for unmatched in found.into_values() {
        let why = format!(
            "no value can be made for the pattern {:?} at {}: {}",
            unmatched.pattern, unmatched.place, unmatched.why
        );
        session.judge(
            &operation.id.0,
            vec![Judgement::inconclusive(Rule::RequestConstraint, why)],
            &[],
        );
    }
}

/// A value that names nothing on any target, of the parameter's schema where that can be had.
pub(super) fn made_up(session: &Session<'_>, operation: &Operation, name: &str) -> Value {
    let parameter = operation
        .parameters
        .iter()
        .find(|parameter| parameter.location == Location::Path && parameter.name == name);
    let shape = parameter
        .and_then(|parameter| session.api.schemas.get(parameter.schema))
        .map(|schema| &schema.shape);
    match shape {
        Some(Shape::String { pattern: None, .. }) | None => {
            Value::from(format!("missing-{}", session.settings.run_id))
        }
        Some(_) => plain(session, operation, Intent::Part)
            .argument(Location::Path, name)
            .cloned()
            .unwrap_or(Value::Null),
    }
}
