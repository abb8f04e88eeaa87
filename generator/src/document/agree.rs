//! The second reading: `serde_yaml` reads the same text, and both must see the same values.
//! Decides no difference; a text that readers take in two ways is refused at the place of the difference.

use std::fmt;

use serde::de::{
    Deserialize, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value as Json};

use super::trail::Trail;
use super::{Mapping, Node, Scalar, Value, surrogate};
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::source::Source;

/// So many differences of one text are reported; the rest mostly follow from these.
const MAX_DIFFERENCES: usize = 10;

/// Reports where `serde_yaml` sees something else in `source` than the tree read from it.
pub(super) fn agree(source: &Source, root: &Node, diagnostics: &mut Diagnostics) {
    match serde_yaml::from_str::<Reading>(&surrogate::joined(source.text())) {
        Ok(Reading(theirs)) => {
            let mut comparison = Comparison { source, diagnostics, found: 0 };
            comparison.compare(root, &theirs, Trail::root(root));
        }
        Err(error) => refused(source, &error, diagnostics),
    }
}

fn refused(source: &Source, error: &serde_yaml::Error, diagnostics: &mut Diagnostics) {
    // Its lines are not ours: it breaks them at three more characters, as YAML 1.1 did.
    let (line, column) = source.position(error.location().map_or(0, |at| at.index()));
    let place = Place { source: source.name().clone(), pointer: Pointer::root(), line, column };
    // What the first reading complained of may well be what the second stumbles over.
    if diagnostics.has_error_within(&Place { pointer: Pointer::root(), ..place.clone() }) {
        return;
    }
    let message = format_args!("another YAML reader refuses this: {error}");
    diagnostics.error("ambiguous", &place, message, "write it in a plainer form");
}

struct Comparison<'c> {
    source: &'c Source,
    diagnostics: &'c mut Diagnostics,
    found: usize,
}

impl Comparison<'_> {
    fn compare(&mut self, ours: &Node, theirs: &Json, trail: Trail<'_>) {
        match (&ours.value, theirs) {
            (Value::Mapping(entries), Json::Object(map)) => self.mappings(entries, map, &trail),
            (Value::Sequence(nodes), Json::Array(items)) if nodes.len() == items.len() => {
                for (index, (node, item)) in nodes.iter().zip(items).enumerate() {
                    self.compare(node, item, trail.index(index, node));
                }
            }
            (Value::Scalar(scalar), theirs) if same(scalar, theirs) => {}
            _ => {
                let (ours, theirs) = (described(&ours.to_json()), described(theirs));
                let message = format!("this is {ours} here, and {theirs} for another YAML reader");
                self.differs(&trail, &message);
            }
        }
    }

    fn mappings(&mut self, ours: &Mapping, theirs: &Map<String, Json>, trail: &Trail<'_>) {
        for entry in ours {
            let inner = trail.key(entry);
            match theirs.get(&entry.key) {
                Some(theirs) => self.compare(&entry.value, theirs, inner),
                None => self.differs(&inner, "another YAML reader finds no such key here"),
            }
        }
        if theirs.len() > ours.len() {
            self.differs(trail, "another YAML reader finds more keys here");
        }
    }

    fn differs(&mut self, trail: &Trail<'_>, message: &str) {
        self.found += 1;
        if self.found <= MAX_DIFFERENCES {
            let help =
                "write it so that every reader takes it alike, for instance in double quotes";
            let place = trail.name_place(self.source);
            self.diagnostics.error("ambiguous", &place, message, help);
        }
    }
}

fn same(scalar: &Scalar, theirs: &Json) -> bool {
    match (scalar, theirs) {
        (Scalar::Null, Json::Null) => true,
        (Scalar::Bool(ours), Json::Bool(theirs)) => ours == theirs,
        (Scalar::Number(ours), Json::Number(theirs)) => ours == theirs,
        (Scalar::String(ours), Json::String(theirs)) => ours == theirs,
        _ => false,
    }
}

fn described(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        Json::Bool(flag) => format!("`{flag}`"),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => format!("the text {}", shown(&format!("{text:?}"))),
        Json::Array(items) => format!("a list of {}", items.len()),
        Json::Object(map) => format!("a mapping of {}", map.len()),
    }
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// What `serde_yaml` reads, with this crate's view of keys: by their text, the first of equal ones kept.
struct Reading(Json);

impl<'de> Deserialize<'de> for Reading {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadingVisitor).map(Self)
    }
}

struct ReadingVisitor;

impl<'de> Visitor<'de> for ReadingVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_none<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Json, E> {
        Ok(nearest(&value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Json, E> {
        Ok(nearest(&value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(Reading(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some((key, Reading(value))) = entries.next_entry::<String, _>()? {
            map.entry(key).or_insert(value);
        }
        Ok(map.into())
    }

    /// A tagged value, taken without its tag.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Json, A::Error> {
        let (_, value) = tagged.variant::<String>()?;
        value.newtype_variant::<Reading>().map(|Reading(value)| value)
    }
}

fn nearest(digits: &str) -> Json {
    digits.parse().ok().and_then(Number::from_f64).map_or(Json::Null, Json::Number)
}
