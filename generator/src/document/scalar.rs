//! What the text of a scalar means, by the core schema as `serde_yaml` applies it. Knows no positions.

use saphyr_parser::{ScalarStyle, Tag};
use serde_json::Number;

use super::Scalar;

/// A resolved scalar, and what is to be said about it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resolved {
    /// The value; null where the text has none.
    pub(super) scalar: Scalar,
    /// What is wrong with it, if anything.
    pub(super) trouble: Option<Trouble>,
}

/// Why a scalar is not simply its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Infinite or not a number, which JSON cannot say.
    NotFinite,
    /// An integer beyond 64 bits, which is carried as the nearest float.
    Imprecise,
    /// The tag asks for another kind of value than the text is.
    TagMismatch(&'static str),
    /// A tag outside the core schema.
    UnknownTag(String),
}

/// The meaning of a scalar: a plain one by its text, another is a string unless a tag says otherwise.
pub(super) fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Resolved {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() => tagged(text, &tag.suffix),
        Some(tag) => {
            Resolved { trouble: Some(Trouble::UnknownTag(tag.to_string())), ..styled(text, style) }
        }
        None => styled(text, style),
    }
}

fn styled(text: &str, style: ScalarStyle) -> Resolved {
    if style == ScalarStyle::Plain { plain(text) } else { string(text) }
}

fn tagged(text: &str, suffix: &str) -> Resolved {
    let found = match suffix {
        "str" => Ok(string(text)),
        "null" => null(text).ok_or("null"),
        "bool" => boolean(text).ok_or("a boolean"),
        "int" => integer(text).ok_or("an integer"),
        "float" => float(text).ok_or("a float"),
        _ => {
            let tag = format!("!!{suffix}");
            return Resolved { trouble: Some(Trouble::UnknownTag(tag)), ..string(text) };
        }
    };
    found.unwrap_or_else(|expected| Resolved {
        trouble: Some(Trouble::TagMismatch(expected)),
        ..string(text)
    })
}

fn plain(text: &str) -> Resolved {
    if text.is_empty() {
        return value(Scalar::Null);
    }
    null(text)
        .or_else(|| boolean(text))
        .or_else(|| integer(text))
        .or_else(|| if zero_led(text) { None } else { float(text) })
        .unwrap_or_else(|| string(text))
}

fn value(scalar: Scalar) -> Resolved {
    Resolved { scalar, trouble: None }
}

fn string(text: &str) -> Resolved {
    value(Scalar::String(text.to_owned()))
}

fn null(text: &str) -> Option<Resolved> {
    matches!(text, "null" | "Null" | "NULL" | "~").then(|| value(Scalar::Null))
}

fn boolean(text: &str) -> Option<Resolved> {
    match text {
        "true" | "True" | "TRUE" => Some(value(Scalar::Bool(true))),
        "false" | "False" | "FALSE" => Some(value(Scalar::Bool(false))),
        _ => None,
    }
}

/// Leading zeros make a run of digits a string, such as a postal code.
fn zero_led(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn integer(text: &str) -> Option<Resolved> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| Some((radix, unsigned.strip_prefix(prefix)?)))
        .unwrap_or((10, unsigned));
    if zero_led(text) || digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = u128::from_str_radix(digits, radix).ok()?;
    if negative { negated(magnitude) } else { Some(positive(magnitude)) }
}

fn positive(magnitude: u128) -> Resolved {
    match u64::try_from(magnitude) {
        Ok(number) => value(Scalar::Number(number.into())),
        Err(_) => imprecise(format!("{magnitude}")),
    }
}

/// `None` beyond 128 bits: a decimal is then a float, anything else a string.
fn negated(magnitude: u128) -> Option<Resolved> {
    let number = 0_i128.checked_sub_unsigned(magnitude)?;
    Some(match i64::try_from(number) {
        Ok(number) => value(Scalar::Number(number.into())),
        Err(_) => imprecise(format!("{number}")),
    })
}

fn imprecise(digits: String) -> Resolved {
    let nearest = digits.parse().ok().and_then(Number::from_f64);
    let scalar = nearest.map_or(Scalar::String(digits), Scalar::Number);
    Resolved { scalar, trouble: Some(Trouble::Imprecise) }
}

fn float(text: &str) -> Option<Resolved> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let not_finite = matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || matches!(text, "-.inf" | "-.Inf" | "-.INF" | ".nan" | ".NaN" | ".NAN");
    if not_finite {
        return Some(Resolved { scalar: Scalar::Null, trouble: Some(Trouble::NotFinite) });
    }
    if text.starts_with('+') && unsigned.starts_with(['+', '-']) {
        return None;
    }
    let number: f64 = unsigned.parse().ok()?;
    Number::from_f64(number).map(|number| value(Scalar::Number(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> serde_json::Value {
        let node = super::super::Node {
            value: super::super::Value::Scalar(plain(text).scalar),
            line: 1,
            column: 1,
        };
        node.to_json()
    }

    #[test]
    fn plain_scalars_mean_what_serde_yaml_takes_them_for() {
        let texts = [
            "null",
            "~",
            "Null",
            "nULL",
            "true",
            "True",
            "yes",
            "on",
            "0",
            "-0",
            "+7",
            "-12",
            "007",
            "-007",
            "0x1F",
            "-0x1F",
            "+0x1F",
            "0x",
            "0x-1",
            "0o17",
            "0b101",
            "1_000",
            "1.5",
            ".5",
            "5.",
            "1e3",
            "-1E-3",
            "+1e3",
            "1e400",
            "+-1",
            "-+1",
            "--1",
            "00.5",
            "0.0",
            "-0.0",
            "e5",
            "inf",
            "nan",
            "NaN",
            "infinity",
            "18446744073709551615",
            "9223372036854775808",
            "-9223372036854775808",
            "2024-01-01",
            "1:30",
            "v1",
            "12e",
            "0x1G",
            "+",
            "-x",
            ".",
        ];
        for text in texts {
            let theirs: serde_json::Value = serde_yaml::from_str(text).unwrap();
            assert_eq!(json(text), theirs, "{text}");
        }
    }

    #[test]
    fn numbers_json_cannot_say_are_noticed() {
        for text in [".inf", "-.INF", "+.inf", ".nan", ".NaN"] {
            assert_eq!(plain(text).trouble, Some(Trouble::NotFinite), "{text}");
        }
        for text in ["18446744073709551616", "-9223372036854775809"] {
            assert_eq!(plain(text).trouble, Some(Trouble::Imprecise), "{text}");
        }
    }

    #[test]
    fn core_tags_ask_for_a_kind() {
        let tag = |suffix: &str| Tag { handle: "tag:yaml.org,2002:".into(), suffix: suffix.into() };
        let resolve = |text, suffix| resolve(text, ScalarStyle::Plain, Some(&tag(suffix)));
        assert_eq!(resolve("12", "str").scalar, Scalar::String("12".into()));
        assert_eq!(resolve("12", "int").scalar, Scalar::Number(12.into()));
        assert_eq!(resolve("x", "int").trouble, Some(Trouble::TagMismatch("an integer")));
        assert_eq!(resolve("x", "set").trouble, Some(Trouble::UnknownTag("!!set".into())));
    }
}
