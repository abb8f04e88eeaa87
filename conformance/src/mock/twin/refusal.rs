//! Which status an answer has, and an error body that agrees with it.

use generator::contract::{Fault, Operation, Response, StatusKey};
use serde_json::Value;

use super::Refusal;
use super::made::put;

/// The statuses of a fault where the document says nothing (RFC 9110 §15.5), the most telling first.
fn conventional(fault: Fault) -> &'static [u16] {
    match fault {
        Fault::Invalid | Fault::Malformed | Fault::BadCursor => &[400, 422],
        Fault::Unauthenticated => &[401],
        Fault::Forbidden => &[403],
        Fault::UnsupportedProtocol | Fault::NotUpgraded => &[400, 403],
        Fault::Missing => &[404],
        Fault::NotAcceptable => &[406],
        Fault::Duplicate | Fault::Repeated | Fault::Conflict => &[409],
        Fault::Expired => &[410],
        Fault::WrongMethod => &[405],
        Fault::WrongMediaType => &[415],
        Fault::TooLarge => &[413],
    }
}

/// The status of a refusal: a declared or conventional one that the operation documents, else the first of them.
pub(super) fn status(operation: &Operation, refusal: Refusal) -> u16 {
    let fault = match refusal {
        Refusal::Status(status) => return status,
        Refusal::Fault(fault) => fault,
    };
    let declared = operation.refusals.get(fault).or_else(|| match fault {
        Fault::Malformed => operation.refusals.get(Fault::Invalid),
        _ => None,
    });
    let possible = declared.unwrap_or_else(|| conventional(fault));
    let telling = conventional(fault).iter().find(|status| possible.contains(status));
    let documented = possible
        .iter()
        .find(|status| operation.responses.0.contains_key(&StatusKey::Code(**status)));
    telling.or(documented).or(possible.first()).copied().unwrap_or(400)
}

/// The documented success: the first 2xx.
pub(super) fn success(operation: &Operation) -> Option<(u16, &Response)> {
    operation.responses.iter().find_map(|(key, response)| match key {
        StatusKey::Code(status @ 200..=299) => Some((status, response)),
        StatusKey::Range(2) => Some((200, response)),
        _ => None,
    })
}

/// A body whose member that repeats the status agrees with it.
pub(super) fn agreeing(response: &Response, status: u16, mut body: Value) -> Value {
    let Some(field) = &response.status_field else { return body };
    let telling = field.values.iter().find(|(_, statuses)| statuses.contains(&status));
    let value =
        telling.map(|(value, _)| *value).or(field.values.is_empty().then_some(status.into()));
    if let Some(value) = value {
        put(&mut body, &field.pointer, value.into());
    }
    body
}
