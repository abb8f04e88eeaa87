//! A header field as it stands on the wire: nothing is trimmed, folded or lower-cased here.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::coding;

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its name, in the spelling that was sent.
    pub name: String,
    /// Its value; any bytes, since not every sender keeps to text.
    #[serde(with = "coding::octets")]
    pub value: Bytes,
}

impl Header {
    /// A header field.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<Bytes>) -> Self {
        Self { name: name.into(), value: value.into() }
    }

    /// Whether it has that name; case does not count (RFC 9110 §5.1).
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its value, if that is UTF-8.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.value).ok()
    }

    /// The members of a comma-separated value, trimmed, without empty ones (RFC 9110 §5.6.1).
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.text()
            .into_iter()
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .filter(|m| !m.is_empty())
    }
}
