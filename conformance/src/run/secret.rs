//! Finds the values of header fields in other bytes, in the ways they may come back: as they are, percent-encoded, as
//! part of a JSON or XML document, in Base64 or hexadecimal digits; and parts of them that are secrets by themselves.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::redact::placeholder;
use crate::call::Credentials;

/// A secret shorter than this is taken out of its own header field only: it could be anywhere by chance.
const SHORTEST: usize = 4;
/// So many first characters of a secret, at a place where a text was cut, are taken for what is left of it.
const SHORTEST_START: usize = 3;

/// What to look for.
#[derive(Debug)]
pub(super) struct Secrets {
    /// The longest first.
    patterns: Vec<Pattern>,
    /// The bytes that a match can begin with.
    starts: [bool; 256],
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    bytes: Vec<u8>,
    shown: String,
    /// Whether it is the secret itself, and so may be escaped; encoded it holds nothing that is.
    is_plain: bool,
}

/// How a byte of a secret is written in another document.
#[derive(Clone, Copy)]
enum Escaping {
    None,
    /// RFC 3986 §2.1, and a plus for a space as in forms.
    Percent,
    /// RFC 8259 §7.
    Json,
    /// XML 1.0 §4.6.
    Xml,
}

impl Secrets {
    /// Everything that is to be found of those fields.
    pub(super) fn of(credentials: &Credentials) -> Self {
        let mut patterns: Vec<_> = credentials
            .headers
            .iter()
            .flat_map(|(name, value)| {
                let shown = placeholder(name);
                parts(name, value).into_iter().flat_map(move |part| patterns(&part, &shown))
            })
            .collect();
        patterns.sort_by(|one, other| other.bytes.len().cmp(&one.bytes.len()).then(one.cmp(other)));
        patterns.dedup();
        let mut starts = [false; 256];
        let first = patterns.iter().filter_map(|pattern| pattern.bytes.first());
        for byte in first.chain(b"%+\\&") {
            if let Some(start) = starts.get_mut(usize::from(*byte)) {
                *start = true;
            }
        }
        Self { patterns, starts }
    }

    /// The bytes with a name in place of every secret; `None` if there is none in them.
    pub(super) fn clean(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut clean: Option<Vec<u8>> = None;
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            match self.at(rest) {
                Some((length, shown)) => {
                    let before = bytes.len() - rest.len();
                    let clean = clean
                        .get_or_insert_with(|| bytes.get(..before).unwrap_or_default().to_vec());
                    clean.extend_from_slice(shown.as_bytes());
                    rest = rest.get(length..).unwrap_or_default();
                }
                None => {
                    if let Some(clean) = &mut clean {
                        clean.push(*first);
                    }
                    rest = after;
                }
            }
        }
        clean
    }

    /// The same for a text, which may have been cut in the middle of a secret.
    pub(super) fn text(&self, text: &str) -> String {
        let whole = self.clean(text.as_bytes());
        let text = whole
            .map_or_else(|| text.to_owned(), |clean| String::from_utf8_lossy(&clean).into_owned());
        let mut pieces: Vec<_> = text.split('…').map(|piece| self.without_start(piece)).collect();
        if let (Some(piece), Some(last)) = (pieces.last_mut(), text.split('…').next_back()) {
            // Nothing was cut at the very end.
            last.clone_into(piece);
        }
        pieces.join("…")
    }

    /// A text that was cut, without the start of a secret at its end.
    fn without_start(&self, piece: &str) -> String {
        let cut = self.patterns.iter().find_map(|pattern| {
            let left = (SHORTEST_START..pattern.bytes.len())
                .rev()
                .filter_map(|length| std::str::from_utf8(pattern.bytes.get(..length)?).ok())
                .find(|start| piece.ends_with(start))?;
            Some((piece.strip_suffix(left)?, &pattern.shown))
        });
        cut.map_or_else(|| piece.to_owned(), |(before, shown)| format!("{before}{shown}"))
    }

    /// The length of the secret that the bytes begin with, and what is shown in its place.
    fn at(&self, bytes: &[u8]) -> Option<(usize, &str)> {
        let first = usize::from(*bytes.first()?);
        if !self.starts.get(first).copied().unwrap_or_default() {
            return None;
        }
        self.patterns.iter().find_map(|pattern| {
            let ways: &[Escaping] = if pattern.is_plain {
                &[Escaping::None, Escaping::Percent, Escaping::Json, Escaping::Xml]
            } else {
                &[Escaping::None, Escaping::Percent]
            };
            let length = ways.iter().find_map(|way| way.length(bytes, &pattern.bytes))?;
            Some((length, pattern.shown.as_str()))
        })
    }
}

impl Escaping {
    /// The length of `secret` at the start of `bytes`, if it is there.
    fn length(self, bytes: &[u8], secret: &[u8]) -> Option<usize> {
        secret.iter().try_fold(0, |at, byte| Some(at + self.byte(bytes.get(at..)?, *byte)?))
    }

    fn byte(self, bytes: &[u8], byte: u8) -> Option<usize> {
        let escaped = match self {
            Self::None => None,
            Self::Percent => match bytes {
                [b'+', ..] if byte == b' ' => Some(1),
                [b'%', digits @ ..] => hexadecimal(digits.get(..2)?, byte).map(|()| 3),
                _ => None,
            },
            Self::Json => match bytes {
                [b'\\', b'u', digits @ ..] => hexadecimal(digits.get(..4)?, byte).map(|()| 6),
                [b'\\', escaped, ..] if b"\"\\/".contains(&byte) => (*escaped == byte).then_some(2),
                _ => None,
            },
            Self::Xml => entity(bytes, byte),
        };
        escaped.or_else(|| (bytes.first() == Some(&byte)).then_some(1))
    }
}

