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

    /// Writes a member that is always there.
    ///
    /// # Errors
    /// Those of the format.
    pub fn required<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), S::Error> {
        self.member(name, value)
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn absent_members_are_left_out_and_known_ones_are_not_written_twice() {
        let further = BTreeMap::from([("a".to_owned(), json!(1)), ("z".to_owned(), Value::Null)]);
        let mut object = Object::begin(serde_json::value::Serializer).unwrap();
        object.member("a", &0).unwrap();
        object.optional("b", &None::<u8>).unwrap();
        object.optional("c", &Some(2)).unwrap();
        object.field("d", &Field::<u8>::Absent).unwrap();
        object.field("e", &Field::<u8>::Null).unwrap();
        object.field("f", &Field::Value(3)).unwrap();
        object.additional(&further, &["a", "b"]).unwrap();
        let expected = json!({ "a": 0, "c": 2, "e": null, "f": 3, "z": null });
        assert_eq!(object.end().unwrap(), expected);
    }
}
