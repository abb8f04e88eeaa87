//! What a call was for: whether it succeeded or was refused as it had to be.

use generator::contract::{Operation, StatusKey};

use super::status::acceptable;
use crate::call::{Call, Intent};
use crate::verdict::Judgement;

pub(super) fn judge(operation: &Operation, call: &Call, status: u16) -> Option<Judgement> {
    match &call.intent {
        Intent::Succeed { rule, what } => {
            let documented =
                operation.responses.get(status).is_some_and(|(key, _)| key != StatusKey::Default);
            let succeeded = documented && (status == 101 || (200..300).contains(&status));
            let message =
                || format!("{what}: answered {status} instead of {}", successes(operation));
            Some(Judgement::of(*rule, succeeded, message, Some(&operation.place)))
        }
        Intent::Refuse { fault, rule, what, place } => {
            let refused = acceptable(operation, *fault, status);
            let message = || match operation.refusals.get(*fault) {
                Some(declared) => format!(
                    "{what}: answered {status}; a refusal is {declared:?} or another documented 4xx"
                ),
                None => {
                    format!("{what}: answered {status} instead of a documented or conventional 4xx")
                }
            };
            Some(Judgement::of(*rule, refused, message, Some(place)))
        }
        Intent::Valid | Intent::Part | Intent::Odd { .. } => None,
    }
}

/// The documented successes, in words.
fn successes(operation: &Operation) -> String {
    let codes: Vec<_> = operation
        .responses
        .iter()
        .filter(|(key, _)| matches!(key, StatusKey::Code(101 | 200..=299) | StatusKey::Range(2)))
        .map(|(key, _)| key.to_string())
        .collect();
    if codes.is_empty() { "a success".to_owned() } else { codes.join(" or ") }
}
