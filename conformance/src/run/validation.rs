//! Requests at fault in exactly one way, and requests so odd that the server need only cope.

use generator::contract::{
    Fault, Location, MediaType, Operation, OutOfRange, PagingStyle, Parameter, Place, SchemaId,
    Shape,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::Value;

use super::plain::json_content;
use super::provide::Provider;
use super::session::Session;
use super::success::{one, succeed};
use crate::call::{ArgumentValue, Call, CallBody, Intent};
use crate::judge::Validity;
use crate::rule::Rule;
use crate::strategy::{Constraint, Miss, misses};
use crate::verdict::Judgement;

/// How many values each near miss is tried with.
const TRIES: u32 = 2;

/// Every near miss of every parameter and of the body, and everything required left out.
pub(super) async fn near_misses(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    for parameter in operation.parameters.iter().filter(|parameter| !parameter.unsupported) {
        for miss in misses(&session.api.schemas, parameter.schema) {
            if travels(session, operation, parameter, &miss)
                && is_refused(session, parameter.schema, &miss)
            {
                parameter_miss(session, provider, operation, parameter, miss).await;
            }
        }
        if parameter.required && parameter.location != Location::Path {
            let intent = refuse(
                Fault::Invalid,
                Rule::RequestRequired,
                format!("{} left out", parameter.name),
                &parameter.place,
            );
            one(session, provider, operation, intent, |call| {
                call.without(parameter.location, &parameter.name)
            })
            .await;
        }
    }
    let Some(body) = &operation.body else { return };
    if body.required {
        let intent =
            refuse(Fault::Invalid, Rule::RequestRequired, "the body left out", &body.place);
        let without = |mut call: Call| {
            call.body = CallBody::None;
            call
        };
        one(session, provider, operation, intent, without).await;
    }
    let Some((content, schema)) =
        json_content(body).and_then(|content| Some((content, content.schema?)))
    else {
        return;
    };
    let misses = misses(&session.api.schemas, schema).into_iter();
    for miss in misses.filter(|miss| is_refused(session, schema, miss)) {
        body_miss(session, provider, operation, &content.media_type, miss).await;
    }
}

/// Whether the document itself refuses what the contract does: a type that is inferred from other keywords is not
/// stated.
fn is_refused(session: &Session<'_>, schema: SchemaId, miss: &Miss) -> bool {
    let Some(schema) = session.api.schemas.get(schema) else { return false };
    let mut runner = session.runner("near miss");
    let value = miss.values.new_tree(&mut runner).map(|tree| tree.current());
    value.is_ok_and(|value| session.validators.check(&schema.place, &value) != Validity::Valid)
}

pub(super) fn refuse(fault: Fault, rule: Rule, what: impl Into<String>, place: &Place) -> Intent {
    Intent::Refuse { fault, rule, what: what.into(), place: Box::new(place.clone()) }
}

fn rule_of(constraint: Constraint) -> Rule {
    match constraint {
        Constraint::Type => Rule::RequestType,
        Constraint::Required => Rule::RequestRequired,
        _ => Rule::RequestConstraint,
    }
}

/// Whether the fault survives the way a parameter is written: all of them travel as text.
fn travels(
    session: &Session<'_>,
    operation: &Operation,
    parameter: &Parameter,
    miss: &Miss,
) -> bool {
    let shape = session.api.schemas.get(parameter.schema).map(|schema| &schema.shape);
    let is_window = operation.paging.as_ref().is_some_and(|paging| {
        let bounded =
            matches!(paging.style, PagingStyle::Offset | PagingStyle::Page | PagingStyle::Cursor);
        let window = [&paging.limit, &paging.offset, &paging.page];
        let lenient = paging.out_of_range != Some(OutOfRange::Refuse);
        bounded && lenient && window.into_iter().flatten().any(|name| *name == parameter.name)
    });
    match miss.constraint {
        Constraint::Type => {
            matches!(shape, Some(Shape::Integer { .. } | Shape::Number { .. } | Shape::Boolean))
        }
        // How a window outside its bounds is answered is for the chapter on paging.
        Constraint::Minimum | Constraint::Maximum => !is_window,
        // An empty segment is another path.
        Constraint::MinLength => parameter.location != Location::Path,
        Constraint::Required | Constraint::AdditionalProperties => false,
        _ => miss.pointer.segments().is_empty(),
    }
}

async fn parameter_miss(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
    parameter: &Parameter,
    miss: Miss,
) {
    let what = format!("{} breaks {}", parameter.name, miss.constraint);
    let intent = refuse(Fault::Invalid, rule_of(miss.constraint), what, &miss.place);
    // A path parameter at fault needs no resource: the request must be refused either way.
    let Ok(base) = provider.call(session, operation, intent).await else { return };
    let (location, name) = (parameter.location, parameter.name.clone());
    let written = miss.values.prop_filter_map("is written", |value| writable(&value));
    let calls = written.prop_map(move |text| base.clone().with(location, &name, text)).boxed();
    let name = format!("miss/{}/{}", parameter.name, miss.constraint);
    session.generated(operation, &name, TRIES, &calls).await;
}

/// A value whose text still has the fault: lists and objects would be spread over the query.
fn writable(value: &Value) -> Option<Value> {
    match value {
        Value::Array(_) | Value::Object(_) | Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        scalar => Some(scalar.clone()),
    }
}

async fn body_miss(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
    media_type: &MediaType,
    miss: Miss,
) {
    let what =
        format!("the body breaks {} at {}", miss.constraint, whole_or(&miss.pointer.to_string()));
    let intent = refuse(Fault::Invalid, rule_of(miss.constraint), what, &miss.place);
    let Ok(base) = provider.call(session, operation, intent).await else { return };
    let media_type = media_type.clone();
    let name = format!("miss/body{}/{}", miss.pointer, miss.constraint);
    let calls = miss
        .values
        .prop_map(move |value| {
            let mut call = base.clone();
            call.body = CallBody::Json(media_type.clone(), value);
            call
        })
        .boxed();
    session.generated(operation, &name, 1, &calls).await;
}

fn whole_or(pointer: &str) -> &str {
    if pointer.is_empty() { "its root" } else { pointer }
}

/// Bodies that are no documents, and bodies of other media types.
pub(super) async fn bodies(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let Some(body) = &operation.body else { return };
    let Some(content) = json_content(body) else { return };
    for (what, bytes) in
        [("cut short", &b"{\"a\":"[..]), ("no JSON at all", b"%%% no document %%%")]
    {
        let intent = refuse(
            Fault::Malformed,
            Rule::RequestMalformed,
            format!("a body that is {what}"),
            &content.place,
        );
        let media_type = content.media_type.0.clone();
        let with = |mut call: Call| {
            call.body = CallBody::Bytes(media_type.clone(), bytes.to_vec());
            call
        };
        one(session, provider, operation, intent, with).await;
    }
    let takes_anything = body.content.iter().any(|content| content.media_type.0.contains('*'));
    if !takes_anything {
        let intent = refuse(
            Fault::WrongMediaType,
            Rule::RequestMediaType,
            "a body of an undocumented media type",
            &body.place,
        );
        let with = |mut call: Call| {
            call.body =
                CallBody::Bytes("application/x-undocumented".to_owned(), b"undocumented".to_vec());
            call
        };
        one(session, provider, operation, intent, with).await;
    }
    let what = format!("the media type written {}", content.media_type.0.to_ascii_uppercase());
    let upper = |mut call: Call| {
        if let CallBody::Json(media_type, _) = &mut call.body {
            *media_type = MediaType(media_type.0.to_ascii_uppercase());
        }
        call
    };
    one(session, provider, operation, succeed(Rule::RequestMediaTypeCase, what), upper).await;
}

/// An unknown query parameter changes nothing.
pub(super) async fn unknown_parameter(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
) {
    let intent = succeed(Rule::RequestUnknownParameter, "an unknown query parameter");
    let with = |call: Call| call.with(Location::Query, "x-undocumented", "1");
    one(session, provider, operation, intent, with).await;
}

/// Odd requests: each gets an answer that is no server error, and the server serves on.
pub(super) async fn robust(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let rule = Rule::RequestRobust;
    let mut judgements = Vec::new();
    let mut evidence = Vec::new();
    for (what, change) in odd_requests(operation) {
        let intent = Intent::Odd { what: what.to_owned() };
        let Some(exchange) = one(session, provider, operation, intent, change).await else {
            continue;
        };
        let answered = exchange.transcript.status();
        let holds = answered.is_some_and(|status| {
            status < 500
                || operation.responses.0.contains_key(&generator::contract::StatusKey::Code(status))
                    && status == 501
        });
        let message = || match answered {
            Some(status) => format!("{what}: answered {status}"),
            None => format!("{what}: no answer, {}", exchange.transcript.end),
        };
        judgements.push(Judgement::of(rule, holds, message, None));
        evidence.push(exchange.transcript);
    }
    let after = one(session, provider, operation, Intent::Part, |call| call).await;
    if let Some(after) = after {
        let message =
            || format!("after odd requests a valid one gets {:?}", after.transcript.status());
        judgements.push(Judgement::of(rule, after.succeeded(), message, None));
        evidence.push(after.transcript);
    }
    for (judgement, transcript) in judgements.into_iter().zip(evidence) {
        session.judge(&operation.id.0, vec![judgement], &[transcript]);
    }
}

type Change = Box<dyn Fn(Call) -> Call>;

/// Requests that no client should send and any may.
fn odd_requests(operation: &Operation) -> Vec<(&'static str, Change)> {
    let query = |text: String| -> Change {
        Box::new(move |mut call| {
            call.set(Location::Query, "x-odd", ArgumentValue::Raw(text.clone()));
            call
        })
    };
    let mut found = vec![
        ("a broken percent escape in the query", query("%zz".to_owned())),
        ("bytes that are no UTF-8 in the query", query("%ff%fe".to_owned())),
        ("a NUL in the query", query("%00".to_owned())),
        ("a query of 8 KiB", query("a".repeat(8192))),
    ];
    if let Some(name) = operation.path.parameters().last() {
        for (what, text) in [
            ("a broken percent escape in the path", "%zz"),
            ("bytes that are no UTF-8 in the path", "%ff%fe"),
            ("a NUL in the path", "%00"),
        ] {
            let name = name.to_owned();
            found.push((
                what,
                Box::new(move |mut call: Call| {
                    call.set(Location::Path, &name, ArgumentValue::Raw(text.to_owned()));
                    call
                }),
            ));
        }
    }
    if let Some(content) = operation.body.as_ref().and_then(json_content) {
        for (what, bytes) in odd_bodies() {
            let media_type = content.media_type.0.clone();
            found.push((
                what,
                Box::new(move |mut call: Call| {
                    call.body = CallBody::Bytes(media_type.clone(), bytes.clone());
                    call
                }),
            ));
        }
    }
    found
}

fn odd_bodies() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a body that is no UTF-8", b"{\"a\":\"\xff\xfe\"}".to_vec()),
        ("a body with bytes behind its document", b"{} {}".to_vec()),
        ("a body with one member twice", b"{\"a\":1,\"a\":2}".to_vec()),
        ("a body nested 1000 deep", [b"[".repeat(1000), b"]".repeat(1000)].concat()),
        ("a body that is NUL bytes", vec![0; 16]),
    ]
}
