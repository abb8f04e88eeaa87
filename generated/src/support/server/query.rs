//! The pairs of a query (WHATWG URL, `application/x-www-form-urlencoded`) and percent-decoding (RFC 3986 §2.1).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A name, decoded, and a value that is not: delimiters in it still mean something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair<'a> {
    pub(super) name: String,
    pub(super) value: &'a str,
}

/// The pairs of a query in order. A pair whose name cannot be decoded is nobody's.
pub(super) fn pairs(query: &str) -> Vec<Pair<'_>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    let pair = |part| {
        let (name, value) = str::split_once(part, '=').unwrap_or((part, ""));
        Some(Pair { name: decode_query(name).ok()?, value })
    };
    parts.filter_map(pair).collect()
}

/// Decodes a name or value of a query, where a plus sign stands for a space.
pub(super) fn decode_query(text: &str) -> Result<String, String> {
    if text.contains('+') { decode(&text.replace('+', " ")) } else { decode(text) }
}

/// Decodes percent-encoding.
///
/// # Errors
/// What is wrong with it: a percent sign without two hexadecimal digits, or bytes that are not UTF-8.
pub(super) fn decode(text: &str) -> Result<String, String> {
    let mut escapes = text.split('%').skip(1);
    if !escapes.all(|rest| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2) {
        return Err("has malformed percent-encoding".to_owned());
    }
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Cow::into_owned).map_err(|_| "is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_keep_their_values_raw() {
        let found = pairs("a=1&&b=x%2Cy&c&%20d=+&%=1");
        let found = found.iter().map(|pair| (pair.name.as_str(), pair.value)).collect::<Vec<_>>();
        assert_eq!(found, [("a", "1"), ("b", "x%2Cy"), ("c", ""), (" d", "+")]);
    }

    #[test]
    fn percent_encoding_is_strict() {
        assert_eq!(decode("a%2Fb").as_deref(), Ok("a/b"));
        assert_eq!(decode_query("a+b%2B").as_deref(), Ok("a b+"));
        for broken in ["%", "%4", "%zz", "a%2"] {
            assert!(decode(broken).is_err(), "{broken}");
        }
        assert_eq!(decode("%ff"), Err("is not UTF-8".to_owned()));
    }
}
