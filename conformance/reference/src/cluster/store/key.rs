//! Where an object stands: its namespace and name, ordered as `<namespace>/<name>` is in bytes.

use std::{collections::BTreeMap, ops::Bound};

/// A namespace and a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// The key of an object.
    #[must_use]
    pub fn new(namespace: &str, name: &str) -> Self {
        Self(format!("{namespace}/{name}"))
    }

    /// `<namespace>/<name>`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The namespace.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0.split_once('/').map_or("", |(namespace, _)| namespace)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, name)| name)
    }
}

/// Which objects are meant: those of one namespace, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All namespaces.
    All,
    /// One namespace.
    Namespace(String),
}

impl Scope {
    /// One namespace.
    #[must_use]
    pub fn namespace(name: &str) -> Self {
        Self::Namespace(name.to_owned())
    }

    /// Whether a key stands in the scope.
    #[must_use]
    pub fn contains(&self, key: &Key) -> bool {
        match self {
            Self::All => true,
            Self::Namespace(namespace) => key.namespace() == namespace,
        }
    }

    /// What all keys of the scope begin with.
    #[must_use]
    pub fn prefix(&self) -> String {
        match self {
            Self::All => String::new(),
            Self::Namespace(namespace) => format!("{namespace}/"),
        }
    }

    /// The entries of the scope.
    pub(super) fn select<T: Clone>(&self, entries: &BTreeMap<Key, T>) -> BTreeMap<Key, T> {
        let first = Key(self.prefix());
        entries
            .range((Bound::Included(first), Bound::Unbounded))
            .take_while(|(key, _)| self.contains(key))
            .map(|(key, entry)| (key.clone(), entry.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_by_their_bytes() {
        let mut keys = ["a/x", "a-b/x", "ab/x", "a/y"]
            .map(|text| text.split_once('/').unwrap())
            .map(|(namespace, name)| Key::new(namespace, name));
        keys.sort();
        assert_eq!(keys.map(|key| key.0), ["a-b/x", "a/x", "a/y", "ab/x"]);
    }

    #[test]
    fn a_scope_selects_its_namespace_alone() {
        let entries: BTreeMap<Key, u8> = [("a", 1), ("a-b", 2), ("ab", 3)]
            .map(|(namespace, number)| (Key::new(namespace, "x"), number))
            .into();
        let selected = Scope::namespace("a").select(&entries);
        assert_eq!(selected.into_values().collect::<Vec<_>>(), [1]);
        assert_eq!(Scope::All.select(&entries).len(), 3);
        assert!(Scope::namespace("b").select(&entries).is_empty());
    }
}
