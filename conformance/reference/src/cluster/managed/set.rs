//! A set of fields as a tree, in the form of `fieldsV1`.
//!
//! A step down is `f:<field>`, `k:<keys of an item>` or `v:<value>`; `.` is the place itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Fields, as a tree of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet {
    /// Whether this place itself is in the set.
    here: bool,
    below: BTreeMap<String, FieldSet>,
}

impl FieldSet {
    /// This place alone.
    pub(super) fn leaf() -> Self {
        Self { here: true, below: BTreeMap::new() }
    }

    /// This place or not, and what is below; empty sets below are left out.
    pub(super) fn node(here: bool, below: impl IntoIterator<Item = (String, Self)>) -> Self {
        let below = below.into_iter().filter(|(_, set)| !set.is_empty()).collect();
        Self { here, below }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.here && self.below.is_empty()
    }

    /// Whether this place itself is in it.
    pub(super) fn is_here(&self) -> bool {
        self.here
    }

    /// Whether there is nothing below this place.
    pub(super) fn is_leaf(&self) -> bool {
        self.below.is_empty()
    }

    /// The steps down, each with what is below it.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.below.iter().map(|(step, set)| (step.as_str(), set))
    }

    /// What is in either.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut union = self.clone();
        union.here |= other.here;
        for (step, set) in &other.below {
            let joined = union.below.get(step).map_or_else(|| set.clone(), |own| own.with(set));
            union.below.insert(step.clone(), joined);
        }
        union
    }

    /// What is in this one and not in the other.
    pub(super) fn without(&self, other: &Self) -> Self {
        let below = self.below.iter().map(|(step, set)| {
            let rest =
                other.below.get(step).map_or_else(|| set.clone(), |taken| set.without(taken));
            (step.clone(), rest)
        });
        Self::node(self.here && !other.here, below)
    }

    /// What is in both.
    pub(super) fn common(&self, other: &Self) -> Self {
        let below = self
            .below
            .iter()
            .filter_map(|(step, set)| Some((step.clone(), set.common(other.below.get(step)?))));
        Self::node(self.here && other.here, below)
    }

    /// The ways to all places in the set that have none below them.
    pub(super) fn leaves(&self) -> Vec<Vec<String>> {
        if self.below.is_empty() {
            return if self.here { vec![Vec::new()] } else { Vec::new() };
        }
        let down = self.below.iter().flat_map(|(step, set)| {
            set.leaves().into_iter().map(move |way| {
                let mut whole = vec![step.clone()];
                whole.extend(way);
                whole
            })
        });
        down.collect()
    }

    /// Reads the form of `fieldsV1`.
    #[must_use]
    pub fn read(value: &Value) -> Self {
        let empty = Map::new();
        let map = value.as_object().unwrap_or(&empty);
        let steps = map.iter().filter(|(step, _)| *step != ".");
        Self {
            here: map.is_empty() || map.contains_key("."),
            below: steps.map(|(step, below)| (step.clone(), Self::read(below))).collect(),
        }
    }

    /// Writes the form of `fieldsV1`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        if self.here && !self.below.is_empty() {
            map.insert(".".to_owned(), Value::Object(Map::new()));
        }
        map.extend(self.below.iter().map(|(step, set)| (step.clone(), set.to_value())));
        Value::Object(map)
    }
}
