//! The format of `printf` (POSIX.1-2024, utilities): parsed once, then applied to the values until none is left.
//!
//! Conversions of floating point numbers, `*`, and a precision of numbers are refused, not guessed.

use std::{borrow::Cow, iter::Peekable, slice, str::Chars};

use super::escape::{Octal, escape, unescape};

/// The greatest width of a conversion: 1 MiB.
const WIDEST: usize = 1024 * 1024;

/// A parsed format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    directives: Vec<Directive>,
}

/// Why a format cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FormatError {
    #[error("%{0}: invalid conversion")]
    Conversion(char),
    #[error("the format ends within a conversion")]
    Unfinished,
    #[error("a width or precision is greater than {WIDEST}")]
    TooWide,
}

/// What applying a format gives, piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Bytes to write.
    Output(Cow<'a, [u8]>),
    /// A value that should have been a number; what it has at its beginning, or 0, is written in its place.
    BadNumber(&'a str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Directive {
    Literal(Vec<u8>),
    Conversion(Conversion),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Conversion {
    left: bool,
    zero: bool,
    plus: bool,
    width: usize,
    precision: Option<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Text,
    Escaped,
    Character,
    Decimal,
    Unsigned,
    Octal,
    Hexadecimal,
    UpperHexadecimal,
}

impl Format {
    /// Reads a format.
    pub(super) fn parse(text: &str) -> Result<Self, FormatError> {
        let mut directives = Vec::new();
        let mut literal = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(next) = rest.next() {
            match next {
                '\\' => escape(&mut rest, Octal::Bare, &mut literal),
                '%' if rest.next_if_eq(&'%').is_some() => literal.push(b'%'),
                '%' => {
                    push_literal(&mut directives, &mut literal);
                    directives.push(Directive::Conversion(conversion(&mut rest)?));
                }
                other => literal.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        push_literal(&mut directives, &mut literal);
        Ok(Self { directives })
    }

    /// Applies the format to the values again and again until all are used, at least once.
    pub(super) fn apply<'a>(&'a self, values: &'a [String]) -> impl Iterator<Item = Piece<'a>> {
        let mut values = values.iter();
        let uses_values = self.directives.iter().any(|it| matches!(it, Directive::Conversion(_)));
        let mut first = true;
        let passes = std::iter::from_fn(move || {
            let again = first || (uses_values && values.len() > 0);
            first = false;
            again.then(|| self.pass(&mut values))
        });
        passes.flatten()
    }

    /// One pass: each directive with its value, rendered only when it is asked for.
    fn pass<'a>(
        &'a self,
        values: &mut slice::Iter<'a, String>,
    ) -> impl Iterator<Item = Piece<'a>> + use<'a> {
        let taken: Vec<_> = self
            .directives
            .iter()
            .map(|directive| match directive {
                Directive::Literal(bytes) => Use::Literal(bytes),
                Directive::Conversion(conversion) => {
                    Use::Conversion(conversion, values.next().map(String::as_str))
                }
            })
            .collect();
        taken.into_iter().flat_map(|taken| match taken {
            Use::Literal(bytes) => vec![Piece::Output(Cow::Borrowed(bytes))],
            Use::Conversion(conversion, value) => conversion.render(value),
        })
    }
}

/// A directive with the value that falls to it.
enum Use<'a> {
    Literal(&'a [u8]),
    Conversion(&'a Conversion, Option<&'a str>),
}

fn push_literal(directives: &mut Vec<Directive>, literal: &mut Vec<u8>) {
    if !literal.is_empty() {
        directives.push(Directive::Literal(std::mem::take(literal)));
    }
}

/// Reads a conversion after its percent sign.
fn conversion(rest: &mut Peekable<Chars<'_>>) -> Result<Conversion, FormatError> {
    let mut conversion = Conversion::default();
    while let Some(flag) = rest.next_if(|next| matches!(next, '-' | '0' | '+')) {
        match flag {
            '-' => conversion.left = true,
            '0' => conversion.zero = true,
            _ => conversion.plus = true,
        }
    }
    conversion.width = number(rest)?;
    if rest.next_if_eq(&'.').is_some() {
        conversion.precision = Some(number(rest)?);
    }
    let letter = rest.next().ok_or(FormatError::Unfinished)?;
    conversion.kind = kind(letter).ok_or(FormatError::Conversion(letter))?;
    match (conversion.precision, conversion.kind) {
        (None, _) | (Some(_), Kind::Text | Kind::Escaped) => Ok(conversion),
        (Some(_), _) => Err(FormatError::Conversion(letter)),
    }
}

fn kind(letter: char) -> Option<Kind> {
    Some(match letter {
        's' => Kind::Text,
        'b' => Kind::Escaped,
        'c' => Kind::Character,
        'd' | 'i' => Kind::Decimal,
        'u' => Kind::Unsigned,
        'o' => Kind::Octal,
        'x' => Kind::Hexadecimal,
        'X' => Kind::UpperHexadecimal,
        _ => return None,
    })
}

fn number(rest: &mut Peekable<Chars<'_>>) -> Result<usize, FormatError> {
    let mut value = 0;
    while let Some(digit) = rest.peek().and_then(|next| next.to_digit(10)) {
        rest.next();
        value = value * 10 + usize::try_from(digit).unwrap_or_default();
        if value > WIDEST {
            return Err(FormatError::TooWide);
        }
    }
    Ok(value)
}

impl Conversion {
    /// What a value looks like; without one it is empty or 0.
    fn render<'a>(&self, value: Option<&'a str>) -> Vec<Piece<'a>> {
        let text = value.unwrap_or_default();
        let bytes = match self.kind {
            Kind::Text => self.cut(text.as_bytes().to_vec()),
            Kind::Escaped => self.cut(unescape(text, Octal::AfterZero)),
            Kind::Character => text.chars().take(1).collect::<String>().into_bytes(),
            _ => return self.render_number(value),
        };
        vec![Piece::Output(Cow::Owned(self.pad(bytes, b' ')))]
    }

    fn render_number<'a>(&self, value: Option<&'a str>) -> Vec<Piece<'a>> {
        let (number, bad) = match value.map(|text| (text, integer(text))) {
            None => (0, None),
            Some((_, Some(number))) => (number, None),
            Some((text, None)) => (0, Some(Piece::BadNumber(text))),
        };
        let digits = match self.kind {
            Kind::Unsigned => number.cast_unsigned().to_string(),
            Kind::Octal => format!("{number:o}"),
            Kind::Hexadecimal => format!("{number:x}"),
            Kind::UpperHexadecimal => format!("{number:X}"),
            _ if self.plus => format!("{number:+}"),
            _ => number.to_string(),
        };
        let fill = if self.zero && !self.left { b'0' } else { b' ' };
        let output = Piece::Output(Cow::Owned(self.pad(digits.into_bytes(), fill)));
        bad.into_iter().chain([output]).collect()
    }

    fn cut(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.truncate(self.precision.unwrap_or(usize::MAX));
        bytes
    }

    fn pad(&self, bytes: Vec<u8>, fill: u8) -> Vec<u8> {
        let padding = vec![fill; self.width.saturating_sub(bytes.len())];
        if self.left {
            return [bytes, padding].concat();
        }
        // Zeros stand between a sign and its digits.
        match bytes.split_first() {
            Some((sign @ (b'-' | b'+'), digits)) if fill == b'0' => {
                [&[*sign][..], &padding, digits].concat()
            }
            _ => [padding, bytes].concat(),
        }
    }
}

