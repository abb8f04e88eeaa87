//! What driving an API showed, as plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// So many faults are kept with their words.
const MOST_TOLD: usize = 200;

/// What was tried, and what of it held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Operations of the API.
    pub operations: usize,
    /// Operations whose handler was reached with equal values each time.
    pub reached: usize,
    /// Valid requests that were sent.
    pub requests: usize,
    /// Answers that were written and held to the document.
    pub answers: usize,
    /// Requests at fault in one way.
    pub misses: usize,
    /// What could not be tried, by its reason.
    pub skipped: BTreeMap<String, usize>,
    /// What did not hold.
    pub broken: usize,
    /// The first of it, in words.
    pub told: Vec<String>,
}

impl Report {
    /// Notes something that did not hold.
    pub(crate) fn fault(&mut self, what: String) {
        self.broken += 1;
        if self.told.len() < MOST_TOLD {
            self.told.push(what);
        }
    }

    /// Notes something that could not be tried.
    pub(crate) fn skip(&mut self, why: &str) {
        *self.skipped.entry(why.to_owned()).or_default() += 1;
    }
}
