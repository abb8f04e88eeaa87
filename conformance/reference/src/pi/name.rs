//! Names of pods: DNS subdomains (RFC 1123 §2.1, as Kubernetes 1.9 asks for them).

use std::borrow::Borrow;
use std::fmt;

/// The longest name, in characters.
const LONGEST: usize = 253;

/// The name of a pod.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodName(String);

/// A text that names no pod.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no DNS subdomain of at most {LONGEST} characters")]
pub struct InvalidName(String);

impl TryFrom<&str> for PodName {
    type Error = InvalidName;

    fn try_from(text: &str) -> Result<Self, InvalidName> {
        if text.len() <= LONGEST && text.split('.').all(is_label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName(text.chars().take(LONGEST).collect()))
        }
    }
}

/// Lowercase letters, digits and hyphens, with a letter or digit at both ends.
pub(super) fn is_label(text: &str) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.first().is_some_and(is_plain)
        && bytes.last().is_some_and(is_plain)
        && bytes.iter().all(|byte| is_plain(byte) || *byte == b'-')
}

impl PodName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for PodName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dns_subdomains() {
        for good in ["a", "web-1", "a.b-c.d", "0", &"a".repeat(253)] {
            assert!(PodName::try_from(good).is_ok(), "{good}");
        }
        for bad in ["", "A", "-a", "a-", "a..b", ".a", "a_b", "ä", "a b", &"a".repeat(254)] {
            assert!(PodName::try_from(bad).is_err(), "{bad}");
        }
    }
}
