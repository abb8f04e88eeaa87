//! JSON values → Rust values. Every fault is noted with its pointer, and none hides another.
//!
//! Decoding works on a [`Tree`] rather than on a stream of tokens: alternatives can be tried on it, and what a document
//! does not list can be kept.

use std::collections::BTreeMap;

use bumpalo::Bump;
use serde::Deserializer;
use serde::de::Error;
use serde_json::Value;

use super::arena;
pub use super::fault::{Fault, Faults, Path};
pub use super::object::{Members, place};
use super::tree;
pub use super::tree::Tree;
pub use super::union::{Alternative, at_least_one, exactly_one, listed, tagged, worded};

/// A type that can be made from a JSON value.
pub trait Decode: Sized {
    /// Makes one from `value`, which stands at `at`; `None` exactly when something was added to `faults`.
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self>;
}

/// Makes a `T` from a parsed document.
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_value<T: Decode>(value: &Value) -> Result<T, Faults> {
    arena::with(|held| finish(&tree::view(held, value), Faults::new()))
}

/// Makes a `T` from a JSON text (RFC 8259).
///
/// # Errors
/// Everything that is wrong with it; a text that is no JSON is one fault, with the rule `json`.
pub fn from_slice<T: Decode>(text: &[u8]) -> Result<T, Faults> {
    let mut faults = Faults::for_bytes(text.len());
    arena::with(|held| match parse(held, text) {
        Ok(tree) => finish(&tree, faults),
        Err(error) => {
            faults.add(&Path::Root, "json", format_args!("is no JSON: {error}"));
            Err(faults)
        }
    })
}

fn parse<'t>(held: &'t Bump, text: &'t [u8]) -> Result<Tree<'t>, serde_json::Error> {
    // Looked at as a whole, which is faster than text by text.
    let text = str::from_utf8(text).map_err(serde_json::Error::custom)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let tree = tree::read(held, &mut deserializer)?;
    deserializer.end().map(|()| tree)
}

/// Makes a `T` from a text that stands for itself, as enums and texts within bounds do.
///
/// # Errors
/// Everything that is wrong with it.
pub fn from_text<T: Decode>(text: &str) -> Result<T, Faults> {
    finish(&Tree::String(text), Faults::new())
}

/// Makes a `T` for a `serde` format; how emitted types implement `Deserialize`.
///
/// # Errors
/// Everything that is wrong with it, as one message.
pub fn bridge<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    arena::with(|held| {
        let tree = tree::read(held, deserializer)?;
        finish(&tree, Faults::new()).map_err(D::Error::custom)
    })
}

fn finish<T: Decode>(value: &Tree<'_>, mut faults: Faults) -> Result<T, Faults> {
    T::decode(value, &Path::Root, &mut faults).ok_or(faults)
}

/// Notes that a value is of the wrong kind.
pub(super) fn wrong_type<T>(
    value: &Tree<'_>,
    expected: &str,
    at: &Path<'_>,
    faults: &mut Faults,
) -> Option<T> {
    faults.add(at, "type", format_args!("is {}, not {expected}", value.kind()));
    None
}

impl Decode for Value {
    fn decode(value: &Tree<'_>, _: &Path<'_>, _: &mut Faults) -> Option<Self> {
        Some(value.to_value())
    }
}

impl Decode for bool {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        match value {
            Tree::Bool(flag) => Some(*flag),
            _ => wrong_type(value, "a boolean", at, faults),
        }
    }
}

impl Decode for String {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        match value {
            Tree::String(text) => Some((*text).to_owned()),
            _ => wrong_type(value, "a string", at, faults),
        }
    }
}

impl Decode for f64 {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        value.as_f64().or_else(|| wrong_type(value, "a number", at, faults))
    }
}

impl Decode for i64 {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        whole(value, |wide| Self::try_from(wide).ok(), "a 64-bit signed integer", at, faults)
    }
}

impl Decode for u64 {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        whole(value, |wide| Self::try_from(wide).ok(), "a 64-bit unsigned integer", at, faults)
    }
}

impl Decode for i32 {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        whole(value, |wide| Self::try_from(wide).ok(), "a 32-bit signed integer", at, faults)
    }
}

/// A whole number within a width. `1.0` and `1e0` are worth the same as `1` and are taken for it.
fn whole<T>(
    value: &Tree<'_>,
    narrow: fn(i128) -> Option<T>,
    expected: &str,
    at: &Path<'_>,
    faults: &mut Faults,
) -> Option<T> {
    let wide = match value {
        Tree::Negative(number) => i128::from(*number),
        Tree::Whole(number) => i128::from(*number),
        // Saturates far outside every width.
        Tree::Float(number) if number.fract() == 0.0 => *number as i128,
        Tree::Float(_) => {
            faults.add(at, "type", "is a number with a fraction, not an integer");
            return None;
        }
        _ => return wrong_type(value, "an integer", at, faults),
    };
    let number = narrow(wide);
    if number.is_none() {
        faults.add(at, "format", format_args!("is not {expected}"));
    }
    number
}

