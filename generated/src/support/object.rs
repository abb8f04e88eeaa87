//! The members of a JSON object, taken one by one by their places among the known names.

use std::collections::BTreeMap;

use super::check::Size;
use super::decode::{Decode, Faults, Path, wrong_type};
use super::field::Field;
use super::tree::{Entry, Tree};

/// The place of a name among the names of a type's members. Past the end where it is none of them.
#[must_use]
pub const fn place(known: &[&str], name: &str) -> usize {
    let (mut place, mut rest) = (0, known);
    while let [first, others @ ..] = rest {
        if same(first.as_bytes(), name.as_bytes()) {
            break;
        }
        place += 1;
        rest = others;
    }
    place
}

/// Comparing slices is not for constants yet.
const fn same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([first, rest @ ..], [second, others @ ..]) = (one, other) {
        if *first != *second {
            return false;
        }
        (one, other) = (rest, others);
    }
    one.is_empty() && other.is_empty()
}

/// An object that is being decoded.
#[derive(Debug)]
pub struct Members<'v, 't, 'p, 'f> {
    known: &'static [&'static str],
    found: &'v [Option<&'t Tree<'t>>],
    unknown: Vec<&'t Entry<'t>>,
    count: usize,
    at: &'p Path<'p>,
    faults: &'f mut Faults,
    sound: bool,
}

impl<'v, 't, 'p, 'f> Members<'v, 't, 'p, 'f> {
    /// The members of `value`, which stands at `at`; a fault when it is no object. `known` is sorted, and `found` has
    /// a slot for each of them.
    pub fn of(
        value: &Tree<'t>,
        known: &'static [&'static str],
        found: &'v mut [Option<&'t Tree<'t>>],
        at: &'p Path<'p>,
        faults: &'f mut Faults,
    ) -> Option<Self> {
        let Tree::Object(members) = value else {
            return wrong_type(value, "an object", at, faults);
        };
        let mut unknown = Vec::new();
        let mut from = 0;
        for entry in *members {
            // Both are sorted: what comes is further on. Most names already differ in length, so that walking there is
            // faster than halving the way.
            let mut rest = known.iter().skip(from);
            let Some(steps) = rest.position(|name| *name == entry.0) else {
                unknown.push(entry);
                continue;
            };
            if let Some(slot) = found.get_mut(from + steps) {
                *slot = Some(&entry.1);
            }
            from += steps + 1;
        }
        Some(Self { known, found, unknown, count: members.len(), at, faults, sound: true })
    }

    /// A member that must be there.
    pub fn required<T: Decode>(&mut self, place: usize) -> Option<T> {
        if let Some(value) = self.found(place) {
            return self.decode(self.name(place), value);
        }
        self.faults.add(&Path::Member(self.at, self.name(place)), "required", "is missing");
        self.sound = false;
        None
    }

    /// A member that may be absent. `None` also when it is at fault, which [`Self::finish`] then tells.
    pub fn optional<T: Decode>(&mut self, place: usize) -> Option<T> {
        let value = self.found(place)?;
        self.decode(self.name(place), value)
    }

    /// A member that may be absent or null.
    pub fn field<T: Decode>(&mut self, place: usize) -> Field<T> {
        match self.found(place) {
            None => Field::Absent,
            Some(Tree::Null) => Field::Null,
            Some(value) => self.decode(self.name(place), value).map_or(Field::Absent, Field::Value),
        }
    }

    /// The members that are not known.
    pub fn additional<T: Decode>(&mut self) -> BTreeMap<String, T> {
        let mut additional = BTreeMap::new();
        for (name, value) in std::mem::take(&mut self.unknown) {
            if let Some(value) = self.decode(name, value) {
                additional.insert((*name).to_owned(), value);
            }
        }
        additional
    }

    /// Refuses every member that is not known.
    pub fn refuse_others(&mut self) {
        for (name, _) in std::mem::take(&mut self.unknown) {
            let at = Path::Member(self.at, name);
            self.faults.add(&at, "additionalProperties", "is not a known member");
            self.sound = false;
        }
    }

    /// Holds the number of members to its bounds.
    pub fn count(&mut self, size: &Size) {
        self.sound &= size.admits(self.count, self.at, self.faults);
    }

    /// `None` if a member was at fault.
    pub fn finish(self) -> Option<()> {
        self.sound.then_some(())
    }

    fn found(&self, place: usize) -> Option<&'t Tree<'t>> {
        self.found.get(place).copied().flatten()
    }

    fn name(&self, place: usize) -> &'static str {
        self.known.get(place).copied().unwrap_or_default()
    }

    fn decode<T: Decode>(&mut self, name: &str, value: &Tree<'t>) -> Option<T> {
        let decoded = T::decode(value, &Path::Member(self.at, name), self.faults);
        self.sound &= decoded.is_some();
        decoded
    }
}
