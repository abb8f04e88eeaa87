//! Versions of the store: numbers that only grow, opaque to clients.

use std::fmt;

/// A version. Versions of one store can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u64);

/// A text that is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "resourceVersion: Invalid value: {text:?}: strconv.ParseUint: parsing {text:?}: {}",
    if *.range { "value out of range" } else { "invalid syntax" }
)]
pub struct BadVersion {
    text: String,
    range: bool,
}

impl Version {
    /// Before everything; also what clients write for any version at all.
    pub const ZERO: Self = Self(0);
    /// What a new store begins with.
    pub const FIRST: Self = Self(1);

    /// A version by its number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Reads a version that a client sends.
    ///
    /// # Errors
    /// [`BadVersion`] when the text is no decimal number that fits.
    pub fn parse(text: &str) -> Result<Self, BadVersion> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if digits => Ok(Self(number)),
            _ => Err(BadVersion { text: text.to_owned(), range: digits }),
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The one after this.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
