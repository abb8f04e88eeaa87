//! Rust values → objects of any `serde` format, absent members left out.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::field::Field;

/// An object that is being written.
pub struct Object<S: Serializer> {
    members: S::SerializeMap,
}

impl<S: Serializer> Object<S> {
    /// Begins an object.
    ///
    /// # Errors
    /// Those of the format.
    pub fn begin(serializer: S) -> Result<Self, S::Error> {
        serializer.serialize_map(None).map(|members| Self { members })
    }

    /// Writes a member.
    ///
    /// # Errors
    /// Those of the format.
    pub fn member<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), S::Error> {
        self.members.serialize_entry(name, value)
    }

    /// Writes a member that may be absent.
    ///
    /// # Errors
    /// Those of the format.
    pub fn optional<T: Serialize>(
        &mut self,
        name: &str,
        value: &Option<T>,
    ) -> Result<(), S::Error> {
        value.as_ref().map_or(Ok(()), |value| self.member(name, value))
    }

    /// Writes a member that may be absent or null.
    ///
    /// # Errors
    /// Those of the format.
    pub fn field<T: Serialize>(&mut self, name: &str, value: &Field<T>) -> Result<(), S::Error> {
        match value {
            Field::Absent => Ok(()),
            Field::Null => self.members.serialize_entry(name, &()),
            Field::Value(value) => self.member(name, value),
        }
    }

    /// Writes further members, but none that `known`, which is sorted, lists: those have fields.
    ///
    /// # Errors
    /// Those of the format.
    pub fn additional<T: Serialize>(
        &mut self,
        members: &BTreeMap<String, T>,
        known: &[&str],
    ) -> Result<(), S::Error> {
        members
            .iter()
            .filter(|(name, _)| known.binary_search(&name.as_str()).is_err())
            .try_for_each(|(name, value)| self.member(name, value))
    }

    /// Ends the object.
    ///
    /// # Errors
    /// Those of the format.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.members.end()
    }
}

impl<S: Serializer> fmt::Debug for Object<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").finish_non_exhaustive()
    }
}
