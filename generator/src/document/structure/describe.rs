//! Words for messages: what is expected, what stands there instead, and what may have been meant.

use super::super::{Node, Scalar, Value};
use super::kind::{Key, Kind};

/// No word longer than that is compared with others.
const MAX_WORD: usize = 64;

/// No more candidates are compared with a word; a document can hold any number.
const MAX_CANDIDATES: usize = 1_000;

/// So many characters of a text are quoted.
const MAX_QUOTED: usize = 40;

/// What a node of that kind is.
pub(super) fn expected(kind: Kind) -> String {
    match kind {
        Kind::Any => "anything".into(),
        Kind::Flag => "`true` or `false`".into(),
        Kind::Number => "a number".into(),
        Kind::Count => "a whole number of at least 0".into(),
        Kind::Status => "a status code from 100 to 599".into(),
        Kind::Text => "a text".into(),
        Kind::Scalar => "a text, a number or a flag".into(),
        Kind::Pointer => "a JSON pointer such as `/a/b`".into(),
        Kind::Choice([only]) => format!("`{only}`"),
        Kind::Choice(words) => format!("one of {}", listed(words)),
        Kind::List(_) => "a list".into(),
        Kind::OneOrMore(one) => format!("{} or a list of such", expected(*one)),
        Kind::FlagOr(other) => format!("`true`, `false` or {}", expected(*other)),
        Kind::TextOr(other) => format!("a text or {}", expected(*other)),
        Kind::Map(..)
        | Kind::Object(_)
        | Kind::Referable(_)
        | Kind::Variants(_)
        | Kind::IfKey(..) => "a mapping".into(),
        Kind::Newer(earlier, _) => expected(*earlier),
    }
}

/// What a key of that form is.
pub(super) fn expected_key(key: Key) -> &'static str {
    match key {
        Key::Any => "a text",
        Key::Component => "a name of letters, digits, `.`, `-` and `_`",
        Key::Path => "a path that begins with a slash and names its placeholders in braces",
        Key::Status => "`default`, a status code such as `404`, or a range such as `4XX`",
        Key::MediaType => "a media type such as `application/json`",
        Key::Integer => "a whole number",
    }
}

/// What stands there.
pub(super) fn found(node: &Node) -> String {
    match &node.value {
        Value::Scalar(Scalar::Null) => "null".into(),
        Value::Scalar(Scalar::Bool(flag)) => format!("`{flag}`"),
        Value::Scalar(Scalar::Number(number)) => format!("the number {number}"),
        Value::Scalar(Scalar::String(text)) => format!("the text `{}`", quoted(text)),
        Value::Sequence(_) => "a list".into(),
        Value::Mapping(_) => "a mapping".into(),
    }
}

/// A text, shortened for a message.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What to do about a node that is of another kind.
pub(super) fn cure(kind: Kind, node: &Node) -> String {
    match (kind, &node.value) {
        (_, Value::Scalar(Scalar::Null)) => "remove the key, or give it a value".into(),
        (Kind::Text | Kind::TextOr(_), Value::Scalar(_)) => "put the value into quotes".into(),
        (Kind::Flag | Kind::Number | Kind::Count, Value::Scalar(Scalar::String(text)))
            if is_quoted_form(kind, text) =>
        {
            "remove the quotes".into()
        }
        (Kind::List(_), value) if !matches!(value, Value::Mapping(_)) => {
            "write a list, even of one item".into()
        }
        (kind, _) => format!("write {} here", expected(kind)),
    }
}

fn is_quoted_form(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Flag => matches!(text, "true" | "false"),
        Kind::Count => text.parse::<u64>().is_ok(),
        _ => text.parse::<f64>().is_ok(),
    }
}

/// Words in backticks, with commas.
pub(super) fn listed<W: AsRef<str>>(words: &[W]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    quoted.join(", ")
}

/// The candidate that was probably meant by `word`, by the number of slips that lead from one to the other.
pub(super) fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    if word.len() > MAX_WORD {
        return None;
    }
    let lower = word.to_lowercase();
    let slips = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .take(MAX_CANDIDATES)
        .filter(|candidate| candidate.len() <= MAX_WORD && *candidate != word)
        .map(|candidate| {
            (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= slips && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let keys = ["required", "parameters", "in", "operationId", "type", "title"];
        let cases = [
            ("requried", Some("required")),
            ("parmeters", Some("parameters")),
            ("operationID", Some("operationId")),
            ("typ", Some("type")),
            ("im", Some("in")),
            ("x", None),
            ("berth", None),
        ];
        for (word, meant) in cases {
            assert_eq!(nearest(word, keys), meant, "{word}");
        }
        assert_eq!(nearest(&"x".repeat(1000), ["x"]), None);
    }
}
