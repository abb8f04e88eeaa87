//! Conditions on a request that decide how a stream is framed, as tables.

use serde_json::Value;

use super::incoming::Incoming;
use super::query::{decode_query, pairs};

/// A fact about a request.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    subject: Subject,
    equals: &'static str,
    absent: &'static str,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug)]
enum Subject {
    Body(&'static str),
    Query(&'static str),
    Header(&'static str),
}

impl Condition {
    /// The part of the JSON body under a JSON pointer (RFC 6901) is that value. Both values are given as JSON,
    /// the second being what an absent part counts as.
    #[must_use]
    pub const fn body(pointer: &'static str, equals: &'static str, absent: &'static str) -> Self {
        Self { subject: Subject::Body(pointer), equals, absent }
    }

    /// The query parameter is that value, or counts as it where it is absent.
    #[must_use]
    pub const fn query(name: &'static str, equals: &'static str, absent: &'static str) -> Self {
        Self { subject: Subject::Query(name), equals, absent }
    }

    /// The header field is that value, or counts as it where it is absent.
    #[must_use]
    pub const fn header(name: &'static str, equals: &'static str, absent: &'static str) -> Self {
        Self { subject: Subject::Header(name), equals, absent }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, incoming: &Incoming) -> bool {
        let expected = serde_json::from_str::<Value>(self.equals).unwrap_or_default();
        let absent = || serde_json::from_str::<Value>(self.absent).unwrap_or_default() == expected;
        let text =
            |found: Option<String>| found.map_or_else(absent, |found| found == plain(&expected));
        match self.subject {
            Subject::Body(pointer) => {
                let body = serde_json::from_slice::<Value>(incoming.bytes()).unwrap_or_default();
                body.pointer(pointer).map_or_else(absent, |found| *found == expected)
            }
            Subject::Query(name) => {
                let query = incoming.parts().uri.query().unwrap_or_default();
                let pair = pairs(query).into_iter().find(|pair| pair.name == name);
                text(pair.and_then(|pair| decode_query(pair.value).ok()))
            }
            Subject::Header(name) => {
                let field = incoming.parts().headers.get(name);
                text(field.and_then(|field| field.to_str().ok()).map(str::to_owned))
            }
        }
    }
}

/// How a value is written where everything is text.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
