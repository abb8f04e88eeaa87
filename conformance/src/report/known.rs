//! Findings that a user expects of a server, each with the reason. They are told apart, and fail no run.

use std::collections::BTreeMap;

use globset::{Glob, GlobMatcher};
use serde::Serialize;

use super::summary::{Exit, Summary};
use crate::run::Verdict;
use crate::verdict::Outcome;

/// Expected findings.
#[derive(Clone, Debug, Default)]
pub struct KnownFailures {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    glob: String,
    matcher: GlobMatcher,
    reason: String,
}

/// A finding that was expected.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// The entry that expects it.
    pub glob: String,
    /// Why it is expected.
    pub reason: String,
    /// The finding.
    pub verdict: Verdict,
}

impl KnownFailures {
    /// Reads a TOML table from globs over `subject/rule` to reasons; a glob without a slash is about rules, on any
    /// subject.
    ///
    /// # Errors
    /// What is wrong with the text, in a sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let table: BTreeMap<String, String> =
            toml::from_str(text).map_err(|error| error.to_string())?;
        let entry = |(glob, reason): (String, String)| {
            let pattern = if glob.contains('/') { glob.clone() } else { format!("*/{glob}") };
            let matcher = Glob::new(&pattern).map_err(|error| format!("{glob}: {error}"))?;
            if reason.trim().is_empty() {
                return Err(format!("{glob}: gives no reason"));
            }
            Ok(Entry { glob, matcher: matcher.compile_matcher(), reason })
        };
        Ok(Self { entries: table.into_iter().map(entry).collect::<Result<_, _>>()? })
    }

    /// The entry that expects a verdict.
    fn expecting(&self, verdict: &Verdict) -> Option<&Entry> {
        let name = format!("{}/{}", verdict.subject, verdict.rule);
        self.entries.iter().find(|entry| entry.matcher.is_match(&name))
    }
}

impl Summary {
    /// The same with expected findings set apart. An entry that nothing matches is a fault of its own, if the whole
    /// of the document was tried.
    #[must_use]
    pub fn excusing(mut self, known: &KnownFailures, tried_all: bool) -> Self {
        let is_finding = |verdict: &Verdict| {
            verdict.outcome >= Outcome::Flaky && verdict.outcome != Outcome::Error
        };
        let (expected, others) = std::mem::take(&mut self.verdicts)
            .into_iter()
            .partition(|verdict| is_finding(verdict) && known.expecting(verdict).is_some());
        self.verdicts = others;
        for verdict in expected {
            if let Some(count) = self.counts.get_mut(&verdict.outcome) {
                *count = count.saturating_sub(1);
            }
            if let Some(entry) = known.expecting(&verdict) {
                let (glob, reason) = (entry.glob.clone(), entry.reason.clone());
                self.known.push(Known { glob, reason, verdict });
            }
        }
        self.counts.retain(|_, count| *count > 0);
        let idle = known.entries.iter().map(|entry| &entry.glob);
        let idle = idle.filter(|glob| !self.known.iter().any(|known| known.glob == **glob));
        self.idle = if tried_all { idle.cloned().collect() } else { Vec::new() };
        self.exit = match self.exit {
            Exit::NotConformant if self.count(Outcome::Fail) > 0 => Exit::NotConformant,
            Exit::Conformant | Exit::NotConformant if !self.idle.is_empty() => Exit::Idle,
            Exit::NotConformant => Exit::Conformant,
            other => other,
        };
        self
    }
}
