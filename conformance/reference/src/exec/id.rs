//! The name of an exec object: `exec-` and ten letters.

use std::{borrow::Borrow, fmt};

use rand::distr::{Alphabetic, SampleString};

const PREFIX: &str = "exec-";
const LETTERS: usize = 10;

/// The name of an exec object, such as `exec-mtaUcLDzRk`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecId(String);

impl ExecId {
    /// A name drawn at random.
    pub(super) fn random() -> Self {
        Self(format!("{PREFIX}{}", Alphabetic.sample_string(&mut rand::rng(), LETTERS)))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ExecId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExecId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_prefix_and_ten_letters() {
        let id = ExecId::random();
        let letters = id.as_str().strip_prefix("exec-").unwrap();
        assert_eq!(letters.len(), 10);
        assert!(letters.bytes().all(|byte| byte.is_ascii_alphabetic()));
        assert_ne!(id, ExecId::random());
    }
}
