//! What is required of a server: one table a chapter, every requirement with a stable id.
//!
//! A rule says nothing of how it is checked. One enum holds all of them, so that a rule nobody judges stands out.

mod applies;
mod table;

use std::fmt;

use serde::{Serialize, Serializer};

pub use applies::applicable;
pub use table::Rule;

/// How strongly a rule binds (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Breaking it is a failure.
    Must,
    /// Breaking it is a warning.
    Should,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        })
    }
}

/// What the table says of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The rule.
    pub rule: Rule,
    /// The stable id: chapter, a dot, the rest.
    pub id: &'static str,
    /// How strongly it binds.
    pub level: Level,
    /// One sentence.
    pub sentence: &'static str,
    /// Without a pass of these, a verdict on this one says little.
    pub needs: &'static [Rule],
}

impl Rule {
    /// What the table says of it.
    #[must_use]
    pub fn entry(self) -> &'static Entry {
        // The table is made from the same list as the enum, so the discriminant is the index.
        Self::TABLE.get(self as usize).unwrap_or(&Self::FIRST)
    }

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// The part of the id before the first dot.
    #[must_use]
    pub fn chapter(self) -> &'static str {
        self.id().split('.').next().unwrap_or_default()
    }

    /// The rule of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::TABLE.iter().find(|entry| entry.id == id).map(|entry| entry.rule)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_lead_back() {
        let ids: BTreeSet<_> = Rule::TABLE.iter().map(|entry| entry.id).collect();
        assert_eq!(ids.len(), Rule::TABLE.len());
        for entry in Rule::TABLE {
            assert_eq!(Rule::from_id(entry.id), Some(entry.rule));
            assert_eq!(entry.rule.entry().id, entry.id);
            assert!(entry.id.contains('.'), "{} names no chapter", entry.id);
            assert!(entry.sentence.ends_with('.'), "{} is no sentence", entry.id);
        }
    }
}
