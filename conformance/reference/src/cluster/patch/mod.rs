//! Patches: what an object becomes when a client sends changes instead of the whole.
//!
//! JSON patch (RFC 6902) and merge patch (RFC 7396) are those of a crate. Strategic merge follows a table of lists that
//! are merged by keys. An apply, which also needs to know who owns what, is in `managed`.

mod strategic;
mod table;

use json_patch::PatchOperation;
use serde_json::Value;

pub(in crate::cluster) use self::table::below;
pub use self::table::{ListKeys, MergeTable};
use super::status::{Reason, Status};

/// The most operations of one JSON patch.
const OPERATIONS: usize = 10_000;

/// How a patch document is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// A list of operations (RFC 6902).
    Json,
    /// An object whose nulls delete (RFC 7396).
    Merge,
    /// As [`PatchKind::Merge`], with lists merged by keys and directives.
    Strategic,
    /// What a manager wants the object to be.
    Apply,
}

const MEDIA_TYPES: [(&str, PatchKind); 4] = [
    ("application/json-patch+json", PatchKind::Json),
    ("application/merge-patch+json", PatchKind::Merge),
    ("application/strategic-merge-patch+json", PatchKind::Strategic),
    ("application/apply-patch+yaml", PatchKind::Apply),
];

impl PatchKind {
    /// The kind of patch that a media type names. Parameters do not count, and letters do as they are written.
    ///
    /// # Errors
    /// 415 when it names none.
    pub fn of_media_type(media_type: &str) -> Result<Self, Status> {
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        let found = MEDIA_TYPES.iter().find(|(known, _)| *known == essence);
        found.map(|(_, kind)| *kind).ok_or_else(Status::unknown_patch)
    }
}

/// An object with a JSON patch applied, wholly or not at all.
///
/// # Errors
/// 400 when the document is no list, 413 when it is too long, 422 when an operation is unknown or cannot be done.
pub fn json_patched(object: &Value, patch: &Value) -> Result<Value, Status> {
    let operations =
        patch.as_array().ok_or_else(|| undecodable(patch, "[]handlers.jsonPatchOp"))?;
    if operations.len() > OPERATIONS {
        let message = format!(
            "The allowed maximum operations in a JSON patch is {OPERATIONS}, got {}",
            operations.len()
        );
        return Err(Status::refusal(Reason::RequestEntityTooLarge, message));
    }
    let operations = operations.iter().map(<PatchOperation as serde::Deserialize>::deserialize);
    let operations =
        operations.collect::<Result<Vec<_>, _>>().map_err(|_| Status::unprocessable())?;
    let mut patched = object.clone();
    json_patch::patch(&mut patched, &operations).map_err(|_| Status::unprocessable())?;
    Ok(patched)
}

/// An object with a merge patch applied.
///
/// # Errors
/// 400 when the patch is no object.
pub fn merge_patched(object: &Value, patch: &Value) -> Result<Value, Status> {
    if !patch.is_object() {
        return Err(undecodable(patch, "map[string]interface {}"));
    }
    let mut patched = object.clone();
    json_patch::merge(&mut patched, patch);
    Ok(patched)
}

/// An object with a strategic merge patch applied.
///
/// # Errors
/// 400 when the patch is no object or a directive is malformed, 422 when an item of a list has no merge key.
pub fn strategic_patched(
    object: &Value,
    patch: &Value,
    table: &MergeTable,
) -> Result<Value, Status> {
    if !patch.is_object() {
        return Err(undecodable(patch, "map[string]interface {}"));
    }
    strategic::merged(object, patch, table)
}

fn undecodable(patch: &Value, wanted: &str) -> Status {
    let found = match patch {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    Status::bad_request(format!(
        "error decoding patch: json: cannot unmarshal {found} into Go value of type {wanted}"
    ))
}
