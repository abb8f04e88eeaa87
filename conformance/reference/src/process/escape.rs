//! Backslash escapes of `printf` and `echo -e` (POSIX.1-2024, chapter 5: File Format Notation), from text to bytes.
//!
//! An escape that is not known stays as it was written.

use std::{iter::Peekable, str::Chars};

/// How many digits an octal escape has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Octal {
    /// `\NNN`, one to three digits: in the format of `printf`.
    Bare,
    /// `\0NNN`, a zero and up to three digits more: in an argument for `%b` and in `echo -e`.
    AfterZero,
}

/// The bytes that a text with escapes stands for.
pub(super) fn unescape(text: &str, octal: Octal) -> Vec<u8> {
    let mut output = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        if next == '\\' {
            escape(&mut rest, octal, &mut output);
        } else {
            push(next, &mut output);
        }
    }
    output
}

/// Takes one escape after its backslash.
pub(super) fn escape(rest: &mut Peekable<Chars<'_>>, octal: Octal, output: &mut Vec<u8>) {
    let Some(&letter) = rest.peek() else { return output.push(b'\\') };
    if letter.is_digit(8) {
        if octal == Octal::AfterZero && letter == '0' {
            rest.next();
        }
        return output.push(digits(rest, 8, 3).unwrap_or_default());
    }
    rest.next();
    match letter {
        'a' => output.push(0x07),
        'b' => output.push(0x08),
        'f' => output.push(0x0c),
        'n' => output.push(b'\n'),
        'r' => output.push(b'\r'),
        't' => output.push(b'\t'),
        'v' => output.push(0x0b),
        '\\' | '"' | '\'' => push(letter, output),
        'x' => match digits(rest, 16, 2) {
            Some(byte) => output.push(byte),
            None => output.extend_from_slice(b"\\x"),
        },
        other => {
            output.push(b'\\');
            push(other, output);
        }
    }
}

/// Up to `most` digits as a byte; what is too great for one wraps, as in C. `None` without a digit.
fn digits(rest: &mut Peekable<Chars<'_>>, radix: u32, most: usize) -> Option<u8> {
    let mut value = None;
    for _ in 0..most {
        let Some(digit) = rest.peek().and_then(|next| next.to_digit(radix)) else { break };
        rest.next();
        value = Some(value.unwrap_or(0) * radix + digit);
    }
    value.and_then(|value| value.to_le_bytes().first().copied())
}

fn push(character: char, output: &mut Vec<u8>) {
    output.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_escape_gives_its_byte() {
        for (text, expected) in [
            (r"a\nb\r\t\\", &b"a\nb\r\t\\"[..]),
            (r"\0\000\1012", b"\0\0A2"),
            (r"\101\60\7x", b"A0\x07x"),
            (r"\x41\x4\xff\xFg", b"A\x04\xff\x0fg"),
            (r"\xg\q\", b"\\xg\\q\\"),
            (r"\400", b"\0"),
            ("\\ä\"", "\\ä\"".as_bytes()),
        ] {
            assert_eq!(unescape(text, Octal::Bare), expected, "{text}");
        }
    }

    #[test]
    fn a_leading_zero_counts_only_in_a_format() {
        assert_eq!(unescape(r"\0101", Octal::Bare), b"\x081");
        assert_eq!(unescape(r"\0101", Octal::AfterZero), b"A");
        assert_eq!(unescape(r"\0", Octal::AfterZero), b"\0");
        assert_eq!(unescape(r"\101", Octal::AfterZero), b"A");
    }
}
