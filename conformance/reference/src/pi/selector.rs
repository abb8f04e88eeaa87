//! Label selectors as Kubernetes 1.9 writes them: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`.

use std::collections::BTreeMap;

/// Every requirement must hold; none at all holds for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

/// A text that is no selector, and where it ceases to be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no label selector: {0}")]
pub struct Malformed(String);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// The label is there with one of the values.
    In(Vec<String>),
    /// The label is not there, or has none of the values.
    NotIn(Vec<String>),
    Exists,
    Absent,
}

impl Selector {
    /// Reads a selector; an empty text selects everything.
    ///
    /// # Errors
    /// [`Malformed`] where the text cannot be read.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let mut rest = text.trim();
        let mut requirements = Vec::new();
        while !rest.is_empty() {
            let (requirement, after) = Requirement::parse(rest)?;
            requirements.push(requirement);
            rest = match after.strip_prefix(',').map(str::trim_start) {
                Some("") => return Err(Malformed("it ends in a comma".to_owned())),
                Some(next) => next,
                None if after.is_empty() => after,
                None => return Err(unexpected(after)),
            };
        }
        Ok(Self { requirements })
    }

    /// Whether labels are selected.
    #[must_use]
    pub fn selects(&self, labels: &BTreeMap<String, String>) -> bool {
        self.requirements.iter().all(|requirement| requirement.holds(labels))
    }
}

impl Requirement {
    fn parse(text: &str) -> Result<(Self, &str), Malformed> {
        if let Some(rest) = text.strip_prefix('!') {
            let (key, rest) = key(rest.trim_start())?;
            return Ok((Self { key, test: Test::Absent }, rest));
        }
        let (key, rest) = key(text)?;
        let (test, rest) = Test::parse(rest)?;
        Ok((Self { key, test }, rest))
    }

    fn holds(&self, labels: &BTreeMap<String, String>) -> bool {
        let label = labels.get(&self.key);
        match &self.test {
            Test::In(values) => label.is_some_and(|label| values.contains(label)),
            Test::NotIn(values) => label.is_none_or(|label| !values.contains(label)),
            Test::Exists => label.is_some(),
            Test::Absent => label.is_none(),
        }
    }
}

impl Test {
    fn parse(text: &str) -> Result<(Self, &str), Malformed> {
        for (operator, make) in
            [("==", Self::In as fn(Vec<String>) -> Self), ("!=", Self::NotIn), ("=", Self::In)]
        {
            if let Some(rest) = text.strip_prefix(operator) {
                let (value, rest) = word(rest.trim_start());
                return Ok((make(vec![self::value(value)?]), rest));
            }
        }
        let (operator, rest) = word(text);
        match operator {
            "" => Ok((Self::Exists, text)),
            "in" => values(rest).map(|(values, rest)| (Self::In(values), rest)),
            "notin" => values(rest).map(|(values, rest)| (Self::NotIn(values), rest)),
            _ => Err(unexpected(text)),
        }
    }
}

/// A list in parentheses.
fn values(text: &str) -> Result<(Vec<String>, &str), Malformed> {
    let inner = text.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let (list, rest) = inner.ok_or_else(|| unexpected(text))?;
    let values = list.split(',').map(|text| value(text.trim())).collect::<Result<_, _>>()?;
    Ok((values, rest.trim_start()))
}

/// The characters up to the next one that means something to a selector, and what follows the space behind them.
fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | '=' | '!' | '(' | ')'))
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_start())
}

fn key(text: &str) -> Result<(String, &str), Malformed> {
    let (word, rest) = word(text);
    let (prefix, name) =
        word.rsplit_once('/').map_or((None, word), |(prefix, name)| (Some(prefix), name));
    let is_key = !name.is_empty()
        && is_value(name)
        && prefix.is_none_or(|prefix| prefix.split('.').all(super::name::is_label));
    if is_key { Ok((word.to_owned(), rest)) } else { Err(unexpected(text)) }
}

fn value(text: &str) -> Result<String, Malformed> {
    if is_value(text) { Ok(text.to_owned()) } else { Err(unexpected(text)) }
}

/// Nothing, or at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_value(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = bytes.first().into_iter().chain(bytes.last());
    bytes.len() <= 63
        && ends.into_iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

fn unexpected(at: &str) -> Malformed {
    let near: String = at.chars().take(20).collect();
    Malformed(if near.is_empty() {
        "it ends too soon".to_owned()
    } else {
        format!("{near:?} was not expected")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_select() {
        let labels: BTreeMap<_, _> = [("app", "web"), ("tier", "front"), ("e.org/x", "")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
        let cases = [
            ("", true),
            ("app=web", true),
            ("app == web , tier!=back", true),
            ("app=db", false),
            ("other!=x", true),
            ("app in (db, web)", true),
            ("app notin (db,web)", false),
            ("other notin (x)", true),
            ("app", true),
            ("!app", false),
            ("!other,e.org/x", true),
            ("e.org/x=", true),
            ("app=web,tier=back", false),
        ];
        for (text, expected) in cases {
            assert_eq!(Selector::parse(text).unwrap().selects(&labels), expected, "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for text in [
            "=,!(", "=a", "a=b,", ",a", "a in", "a in (b", "a b", "a=-b", "!", "a=b=c", "A_/b",
            "a in b",
        ] {
            assert!(Selector::parse(text).is_err(), "{text:?}");
        }
    }
}
