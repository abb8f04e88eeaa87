//! One piece of a tree, such as a parameter or a schema, through `serde` into a typed value.
//! A piece that does not fit costs itself and nothing else. What pieces there are, others know.

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde_path_to_error::{Path, Segment};

use super::{Node, Scalar, Value};
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;

/// Reads `node`, which stands at `place` and is called `what` (`"a parameter"`), as a `T`. What stands under the keys in
/// `cut` is taken for empty: those are pieces of their own, and a bad one costs only itself.
///
/// A failure is reported at the innermost place that is known, unless an error inside the piece has already been.
pub fn piece<T: DeserializeOwned>(
    node: &Node,
    cut: &[&str],
    place: &Place,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let error = match T::deserialize(Piece { node, cut, is_cut: false }) {
        Ok(value) => return Some(value),
        // Following the path costs as much as reading, and most pieces are good.
        Err(_) => match serde_path_to_error::deserialize(Piece { node, cut, is_cut: false }) {
            Ok(value) => return Some(value),
            Err(error) => error,
        },
    };
    if !diagnostics.has_error_within(place) {
        let place = innermost(node, place, error.path());
        let message = format!("this is not {what}: {}", error.inner());
        let help = format!("compare it with what OpenAPI says about {what}");
        diagnostics.error("malformed", &place, message, help);
    }
    None
}

/// A node as `serde` reads it.
#[derive(Clone, Copy)]
struct Piece<'n> {
    node: &'n Node,
    /// Keys of its values that count as empty.
    cut: &'n [&'n str],
    /// Whether it counts as empty itself.
    is_cut: bool,
}

impl<'n> Piece<'n> {
    fn whole(node: &'n Node) -> Self {
        Self { node, cut: &[], is_cut: false }
    }
}

impl<'de> IntoDeserializer<'de, Error> for Piece<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Piece<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            Value::Scalar(Scalar::Null) => visitor.visit_unit(),
            Value::Scalar(Scalar::Bool(flag)) => visitor.visit_bool(*flag),
            Value::Scalar(Scalar::Number(number)) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                // Every number that is no integer of 64 bits is a float.
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::Scalar(Scalar::String(text)) => visitor.visit_borrowed_str(text),
            Value::Sequence(items) => {
                let items = if self.is_cut { &[] } else { items.as_slice() };
                SeqDeserializer::new(items.iter().map(Self::whole)).deserialize_any(visitor)
            }
            Value::Mapping(entries) => {
                let entries = if self.is_cut { &[] } else { &**entries };
                let entries = entries.iter().map(|entry| {
                    let is_cut = self.cut.contains(&entry.key.as_str());
                    (entry.key.as_str(), Self { is_cut, ..Self::whole(&entry.value) })
                });
                MapDeserializer::new(entries).deserialize_any(visitor)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            Value::Scalar(Scalar::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.node.string() {
            Some(text) => text.into_deserializer().deserialize_enum(name, variants, visitor),
            None => self.deserialize_any(visitor),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// Follows the path of an error as far as it leads into the tree.
fn innermost(node: &Node, place: &Place, path: &Path) -> Place {
    let mut place = place.clone();
    let mut node = node;
    for segment in path.iter() {
        let segment = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { .. } | Segment::Unknown => break,
        };
        let Some(inner) = node.at(&Pointer::from_segments([&segment])) else { break };
        place = Place {
            pointer: place.pointer.child(segment),
            line: inner.line,
            column: inner.column,
            ..place
        };
        node = inner;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, parse};
    use super::*;
    use crate::source::Source;

    fn read<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<String>) {
        let source = Source::new("a.yaml", text);
        let mut diagnostics = Diagnostics::default();
        let root = parse(&source, &Limits::default(), &mut diagnostics).unwrap();
        let place = root.place(source.name(), Pointer::root());
        let value = piece(&root, &[], &place, "a tag", &mut diagnostics);
        let shown = diagnostics.iter().map(|found| format!("{} {}", found.place, found.message));
        (value, shown.collect())
    }

    #[test]
    fn a_good_piece_is_read_with_its_extensions() {
        let (tag, problems) = read::<openapiv3::Tag>("{ name: berths, x-order: [1, 2.5, -3] }");
        let tag = tag.unwrap();
        assert_eq!(tag.name, "berths");
        assert_eq!(tag.extensions.get("x-order"), Some(&serde_json::json!([1, 2.5, -3])));
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn a_bad_piece_is_reported_where_it_is_bad() {
        let (components, problems) =
            read::<std::collections::BTreeMap<String, Vec<u8>>>("a: [1]\nb: [1, x]");
        assert_eq!(components, None);
        let expected =
            "a.yaml:2:8 (#/b/1) this is not a tag: invalid type: string \"x\", expected u8";
        assert_eq!(problems, [expected]);
    }

    #[test]
    fn what_has_been_reported_is_not_reported_again() {
        let (tag, problems) = read::<openapiv3::Tag>("{ a: 1, a: 2 }");
        assert!(tag.is_none());
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
}
