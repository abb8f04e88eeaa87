//! Refusals of requests that never come to a handler, in the words of the cluster.

use axum::body::Body;
use axum::response::Response;
use generated::support::server::{Fault, Part, Problem, Refusal, Refuse};
use http::{HeaderValue, StatusCode, header};

use super::serve::MAX_BODY;
use crate::cluster::status::{Cause, CauseReason, Reason, Status};

/// Query parameters that hold a word or a name. What breaks their rules was understood, and is invalid.
const WORDS: [&str; 4] = ["dryRun", "fieldManager", "propagationPolicy", "resourceVersionMatch"];

/// Rules that a value can break which was understood, with what a cause says of it. Whatever else is wrong, real servers
/// find when they read a value, and so do not understand it.
const BOUNDS: [(&str, CauseReason, &str); 7] = [
    ("enum", CauseReason::FieldValueNotSupported, "Unsupported value"),
    ("maxItems", CauseReason::FieldValueInvalid, "Invalid value"),
    ("maximum", CauseReason::FieldValueInvalid, "Invalid value"),
    ("minItems", CauseReason::FieldValueRequired, "Required value"),
    ("minLength", CauseReason::FieldValueRequired, "Required value"),
    ("minimum", CauseReason::FieldValueInvalid, "Invalid value"),
    ("required", CauseReason::FieldValueRequired, "Required value"),
];

/// Members of a body that say what it is: another word there is another kind.
const KINDS: [&str; 2] = ["/apiVersion", "/kind"];

/// The first word of the ids of operations that connect, which document no 422.
const CONNECTING: &str = "connect";

/// Writes every refusal as a status.
#[derive(Debug)]
pub(crate) struct Statuses;

impl Refuse for Statuses {
    fn refuse(&self, refusal: &Refusal<'_>) -> Response {
        match status(refusal) {
            Some(status) => response(&status),
            None => refusal.response(),
        }
    }
}

fn status(refusal: &Refusal<'_>) -> Option<Status> {
    let because = |reason| Status::refusal(reason, refusal.message());
    Some(match refusal.fault {
        Fault::Invalid if is_of_words(refusal) => because(Reason::Invalid),
        Fault::Invalid if is_understood(refusal) => invalid(refusal),
        Fault::Invalid | Fault::Malformed => because(Reason::BadRequest),
        Fault::Unauthenticated => Status::unauthorized(),
        Fault::Forbidden => because(Reason::Forbidden).about("pods", ""),
        Fault::Missing if refusal.operation.is_none() => Status::no_such_resource(),
        Fault::Missing => because(Reason::NotFound),
        Fault::Duplicate => because(Reason::AlreadyExists),
        Fault::Repeated | Fault::Conflict => because(Reason::Conflict),
        Fault::NotUpgraded if is_no_offer(refusal) => {
            Status::bad_request("Upgrade request required")
        }
        Fault::BadCursor | Fault::NotUpgraded => because(Reason::BadRequest),
        Fault::UnsupportedProtocol => because(Reason::Forbidden),
        Fault::Expired => because(Reason::Expired),
        Fault::NotAcceptable => Status::not_acceptable(&["application/json"]),
        Fault::WrongMethod => Status::method_not_allowed(),
        Fault::WrongMediaType => because(Reason::UnsupportedMediaType),
        Fault::TooLarge => Status::too_large(MAX_BODY),
        Fault::Failed => because(Reason::InternalError),
        Fault::NotImplemented => return None,
    })
}

fn is_of_words(refusal: &Refusal<'_>) -> bool {
    let mut problems = refusal.problems.iter();
    problems.all(|problem| problem.part == Part::Query && WORDS.contains(&problem.name.as_str()))
}

/// Whether WebSocket is not on offer at all.
fn is_no_offer(refusal: &Refusal<'_>) -> bool {
    refusal.problems.iter().all(|problem| problem.name == header::UPGRADE.as_str())
}

/// Whether the request was understood, and only bounds are broken.
fn is_understood(refusal: &Refusal<'_>) -> bool {
    let connects = refusal.operation.is_none_or(|it| it.id.starts_with(CONNECTING));
    let mut problems = refusal.problems.iter();
    !connects
        && problems.all(|problem| {
            let is_kind = problem.part == Part::Body && KINDS.contains(&problem.pointer.as_str());
            !is_kind && BOUNDS.iter().any(|(rule, ..)| *rule == problem.rule)
        })
}

fn invalid(refusal: &Refusal<'_>) -> Status {
    let mut status = Status::refusal(Reason::Invalid, refusal.message()).bare();
    if let Some(details) = &mut status.details {
        details.causes = refusal.problems.iter().filter_map(cause).collect();
    }
    status
}

fn cause(problem: &Problem) -> Option<Cause> {
    let (_, reason, words) = BOUNDS.iter().find(|(rule, ..)| *rule == problem.rule)?;
    let message = format!("{words}: {}", problem.message);
    Some(Cause { reason: Some(*reason), message, field: Some(field(problem)) })
}

/// The place of a problem as it is written in causes: `spec.containers[0].name`.
fn field(problem: &Problem) -> String {
    let mut field = problem.name.clone();
    for step in problem.pointer.split('/').skip(1) {
        if step.bytes().all(|byte| byte.is_ascii_digit()) {
            field.push_str(&format!("[{step}]"));
        } else {
            field.push_str(if field.is_empty() { "" } else { "." });
            field.push_str(&step.replace("~1", "/").replace("~0", "~"));
        }
    }
    field
}

/// A status as an answer.
pub(super) fn response(status: &Status) -> Response {
    let mut response = Response::new(Body::from(status.to_value().to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status.reason == Some(Reason::Unauthorized) {
        // Real servers leave this out; it is needed (RFC 9110 §15.5.2).
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_written_as_in_causes() {
        for (name, pointer, expected) in [
            ("", "/spec/containers/0/name", "spec.containers[0].name"),
            ("", "/metadata/labels/example.org~1a", "metadata.labels.example.org/a"),
            ("tailLines", "", "tailLines"),
            ("", "", ""),
        ] {
            let problem = Problem {
                part: Part::Body,
                name: name.to_owned(),
                pointer: pointer.to_owned(),
                rule: "required",
                message: String::new(),
            };
            assert_eq!(field(&problem), expected);
        }
    }
}