/// `null`, or the value.
impl<T: Decode> Decode for Option<T> {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        if *value == Tree::Null { Some(None) } else { T::decode(value, at, faults).map(Some) }
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        T::decode(value, at, faults).map(Self::new)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        let Tree::Array(items) = value else { return wrong_type(value, "a list", at, faults) };
        let mut decoded = Self::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if let Some(item) = T::decode(item, &Path::Item(at, index), faults) {
                decoded.push(item);
            }
        }
        (decoded.len() == items.len()).then_some(decoded)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        let Tree::Object(members) = value else {
            return wrong_type(value, "an object", at, faults);
        };
        let mut decoded = Self::new();
        for (name, member) in *members {
            if let Some(member) = T::decode(member, &Path::Member(at, name), faults) {
                decoded.insert((*name).to_owned(), member);
            }
        }
        (decoded.len() == members.len()).then_some(decoded)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Field;
    use super::*;

    /// What emitted structs look like.
    #[derive(Debug, PartialEq)]
    struct Node {
        name: String,
        size: Option<i32>,
        note: Field<String>,
        children: Option<Vec<Node>>,
        additional: BTreeMap<String, Value>,
    }

    impl Decode for Node {
        fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
            let mut found = [None; 4];
            let known = &["children", "name", "note", "size"];
            let mut members = Members::of(value, known, &mut found, at, faults)?;
            let name = members.required(place(known, "name"));
            let size = members.optional(place(known, "size"));
            let note = members.field(place(known, "note"));
            let children = members.optional(place(known, "children"));
            let additional = members.additional();
            members.finish()?;
            Some(Self { size, note, children, additional, name: name? })
        }
    }

    fn told(value: &Value) -> Vec<String> {
        let faults = from_value::<Vec<Node>>(value).unwrap_err();
        faults
            .iter()
            .map(|fault| format!("{} {} {}", fault.pointer, fault.rule, fault.message))
            .collect()
    }

    #[test]
    fn every_fault_is_told_with_its_pointer() {
        let value = json!([
            { "size": "1", "note": 7 },
            { "name": "a", "children": [{ "name": "b", "size": 3_000_000_000_u32 }, 5] },
            { "name": "c", "size": 1.5 },
        ]);
        let expected = [
            "/0/name required is missing",
            "/0/size type is a string, not an integer",
            "/0/note type is a number, not a string",
            "/1/children/0/size format is not a 32-bit signed integer",
            "/1/children/1 type is a number, not an object",
            "/2/size type is a number with a fraction, not an integer",
        ];
        assert_eq!(told(&value), expected);
    }

    #[test]
    fn whole_numbers_are_known_by_their_worth() {
        assert_eq!(from_value(&json!(1.0)), Ok(1_i64));
        assert_eq!(from_value(&json!(-2e3)), Ok(-2000));
        assert!(from_value::<i64>(&json!(1e300)).is_err());
        assert_eq!(from_value(&json!(u64::MAX)), Ok(u64::MAX));
        assert!(from_value::<u64>(&json!(-1)).is_err());
    }

    #[test]
    fn members_that_are_not_listed_are_kept() {
        let node: Node = from_slice(br#"{"name":"a","note":null,"x/y":[1],"z":null}"#).unwrap();
        assert_eq!(node.note, Field::Null);
        assert_eq!(json!(node.additional), json!({ "x/y": [1], "z": null }));
    }

    #[test]
    fn pointers_are_escaped() {
        let value = json!({ "a/b": { "~": 1 } });
        let faults = from_value::<BTreeMap<String, BTreeMap<String, bool>>>(&value).unwrap_err();
        assert_eq!(faults.to_string(), "/a~1b/~0 is a number, not a boolean");
    }

    #[test]
    fn a_text_that_is_no_json_is_one_fault() {
        let faults = from_slice::<Value>(b"{").unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.rule).collect::<Vec<_>>(), ["json"]);
        let deep = [b'['; 100_000];
        assert!(from_slice::<Value>(&deep).is_err());
    }

    #[test]
    fn faults_are_capped() {
        let faults = from_value::<Vec<bool>>(&Value::from(vec![0; 1000])).unwrap_err();
        assert_eq!(faults.iter().count(), Faults::MOST);
        assert_eq!(faults.len(), 1000);
        assert!(faults.to_string().ends_with("; and 936 more"));
    }
}
