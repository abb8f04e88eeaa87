//! Refusals of requests that never come to a handler, in the words of the cluster.

use axum::body::Body;
use axum::response::Response;
use generated::support::server::{Fault, Part, Refusal, Refuse};
use http::{HeaderValue, StatusCode, header};

use super::serve::MAX_BODY;
use crate::cluster::status::{Reason, Status};

/// Query parameters that hold a word or a name. What breaks their rules was understood, and is invalid.
const WORDS: [&str; 4] = ["dryRun", "fieldManager", "propagationPolicy", "resourceVersionMatch"];

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
