//! Regular expressions, compiled when they are first needed.

use std::sync::OnceLock;

use fancy_regex::Regex;

/// A regular expression that was found to compile when this code was written.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern of that text, in the syntax of `fancy_regex`.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// Whether it matches somewhere in `text`. A match that would need too much backtracking is none.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(self.text).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(text).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_that_costs_too_much_is_none() {
        static PATTERN: Pattern = Pattern::new(r"^(?=(a+)+$)(\1|a|ab)+$");
        assert!(PATTERN.is_match("aaa"));
        assert!(!PATTERN.is_match(&format!("{}b", "a".repeat(5000))));
    }
}
