//! What a user asks of a run, already checked.

use std::collections::BTreeMap;
use std::time::Duration;

use globset::GlobSet;
use serde_json::Value;

use crate::call::Credentials;
use crate::wire::Target;

/// What a user asks of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server.
    pub target: Target,
    /// Header fields sent with every request.
    pub credentials: Credentials,
    /// Parameter values that exist on the target, by parameter name.
    pub parameters: BTreeMap<String, Value>,
    /// Inputs of workflows, by name.
    pub inputs: BTreeMap<String, Value>,
    /// Which rules and operations are tried: globs over `operation/rule`; none means all.
    pub filter: Option<GlobSet>,
    /// Where every random choice comes from.
    pub seed: u64,
    /// Part of the name of everything that the run creates.
    pub run_id: String,
    /// Whether requests that may change something are sent.
    pub writes: Writes,
    /// How many generated valid requests an operation gets.
    pub cases: u32,
    /// How many tries a failure may take to shrink.
    pub shrinks: u32,
    /// How long one exchange may take.
    pub patience: Duration,
}

/// Whether requests that may change something are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// They are: the user said so, or the target is on this machine's loopback.
    Allowed,
    /// They are not.
    Forbidden,
}

impl Settings {
    /// Whether that rule is tried on that subject.
    #[must_use]
    pub fn covers(&self, subject: &str, rule: &str) -> bool {
        self.filter.as_ref().is_none_or(|globs| globs.is_match(format!("{subject}/{rule}")))
    }
}
