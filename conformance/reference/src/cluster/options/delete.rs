//! What a delete may ask: grace, preconditions, what becomes of dependents, a dry run.

use serde_json::{Value, json};

use super::write::dry_run_error;
use crate::cluster::{
    object,
    status::{FieldError, Status},
};

/// The policies by which dependents are handled. No object here has dependents, so they all do the same.
const POLICIES: [&str; 3] = ["Foreground", "Background", "Orphan"];

/// The options of a delete, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// After how many seconds the object goes; nothing means as the object itself says. Less than zero means one.
    pub grace: Option<i64>,
    /// What the object must be.
    pub preconditions: Preconditions,
    /// Nothing is deleted.
    pub dry_run: bool,
    /// `orphanDependents`, which has a say in whether the answer is 202.
    pub orphan: Option<bool>,
}

/// What an object must be to be deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// The uid.
    pub uid: Option<String>,
    /// The version.
    pub version: Option<String>,
}

/// The options as they are sent, in a body or a query.
#[derive(Debug, Default)]
struct Sent<'s> {
    grace: Option<i64>,
    orphan: Option<bool>,
    policy: Option<&'s str>,
    dry_run: Vec<String>,
    preconditions: Preconditions,
}

impl DeleteOptions {
    /// Reads the options from a query.
    ///
    /// # Errors
    /// 422 with every rule that is broken.
    pub fn from_query(
        grace: Option<i64>,
        orphan: Option<bool>,
        policy: Option<&str>,
        dry_run: &[String],
    ) -> Result<Self, Status> {
        let dry_run = dry_run.to_vec();
        Sent { grace, orphan, policy, dry_run, preconditions: Preconditions::default() }.check()
    }

    /// Reads the options from a body, which excludes those of the query.
    ///
    /// # Errors
    /// 400 when the body is of another kind or a field of another type, 422 with every rule that is broken.
    pub fn from_body(body: &Value) -> Result<Self, Status> {
        let (kind, version) = (object::text(body, "/kind"), object::text(body, "/apiVersion"));
        if !body.is_object() || !["", "DeleteOptions"].contains(&kind) {
            let message = format!("no kind {kind:?} is registered for version {version:?}");
            return Err(Status::bad_request(message));
        }
        let preconditions = body.get("preconditions").unwrap_or(&Value::Null);
        let dry_run = optional(body, "dryRun", Value::as_array)?.map_or(&[][..], Vec::as_slice);
        let dry_run = dry_run.iter().map(|word| word.as_str().unwrap_or_default().to_owned());
        let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
        Sent {
            grace: optional(body, "gracePeriodSeconds", Value::as_i64)?,
            orphan: optional(body, "orphanDependents", Value::as_bool)?,
            policy: optional(body, "propagationPolicy", Value::as_str)?,
            dry_run: dry_run.collect(),
            preconditions: Preconditions {
                uid: owned(optional(preconditions, "uid", Value::as_str)?),
                version: owned(optional(preconditions, "resourceVersion", Value::as_str)?),
            },
        }
        .check()
    }
}

impl Sent<'_> {
    fn check(self) -> Result<DeleteOptions, Status> {
        let mut errors = Vec::new();
        if self.orphan.is_some() && self.policy.is_some() {
            let why = "orphanDependents and deletionPropagation cannot be both set";
            errors.push(FieldError::invalid("propagationPolicy", &json!(self.policy), why));
        }
        if let Some(policy) = self.policy.filter(|policy| !POLICIES.contains(policy)) {
            let known = ["Foreground", "Background", "Orphan", "nil"];
            errors.push(FieldError::unsupported("propagationPolicy", &json!(policy), &known));
        }
        errors.extend(dry_run_error(&self.dry_run));
        if !errors.is_empty() {
            return Err(Status::invalid_options("DeleteOptions", errors));
        }
        Ok(DeleteOptions {
            grace: self.grace,
            preconditions: self.preconditions,
            dry_run: !self.dry_run.is_empty(),
            orphan: self.orphan,
        })
    }
}

impl Preconditions {
    /// Holds an object against them.
    ///
    /// # Errors
    /// 409 when the object is another one, or another version of it.
    pub fn check(&self, object: &Value) -> Result<(), Status> {
        let name = object::name(object);
        let uid = object::uid(object);
        if let Some(asked) = self.uid.as_deref().filter(|asked| *asked != uid) {
            let why = format!(
                "the UID in the precondition ({asked}) does not match the UID in record ({uid}). \
                 The object might have been deleted and then recreated"
            );
            return Err(Status::conflict("Pod", name, &why));
        }
        let version = object::version(object);
        if let Some(asked) = self.version.as_deref().filter(|asked| *asked != version) {
            let why = format!(
                "the ResourceVersion in the precondition ({asked}) does not match the ResourceVersion \
                 in record ({version}). The object might have been modified"
            );
            return Err(Status::conflict("Pod", name, &why));
        }
        Ok(())
    }
}

/// A field of a body that may be absent or null, but not of another type.
fn optional<'v, T>(
    body: &'v Value,
    field: &str,
    read: impl Fn(&'v Value) -> Option<T>,
) -> Result<Option<T>, Status> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => read(value).map(Some).ok_or_else(|| {
            Status::bad_request(format!(
                "json: cannot unmarshal {value} into DeleteOptions.{field}"
            ))
        }),
    }
}
