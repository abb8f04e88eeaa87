//! The chapter `status`: which statuses may come.

use generator::contract::{Fault, Operation, StatusKey};

use crate::call::Call;
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::{Judgement, Outcome};

/// Client errors that any server may answer with, documented or not (RFC 9110 §15.5, RFC 6585).
const CONVENTIONAL: [u16; 17] =
    [400, 401, 403, 404, 405, 406, 408, 411, 413, 414, 415, 417, 422, 426, 428, 429, 431];

/// Whether a status needs no mention in a document.
#[must_use]
pub fn is_conventional(status: u16) -> bool {
    CONVENTIONAL.contains(&status)
}

/// Whether a request with that fault may get that status.
#[must_use]
pub fn acceptable(operation: &Operation, fault: Fault, status: u16) -> bool {
    let documented = operation.responses.0.contains_key(&StatusKey::Code(status));
    match operation.refusals.get(fault) {
        Some(declared) => declared.contains(&status) || documented && (400..500).contains(&status),
        None => {
            (400..500).contains(&status)
                && (is_conventional(status) || operation.responses.get(status).is_some())
        }
    }
}

pub(super) fn documented(operation: &Operation, status: u16) -> Option<Judgement> {
    let rule = Rule::StatusDocumented;
    let declared = || operation.refusals.0.values().any(|statuses| statuses.contains(&status));
    if operation.responses.get(status).is_some() || is_conventional(status) || declared() {
        return Some(Judgement::pass(rule));
    }
    let known: Vec<_> = operation.responses.iter().map(|(key, _)| key.to_string()).collect();
    let message = format!("answered {status}; the operation documents {}", known.join(", "));
    let mut judgement = Judgement::broken(rule, message, Some(&operation.place));
    if (400..500).contains(&status) {
        judgement.outcome = Outcome::Warn;
    }
    Some(judgement)
}

pub(super) fn server_error(status: u16) -> Judgement {
    Judgement::of(Rule::StatusServerError, status < 500, || format!("answered {status}"), None)
}

pub(super) fn interim(transcript: &Transcript, call: &Call) -> Option<Judgement> {
    let status = transcript.status()?;
    let ended = (100..200).contains(&status) && status != 101;
    let unoffered = status == 101 && call.upgrade.is_empty();
    let message = || {
        if unoffered {
            "answered 101 although no upgrade was offered".to_owned()
        } else {
            format!("{status} ended the exchange")
        }
    };
    Some(Judgement::of(Rule::StatusInterim, !ended && !unoffered, message, None))
}
