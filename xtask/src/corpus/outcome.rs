//! What became of one document, as plain data.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What became of one document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Outcome {
    /// Its path below the folder.
    pub(super) name: String,
    /// The version it says it is written in, such as `openapi 3.0.3`.
    pub(super) dialect: Option<String>,
    /// Whether the folder's manifest calls it valid.
    pub(super) valid: Option<bool>,
    /// Operations of the contract.
    pub(super) operations: usize,
    /// Schemas of the contract, inline ones included.
    #[serde(default)]
    pub(super) schemas: usize,
    /// How often each code was reported as an error.
    pub(super) errors: BTreeMap<String, usize>,
    /// How often each code was reported as a warning.
    pub(super) warnings: BTreeMap<String, usize>,
    /// The first errors, with their places.
    pub(super) told: Vec<String>,
    /// Whether a crate was written.
    pub(super) generated: bool,
    /// Lines of that crate, support included.
    pub(super) lines: usize,
    /// Seconds of processor time for reading and generating.
    pub(super) seconds: f64,
    /// The most memory in use, in MiB.
    pub(super) peak: u64,
    /// How the process ended, if it did not end well.
    pub(super) crash: Option<String>,
    /// Whether the crate compiles, once that was tried.
    pub(super) compiles: Option<bool>,
    /// The first errors of the compiler.
    pub(super) compiler: Vec<String>,
    /// What driving its server showed, once that was tried.
    #[serde(default)]
    pub(super) driven: Option<Driven>,
    /// The folder of the crate.
    pub(super) folder: PathBuf,
}

/// What driving a server showed: the report of the crate `truth`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Driven {
    /// Operations of the API.
    pub(super) operations: usize,
    /// Operations whose handler got what was sent.
    pub(super) reached: usize,
    /// Valid requests.
    pub(super) requests: usize,
    /// Answers held to the document.
    pub(super) answers: usize,
    /// Requests at fault in one way.
    pub(super) misses: usize,
    /// What could not be tried, by its reason.
    pub(super) skipped: BTreeMap<String, usize>,
    /// What did not hold.
    pub(super) broken: usize,
    /// The first of it.
    pub(super) told: Vec<String>,
    /// Why nothing could be driven.
    pub(super) failed: Option<String>,
}

impl Driven {
    /// Whether nothing was found wrong.
    pub(super) fn holds(&self) -> bool {
        self.broken == 0 && self.failed.is_none()
    }

    /// Operations reached, and what did not hold.
    pub(super) fn brief(&self) -> String {
        let reached = format!("{}/{}", self.reached, self.operations);
        match (&self.failed, self.broken) {
            (Some(_), _) => "FAILS".to_owned(),
            (None, 0) => reached,
            (None, broken) => format!("{reached} -{broken}"),
        }
    }
}

impl Outcome {
    /// Whether there was a document at all.
    pub(super) fn is_document(&self) -> bool {
        self.dialect.is_some() || self.crash.is_some()
    }

    /// Whether the generator is at fault.
    pub(super) fn is_bad(&self) -> bool {
        let refused = self.valid == Some(true) && !self.generated;
        let lies = self.driven.as_ref().is_some_and(|driven| !driven.holds());
        self.crash.is_some() || self.compiles == Some(false) || refused || lies
    }
}
