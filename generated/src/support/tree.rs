//! What decoding works on: a JSON document whose texts stay where they were read.
//!
//! A document is read whole before anything is made of it, so that alternatives can be tried on it and what a
//! description does not list can be kept. Its lists and objects stand in an [`Arena`], which makes and drops them all at
//! once.

use std::cell::RefCell;
use std::fmt;

use bumpalo::Bump;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How `serde_json` hands numbers over when something in the program turned its `arbitrary_precision` on: as an object
/// of one member with that name.
const WIDE_NUMBER: &str = "$serde_json::private::Number";

/// A member of an object.
pub(super) type Entry<'t> = (&'t str, Tree<'t>);

/// A JSON value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tree<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number below zero.
    Negative(i64),
    /// A whole number from zero on.
    Whole(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(&'t str),
    /// A list.
    Array(&'t [Tree<'t>]),
    /// An object: its members sorted by name, each name once. Of several of one name the last counts.
    Object(&'t [(&'t str, Tree<'t>)]),
}

impl<'t> Tree<'t> {
    /// What the value is called.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Negative(_) | Self::Whole(_) | Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The member of that name, if this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'t Self> {
        let Self::Object(members) = self else { return None };
        let place = members.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        members.get(place).map(|(_, value)| value)
    }

    /// The number, as near as a float comes to it.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "whoever asks for a float takes the nearest")]
    pub const fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Negative(number) => Some(*number as f64),
            Self::Whole(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The same with texts of its own.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Negative(number) => Value::from(*number),
            Self::Whole(number) => Value::from(*number),
            Self::Float(number) => Value::from(*number),
            Self::String(text) => Value::from(*text),
            Self::Array(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(members) => {
                let mut owned = Map::new();
                for (name, value) in *members {
                    owned.insert((*name).to_owned(), value.to_value());
                }
                Value::Object(owned)
            }
        }
    }
}

/// Reads a document; what does not stand in it goes into `held`.
///
/// # Errors
/// What the deserializer tells.
pub(super) fn read<'de: 't, 't, D: Deserializer<'de>>(
    held: &'t Bump,
    deserializer: D,
) -> Result<Tree<'t>, D::Error> {
    Reader { held, unfinished: &RefCell::default() }.deserialize(deserializer)
}

/// A document that is parsed already; its lists and objects go into `held`.
pub(super) fn view<'t>(held: &'t Bump, value: &'t Value) -> Tree<'t> {
    match value {
        Value::Null => Tree::Null,
        Value::Bool(flag) => Tree::Bool(*flag),
        Value::Number(number) => of_number(number),
        Value::String(text) => Tree::String(text),
        Value::Array(items) => {
            Tree::Array(held.alloc_slice_fill_iter(items.iter().map(|item| view(held, item))))
        }
        Value::Object(members) => {
            let each = members.iter().map(|(name, value)| (name.as_str(), view(held, value)));
            let slots = held.alloc_slice_fill_iter(each);
            // They are not, where something in the program turned `preserve_order` on.
            slots.sort_unstable_by_key(|(name, _)| *name);
            Tree::Object(slots)
        }
    }
}

/// What JSON has no number for is null.
fn of_number<'t>(number: &Number) -> Tree<'t> {
    let whole = number.as_u64().map(Tree::Whole);
    let negative = || number.as_i64().map(Tree::Negative);
    whole.or_else(negative).or_else(|| number.as_f64().map(Tree::Float)).unwrap_or(Tree::Null)
}

/// Items and members of what is not closed yet, the innermost last. Each list and object takes its own off the end,
/// so that what is held fits exactly.
#[derive(Debug, Default)]
struct Unfinished<'t> {
    items: Vec<Tree<'t>>,
    members: Vec<Entry<'t>>,
}

impl<'t> Unfinished<'t> {
    fn list(&mut self, from: usize, held: &'t Bump) -> Tree<'t> {
        let list = held.alloc_slice_copy(self.items.get(from..).unwrap_or_default());
        self.items.truncate(from);
        Tree::Array(list)
    }

    fn object(&mut self, from: usize, held: &'t Bump) -> Tree<'t> {
        let own = self.members.get_mut(from..).unwrap_or_default();
        if !own.is_sorted_by(|(one, _), (next, _)| one < next) {
            own.sort_by_key(|(name, _)| *name);
            self.keep_the_last(from);
        }
        let own = self.members.get(from..).unwrap_or_default();
        let object = match own {
            [(WIDE_NUMBER, Tree::String(digits))] => digits.parse().ok().as_ref().map(of_number),
            _ => None,
        };
        let object = object.unwrap_or_else(|| Tree::Object(held.alloc_slice_copy(own)));
        self.members.truncate(from);
        object
    }

    /// Of each name. Sorting has kept the order of equals.
    fn keep_the_last(&mut self, from: usize) {
        let mut own = self.members.split_off(from);
        own.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            if is_same {
                *kept = *later;
            }
            is_same
        });
        self.members.append(&mut own);
    }
}