/// A number as C writes it (decimal, 0x, leading 0 for octal), or a quote and a character for its code.
fn integer(text: &str) -> Option<i64> {
    if let Some(quoted) = text.strip_prefix(['\'', '"']) {
        return Some(quoted.chars().next().map_or(0, |character| i64::from(u32::from(character))));
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (16, digits),
        None if digits.len() > 1 && digits.starts_with('0') => (8, digits),
        None => (10, digits),
    };
    // `from_str_radix` takes a sign of its own, which must not stand twice.
    if digits.starts_with(['-', '+']) {
        return None;
    }
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(format: &str, values: &[&str]) -> (Vec<u8>, Vec<String>) {
        let values: Vec<_> = values.iter().map(ToString::to_string).collect();
        let mut output = Vec::new();
        let mut bad = Vec::new();
        for piece in Format::parse(format).unwrap().apply(&values) {
            match piece {
                Piece::Output(bytes) => output.extend_from_slice(&bytes),
                Piece::BadNumber(value) => bad.push(value.to_owned()),
            }
        }
        (output, bad)
    }

    #[test]
    fn each_conversion_renders_its_value() {
        let table: &[(&str, &[&str], &[u8])] = &[
            ("abc", &[], b"abc"),
            ("", &["unused"], b""),
            ("x", &["unused"], b"x"),
            ("100%%\\n", &[], b"100%\n"),
            ("%s-%s\\n", &["a", "b"], b"a-b\n"),
            ("%s\\n", &["a", "b", "c"], b"a\nb\nc\n"),
            ("%s=%d\\n", &["a", "1", "b"], b"a=1\nb=0\n"),
            ("%s|%d|%c|", &[], b"|0||"),
            ("%d %i %u", &["-5", "+7", "0x10"], b"-5 7 16"),
            ("%d %d", &["010", "'A"], b"8 65"),
            ("%x %X %o", &["255", "255", "8"], b"ff FF 10"),
            ("[%5s][%-5s][%05d][%+d]", &["ab", "cd", "-42", "3"], b"[   ab][cd   ][-0042][+3]"),
            ("%.2s%c", &["abc", "xyz"], b"abx"),
            ("%b", &["\\0101\\n"], b"A\n"),
            ("%s", &["\\n"], b"\\n"),
            ("\\001\\000\\xff", &[], b"\x01\x00\xff"),
            ("%u", &["-1"], b"18446744073709551615"),
        ];
        for (format, values, expected) in table {
            assert_eq!(printed(format, values), (expected.to_vec(), vec![]), "{format} {values:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_named_and_counts_as_zero() {
        for value in ["x", "", "1x", "--1", "0x-1", "99999999999999999999"] {
            assert_eq!(printed("%d.", &[value]), (b"0.".to_vec(), vec![value.to_owned()]));
        }
    }

    #[test]
    fn what_is_not_supported_is_refused() {
        for (format, error) in [
            ("%f", FormatError::Conversion('f')),
            ("%*d", FormatError::Conversion('*')),
            ("%.3d", FormatError::Conversion('d')),
            ("%", FormatError::Unfinished),
            ("%5", FormatError::Unfinished),
            ("%9999999s", FormatError::TooWide),
            ("%99999999999999999999999s", FormatError::TooWide),
        ] {
            assert_eq!(Format::parse(format), Err(error), "{format}");
        }
    }

    #[test]
    fn a_wide_conversion_is_rendered_only_when_asked() {
        let format = Format::parse(&"%1048576s".repeat(10_000)).unwrap();
        let Some(Piece::Output(bytes)) = format.apply(&[]).next() else { panic!("no output") };
        assert_eq!(bytes.len(), WIDEST);
    }
}
