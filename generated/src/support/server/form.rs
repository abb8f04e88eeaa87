//! From the text of a parameter to a JSON value. Says what a text may mean, not whether the value is allowed.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

/// What the text of a value stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// Itself.
    Text,
    /// A whole number, as JSON writes it.
    Integer,
    /// A number, as JSON writes it.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A JSON document.
    Json,
    /// One of these texts.
    Words(&'static [&'static str]),
    /// The first of these that it can stand for.
    First(&'static [Form]),
    /// A single text of the first, or else the second, which is a list or an object.
    Either(&'static Form, &'static Form),
    /// A list of these.
    List(&'static Form),
    /// An object.
    Object(Members),
}

/// The members of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Members {
    /// The known ones.
    pub known: &'static [(&'static str, Form)],
    /// What any other is; `None` for the text itself.
    pub others: Option<&'static Form>,
}

impl Form {
    /// The value of a single text.
    ///
    /// # Errors
    /// What the text is not.
    pub(super) fn scalar(&self, text: &str) -> Result<Value, String> {
        match self {
            Self::Text => Ok(Value::from(text)),
            Self::Integer => integer(text).ok_or_else(|| "is not an integer".to_owned()),
            Self::Number => number(text).ok_or_else(|| "is not a number".to_owned()),
            Self::Boolean => boolean(text).ok_or_else(|| "is neither true nor false".to_owned()),
            Self::Json => {
                serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))
            }
            Self::First(forms) => forms
                .iter()
                .find_map(|form| form.scalar(text).ok())
                .ok_or_else(|| "is of none of the allowed types".to_owned()),
            Self::Words(words) if words.contains(&text) => Ok(Value::from(text)),
            Self::Words(_) => Err("is none of the listed values".to_owned()),
            Self::Either(single, other) => single.scalar(text).or_else(|_| other.scalar(text)),
            Self::List(form) => Ok(Value::Array(vec![form.scalar(text)?])),
            Self::Object(_) => Err("is not an object".to_owned()),
        }
    }

    /// The value of a list of texts.
    ///
    /// # Errors
    /// What one of them is not.
    pub(super) fn list(&self, texts: &[String]) -> Result<Value, String> {
        texts.iter().map(|text| self.scalar(text)).collect::<Result<Vec<_>, _>>().map(Value::Array)
    }

    /// The value of all texts of one name.
    ///
    /// # Errors
    /// What one of them is not, or that there are several.
    pub(super) fn all(&self, texts: &[String]) -> Result<Value, String> {
        match (self, texts) {
            (Self::List(items), _) => items.list(texts),
            (_, [text]) => self.scalar(text),
            (Self::Either(_, Self::List(items)), _) => items.list(texts),
            _ => Err("is given twice".to_owned()),
        }
    }
}

impl Members {
    /// The object of these names and texts.
    ///
    /// # Errors
    /// What one of them is not.
    pub(super) fn object(&self, members: &[(String, String)]) -> Result<Value, String> {
        let mut texts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, text) in members {
            texts.entry(name).or_default().push(text.clone());
        }
        let value = |(name, texts): (&str, Vec<String>)| {
            let value = self.form(name).all(&texts);
            let value = value.map_err(|message| format!("has a member {name} that {message}"))?;
            Ok((name.to_owned(), value))
        };
        texts.into_iter().map(value).collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }

    fn form(&self, name: &str) -> &Form {
        let known = self.known.iter().find(|(known, _)| *known == name).map(|(_, form)| form);
        known.or(self.others).unwrap_or(&Form::Text)
    }
}

/// Digits with an optional minus sign and no leading zero.
fn integer(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { number(text) } else { None }
}

fn number(text: &str) -> Option<Value> {
    let plain = text.starts_with('-') || text.starts_with(|first: char| first.is_ascii_digit());
    if plain { serde_json::from_str::<Number>(text).ok().map(Value::Number) } else { None }
}

/// Without regard to case: some languages spell the two in capitals.
fn boolean(text: &str) -> Option<Value> {
    text.to_ascii_lowercase().parse().ok().map(Value::Bool)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_become_values_or_say_what_they_are_not() {
        let cases = [
            (Form::Text, "", Some(json!(""))),
            (Form::Integer, "-12", Some(json!(-12))),
            (Form::Integer, "1.5", None),
            (Form::Integer, "1e2", None),
            (Form::Integer, "007", None),
            (Form::Integer, "+7", None),
            (Form::Integer, " 7", None),
            (Form::Integer, "", None),
            (Form::Number, "1.5", Some(json!(1.5))),
            (Form::Number, "NaN", None),
            (Form::Boolean, "true", Some(json!(true))),
            (Form::Boolean, "True", Some(json!(true))),
            (Form::Boolean, "yes", None),
            (Form::Json, "[1]", Some(json!([1]))),
            (Form::First(&[Form::Integer, Form::Text]), "7", Some(json!(7))),
            (Form::First(&[Form::Integer, Form::Text]), "x", Some(json!("x"))),
            (Form::Words(&["", "a"]), "", Some(json!(""))),
            (Form::Words(&["", "a"]), "b", None),
            (Form::Either(&Form::Integer, &Form::List(&Form::Text)), "7", Some(json!(7))),
            (Form::Either(&Form::Integer, &Form::List(&Form::Text)), "x", Some(json!(["x"]))),
        ];
        for (form, text, expected) in cases {
            assert_eq!(form.scalar(text).ok(), expected, "{form:?} {text:?}");
        }
    }

    #[test]
    fn members_have_forms_of_their_own() {
        const MEMBERS: Members = Members {
            known: &[
                ("n", Form::Integer),
                ("l", Form::Either(&Form::Words(&[""]), &Form::List(&Form::Integer))),
            ],
            others: None,
        };
        let of = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned()));
            MEMBERS.object(&pairs.collect::<Vec<_>>())
        };
        assert_eq!(of(&[("n", "1"), ("m", "1")]), Ok(json!({ "n": 1, "m": "1" })));
        assert_eq!(of(&[("l", "")]), Ok(json!({ "l": "" })));
        assert_eq!(of(&[("l", "1")]), Ok(json!({ "l": [1] })));
        assert_eq!(of(&[("l", "1"), ("l", "2")]), Ok(json!({ "l": [1, 2] })));
        assert_eq!(of(&[("n", "x")]), Err("has a member n that is not an integer".to_owned()));
        assert_eq!(
            of(&[("n", "1"), ("n", "2")]),
            Err("has a member n that is given twice".to_owned())
        );
    }
}
