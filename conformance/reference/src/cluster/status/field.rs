//! What is wrong with one field: a path, a reason, and a text in the measured form.

use serde_json::{Value, json};

use super::CauseReason;

/// One cause of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Why.
    pub reason: Option<CauseReason>,
    /// In words.
    pub message: String,
    /// Which field, as `spec.containers[0].name`.
    pub field: Option<String>,
}

impl Cause {
    /// As an element of `details.causes`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = json!({ "message": self.message });
        if let Some(map) = value.as_object_mut() {
            if let Some(reason) = self.reason {
                map.insert("reason".to_owned(), reason.name().into());
            }
            if let Some(field) = &self.field {
                map.insert("field".to_owned(), field.as_str().into());
            }
        }
        value
    }
}

/// A rule that a field breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    field: String,
    reason: CauseReason,
    message: String,
}

impl FieldError {
    /// The value is not allowed, because of `why`.
    #[must_use]
    pub fn invalid(field: impl Into<String>, value: &Value, why: &str) -> Self {
        let message = format!("Invalid value: {value}: {why}");
        Self { field: field.into(), reason: CauseReason::FieldValueInvalid, message }
    }

    /// The value is missing; `why` may be empty.
    #[must_use]
    pub fn required(field: impl Into<String>, why: &str) -> Self {
        let separator = if why.is_empty() { "" } else { ": " };
        let message = format!("Required value{separator}{why}");
        Self { field: field.into(), reason: CauseReason::FieldValueRequired, message }
    }

    /// The value stands elsewhere in the same list.
    #[must_use]
    pub fn duplicate(field: impl Into<String>, value: &Value) -> Self {
        let message = format!("Duplicate value: {value}");
        Self { field: field.into(), reason: CauseReason::FieldValueDuplicate, message }
    }

    /// The value is none of those that are known.
    #[must_use]
    pub fn unsupported(field: impl Into<String>, value: &Value, known: &[&str]) -> Self {
        let known = known.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        let message = format!("Unsupported value: {value}: supported values: {known}");
        Self { field: field.into(), reason: CauseReason::FieldValueNotSupported, message }
    }

    /// The field may not be set or changed here.
    #[must_use]
    pub fn forbidden(field: impl Into<String>, why: &str) -> Self {
        let message = format!("Forbidden: {why}");
        Self { field: field.into(), reason: CauseReason::FieldValueForbidden, message }
    }

    /// The value has more than `most` bytes.
    #[must_use]
    pub fn too_long(field: impl Into<String>, most: usize) -> Self {
        let message = format!("Too long: may not be more than {most} bytes");
        Self { field: field.into(), reason: CauseReason::FieldValueTooLong, message }
    }

    /// Which field.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// With the field in front, as in the message of the whole refusal.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}: {}", self.field, self.message)
    }

    /// As a cause.
    #[must_use]
    pub fn into_cause(self) -> Cause {
        Cause { reason: Some(self.reason), message: self.message, field: Some(self.field) }
    }
}
