//! What an operation answers.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Content, OperationId, Place, Pointer, Provenance, SchemaId};

/// The documented answers of an operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Responses(pub BTreeMap<StatusKey, Response>);

impl Responses {
    /// The answer documented for `status`: the code itself, else its range, else the default.
    #[must_use]
    pub fn get(&self, status: u16) -> Option<(StatusKey, &Response)> {
        let class = u8::try_from(status / 100).unwrap_or_default();
        [StatusKey::Code(status), StatusKey::Range(class), StatusKey::Default]
            .into_iter()
            .find_map(|key| self.0.get(&key).map(|response| (key, response)))
    }

    /// Every documented answer, codes first, then ranges, then the default.
    pub fn iter(&self) -> impl Iterator<Item = (StatusKey, &Response)> {
        self.0.iter().map(|(key, response)| (*key, response))
    }
}

/// Which statuses an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusKey {
    /// That one status, 100 to 599.
    Code(u16),
    /// Every status of that class, 1 to 5, without an entry of its own.
    Range(u8),
    /// Every status without an entry of its own.
    Default,
}

impl fmt::Display for StatusKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Serialize for StatusKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One documented answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Response {
    /// Prose.
    pub description: String,
    /// Documented header fields; `Content-Type` is never among them.
    pub headers: Vec<Header>,
    /// The media types of its body; empty when it has none, or none is documented.
    pub content: Vec<Content>,
    /// Where a caller may go on from here.
    pub links: Vec<Link>,
    /// A member of the body that must agree with the status.
    pub status_field: Option<StatusField>,
    /// Where it comes from, when not where its operation does.
    pub provenance: Option<Provenance>,
    /// Where it stands.
    pub place: Place,
}

/// A documented header field of a response.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    /// The field name, as the document spells it; compared without regard to case.
    pub name: String,
    /// Whether an answer without it is at fault.
    pub required: bool,
    /// Prose.
    pub description: Option<String>,
    /// The schema of its value.
    pub schema: SchemaId,
    /// Whether object members are written `name=value`.
    pub explode: bool,
    /// Where it stands.
    pub place: Place,
}

impl Header {
    /// Whether a field can be called that (RFC 9110 §5.1).
    #[must_use]
    pub fn can_be_called(name: &str) -> bool {
        let is_letter =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !name.is_empty() && name.bytes().all(is_letter)
    }
}

/// An OpenAPI link: what this answer says of a further request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub operation: OperationId,
    /// Parameter name of the target, optionally qualified (`path.id`), to its value.
    pub parameters: BTreeMap<String, LinkValue>,
    /// The body of the further request.
    pub body: Option<LinkValue>,
    /// Whether it was recognised rather than declared.
    pub inferred: bool,
    /// Where it stands.
    pub place: Place,
}

/// A value a link hands on (OpenAPI 3.0.3, runtime expressions).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkValue {
    /// As it stands.
    Constant(Value),
    /// A part of the response body.
    ResponseBody(Pointer),
    /// A header field of the response.
    ResponseHeader(String),
    /// A part of the request body.
    RequestBody(Pointer),
    /// A path parameter of the request.
    RequestPath(String),
    /// A query parameter of the request.
    RequestQuery(String),
    /// A header field of the request.
    RequestHeader(String),
}

/// `x-status-field`: a member of a body that repeats the status or maps to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StatusField {
    /// Where the member is.
    pub pointer: Pointer,
    /// Member value to the statuses it may come with; empty: the member is the status itself.
    pub values: BTreeMap<i64, Vec<u16>>,
    /// Where it stands.
    pub place: Place,
}
