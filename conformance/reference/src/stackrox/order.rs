//! The order in which pods are listed.

use std::cmp::Ordering;

use generated::stackrox::models::StoragePod;

use super::search::Field;

/// By which field, and in which direction. Equal values are told apart by the pod's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    field: Field,
    reversed: bool,
}

/// Nothing can be sorted by that field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no field {0:?} to sort by")]
pub struct UnknownField(pub String);

impl Order {
    /// The order by a field of the search vocabulary; none for an empty name.
    ///
    /// # Errors
    /// [`UnknownField`] if pods have no such field.
    pub fn by(field: &str, reversed: bool) -> Result<Option<Self>, UnknownField> {
        if field.is_empty() {
            return Ok(None);
        }
        let field = Field::named(field).ok_or_else(|| UnknownField(field.to_owned()))?;
        Ok(Some(Self { field, reversed }))
    }

    /// How two pods stand to each other.
    #[must_use]
    pub fn compare(self, one: &StoragePod, other: &StoragePod) -> Ordering {
        let by_field = self.field.of(one).cmp(&self.field.of(other));
        let ordering = by_field.then_with(|| one.id.cmp(&other.id));
        if self.reversed { ordering.reverse() } else { ordering }
    }
}
