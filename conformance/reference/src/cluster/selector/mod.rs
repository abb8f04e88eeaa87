//! Selectors: which objects a list, a watch or a collection delete means.
//!
//! Labels and fields have a syntax each. Both are read into requirements that all must hold.

mod field;
mod label;
mod token;

use serde_json::Value;

pub use self::{
    field::{FIELDS, FieldSelector},
    label::LabelSelector,
};
use super::status::Status;

/// Labels and fields together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    labels: LabelSelector,
    fields: FieldSelector,
}

impl Selector {
    /// Reads both; an absent or empty text selects everything.
    ///
    /// # Errors
    /// 400 when one of them cannot be read, or a field is none that can be selected by.
    pub fn parse(labels: Option<&str>, fields: Option<&str>) -> Result<Self, Status> {
        let labels =
            LabelSelector::parse(labels.unwrap_or_default()).map_err(Status::bad_request)?;
        let fields =
            FieldSelector::parse(fields.unwrap_or_default()).map_err(Status::bad_request)?;
        Ok(Self { labels, fields })
    }

    /// Whether everything is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Whether an object is selected.
    #[must_use]
    pub fn selects(&self, object: &Value) -> bool {
        self.labels.selects(object) && self.fields.selects(object)
    }
}
