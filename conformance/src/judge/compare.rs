//! Compares answers: two that should be the same, and one with what was sent.

use std::fmt;

use generator::contract::{Operation, Pointer};
use serde_json::Value;

use crate::transcript::Transcript;

/// Whether two answers say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// They do.
    Same,
    /// They do not; how.
    Different(String),
    /// It cannot be told; why.
    Untold(String),
}

/// Whether two answers of a safe operation say the same. Of a list only the items count, in any order; of anything
/// else a member whose value alone differs may be a clock, which proves nothing.
#[must_use]
pub fn sameness(operation: &Operation, one: &Transcript, other: &Transcript) -> Sameness {
    if one.status() != other.status() {
        return Sameness::Different(format!("{:?}, then {:?}", one.status(), other.status()));
    }
    let (Ok(one), Ok(other)) = (one.json(), other.json()) else {
        let same = one.body() == other.body();
        return if same {
            Sameness::Same
        } else {
            Sameness::Different("the bodies differ".to_owned())
        };
    };
    match &operation.paging {
        Some(paging) => {
            for items in &paging.items {
                let (one, other) = (sorted(items.get(&one)), sorted(items.get(&other)));
                if one != other {
                    return Sameness::Different(format!(
                        "{items} has {} items, then {} or others",
                        one.len(),
                        other.len()
                    ));
                }
            }
            Sameness::Same
        }
        None => compared(&one, &other),
    }
}

fn sorted(items: Option<&Value>) -> Vec<String> {
    let mut texts: Vec<_> =
        items.and_then(Value::as_array).into_iter().flatten().map(Value::to_string).collect();
    texts.sort_unstable();
    texts
}

fn compared(one: &Value, other: &Value) -> Sameness {
    if one == other {
        Sameness::Same
    } else if outline(one) == outline(other) {
        Sameness::Untold("the same members with other values".to_owned())
    } else {
        Sameness::Different("the answers have different members".to_owned())
    }
}

/// A value with its scalars forgotten.
fn outline(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), outline(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(outline).collect(),
        _ => Value::Null,
    }
}

/// Whether a document holds all of another: its members, in lists its items in any order, its scalars as they are.
#[must_use]
pub fn holds(document: &Value, part: &Value) -> bool {
    match (document, part) {
        (Value::Object(document), Value::Object(part)) => part
            .iter()
            .all(|(name, part)| document.get(name).is_some_and(|value| holds(value, part))),
        (Value::Array(document), Value::Array(part)) => {
            part.iter().all(|part| document.iter().any(|value| holds(value, part)))
        }
        (document, part) => document == part,
    }
}

/// A member that did not come back as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// Where it is.
    pub at: Pointer,
    /// How it is now, in words.
    how: String,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.how)
    }
}

/// The members of `sent` that `answer` lacks or has with another value. Members that the server added do not count,
/// and a list counts as a whole where its length changed.
#[must_use]
pub fn lost(sent: &Value, answer: &Value) -> Vec<Lost> {
    let mut found = Vec::new();
    look_for(sent, answer, &Pointer::root(), &mut found);
    found
}

fn look_for(sent: &Value, answer: &Value, at: &Pointer, found: &mut Vec<Lost>) {
    let lost = |at: Pointer, how: String| Lost { at, how };
    match (sent, answer) {
        (Value::Object(sent), Value::Object(answer)) => {
            for (name, value) in sent {
                let at = at.child(name.as_str());
                match answer.get(name) {
                    Some(other) => look_for(value, other, &at, found),
                    // An empty or null member means no more than an absent one.
                    None if is_nothing(value) => {}
                    None => found.push(lost(at, "is missing".to_owned())),
                }
            }
        }
        (Value::Array(sent), Value::Array(answer)) if sent.len() == answer.len() => {
            for (index, (value, other)) in sent.iter().zip(answer).enumerate() {
                look_for(value, other, &at.child(index.to_string()), found);
            }
        }
        (sent, answer) if sent == answer || is_nothing(sent) && is_nothing(answer) => {}
        (sent, answer) => found.push(lost(at.clone(), format!("was {sent} and is {answer}"))),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(flag) => !flag,
        Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_added_is_not_lost() {
        let sent = json!({ "a": 1, "b": [{ "c": "x" }], "e": [] });
        assert!(
            lost(&sent, &json!({ "a": 1, "b": [{ "c": "x", "d": 2 }], "status": {} })).is_empty()
        );
        assert_eq!(lost(&sent, &json!({ "a": 2, "b": [] })).len(), 2);
    }

    #[test]
    fn a_clock_is_no_difference() {
        assert_eq!(
            compared(&json!({ "at": 1 }), &json!({ "at": 2 })),
            Sameness::Untold("the same members with other values".to_owned())
        );
        assert!(matches!(compared(&json!({ "a": 1 }), &json!({})), Sameness::Different(_)));
    }
}
