//! Keys and values in document order, found by key in less than linear time. Does not check that keys differ.

use std::ops::Deref;
use std::sync::OnceLock;

use super::{Entry, Node};

/// Up to so many entries are searched one after another.
const FEW: usize = 12;

/// The entries of a mapping.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// Positions of the entries, sorted by key; made when a large mapping is first asked.
    sorted: OnceLock<Vec<usize>>,
}

impl Mapping {
    /// The entries, in document order.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// The entries, to be changed.
    pub fn entries_mut(&mut self) -> &mut Vec<Entry> {
        self.sorted = OnceLock::new();
        &mut self.entries
    }

    /// The value under that key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry with that key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        if self.entries.len() <= FEW {
            return self.entries.iter().find(|entry| entry.key == key);
        }
        let key_at = |&position: &usize| self.entries.get(position).map(|entry| &*entry.key);
        let sorted = self.sorted.get_or_init(|| {
            let mut sorted: Vec<usize> = (0..self.entries.len()).collect();
            sorted.sort_by_key(key_at);
            sorted
        });
        let found = sorted.binary_search_by_key(&Some(key), key_at).ok()?;
        self.entries.get(*sorted.get(found)?)
    }
}

/// Stands for a mapping that is not there.
static EMPTY: Mapping = Mapping { entries: Vec::new(), sorted: OnceLock::new() };

impl Default for &Mapping {
    fn default() -> Self {
        &EMPTY
    }
}

impl Deref for Mapping {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        &self.entries
    }
}

impl From<Vec<Entry>> for Mapping {
    fn from(entries: Vec<Entry>) -> Self {
        Self { entries, sorted: OnceLock::new() }
    }
}

impl FromIterator<Entry> for Mapping {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        entries.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'m> IntoIterator for &'m Mapping {
    type Item = &'m Entry;
    type IntoIter = std::slice::Iter<'m, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl PartialEq for Mapping {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scalar, Value};
    use super::*;

    #[test]
    fn few_and_many_keys_are_found_alike() {
        for size in [0, 1, FEW, FEW + 1, 500] {
            let entry = |number: usize| Entry {
                key: format!("k{}", number * 7919 % 1000),
                line: u32::try_from(number).unwrap(),
                column: 1,
                value: Node { value: Value::Scalar(Scalar::Null), line: 1, column: 1 },
            };
            let mapping: Mapping = (0..size).map(entry).collect();
            for number in 0..size {
                assert_eq!(mapping.entry(&entry(number).key), Some(&entry(number)));
            }
            assert_eq!(mapping.get("absent"), None);
        }
    }
}
