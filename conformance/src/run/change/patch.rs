//! Documents that say what to change (RFC 5789): merge patches (RFC 7396) and lists of operations (RFC 6902).

use generator::contract::{Fault, PatchKind, Pointer};
use serde_json::{Value, json};

use super::{LABEL, Writing};
use crate::call::CallBody;
use crate::rule::Rule;
use crate::run::session::Exchange;
use crate::run::thing::{Thing, nested};
use crate::run::validation::refuse;

pub(super) async fn run(writing: &Writing<'_, '_>) {
    let rule = Rule::LifecycleMergePatch;
    let Some(label) = writing.label.clone() else {
        return writing.untold(rule, "nothing of it is free for anyone's use");
    };
    let Some(thing) = writing.thing().await else {
        return writing.untold(rule, "nothing could be made to write to");
    };
    for kind in kinds(writing) {
        match kind {
            PatchKind::MergePatch => merge(writing, &thing, &label).await,
            PatchKind::JsonPatch => {
                operations(writing, &thing, &label).await;
                atomic(writing, &thing, &label).await;
            }
            PatchKind::StrategicMergePatch | PatchKind::Apply => {}
        }
        malformed(writing, &thing, kind).await;
    }
    thing.remove(writing.session).await;
}

/// The kinds of documents that are taken.
fn kinds(writing: &Writing<'_, '_>) -> Vec<PatchKind> {
    let contents = writing.operation.body.iter().flat_map(|body| &body.content);
    contents.filter_map(|content| content.patch).collect()
}

/// Sends a patch; the answer, and the free member afterwards.
async fn patched(
    writing: &Writing<'_, '_>,
    thing: &Thing<'_>,
    kind: PatchKind,
    document: Value,
) -> Option<(Exchange, Exchange, Option<String>)> {
    let (operation, call) = thing.patch(writing.session, kind, document)?;
    let patch = thing.send(writing.session, operation, &call).await?;
    let read = thing.read(writing.session).await?;
    let label = writing.label_of(&read.transcript.json().unwrap_or_default());
    Some((patch, read, label))
}

/// Sends patches one after the other, each with what the free member must be then; false at the first that fails.
async fn each(
    writing: &Writing<'_, '_>,
    thing: &Thing<'_>,
    (rule, kind): (Rule, PatchKind),
    steps: Vec<(Value, Option<&str>)>,
) {
    for (document, expected) in steps {
        let what = document.to_string();
        let Some((patch, read, label)) = patched(writing, thing, kind, document).await else {
            return writing.untold(rule, "what was patched could not be read");
        };
        let status = patch.transcript.status();
        let holds = patch.succeeded() && label.as_deref() == expected;
        let message = || {
            format!("{what} was answered {status:?}, and {LABEL} is {label:?}, not {expected:?}")
        };
        writing.of(rule, holds, message, &[&patch, &read]);
        if !holds {
            return;
        }
    }
}

/// A member is set, and null removes it.
async fn merge(writing: &Writing<'_, '_>, thing: &Thing<'_>, label: &Pointer) {
    let set = nested(label, json!("one"));
    let unset = nested(label, Value::Null);
    let steps = vec![(set, Some("one")), (unset, None)];
    each(writing, thing, (Rule::LifecycleMergePatch, PatchKind::MergePatch), steps).await;
}

/// A member is added, tested and replaced, and removed.
async fn operations(writing: &Writing<'_, '_>, thing: &Thing<'_>, label: &Pointer) {
    let rule = Rule::LifecycleJsonPatch;
    let Some(add) = addition(writing, thing, label, "one").await else {
        return writing.untold(rule, "what was made could not be read");
    };
    let path = label.to_string();
    let replace = json!([
        { "op": "test", "path": path, "value": "one" },
        { "op": "replace", "path": path, "value": "two" },
    ]);
    let remove = json!([{ "op": "remove", "path": path }]);
    let steps = vec![(json!([add]), Some("one")), (replace, Some("two")), (remove, None)];
    each(writing, thing, (rule, PatchKind::JsonPatch), steps).await;
}

/// The operation that adds the free member, with the map that it is in where that is not there.
async fn addition(
    writing: &Writing<'_, '_>,
    thing: &Thing<'_>,
    label: &Pointer,
    text: &str,
) -> Option<Value> {
    let whole = thing.value(writing.session).await?;
    let (_, above) = label.segments().split_last()?;
    let map = Pointer::from_segments(above.iter().cloned());
    let is_there = map.get(&whole).is_some_and(Value::is_object);
    Some(if is_there {
        json!({ "op": "add", "path": label.to_string(), "value": text })
    } else {
        json!({ "op": "add", "path": map.to_string(), "value": { LABEL: text } })
    })
}

/// A list of operations of which one fails changes nothing.
async fn atomic(writing: &Writing<'_, '_>, thing: &Thing<'_>, label: &Pointer) {
    let rule = Rule::LifecyclePatchAtomic;
    let Some(add) = addition(writing, thing, label, "half").await else { return };
    let test = json!({ "op": "test", "path": label.to_string(), "value": "whole" });
    let Some((patch, read, has)) =
        patched(writing, thing, PatchKind::JsonPatch, json!([add, test])).await
    else {
        return writing.untold(rule, "what was patched could not be read");
    };
    let status = patch.transcript.status().unwrap_or_default();
    let holds = (400..500).contains(&status) && has.as_deref() != Some("half");
    let message = || format!("a failing test was answered {status}, and {LABEL} is {has:?}");
    writing.of(rule, holds, message, &[&patch, &read]);
}

/// What is no document of that kind is refused.
async fn malformed(writing: &Writing<'_, '_>, thing: &Thing<'_>, kind: PatchKind) {
    let rule = Rule::LifecyclePatchMalformed;
    let Some((operation, mut call)) = thing.patch(writing.session, kind, Value::Null) else {
        return;
    };
    if let CallBody::Json(media_type, _) = &call.body {
        call.body = CallBody::Bytes(media_type.0.clone(), b"{\"cut\":".to_vec());
    }
    let what = format!("a patch cut short, {kind:?}");
    let intent = refuse(Fault::Malformed, rule, what, &operation.place);
    thing.send(writing.session, operation, &call.meant(intent)).await;
}
