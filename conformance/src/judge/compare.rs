//! Compares answers: two that should be the same, and one with what was sent.

use generator::contract::Operation;
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

/// The members of `sent` that `answer` lacks or has with another value, each with its pointer. Members that the
/// server added do not count, and a list counts as a whole where its length changed.
#[must_use]
pub fn lost(sent: &Value, answer: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look_for(sent, answer, "", &mut found);
    found
}

fn look_for(sent: &Value, answer: &Value, at: &str, found: &mut Vec<String>) {
    match (sent, answer) {
        (Value::Object(sent), Value::Object(answer)) => {
            for (name, value) in sent {
                let at = format!("{at}/{name}");
                match answer.get(name) {
                    Some(other) => look_for(value, other, &at, found),
                    // An empty or null member means no more than an absent one.
                    None if is_nothing(value) => {}
                    None => found.push(format!("{at} is missing")),
                }
            }
        }
        (Value::Array(sent), Value::Array(answer)) if sent.len() == answer.len() => {
            for (index, (value, other)) in sent.iter().zip(answer).enumerate() {
                look_for(value, other, &format!("{at}/{index}"), found);
            }
        }
        (sent, answer) if sent == answer || is_nothing(sent) && is_nothing(answer) => {}
        (sent, answer) => found.push(format!("{at} was {sent} and is {answer}")),
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
