//! A thing put anew: what was sent is there, the version moves on, an older one is refused, and so is another name.

use generator::contract::Fault;
use serde_json::Value;

use super::Writing;
use crate::call::Intent;
use crate::rule::Rule;
use crate::run::session::Exchange;
use crate::run::success::TRIES;
use crate::run::thing::{Thing, member};
use crate::run::validation::refuse;

pub(super) async fn run(writing: &Writing<'_, '_>) {
    let Some(thing) = writing.thing().await else {
        return writing.untold(Rule::LifecycleUpdate, "nothing could be made to write to");
    };
    let Some(first) = thing.value(writing.session).await else {
        return writing.untold(Rule::LifecycleUpdate, "what was made could not be read");
    };
    if let Some((put, now)) = updated(writing, &thing, &first).await {
        version(writing, &thing, (&first, &put), &now).await;
        stale(writing, &thing, &first).await;
    }
    identity(writing, &thing).await;
    thing.remove(writing.session).await;
}

/// A thing with its free member set.
fn labelled(writing: &Writing<'_, '_>, whole: &Value, text: &str) -> Option<Value> {
    let mut whole = whole.clone();
    *member(&mut whole, writing.label.as_ref()?)? = Value::from(text);
    Some(whole)
}

/// Puts a thing with its free member set; the answer, and what then is there.
async fn updated(
    writing: &Writing<'_, '_>,
    thing: &Thing<'_>,
    first: &Value,
) -> Option<(Exchange, Value)> {
    let rule = Rule::LifecycleUpdate;
    let session = writing.session;
    let mut put = put_labelled(writing, thing, first).await?;
    for _ in 1..TRIES {
        if put.succeeded() {
            break;
        }
        put = put_labelled(writing, thing, &thing.value(session).await?).await?;
    }
    let read = thing.read(session).await?;
    if !put.succeeded() {
        let message = || format!("what was read is not taken back: {:?}", put.transcript.status());
        writing.of(rule, false, message, &[&put]);
        return None;
    }
    let now = read.transcript.json().unwrap_or_default();
    let has = writing.label_of(&now);
    let message =
        || format!("what was put does not read back: {LABEL} is {has:?}", LABEL = super::LABEL);
    writing.of(rule, has.as_deref() == Some("one"), message, &[&put, &read]);
    (has.as_deref() == Some("one")).then_some((put, now))
}

/// Puts a thing with its free member set.
async fn put_labelled(
    writing: &Writing<'_, '_>,
    thing: &Thing<'_>,
    whole: &Value,
) -> Option<Exchange> {
    let Some(document) = labelled(writing, whole, "one") else {
        writing.untold(Rule::LifecycleUpdate, "nothing of it is free for anyone's use");
        return None;
    };
    let (operation, call) = thing.put(writing.session, document)?;
    thing.send(writing.session, operation, &call).await
}

/// The version is another after a change, and the same after none.
async fn version(
    writing: &Writing<'_, '_>,
    thing: &Thing<'_>,
    (first, put): (&Value, &Exchange),
    now: &Value,
) {
    let rule = Rule::LifecycleVersion;
    let (Some(before), Some(after)) = (writing.version_of(first), writing.version_of(now)) else {
        return;
    };
    if before == after {
        let message = || format!("the version is {before} before a change and after it");
        return writing.of(rule, false, message, &[put]);
    }
    for _ in 0..TRIES {
        let Some(whole) = thing.value(writing.session).await else { return };
        let Some((operation, call)) = thing.put(writing.session, whole.clone()) else { return };
        let Some(again) = thing.send(writing.session, operation, &call).await else { return };
        let answer = again.transcript.json().unwrap_or_default();
        if writing.version_of(&answer) == writing.version_of(&whole) {
            return writing.of(rule, true, String::new, &[&again]);
        }
    }
    writing.of(
        rule,
        false,
        || "a write that changes nothing moves the version on".to_owned(),
        &[put],
    );
}

/// A write that rests on an older version is refused, and changes nothing. All but the version is as it is now, so that
/// nothing else gives reason to refuse it.
async fn stale(writing: &Writing<'_, '_>, thing: &Thing<'_>, first: &Value) {
    let rule = Rule::LifecycleConflict;
    let session = writing.session;
    let (Some(at), Some(old)) = (&writing.operation.version, writing.version_of(first)) else {
        return;
    };
    let Some(whole) = thing.value(session).await else { return };
    let Some(mut document) = labelled(writing, &whole, "stale") else { return };
    let Some(version) = member(&mut document, at) else { return };
    *version = old;
    let Some((operation, call)) = thing.put(session, document) else { return };
    let what = "a write that rests on an older version";
    let intent = refuse(Fault::Conflict, rule, what, &operation.place);
    let Some(put) = thing.send(session, operation, &call.meant(intent)).await else { return };
    let Some(read) = thing.read(session).await else { return };
    let has = writing.label_of(&read.transcript.json().unwrap_or_default());
    let message = || format!("{what} was answered {:?} and kept", put.transcript.status());
    writing.of(rule, has.as_deref() != Some("stale"), message, &[&put, &read]);
}

/// Another name than that of the path is refused. A conflict may only mean that somebody else wrote in between, so the
/// name is tried again.
async fn identity(writing: &Writing<'_, '_>, thing: &Thing<'_>) {
    let rule = Rule::LifecycleIdentity;
    let session = writing.session;
    let Some(at) = writing.identity() else { return };
    for _ in 0..TRIES {
        let Some(mut whole) = thing.value(session).await else { return };
        let Some(Value::String(name)) = member(&mut whole, &at) else { return };
        name.push_str("-other");
        let Some((operation, call)) = thing.put(session, whole) else { return };
        let what = format!("another {at} than that of the path");
        let intent: Intent = refuse(Fault::Invalid, rule, what, &operation.place);
        let Some(put) = thing.send(session, operation, &call.meant(intent)).await else { return };
        // RFC 9110 §15.5.10.
        if put.transcript.status() != Some(409) {
            return;
        }
    }
}
