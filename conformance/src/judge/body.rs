//! The chapter `body`: media type, JSON, schema, and bodies that must not be.

use generator::contract::{Content, MediaType, Operation, Provenance, Response, StatusField};
use serde_json::Value;

use super::frame::framing;
use super::schema::{Validators, Validity};
use crate::call::Call;
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::Judgement;

/// Judges the body of an answer by what is documented for its status.
pub(super) fn judge(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    status: u16,
    transcript: &Transcript,
) -> Vec<Judgement> {
    if let Some(judgement) = absent(operation, call, status, transcript) {
        return vec![judgement];
    }
    let Some((_, response)) = operation.responses.get(status) else { return Vec::new() };
    if response.content.is_empty() || status == 101 {
        return Vec::new();
    }
    let conventional = response.provenance.as_ref().is_some_and(Provenance::is_convention);
    let found = documented(validators, operation, call, response, transcript);
    found.into_iter().map(|judgement| judgement.softened(conventional)).collect()
}

/// 204, 304 and answers to HEAD have no content.
fn absent(
    operation: &Operation,
    call: &Call,
    status: u16,
    transcript: &Transcript,
) -> Option<Judgement> {
    let to_head = call.method.as_deref().unwrap_or(operation.method.as_str()) == "HEAD";
    if !(matches!(status, 204 | 304) || to_head) {
        return None;
    }
    let content = transcript
        .irregularities
        .iter()
        .any(crate::transcript::Irregularity::is_content_without_place);
    let empty = transcript.body().is_empty() && !content;
    Some(Judgement::of(Rule::BodyAbsent, empty, || format!("{status} comes with content"), None))
}

fn documented(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    response: &Response,
    transcript: &Transcript,
) -> Vec<Judgement> {
    let Some(head) = &transcript.head else { return Vec::new() };
    let status = head.status;
    let stated = transcript.header("content-type");
    let Some(content) = stated.and_then(|stated| matching(&response.content, stated)) else {
        let known: Vec<_> =
            response.content.iter().map(|content| content.media_type.0.as_str()).collect();
        let stated = stated.unwrap_or("none");
        let message =
            format!("{status} has media type {stated}; documented is {}", known.join(", "));
        return vec![Judgement::broken(Rule::BodyMediaType, message, Some(&response.place))];
    };
    let mut found = vec![Judgement::pass(Rule::BodyMediaType)];
    let is_stream = framing(validators, operation, call, head).is_some();
    if is_stream || !MediaType(stated.unwrap_or_default().to_owned()).is_json() {
        return found;
    }
    match transcript.json() {
        Ok(value) => {
            found.push(Judgement::pass(Rule::BodyJson));
            found.extend(schema(validators, content, status, &value));
            found.extend(
                response.status_field.as_ref().and_then(|field| agrees(field, status, &value)),
            );
        }
        Err(error) => {
            let message = format!("the body of {status} is not one JSON document: {error}");
            found.push(Judgement::broken(Rule::BodyJson, message, Some(&content.place)));
        }
    }
    found
}

/// The documented media type that a stated one falls under: itself, else a range.
pub(super) fn matching<'c>(documented: &'c [Content], stated: &str) -> Option<&'c Content> {
    let stated = MediaType(stated.to_owned()).essence();
    let exact = documented.iter().find(|content| content.media_type.essence() == stated);
    exact.or_else(|| {
        documented.iter().find(|content| covers(&content.media_type.essence(), &stated))
    })
}

fn covers(range: &str, stated: &str) -> bool {
    range == "*/*"
        || range.strip_suffix("/*").is_some_and(|kind| stated.split('/').next() == Some(kind))
}

fn schema(
    validators: &Validators,
    content: &Content,
    status: u16,
    value: &Value,
) -> Option<Judgement> {
    content.schema?;
    Some(match validators.check(&content.place.under("schema"), value) {
        Validity::Valid => Judgement::pass(Rule::BodySchema),
        Validity::Invalid(faults) => {
            let message =
                format!("the body of {status} is not of its schema: {}", faults.join("; "));
            Judgement::broken(Rule::BodySchema, message, Some(&content.place))
        }
        Validity::Unknown(why) => Judgement::inconclusive(Rule::BodySchema, why),
    })
}

/// Whether the member that repeats the status agrees with it.
fn agrees(field: &StatusField, status: u16, value: &Value) -> Option<Judgement> {
    let member = field.pointer.get(value)?.as_i64()?;
    let allowed = if field.values.is_empty() {
        vec![u16::try_from(member).unwrap_or_default()]
    } else {
        field.values.get(&member)?.clone()
    };
    let message =
        || format!("{} is {member}, which goes with {allowed:?}, not with {status}", field.pointer);
    Some(Judgement::of(
        Rule::BodyStatusField,
        allowed.contains(&status),
        message,
        Some(&field.place),
    ))
}
