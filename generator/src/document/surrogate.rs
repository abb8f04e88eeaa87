//! Characters that JSON writes as two escapes (RFC 8259, section 7), in the one escape that YAML has for them.
//! Everything else about a text is left to the readers.

use std::borrow::Cow;

use serde::de::IgnoredAny;

/// A JSON text with each such pair in the form of YAML; any other text as it is.
pub(super) fn joined(text: &str) -> Cow<'_, str> {
    let has_pairs = ["\\ud8", "\\ud9", "\\uda", "\\udb", "\\uD8", "\\uD9", "\\uDA", "\\uDB"]
        .iter()
        .any(|start| text.contains(start));
    if !has_pairs || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        joined.push_str(before);
        let length = match pair(escape) {
            Some(character) => {
                joined.push_str(&format!("\\U{:08X}", u32::from(character)));
                12
            }
            // An escaped backslash escapes nothing in turn.
            None => {
                let end = escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end);
                joined.push_str(escape.get(..end).unwrap_or_default());
                end
            }
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

/// The character that two escapes at the start of a text come to.
fn pair(escape: &str) -> Option<char> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
    let units = [unit(escape.get(..6)?)?, unit(escape.get(6..12)?)?];
    let mut characters = char::decode_utf16(units);
    let first = characters.next()?.ok()?;
    characters.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_one_character() {
        assert_eq!(joined(r#"["\ud83d\uDE00!"]"#), r#"["\U0001F600!"]"#);
        for same in [r#"["\\ud83d\\ude00"]"#, r#"["\ud83d"]"#, r"- \ud83d\ude00", "[]"] {
            assert_eq!(joined(same), same);
        }
    }
}
