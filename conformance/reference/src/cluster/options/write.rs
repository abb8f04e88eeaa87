//! What a write may ask: a dry run, a manager of fields, strictness, force.

use serde_json::json;

use crate::cluster::status::{FieldError, Status};

/// The most bytes of a manager's name.
const MANAGER: usize = 128;

/// The words that strictness has.
const VALIDATIONS: [&str; 4] = ["", "Ignore", "Strict", "Warn"];

/// Which write it is, which decides what the options are called and what may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteKind {
    /// A create, also of a subresource.
    Create,
    /// A replace.
    Update,
    /// A patch of any kind but apply.
    Patch,
    /// An apply, which needs a manager and may force.
    Apply,
}

/// What becomes of unknown fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// They are dropped.
    Ignore,
    /// They are dropped, and a warning says so.
    #[default]
    Warn,
    /// They are refused.
    Strict,
}

/// The options of a write, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Nothing is kept.
    pub dry_run: bool,
    /// Who owns the fields that are written.
    pub manager: Option<String>,
    /// What becomes of unknown fields.
    pub validation: FieldValidation,
    /// Whether an apply takes fields away from others.
    pub force: bool,
}

impl WriteOptions {
    /// Checks `dryRun` (repeated), `fieldManager`, `fieldValidation` and `force`.
    ///
    /// # Errors
    /// 422 with every rule that is broken.
    pub fn check(
        kind: WriteKind,
        dry_run: &[String],
        manager: Option<&str>,
        validation: Option<&str>,
        force: Option<bool>,
    ) -> Result<Self, Status> {
        let mut errors = Vec::new();
        if kind != WriteKind::Apply && force.is_some() {
            errors.push(FieldError::forbidden("force", "may not be specified for non-apply patch"));
        }
        if kind == WriteKind::Apply && manager.is_none_or(str::is_empty) {
            errors.push(FieldError::required("fieldManager", "is required for apply patch"));
        }
        errors.extend(manager_error(manager.unwrap_or_default()));
        errors.extend(dry_run_error(dry_run));
        let validation = validation.unwrap_or_default();
        if !VALIDATIONS.contains(&validation) {
            let error =
                FieldError::unsupported("fieldValidation", &json!(validation), &VALIDATIONS);
            errors.push(error);
        }
        if !errors.is_empty() {
            return Err(Status::invalid_options(kind.options(), errors));
        }
        Ok(Self {
            dry_run: !dry_run.is_empty(),
            manager: manager.filter(|name| !name.is_empty()).map(ToOwned::to_owned),
            validation: FieldValidation::of(validation),
            force: force.unwrap_or_default(),
        })
    }
}

impl WriteKind {
    fn options(self) -> &'static str {
        match self {
            Self::Create => "CreateOptions",
            Self::Update => "UpdateOptions",
            Self::Patch | Self::Apply => "PatchOptions",
        }
    }
}

impl FieldValidation {
    fn of(word: &str) -> Self {
        match word {
            "Ignore" => Self::Ignore,
            "Strict" => Self::Strict,
            _ => Self::Warn,
        }
    }
}

/// What is wrong with `dryRun`: it is `All` or it is not there.
pub(super) fn dry_run_error(values: &[String]) -> Option<FieldError> {
    values
        .iter()
        .any(|value| value != "All")
        .then(|| FieldError::unsupported("dryRun", &json!(values), &["All"]))
}

fn manager_error(name: &str) -> Option<FieldError> {
    if name.len() > MANAGER {
        return Some(FieldError::too_long("fieldManager", MANAGER));
    }
    let control = name.chars().any(char::is_control);
    control.then(|| {
        FieldError::invalid(
            "fieldManager",
            &json!(name),
            "should only contain printable characters",
        )
    })
}
