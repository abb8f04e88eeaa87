//! Problems of a document, each with its place. Decides nothing: whoever finds a problem says how bad it is.

mod render;
mod underline;

use std::fmt;

pub use render::{Colour, render};

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

impl Diagnostic {
    /// Whether another room found the same; it may know another way out.
    fn says_the_same(&self, other: &Self) -> bool {
        (self.severity, self.code, &self.message, &self.place)
            == (other.severity, other.code, &other.message, &other.place)
    }
}

/// So many problems are kept; further ones are counted, since a hostile text can have any number.
const MAX_KEPT: usize = 1_000;

/// So many characters of a message or a help line are kept.
const MAX_CHARACTERS: usize = 400;

/// Collects problems while a document is read.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    dropped_errors: usize,
    dropped_warnings: usize,
}

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

    /// Takes over the problems of another collection.
    pub fn append(&mut self, others: Self) {
        for other in others.kept {
            self.keep(other);
        }
        self.dropped_errors += others.dropped_errors;
        self.dropped_warnings += others.dropped_warnings;
    }

    /// Whether any problem is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Every problem kept, in the order found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.kept.iter()
    }

    /// The same without warnings of those codes.
    #[must_use]
    pub fn without_warnings(&self, codes: &[String]) -> Self {
        let mut left = self.clone();
        left.kept.retain(|diagnostic| {
            diagnostic.severity == Severity::Error
                || !codes.iter().any(|code| code == diagnostic.code)
        });
        left
    }

    /// How many problems are that bad, those not kept included.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let dropped = match severity {
            Severity::Error => self.dropped_errors,
            Severity::Warning => self.dropped_warnings,
        };
        self.kept.iter().filter(|diagnostic| diagnostic.severity == severity).count() + dropped
    }

    /// Whether further problems are only counted, so that there is no use in explaining them.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.kept.len() >= MAX_KEPT
    }

    /// Whether an error lies at `place` or inside it, so that a further one would say the same again.
    #[must_use]
    pub fn has_error_within(&self, place: &Place) -> bool {
        self.kept.iter().any(|diagnostic| {
            diagnostic.severity == Severity::Error
                && diagnostic.place.source == place.source
                && diagnostic.place.pointer.segments().starts_with(place.pointer.segments())
        })
    }

    /// Gives problems other places; `None` keeps one where it is. Of two that then say the same, one is left.
    pub fn move_places(&mut self, find: impl Fn(&Place) -> Option<Place>) {
        for mut diagnostic in std::mem::take(&mut self.kept) {
            if let Some(place) = find(&diagnostic.place) {
                diagnostic.place = place;
            }
            if !self.kept.iter().any(|kept| kept.says_the_same(&diagnostic)) {
                self.kept.push(diagnostic);
            }
        }
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: &Place,
        message: &dyn fmt::Display,
        help: &dyn fmt::Display,
    ) {
        if self.is_full() {
            return self.drop_one(severity);
        }
        self.keep(Diagnostic {
            severity,
            code,
            message: cut(message.to_string()),
            place: place.clone(),
            help: Some(cut(help.to_string())).filter(|text| !text.is_empty()),
        });
    }

    fn drop_one(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.dropped_errors += 1,
            Severity::Warning => self.dropped_warnings += 1,
        }
    }

    fn keep(&mut self, diagnostic: Diagnostic) {
        if self.is_full() {
            return self.drop_one(diagnostic.severity);
        }
        if !self.kept.iter().any(|kept| kept.says_the_same(&diagnostic)) {
            self.kept.push(diagnostic);
        }
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
