//! Dry runs: answered as ever, and nothing is kept.

use generator::contract::{Fault, Method, PatchKind, Pointer};
use serde_json::Value;

use super::Writing;
use crate::call::Intent;
use crate::judge;
use crate::rule::Rule;
use crate::run::session::Exchange;
use crate::run::success::TRIES;
use crate::run::thing::{Thing, member, nested};

pub(super) async fn run(writing: &Writing<'_, '_>) {
    if writing.operation.dry_run.is_none() {
        return;
    }
    match writing.operation.method {
        Method::Post if writing.operation.id == writing.producer.id => creation(writing).await,
        Method::Put | Method::Patch => change(writing).await,
        Method::Delete => removal(writing).await,
        _ => writing.untold(Rule::LifecycleDryRun, "nothing says what it would leave behind"),
    }
}

/// Whether a dry run was answered as ever; else that is said.
fn is_answered(writing: &Writing<'_, '_>, exchange: &Exchange) -> bool {
    let status = exchange.transcript.status();
    let message = || format!("a dry run is answered {status:?}");
    if !exchange.succeeded() {
        writing.of(Rule::LifecycleDryRun, false, message, &[exchange]);
    }
    exchange.succeeded()
}

/// What a dry run makes cannot be read.
async fn creation(writing: &Writing<'_, '_>) {
    let rule = Rule::LifecycleDryRun;
    let (session, operation) = (writing.session, writing.producer);
    let Ok(call) = writing.provider.call(session, operation, Intent::Part).await else {
        return writing.untold(rule, "there is no valid request");
    };
    let call = writing.dry(call);
    let made = session.attempt(operation, &call).await;
    session.note(operation, &made);
    if !is_answered(writing, &made) {
        return;
    }
    let thing = Thing::of(operation, call, made);
    let Some((reader, reading)) = thing.operation(session, Method::Get) else {
        return writing.untold(rule, "nothing documented reads what it would make");
    };
    let read = session.attempt(reader, &reading).await;
    session.note(reader, &read);
    let status = read.transcript.status().unwrap_or_default();
    let gone = judge::acceptable(reader, Fault::Missing, status);
    let message = || format!("what a dry run made is read with {status}");
    writing.of(rule, gone, message, &[&thing.made, &read]);
}

/// What a dry run changes is as it was.
async fn change(writing: &Writing<'_, '_>) {
    let rule = Rule::LifecycleDryRun;
    let session = writing.session;
    let (Some(thing), Some(label)) = (writing.thing().await, &writing.label) else {
        return writing.untold(rule, "there is nothing that could be changed");
    };
    let mut sent = tried(writing, &thing, label).await;
    for _ in 1..TRIES {
        if sent.as_ref().is_none_or(Exchange::succeeded) {
            break;
        }
        sent = tried(writing, &thing, label).await;
    }
    let Some(sent) = sent else {
        return writing.untold(rule, "nothing documented changes one member");
    };
    if is_answered(writing, &sent)
        && let Some(read) = thing.read(session).await
    {
        let has = writing.label_of(&read.transcript.json().unwrap_or_default());
        let message = || "a dry run changed what it was to leave alone".to_owned();
        writing.of(rule, has.as_deref() != Some("dry"), message, &[&sent, &read]);
    }
    thing.remove(session).await;
}

/// Changes the free member of a thing in a dry run.
async fn tried(writing: &Writing<'_, '_>, thing: &Thing<'_>, label: &Pointer) -> Option<Exchange> {
    let session = writing.session;
    let (operation, call) = if writing.operation.method == Method::Patch {
        thing.patch(session, PatchKind::MergePatch, nested(label, Value::from("dry")))?
    } else {
        let mut whole = thing.value(session).await?;
        *member(&mut whole, label)? = Value::from("dry");
        thing.put(session, whole)?
    };
    thing.send(session, operation, &writing.dry(call)).await
}

/// What a dry run removes is still there.
async fn removal(writing: &Writing<'_, '_>) {
    let rule = Rule::LifecycleDryRun;
    let session = writing.session;
    let Some(thing) = writing.thing().await else {
        return writing.untold(rule, "nothing could be made to remove");
    };
    let Some((operation, call)) = thing.operation(session, Method::Delete) else { return };
    if operation.id != writing.operation.id {
        return writing.untold(rule, "nothing says what it would leave behind");
    }
    let Some(sent) = thing.send(session, operation, &writing.dry(call)).await else { return };
    if is_answered(writing, &sent)
        && let Some(read) = thing.read(session).await
    {
        let message =
            || format!("what a dry run removed is read with {:?}", read.transcript.status());
        writing.of(rule, read.succeeded(), message, &[&sent, &read]);
    }
    thing.remove(session).await;
}
