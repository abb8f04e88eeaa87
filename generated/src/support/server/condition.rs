//! Conditions on a request that decide how a stream is framed, as tables.

use serde_json::Value;

use super::incoming::Incoming;
use super::query::{decode_query, pairs};

/// A fact about a request.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// What it must be, as JSON.
    pub equals: &'static str,
    /// What an absent one counts as, as JSON.
    pub absent: &'static str,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// A part of the JSON body: a JSON pointer (RFC 6901).
    Body(&'static str),
    /// A query parameter.
    Query(&'static str),
    /// A header field.
    Header(&'static str),
}

impl Condition {
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
