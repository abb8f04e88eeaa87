//! Statuses that a convention allows and the source document does not list: told apart, and no failure unless the user
//! wants to be strict.

use std::collections::BTreeMap;

use generator::contract::OperationId;
use serde::Serialize;

use super::summary::{Exit, Summary};
use crate::run::Record;

/// What an operation answered that its document is silent on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The operation.
    pub operation: OperationId,
    /// Each status, and how often it came.
    pub statuses: BTreeMap<u16, u64>,
}

/// The gaps that a run showed.
pub(super) fn gaps(record: &Record) -> Vec<Gap> {
    let mut found: BTreeMap<&OperationId, BTreeMap<u16, u64>> = BTreeMap::new();
    for (operation, status, count) in record.gaps() {
        found.entry(operation).or_default().insert(status, count);
    }
    let gap =
        |(operation, statuses): (&OperationId, _)| Gap { operation: operation.clone(), statuses };
    found.into_iter().map(gap).collect()
}

impl Summary {
    /// The same for a user who wants every answer documented: a gap is as good as a broken requirement.
    #[must_use]
    pub fn strictly(mut self) -> Self {
        if self.exit == Exit::Conformant && !self.gaps.is_empty() {
            self.exit = Exit::NotConformant;
        }
        self
    }
}
