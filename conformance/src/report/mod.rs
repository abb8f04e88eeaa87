//! Verdicts → terminal, JSON, JUnit. Decides nothing: what is concluded is concluded before.

mod curl;
mod gaps;
mod junit;
mod known;
mod matrix;
mod summary;
mod terminal;

pub use curl::{command, of, raw};
pub use gaps::Gap;
pub use junit::junit;
pub use known::{Known, KnownFailures};
pub use matrix::{Mark, Matrix, NotProvoked, Row};
pub use summary::{Exit, Facts, Summary};
pub use terminal::{Style, terminal};

/// The whole summary as a JSON document.
///
/// # Errors
/// What `serde_json` says; a summary holds nothing that JSON cannot.
pub fn json(summary: &Summary) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(summary).map(|text| text + "\n")
}
