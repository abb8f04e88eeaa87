//! A part of a contract: some operations, and what they reach. Changes no statement of what is left.

mod reach;

pub use reach::{got, reached, retain_reached, sent, streamed};

use std::collections::BTreeSet;

use crate::contract::{Api, Operation};

/// Which operations are wanted. A word of an operation is its id, or method and path as in `GET /things/{id}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Operations with one of these tags. With neither these nor `include_operations`, all.
    pub include_tags: Vec<String>,
    /// Operations with one of these tags are left out, whatever else is said.
    pub exclude_tags: Vec<String>,
    /// These operations, beside those of `include_tags`.
    pub include_operations: Vec<String>,
    /// These operations are left out, whatever else is said.
    pub exclude_operations: Vec<String>,
}

/// Why a selection selects nothing, or not what was meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unselected {
    /// A name that nothing has.
    #[error("there is no {kind} `{name}`{}", suggestion.as_deref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// `tag` or `operation`.
        kind: &'static str,
        /// The name.
        name: String,
        /// The nearest name that there is.
        suggestion: Option<String>,
    },
    /// Every operation is left out.
    #[error("no operation is left; include more, or exclude less")]
    Nothing,
}

impl Selection {
    /// Whether everything is wanted.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an operation is wanted.
    #[must_use]
    pub fn wants(&self, operation: &Operation) -> bool {
        let has_tag = |tags: &[String]| operation.tags.iter().any(|tag| tags.contains(tag));
        let is_one = |words: &[String]| words.iter().any(|word| is_called(operation, word));
        let is_open = self.include_tags.is_empty() && self.include_operations.is_empty();
        (is_open || has_tag(&self.include_tags) || is_one(&self.include_operations))
            && !has_tag(&self.exclude_tags)
            && !is_one(&self.exclude_operations)
    }
}

/// Leaves of every API what is wanted, and of what is not reached by operations nothing: schemas, tags, security
/// schemes, links. A selection of everything changes nothing.
///
/// # Errors
/// Every name that nothing has, in all APIs together; or that nothing is left.
pub fn select(apis: &mut [Api], selection: &Selection) -> Result<(), Vec<Unselected>> {
    if selection.is_all() {
        return Ok(());
    }
    let unknown = unknown(apis, selection);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    for api in apis.iter_mut() {
        api.operations.retain(|operation| selection.wants(operation));
        retain_reached(api);
    }
    if apis.iter().all(|api| api.operations.is_empty()) {
        return Err(vec![Unselected::Nothing]);
    }
    Ok(())
}

fn unknown(apis: &[Api], selection: &Selection) -> Vec<Unselected> {
    let operations: Vec<&Operation> = apis.iter().flat_map(|api| &api.operations).collect();
    let declared = apis.iter().flat_map(|api| &api.tags).map(|tag| &tag.name);
    let tags: BTreeSet<&String> =
        operations.iter().flat_map(|operation| &operation.tags).chain(declared).collect();
    let asked = selection.include_tags.iter().chain(&selection.exclude_tags);
    let missing = asked.filter(|tag| !tags.contains(tag));
    let mut unknown: Vec<_> =
        missing.map(|name| told("tag", name, tags.iter().map(|tag| tag.as_str()))).collect();
    let asked = selection.include_operations.iter().chain(&selection.exclude_operations);
    let missing = asked.filter(|word| !operations.iter().any(|one| is_called(one, word)));
    let ids = || operations.iter().map(|operation| operation.id.0.as_str());
    unknown.extend(missing.map(|name| told("operation", name, ids())));
    unknown
}

fn told<'n>(kind: &'static str, name: &str, known: impl Iterator<Item = &'n str>) -> Unselected {
    let lower = name.to_lowercase();
    let near = known.map(|known| (strsim::jaro_winkler(&known.to_lowercase(), &lower), known));
    let nearest = near.max_by(|(one, _), (other, _)| one.total_cmp(other));
    let suggestion =
        nearest.filter(|(likeness, _)| *likeness > 0.75).map(|(_, known)| known.into());
    Unselected::Unknown { kind, name: name.to_owned(), suggestion }
}

fn is_called(operation: &Operation, word: &str) -> bool {
    operation.id.0 == word || format!("{} {}", operation.method, operation.path) == word
}