fn hexadecimal(digits: &[u8], byte: u8) -> Option<()> {
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (number == u32::from(byte)).then_some(())
}

fn entity(bytes: &[u8], byte: u8) -> Option<usize> {
    let ways: &[&str] = match byte {
        b'&' => &["&amp;", "&#38;", "&#x26;"],
        b'<' => &["&lt;", "&#60;", "&#x3c;", "&#x3C;"],
        b'>' => &["&gt;", "&#62;", "&#x3e;", "&#x3E;"],
        b'"' => &["&quot;", "&#34;", "&#x22;"],
        b'\'' => &["&apos;", "&#39;", "&#x27;"],
        _ => &[],
    };
    ways.iter().find(|way| bytes.starts_with(way.as_bytes())).map(|way| way.len())
}

/// A value, and what of it is a secret by itself.
fn parts(name: &str, value: &str) -> Vec<String> {
    let mut parts = vec![value.to_owned()];
    let is_scheme =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
    if name.eq_ignore_ascii_case("cookie") {
        let values = value.split(';').filter_map(|pair| pair.split_once('='));
        parts.extend(values.map(|(_, value)| value.trim().trim_matches('"').to_owned()));
    } else if let Some((_, token)) = value.split_once(' ').filter(|(word, _)| is_scheme(word)) {
        let token = token.trim().to_owned();
        // Basic credentials (RFC 7617 §2).
        if let Some(pair) = STANDARD.decode(&token).ok().and_then(|it| String::from_utf8(it).ok()) {
            parts.extend(pair.split_once(':').map(|(_, password)| password.to_owned()));
            parts.push(pair);
        }
        parts.push(token);
    }
    parts.retain(|part| part.len() >= SHORTEST);
    parts
}

/// A secret in every encoding that does not escape byte by byte.
fn patterns(secret: &str, shown: &str) -> Vec<Pattern> {
    let encoded = |bytes: String| Pattern {
        bytes: bytes.into_bytes(),
        shown: shown.to_owned(),
        is_plain: false,
    };
    let hex = |bytes: &mut String, byte: u8| bytes.push_str(&format!("{byte:02x}"));
    let lower = secret.bytes().fold(String::new(), |mut text, byte| {
        hex(&mut text, byte);
        text
    });
    let mut patterns = vec![encoded(lower.to_ascii_uppercase()), encoded(lower)];
    patterns.push(Pattern {
        bytes: secret.as_bytes().to_vec(),
        shown: shown.to_owned(),
        is_plain: true,
    });
    for before in 0..3 {
        let padded = [&[0; 2][..before], secret.as_bytes()].concat();
        for text in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            patterns.extend(certain(&text, before, padded.len()).map(|it| encoded(it.to_owned())));
        }
    }
    patterns
}

/// The part of an encoding that neither the bytes before nor those after have a share in (RFC 4648 §4).
fn certain(text: &str, before: usize, length: usize) -> Option<&str> {
    let from = (before * 8).div_ceil(6);
    let until = length * 8 / 6;
    text.get(from..until).filter(|certain| certain.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(fields: &[(&str, &str)], text: &str) -> String {
        let field = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Secrets::of(&Credentials { headers: fields.iter().map(field).collect() }).text(text)
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let key = [("X-Key", "a /\"s3cret&")];
        for written in [
            "a /\"s3cret&",
            "a%20%2F%22s3cret%26",
            "a%20/%22%733cret&",
            "a+%2f%22s3cret%26",
            "a /\\\"s3cret&",
            "a \\/\\u0022s3cret\\u0026",
            "a /&quot;s3cret&amp;",
            "61202f2273336372657426",
            "61202F2273336372657426",
        ] {
            assert_eq!(cleaned(&key, &format!("<{written}>")), "<${X_KEY}>", "{written}");
        }
    }

    #[test]
    fn a_secret_is_found_inside_of_base64() {
        let secret = "s3cret>key?";
        for before in ["", "a", "ab", "abc"] {
            for after in ["", "y", "yz"] {
                let whole = format!("{before}{secret}{after}");
                for text in [STANDARD.encode(&whole), URL_SAFE_NO_PAD.encode(&whole)] {
                    let clean = cleaned(&[("X-Key", secret)], &text);
                    assert!(clean.contains("${X_KEY}"), "{text}: {clean}");
                    assert!(clean.len() <= "${X_KEY}".len() + 12, "{text}: {clean}");
                }
            }
        }
    }

    #[test]
    fn parts_of_a_value_are_secrets_too() {
        let bearer = [("Authorization", "Bearer s3cret")];
        assert_eq!(cleaned(&bearer, "Bearer s3cret, s3cret"), "${AUTHORIZATION}, ${AUTHORIZATION}");
        let basic = [("Authorization", "Basic dXNlcjpwYXNzd29yZA==")];
        assert_eq!(cleaned(&basic, "password of user"), "${AUTHORIZATION} of user");
        let cookie = [("Cookie", "sid=s3cret; theme=dark-one")];
        assert_eq!(cleaned(&cookie, "sid is s3cret"), "sid is ${COOKIE}");
    }

    #[test]
    fn what_a_cut_leaves_of_a_secret_is_found() {
        let key = [("X-Key", "s3cret")];
        assert_eq!(cleaned(&key, "it is s3cr… and more"), "it is ${X_KEY}… and more");
        assert_eq!(cleaned(&key, "it is s3… and s3cr"), "it is s3… and s3cr");
    }

    #[test]
    fn what_is_short_or_empty_is_left() {
        assert_eq!(cleaned(&[("X-Key", "no"), ("X-Other", "")], "no one"), "no one");
    }
}
