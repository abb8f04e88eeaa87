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
        Fault::Repeated => because(Reason::Conflict),
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

/// A status as an answer.
pub(super) fn response(status: &Status) -> Response {
    let mut response = Response::new(Body::from(status.to_value().to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
