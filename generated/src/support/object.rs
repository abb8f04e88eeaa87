//! The members of a JSON object, taken one by one by their names.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::check::Size;
use super::decode::{Decode, Faults, Path, wrong_type};
use super::field::Field;

/// An object that is being decoded.
#[derive(Debug)]
pub struct Members<'v, 'p, 'f> {
    members: &'v Map<String, Value>,
    at: &'p Path<'p>,
    faults: &'f mut Faults,
    sound: bool,
}

impl<'v, 'p, 'f> Members<'v, 'p, 'f> {
    /// The members of `value`, which stands at `at`; a fault when it is no object.
    pub fn of(value: &'v Value, at: &'p Path<'p>, faults: &'f mut Faults) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self { members, at, faults, sound: true }),
            _ => wrong_type(value, "an object", at, faults),
        }
    }

    /// A member that must be there.
    pub fn required<T: Decode>(&mut self, name: &str) -> Option<T> {
        if let Some(value) = self.members.get(name) {
            return self.decode(name, value);
        }
        self.faults.add(&Path::Member(self.at, name), "required", "is missing");
        self.sound = false;
        None
    }

    /// A member that may be absent. `None` also when it is at fault, which [`Self::finish`] then tells.
    pub fn optional<T: Decode>(&mut self, name: &str) -> Option<T> {
        self.members.get(name).and_then(|value| self.decode(name, value))
    }

    /// A member that may be absent or null.
    pub fn field<T: Decode>(&mut self, name: &str) -> Field<T> {
        match self.members.get(name) {
            None => Field::Absent,
            Some(Value::Null) => Field::Null,
            Some(value) => self.decode(name, value).map_or(Field::Absent, Field::Value),
        }
    }

    /// The members that are not among `known`, which is sorted.
    pub fn additional<T: Decode>(&mut self, known: &[&str]) -> BTreeMap<String, T> {
        let unknown: Vec<_> = self.unknown(known).collect();
        let mut additional = BTreeMap::new();
        for (name, value) in unknown {
            additional.extend(self.decode(name, value).map(|value| (name.clone(), value)));
        }
        additional
    }

    /// Refuses every member that is not among `known`, which is sorted.
    pub fn refuse_others(&mut self, known: &[&str]) {
        let unknown: Vec<_> = self.unknown(known).collect();
        for (name, _) in unknown {
            let at = Path::Member(self.at, name);
            self.faults.add(&at, "additionalProperties", "is not a known member");
            self.sound = false;
        }
    }

    /// Holds the number of members to its bounds.
    pub fn count(&mut self, size: &Size) {
        self.sound &= size.admits(self.members.len(), self.at, self.faults);
    }

    /// `value`, unless a member was at fault.
    pub fn finish<T>(self, value: T) -> Option<T> {
        self.sound.then_some(value)
    }

    fn decode<T: Decode>(&mut self, name: &str, value: &Value) -> Option<T> {
        let decoded = T::decode(value, &Path::Member(self.at, name), self.faults);
        self.sound &= decoded.is_some();
        decoded
    }

    fn unknown(&self, known: &[&str]) -> impl Iterator<Item = (&'v String, &'v Value)> {
        self.members.iter().filter(|(name, _)| known.binary_search(&name.as_str()).is_err())
    }
}
