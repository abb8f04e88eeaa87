//! Bytes as a script writes them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generator::diagnostic::Diagnostics;
use serde::Serialize;

use super::cursor::{Cursor, Keys};
use super::expression::{Expression, Scope, Unresolved};
use super::template::Template;

/// Bytes as a script writes them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payload {
    /// A text, which may hold expressions.
    Text(Template),
    /// A JSON document, which may hold expressions.
    Item(Template),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A text again and again.
    Repeat {
        /// The text.
        text: String,
        /// How often.
        times: u64,
    },
}

/// The longest payload, in bytes.
const LARGEST: u64 = 64 << 20;

impl Payload {
    /// The bytes.
    ///
    /// # Errors
    /// The first expression that leads to nothing.
    pub fn bytes(&self, scope: &Scope<'_>) -> Result<Vec<u8>, Unresolved> {
        Ok(match self {
            Self::Text(template) => match template.evaluate(scope)? {
                serde_json::Value::String(text) => text.into_bytes(),
                other => other.to_string().into_bytes(),
            },
            Self::Item(template) => template.evaluate(scope)?.to_string().into_bytes(),
            Self::Bytes(bytes) => bytes.clone(),
            Self::Repeat { text, times } => {
                text.repeat(usize::try_from(*times).unwrap_or(0)).into_bytes()
            }
        })
    }

    /// How many bytes it is; what expressions give is not counted.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::Text(_) | Self::Item(_) => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Repeat { text, times } => (text.len() as u64).saturating_mul(*times),
        }
    }

    /// Every expression in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Text(template) | Self::Item(template) => template.expressions(),
            Self::Bytes(_) | Self::Repeat { .. } => Vec::new(),
        }
    }

    /// The payload under whichever of its keys is there.
    pub(super) fn read(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        if let Some(at) = cursor.get("text") {
            return at.text(diagnostics).map(|_| Self::Text(Template::read(&at, diagnostics)));
        }
        if let Some(at) = cursor.get("item") {
            return Some(Self::Item(Template::read(&at, diagnostics)));
        }
        if let Some(at) = cursor.get("hex") {
            return decoded(&at, "hexadecimal digits, two a byte", from_hex, diagnostics);
        }
        if let Some(at) = cursor.get("base64") {
            let decode = |text: &str| STANDARD.decode(text).ok();
            return decoded(&at, "base64 (RFC 4648 §4)", decode, diagnostics);
        }
        cursor.get("repeat").and_then(|at| repeat(&at, diagnostics))
    }
}

fn repeat(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Payload> {
    cursor.keys(&Keys { known: &["text", "times"], foreign: &[] }, diagnostics);
    let text = cursor.need("text", diagnostics).and_then(|at| at.text(diagnostics));
    let times = cursor.need("times", diagnostics).and_then(|at| at.count(diagnostics));
    let (text, times) = (text?.to_owned(), times?);
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_mul(times);
    if LARGEST < length {
        cursor.wrong(format_args!("at most {LARGEST} bytes in all"), diagnostics);
        return None;
    }
    Some(Payload::Repeat { text, times })
}

fn decoded(
    at: &Cursor<'_>,
    expected: &str,
    decode: impl Fn(&str) -> Option<Vec<u8>>,
    diagnostics: &mut Diagnostics,
) -> Option<Payload> {
    let text = at.text(diagnostics)?;
    let bytes = decode(text);
    if bytes.is_none() {
        at.wrong(expected, diagnostics);
    }
    bytes.map(Payload::Bytes)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let byte = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_come_in_pairs() {
        assert_eq!(from_hex("00fF"), Some(vec![0, 255]));
        assert_eq!(from_hex(""), Some(Vec::new()));
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("0g"), None);
    }
}
