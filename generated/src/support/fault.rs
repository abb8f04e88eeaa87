//! What is wrong with a document, and where. Collects; decides nothing.

use std::fmt;

/// Where a value stands in its document: a list on the stack, one link a level.
#[derive(Clone, Copy, Debug)]
pub enum Path<'p> {
    /// The document itself.
    Root,
    /// A member of an object.
    Member(&'p Path<'p>, &'p str),
    /// An item of a list.
    Item(&'p Path<'p>, usize),
}

/// Written as a JSON pointer (RFC 6901).
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(parent, name) => {
                write!(f, "{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Item(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer to the value, or to the member that is missing.
    pub pointer: String,
    /// The broken rule, by its keyword: `type`, `required`, `maximum` …
    pub rule: &'static str,
    /// What the value is or is not, to be read after its pointer. Never holds the value itself.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "the document" } else { self.pointer.as_str() };
        write!(f, "{pointer} {}", self.message)
    }
}

/// Everything found wrong so far, up to a cap, and how much work is left to spend.
#[derive(Clone, Debug)]
pub struct Faults {
    found: Vec<Fault>,
    further: usize,
    attempts: u64,
}

impl Faults {
    /// More faults than these are counted, not kept.
    pub const MOST: usize = 64;

    /// How many alternatives of unions may be tried where the size of the document is not known.
    const ATTEMPTS: u64 = 1 << 20;

    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with_attempts(Self::ATTEMPTS)
    }

    /// Nothing found yet, for a document of that many bytes: unions inside unions cannot make
    /// the work grow faster than the document.
    #[must_use]
    pub fn for_bytes(length: usize) -> Self {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        Self::with_attempts(length.saturating_mul(64).saturating_add(1024))
    }

    fn with_attempts(attempts: u64) -> Self {
        Self { found: Vec::new(), further: 0, attempts }
    }

    /// Notes that the value at `at` breaks `rule`.
    pub fn add(&mut self, at: &Path<'_>, rule: &'static str, message: impl fmt::Display) {
        if self.found.len() < Self::MOST {
            let message = message.to_string();
            self.found.push(Fault { pointer: at.to_string(), rule, message });
        } else {
            self.further += 1;
        }
    }

    /// What was found, in document order of the schema.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.found.iter()
    }

    /// How many were found, kept or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.len() + self.further
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Takes one of the attempts that are left.
    pub(super) fn attempt(&mut self) -> bool {
        self.attempts = self.attempts.saturating_sub(1);
        self.attempts != 0
    }

    /// An empty collection that spends from the same attempts, to be given back to [`Self::end_trial`].
    pub(super) fn trial(&self) -> Self {
        Self::with_attempts(self.attempts)
    }

    /// Takes over what a trial has left to spend.
    pub(super) fn end_trial(&mut self, trial: &Self) {
        self.attempts = trial.attempts;
    }

    /// Takes over what a trial found.
    pub(super) fn extend(&mut self, trial: Self) {
        let room = Self::MOST.saturating_sub(self.found.len());
        self.further += trial.further + trial.found.len().saturating_sub(room);
        self.found.extend(trial.found.into_iter().take(room));
    }
}

impl Default for Faults {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Faults {
    fn eq(&self, other: &Self) -> bool {
        self.found == other.found && self.further == other.further
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.found.iter().enumerate() {
            let separator = if number == 0 { "" } else { "; " };
            write!(f, "{separator}{fault}")?;
        }
        if self.further != 0 {
            write!(f, "; and {} more", self.further)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
