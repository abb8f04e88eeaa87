//! Problems of a document, each with its place. Decides nothing: whoever finds a problem says how bad it is.

use std::fmt;

use crate::contract::Place;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing can be made of the statement.
    Error,
    /// The statement is understood, but hardly what was meant, or carried over in part.
    Warning,
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name such as `dangling-reference`, by which it can be allowed.
    pub code: &'static str,
    /// A lowercase sentence fragment.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to do about it.
    pub help: Option<String>,
}

/// Collects problems while a document is read.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds an error.
    pub fn error(
        &mut self,
        code: &'static str,
        place: &Place,
        message: impl fmt::Display,
        help: impl fmt::Display,
    ) {
        self.push(Severity::Error, code, place, &message, &help);
    }

    /// Adds a warning.
    pub fn warning(
        &mut self,
        code: &'static str,
        place: &Place,
        message: impl fmt::Display,
        help: impl fmt::Display,
    ) {
        self.push(Severity::Warning, code, place, &message, &help);
    }

    /// Whether any problem is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Every problem, in the order found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: &Place,
        message: &dyn fmt::Display,
        help: &dyn fmt::Display,
    ) {
        let help = Some(help.to_string()).filter(|text| !text.is_empty());
        self.0.push(Diagnostic {
            severity,
            code,
            message: message.to_string(),
            place: place.clone(),
            help,
        });
    }
}
