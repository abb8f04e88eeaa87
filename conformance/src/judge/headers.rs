//! The chapter `headers`: message framing, documented fields, and fields that HTTP itself asks for.

use generator::contract::{Operation, Shape};
use serde_json::Value;

use super::schema::{Validators, Validity};
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::Judgement;

/// Whether the message keeps the laws of HTTP/1.1.
pub(super) fn message(transcript: &Transcript) -> Vec<Judgement> {
    if transcript.head.is_none() && transcript.irregularities.is_empty() {
        return Vec::new();
    }
    let rule = Rule::HeadersMessage;
    // Content where none may be has a rule of its own, and so has an upgrade that nobody offered.
    let broken: Vec<_> = transcript
        .irregularities
        .iter()
        .filter(|found| !found.is_content_without_place() && !found.is_unoffered_switch())
        .map(|found| Judgement::broken(rule, found.to_string(), None))
        .collect();
    if broken.is_empty() { vec![Judgement::pass(rule)] } else { broken }
}

/// Documented fields: there if required, and of their schema.
pub(super) fn documented(
    validators: &Validators,
    operation: &Operation,
    status: u16,
    transcript: &Transcript,
) -> Vec<Judgement> {
    let Some((_, response)) = operation.responses.get(status) else { return Vec::new() };
    let conventional =
        response.provenance.as_ref().is_some_and(generator::contract::Provenance::is_convention);
    let mut found = Vec::new();
    for header in &response.headers {
        let value = transcript.header(&header.name);
        if header.required {
            let message = || format!("{status} comes without the required field {}", header.name);
            found.push(Judgement::of(
                Rule::HeadersRequired,
                value.is_some(),
                message,
                Some(&header.place),
            ));
        }
        let Some(value) = value else { continue };
        let valid = validators
            .check(&header.place.under("schema"), &typed(validators, header.schema, value));
        found.push(match valid {
            Validity::Valid => Judgement::pass(Rule::HeadersSchema),
            Validity::Invalid(faults) => {
                let message = format!("field {} is {value:?}: {}", header.name, faults.join("; "));
                Judgement::broken(Rule::HeadersSchema, message, Some(&header.place))
            }
            Validity::Unknown(why) => Judgement::inconclusive(Rule::HeadersSchema, why),
        });
    }
    found.into_iter().map(|judgement| judgement.softened(conventional)).collect()
}

/// A field's text as the value its schema speaks of.
fn typed(validators: &Validators, schema: generator::contract::SchemaId, text: &str) -> Value {
    match validators.shape(schema) {
        Some(Shape::Integer { .. } | Shape::Number { .. } | Shape::Boolean) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
        }
        Some(Shape::Array { .. }) => text.split(',').map(str::trim).map(Value::from).collect(),
        _ => Value::from(text),
    }
}

/// Fields that HTTP asks for beside certain statuses.
pub(super) fn protocol(transcript: &Transcript, status: u16) -> Vec<Judgement> {
    let mut found = Vec::new();
    if status == 405 {
        let there = transcript.header("allow").is_some();
        found.push(Judgement::of(
            Rule::HeadersAllow,
            there,
            || "405 comes without Allow".to_owned(),
            None,
        ));
    }
    if status == 401 {
        let there = transcript.header("www-authenticate").is_some();
        found.push(Judgement::of(
            Rule::HeadersChallenge,
            there,
            || "401 comes without WWW-Authenticate".to_owned(),
            None,
        ));
    }
    if let Some(value) = transcript.header("retry-after") {
        let message =
            || format!("Retry-After is {value:?}, which is neither seconds nor an HTTP date");
        found.push(Judgement::of(Rule::HeadersRetryAfter, is_delay(value), message, None));
    }
    found
}

fn is_delay(value: &str) -> bool {
    let date = time::macros::format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    value.parse::<u64>().is_ok() || time::PrimitiveDateTime::parse(value, date).is_ok()
}
