//! What a stream carried, against what it had to carry. Knows neither frames nor time.

use std::fmt;

/// What a stream has to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'w> {
    /// These bytes.
    Exactly(&'w [u8]),
    /// These bytes among others.
    Contains(&'w [u8]),
    /// So many bytes.
    Length(u64),
    /// None.
    Empty,
}

/// How far a stream has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It carries what it has to.
    Holds,
    /// It may yet.
    Short,
    /// It never will: the byte there is not one that it has to carry.
    Wrong {
        /// Where, counted from the start of the stream.
        at: usize,
    },
}

/// So many bytes of a text are quoted.
const QUOTED: usize = 48;
/// So many bytes are searched for what belongs elsewhere.
const SEARCHED: usize = 64 * 1024;

/// Compares a stream, or where `beginning` holds its beginning, with what it has to carry.
#[must_use]
pub fn progress(wanted: Wanted<'_>, found: &[u8], beginning: bool) -> Progress {
    match wanted {
        Wanted::Exactly(wanted) => {
            let common = wanted.len().min(found.len());
            match (wanted.get(..common), found.get(..common)) {
                (Some(left), Some(right)) if left != right => {
                    let at = left.iter().zip(right).position(|(left, right)| left != right);
                    Progress::Wrong { at: at.unwrap_or(common) }
                }
                _ => by_length(wanted.len(), found.len(), beginning),
            }
        }
        Wanted::Contains(wanted) if is_within(wanted, found) => Progress::Holds,
        Wanted::Contains(_) => Progress::Short,
        Wanted::Length(wanted) => {
            by_length(usize::try_from(wanted).unwrap_or(usize::MAX), found.len(), beginning)
        }
        Wanted::Empty => by_length(0, found.len(), false),
    }
}

fn by_length(wanted: usize, found: usize, beginning: bool) -> Progress {
    if found < wanted {
        Progress::Short
    } else if wanted < found && !beginning {
        Progress::Wrong { at: wanted }
    } else {
        Progress::Holds
    }
}

/// Whether bytes that came where they do not belong, or are missing where they do, are those of another stream.
/// Only the beginnings of long ones are compared.
#[must_use]
pub fn belongs(stray: &[u8], other: &[u8]) -> bool {
    let stray = stray.get(..SEARCHED).unwrap_or(stray);
    let other = other.get(..QUOTED).unwrap_or(other);
    !other.is_empty() && is_within(other, stray)
}

fn is_within(wanted: &[u8], found: &[u8]) -> bool {
    wanted.is_empty() || found.windows(wanted.len()).any(|window| window == wanted)
}

/// Bytes as a text with escapes, cut where they are many.
#[must_use]
pub fn quoted(bytes: &[u8]) -> String {
    match bytes.get(..QUOTED) {
        Some(beginning) if QUOTED < bytes.len() => {
            format!("\"{}\"… ({} bytes)", beginning.escape_ascii(), bytes.len())
        }
        _ => format!("\"{}\"", bytes.escape_ascii()),
    }
}

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(bytes) => f.write_str(&quoted(bytes)),
            Self::Contains(bytes) => write!(f, "{} somewhere", quoted(bytes)),
            Self::Length(length) => write!(f, "{length} bytes"),
            Self::Empty => f.write_str("nothing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_compared_byte_by_byte() {
        let cases = [
            (Wanted::Exactly(b"abc"), &b""[..], false, Progress::Short),
            (Wanted::Exactly(b"abc"), b"ab", false, Progress::Short),
            (Wanted::Exactly(b"abc"), b"abc", false, Progress::Holds),
            (Wanted::Exactly(b"abc"), b"abcd", false, Progress::Wrong { at: 3 }),
            (Wanted::Exactly(b"abc"), b"abcd", true, Progress::Holds),
            (Wanted::Exactly(b"abc"), b"axc", true, Progress::Wrong { at: 1 }),
            (Wanted::Exactly(b""), b"", false, Progress::Holds),
            (Wanted::Contains(b"bc"), b"ab", false, Progress::Short),
            (Wanted::Contains(b"bc"), b"abcd", false, Progress::Holds),
            (Wanted::Length(2), b"a", false, Progress::Short),
            (Wanted::Length(2), b"ab", false, Progress::Holds),
            (Wanted::Length(2), b"abc", false, Progress::Wrong { at: 2 }),
            (Wanted::Empty, b"", false, Progress::Holds),
            (Wanted::Empty, b"a", true, Progress::Wrong { at: 0 }),
        ];
        for (wanted, found, beginning, expected) in cases {
            assert_eq!(progress(wanted, found, beginning), expected, "{wanted}, {found:?}");
        }
    }

    #[test]
    fn strays_are_recognised() {
        assert!(belongs(b"err\n", b"err\n"));
        assert!(belongs(b"out\nerr\n", b"err\n"));
        assert!(!belongs(b"xxx", b"err\n"));
        assert!(!belongs(b"xxx", b""));
    }

    #[test]
    fn quotes_are_short() {
        assert_eq!(quoted(b"a\n\xff"), r#""a\n\xff""#);
        assert!(quoted(&[b'x'; 4096]).ends_with("… (4096 bytes)"));
    }
}
