//! What is concluded: of one look at one rule, and of a rule and an operation over a whole run.
//!
//! Says nothing of how a conclusion is reached or shown.

use generator::contract::Place;
use serde::Serialize;

use crate::rule::{Level, Rule};

/// How one look at a rule came out, from harmless to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Outcome {
    /// There was nothing to look at; the message says why.
    Skip,
    /// It holds.
    Pass,
    /// It cannot be told; the message says why.
    Inconclusive,
    /// It was broken once and not when tried again.
    Flaky,
    /// A SHOULD, or a conventional statement, is broken.
    Warn,
    /// A MUST is broken.
    Fail,
    /// The checker itself went wrong; never blamed on the target.
    Error,
}

impl Outcome {
    /// Every outcome, from harmless to grave.
    pub const ALL: [Self; 7] = [
        Self::Skip,
        Self::Pass,
        Self::Inconclusive,
        Self::Flaky,
        Self::Warn,
        Self::Fail,
        Self::Error,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Skip => "SKIP",
            Self::Pass => "PASS",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::Flaky => "FLAKY",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
            Self::Error => "ERROR",
        }
    }

    /// Whether something is wrong with the target.
    #[must_use]
    pub fn is_finding(self) -> bool {
        matches!(self, Self::Warn | Self::Fail)
    }
}

/// The first characters of a text, with an ellipsis where some are left out.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// One look at one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judgement {
    /// The rule.
    pub rule: Rule,
    /// How it came out.
    pub outcome: Outcome,
    /// What was seen, against what was to be seen. Empty for a pass.
    pub message: String,
    /// Where the document says so.
    pub place: Option<Place>,
    /// The bytes, with their fields named, where bytes are what is wrong.
    pub dump: Option<String>,
}

impl Judgement {
    /// The rule holds.
    #[must_use]
    pub fn pass(rule: Rule) -> Self {
        Self { rule, outcome: Outcome::Pass, message: String::new(), place: None, dump: None }
    }

    /// The rule is broken: a failure for a MUST, else a warning.
    #[must_use]
    pub fn broken(rule: Rule, message: impl Into<String>, place: Option<&Place>) -> Self {
        let outcome = match rule.entry().level {
            Level::Must => Outcome::Fail,
            Level::Should => Outcome::Warn,
        };
        Self { rule, outcome, message: message.into(), place: place.cloned(), dump: None }
    }

    /// It cannot be told whether the rule holds.
    #[must_use]
    pub fn inconclusive(rule: Rule, why: impl Into<String>) -> Self {
        Self { rule, outcome: Outcome::Inconclusive, message: why.into(), place: None, dump: None }
    }

    /// There was nothing to look at.
    #[must_use]
    pub fn skip(rule: Rule, why: impl Into<String>) -> Self {
        Self { rule, outcome: Outcome::Skip, message: why.into(), place: None, dump: None }
    }

    /// The rule holds if `holds`, else it is broken as `message` says.
    #[must_use]
    pub fn of(
        rule: Rule,
        holds: bool,
        message: impl FnOnce() -> String,
        place: Option<&Place>,
    ) -> Self {
        if holds { Self::pass(rule) } else { Self::broken(rule, message(), place) }
    }

    /// A failure becomes a warning where the statement is only a convention.
    #[must_use]
    pub fn softened(mut self, conventional: bool) -> Self {
        if conventional && self.outcome == Outcome::Fail {
            self.outcome = Outcome::Warn;
        }
        self
    }

    /// With the bytes shown.
    #[must_use]
    pub fn showing(mut self, dump: impl Into<String>) -> Self {
        self.dump = Some(dump.into());
        self
    }
}
