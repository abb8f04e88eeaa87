//! Turns a refusal into a response. What it says follows the operation's table, unless an implementer replaces it.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

use super::fault::{Fault, Problem};
use super::operation::{Answer, Operation, Piece};

/// A request that is refused, with what the API documents for it.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    /// The operation; `None` where no path matches.
    pub operation: Option<&'static Operation>,
    /// What kind of fault it is.
    pub fault: Fault,
    /// The reasons, at least one.
    pub problems: &'a [Problem],
    /// The documented answer.
    pub answer: &'static Answer,
}

impl Refusal<'_> {
    /// The reasons as one line.
    #[must_use]
    pub fn message(&self) -> String {
        self.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    /// The documented response.
    #[must_use]
    pub fn response(&self) -> Response {
        let mut response = Response::new(Body::from(self.answer.body(self.fault, &self.message())));
        *response.status_mut() = self.answer.status();
        for (name, value) in self.answer.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

/// Writes refusals. Implement it to say more, or something else, than the spec alone can.
pub trait Refuse: Send + Sync + 'static {
    /// The response to a refused request.
    fn refuse(&self, refusal: &Refusal<'_>) -> Response {
        refusal.response()
    }
}

/// Writes what the spec documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Documented;

impl Refuse for Documented {}

impl Answer {
    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The body that says this.
    #[must_use]
    pub fn body(&self, fault: Fault, message: &str) -> String {
        self.body.iter().map(|piece| piece.with(fault, message)).collect()
    }
}

impl Piece {
    fn with(self, fault: Fault, message: &str) -> String {
        match self {
            Self::Text(text) => text.to_owned(),
            Self::Message(limit) => message.chars().take(limit).collect(),
            Self::Quoted(limit) => {
                serde_json::Value::String(message.chars().take(limit).collect()).to_string()
            }
            Self::Fault => format!("\"{}\"", fault.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_cut_and_quoted() {
        let body = &[
            Piece::Text("{\"m\":"),
            Piece::Quoted(4),
            Piece::Text(",\"f\":"),
            Piece::Fault,
            Piece::Text("}"),
        ];
        let answer = Answer { status: 400, headers: &[("x", "y")], body };
        assert_eq!(answer.body(Fault::TooLarge, "a\"b\ncd"), r#"{"m":"a\"b\n","f":"too-large"}"#);
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
}