#[derive(Clone, Copy)]
struct Reader<'u, 't> {
    held: &'t Bump,
    unfinished: &'u RefCell<Unfinished<'t>>,
}

impl<'de: 't, 't> DeserializeSeed<'de> for Reader<'_, 't> {
    type Value = Tree<'t>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree<'t>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de: 't, 't> Visitor<'de> for Reader<'_, 't> {
    type Value = Tree<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree<'t>, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E>(self) -> Result<Tree<'t>, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree<'t>, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree<'t>, E> {
        Ok(Tree::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree<'t>, E> {
        Ok(u64::try_from(number).map_or(Tree::Negative(number), Tree::Whole))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree<'t>, E> {
        Ok(Tree::Whole(number))
    }

    /// JSON has no number for what is not finite.
    fn visit_f64<E>(self, number: f64) -> Result<Tree<'t>, E> {
        Ok(if number.is_finite() { Tree::Float(number) } else { Tree::Null })
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'t>, E> {
        Ok(Tree::String(self.held.alloc_str(text)))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Tree<'t>, E> {
        Ok(Tree::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree<'t>, A::Error> {
        let from = self.unfinished.borrow().items.len();
        while let Some(item) = list.next_element_seed(self)? {
            self.unfinished.borrow_mut().items.push(item);
        }
        Ok(self.unfinished.borrow_mut().list(from, self.held))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree<'t>, A::Error> {
        let from = self.unfinished.borrow().members.len();
        while let Some(name) = object.next_key_seed(Name(self.held))? {
            let value = object.next_value_seed(self)?;
            self.unfinished.borrow_mut().members.push((name, value));
        }
        Ok(self.unfinished.borrow_mut().object(from, self.held))
    }
}

/// Reads the name of a member.
struct Name<'t>(&'t Bump);

impl<'de: 't, 't> DeserializeSeed<'de> for Name<'t> {
    type Value = &'t str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'t str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de: 't, 't> Visitor<'de> for Name<'t> {
    type Value = &'t str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, text: &str) -> Result<&'t str, E> {
        Ok(self.0.alloc_str(text))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<&'t str, E> {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_text<'t>(held: &'t Bump, text: &'t str) -> Tree<'t> {
        read(held, &mut serde_json::Deserializer::from_str(text)).unwrap()
    }

    #[test]
    fn texts_stay_where_they_are_unless_they_were_escaped() {
        let held = Bump::new();
        let text = r#"{"a": ["x", "\u0079"], "\n": null}"#;
        let tree = read_text(&held, text);
        assert_eq!(tree.to_value(), json!({ "a": ["x", "y"], "\n": null }));
        let Some(Tree::Array(items)) = tree.get("a") else { panic!("a list") };
        let stays = |item: &Tree<'_>| match item {
            Tree::String(part) => text.as_bytes().as_ptr_range().contains(&part.as_ptr()),
            _ => false,
        };
        assert_eq!(items.iter().map(stays).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn the_last_of_one_name_counts() {
        let held = Bump::new();
        let tree = read_text(&held, r#"{"b": 1, "a": 2, "b": 3, "a": [{"z": 0, "z": 1}], "b": 5}"#);
        assert_eq!(tree.to_value(), json!({ "a": [{ "z": 1 }], "b": 5 }));
        assert_eq!(tree.get("b"), Some(&Tree::Whole(5)));
        assert_eq!(tree.get("c"), None);
    }

    #[test]
    fn values_pass_through() {
        let held = Bump::new();
        let value = json!({ "z": [1, -1, 1.5, u64::MAX, i64::MIN, true, null, "é"], "a": {} });
        let text = value.to_string();
        assert_eq!(view(&held, &value).to_value(), value);
        assert_eq!(read_text(&held, &text), view(&held, &value));
        assert_eq!(read(&held, &value).unwrap(), view(&held, &value));
    }

    #[test]
    fn numbers_come_as_objects_where_they_keep_every_digit() {
        let wide = json!({ WIDE_NUMBER: "12" });
        assert_eq!(read(&Bump::new(), &wide).unwrap().to_value(), json!(12));
    }
}
