//! What is wrong with a request, as plain data. Knows no status: the operation's table has those.

use std::fmt;

/// How many problems of one request are told.
const MAX_PROBLEMS: usize = 32;

/// Ways for a request to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A value breaks its schema.
    Invalid,
    /// A body is not a document of its media type.
    Malformed,
    /// No credential, or a wrong one.
    Unauthenticated,
    /// A credential that may not do this.
    Forbidden,
    /// A resource that is not there.
    Missing,
    /// A resource that is already there.
    Duplicate,
    /// A one-time operation done again.
    Repeated,
    /// A method that the path does not have.
    WrongMethod,
    /// A body of a media type that is not documented.
    WrongMediaType,
    /// A body over the bound.
    TooLarge,
    /// A page token that was never given out, or belongs to another list.
    BadCursor,
    /// A page token or version that is too old.
    Expired,
    /// No media type of the answer is among those that the request would have.
    NotAcceptable,
    /// No upgrade, or one at fault, where the operation requires it.
    NotUpgraded,
    /// Of the subprotocols on offer none is served.
    UnsupportedProtocol,
    /// A write that rests on an older version.
    Conflict,
    /// An operation that the server does not implement.
    NotImplemented,
    /// The server failed; the request may be in order.
    Failed,
}

impl Fault {
    /// A name for machines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Malformed => "malformed",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Missing => "missing",
            Self::Duplicate => "duplicate",
            Self::Repeated => "repeated",
            Self::WrongMethod => "wrong-method",
            Self::WrongMediaType => "wrong-media-type",
            Self::TooLarge => "too-large",
            Self::BadCursor => "bad-cursor",
            Self::Expired => "expired",
            Self::NotAcceptable => "not-acceptable",
            Self::NotUpgraded => "not-upgraded",
            Self::UnsupportedProtocol => "unsupported-protocol",
            Self::Conflict => "conflict",
            Self::NotImplemented => "not-implemented",
            Self::Failed => "failed",
        }
    }
}

/// Which part of a request a problem is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The request as a whole.
    Request,
    /// A path parameter.
    Path,
    /// A query parameter.
    Query,
    /// A header field.
    Header,
    /// A cookie.
    Cookie,
    /// The body.
    Body,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
        }
    }
}

/// One problem of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which part.
    pub part: Part,
    /// The parameter's name, empty for a body and for a request as a whole.
    pub name: String,
    /// A JSON pointer (RFC 6901) into the parameter's value or the body.
    pub pointer: String,
    /// The keyword of the schema that the value breaks (`type`, `minimum` …); empty where no schema was held against it.
    pub rule: &'static str,
    /// What is wrong there, to be read after the place.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = [self.part.as_str(), &self.name, &self.pointer];
        let place = place.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
        if self.part == Part::Request {
            return f.write_str(&self.message);
        }
        write!(f, "{} {}", place.join(" "), self.message)
    }
}

/// What a handler answers: a documented response, or a refusal that the operation's table writes.
pub type Outcome<T> = Result<T, Refused>;

/// A request that is refused, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    fault: Fault,
    problems: Vec<Problem>,
}

impl Refused {
    /// A refusal with one reason.
    #[must_use]
    pub fn new(fault: Fault, message: impl Into<String>) -> Self {
        Self::at(fault, Part::Request, "", message)
    }

    /// A refusal with one reason and its part of the request.
    #[must_use]
    pub fn at(fault: Fault, part: Part, name: &str, message: impl Into<String>) -> Self {
        let problem = Problem {
            part,
            name: name.to_owned(),
            pointer: String::new(),
            rule: "",
            message: message.into(),
        };
        Self { fault, problems: vec![problem] }
    }

    /// A refusal with several reasons, of which the first ones are kept.
    #[must_use]
    pub fn because(fault: Fault, mut problems: Vec<Problem>) -> Self {
        problems.truncate(MAX_PROBLEMS);
        Self { fault, problems }
    }

    /// The operation is not implemented.
    #[must_use]
    pub fn not_implemented() -> Self {
        Self::new(Fault::NotImplemented, "not implemented")
    }

    /// What kind of fault it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// The reasons.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_its_place() {
        let mut problem = Problem {
            part: Part::Body,
            name: String::new(),
            pointer: "/a/0".to_owned(),
            rule: "maxLength",
            message: "is too long".to_owned(),
        };
        assert_eq!(problem.to_string(), "body /a/0 is too long");
        problem.part = Part::Query;
        problem.name = "limit".to_owned();
        assert_eq!(problem.to_string(), "query limit /a/0 is too long");
        problem.part = Part::Request;
        assert_eq!(problem.to_string(), "is too long");
    }

    #[test]
    fn problems_are_bounded() {
        let problem = Refused::not_implemented().problems;
        let many = problem.into_iter().cycle().take(1000).collect();
        assert_eq!(Refused::because(Fault::Invalid, many).problems().len(), MAX_PROBLEMS);
    }
}
