//! All objects of a scope at one version.

use std::{collections::BTreeMap, sync::Arc};

use super::{Change, Key, Object, Version};

/// Objects by key, as they were at a version.
#[derive(Clone, Debug)]
pub struct Snapshot {
    version: Version,
    objects: BTreeMap<Key, Object>,
}

impl Snapshot {
    pub(super) fn new(version: Version, objects: BTreeMap<Key, Object>) -> Self {
        Self { version, objects }
    }

    /// The current objects with later changes taken back.
    pub(super) fn undoing<'c>(
        version: Version,
        mut objects: BTreeMap<Key, Object>,
        changes: impl DoubleEndedIterator<Item = &'c Change>,
    ) -> Self {
        for change in changes.rev() {
            match &change.before {
                Some(before) => objects.insert(change.key.clone(), Arc::clone(before)),
                None => objects.remove(&change.key),
            };
        }
        Self { version, objects }
    }

    /// Which version this is.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The objects in the order of their keys.
    pub fn objects(&self) -> impl Iterator<Item = (&Key, &Object)> {
        self.objects.iter()
    }
}
