//! What a list, a watch or a collection delete may ask, and which of it excludes which.

use serde_json::json;

use crate::cluster::status::{FieldError, Status};

/// The query of a list or a watch. An empty text means the same as none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// `labelSelector`.
    pub label_selector: Option<String>,
    /// `fieldSelector`.
    pub field_selector: Option<String>,
    /// `limit`; nothing, zero and less mean no limit.
    pub limit: Option<i64>,
    /// `continue`.
    pub token: Option<String>,
    /// `resourceVersion`.
    pub version: Option<String>,
    /// `resourceVersionMatch`.
    pub version_match: Option<String>,
    /// `sendInitialEvents`, for a watch alone.
    pub initial_events: Option<bool>,
    /// `allowWatchBookmarks`, for a watch alone.
    pub bookmarks: bool,
    /// `timeoutSeconds`.
    pub timeout: Option<i64>,
}

/// How a version is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionMatch {
    /// As the other options suggest.
    Unset,
    /// Exactly this version.
    Exact,
    /// This version or any later one.
    NotOlderThan,
}

const MATCHES: [(&str, VersionMatch); 3] = [
    ("Exact", VersionMatch::Exact),
    ("NotOlderThan", VersionMatch::NotOlderThan),
    ("", VersionMatch::Unset),
];

const MATCH: &str = "resourceVersionMatch";

impl ListOptions {
    /// The version as text; empty when there is none.
    #[must_use]
    pub fn version(&self) -> &str {
        self.version.as_deref().unwrap_or_default()
    }

    /// The token; empty when there is none.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// The most items of one page, if there is a limit.
    #[must_use]
    pub fn page_size(&self) -> Option<usize> {
        self.limit.and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0)
    }

    /// Checks the options of a list.
    ///
    /// # Errors
    /// 422 for options that a list does not have, or not together.
    pub fn for_list(&self) -> Result<VersionMatch, Status> {
        let mut errors = Vec::new();
        if self.initial_events.is_some() {
            let why = "sendInitialEvents is forbidden for list";
            errors.push(FieldError::forbidden("sendInitialEvents", why));
        }
        let matching = self.matching();
        if self.asks_match() {
            errors.extend(self.match_errors(matching));
        }
        refuse(errors)?;
        Ok(matching.unwrap_or(VersionMatch::Unset))
    }

    /// Checks the options of a watch. A limit and a token are ignored.
    ///
    /// # Errors
    /// 422 for options that a watch does not have together.
    pub fn for_watch(&self) -> Result<(), Status> {
        let mut errors = Vec::new();
        let matching = self.matching();
        if self.initial_events.is_none() && self.asks_match() {
            let why =
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
            errors.push(FieldError::forbidden(MATCH, why));
        }
        if self.initial_events.is_some() && matching != Some(VersionMatch::NotOlderThan) {
            let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
            errors.push(FieldError::forbidden(MATCH, why));
        }
        refuse(errors)
    }

    fn asks_match(&self) -> bool {
        self.version_match.as_deref().is_some_and(|text| !text.is_empty())
    }

    fn matching(&self) -> Option<VersionMatch> {
        let text = self.version_match.as_deref().unwrap_or_default();
        MATCHES.iter().find(|(word, _)| *word == text).map(|(_, matching)| *matching)
    }

    fn match_errors(&self, matching: Option<VersionMatch>) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if !self.token().is_empty() {
            let why = "resourceVersionMatch is forbidden when continue is provided";
            errors.push(FieldError::forbidden(MATCH, why));
        } else if self.version().is_empty() {
            let why = "resourceVersionMatch is forbidden unless resourceVersion is provided";
            errors.push(FieldError::forbidden(MATCH, why));
        }
        if matching.is_none() {
            let words = MATCHES.map(|(word, _)| word);
            errors.push(FieldError::unsupported(MATCH, &json!(self.version_match), &words));
        }
        if matching == Some(VersionMatch::Exact) && self.version() == "0" {
            let why = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
            errors.push(FieldError::forbidden(MATCH, why));
        }
        errors
    }
}

fn refuse(errors: Vec<FieldError>) -> Result<(), Status> {
    if errors.is_empty() { Ok(()) } else { Err(Status::invalid_options("ListOptions", errors)) }
}
