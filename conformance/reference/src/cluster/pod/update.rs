//! What may change in a pod that is there: a few fields, and nothing else of its spec.

use serde_json::{Value, json};

use super::validate;
use crate::cluster::{
    object,
    status::{FieldError, Status},
};

const WHY: &str = "pod updates may not change fields other than `spec.containers[*].image`,\
    `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing \
    tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// Holds a changed spec against the one before.
///
/// # Errors
/// 422 when a field differs that may not change.
pub(super) fn check(before: &Value, after: &Value) -> Result<(), Status> {
    let mut errors = Vec::new();
    let deadline = |pod| object::number(pod, "/spec/activeDeadlineSeconds");
    if let Some(old) = deadline(before)
        && deadline(after).is_none_or(|new| new > old)
    {
        let why = "must be less than or equal to previous value";
        errors.push(FieldError::invalid(
            "spec.activeDeadlineSeconds",
            &json!(deadline(after)),
            why,
        ));
    }
    let kept = object::list(before, "/spec/tolerations");
    let tolerations = object::list(after, "/spec/tolerations");
    if !kept.iter().all(|toleration| tolerations.contains(toleration)) {
        let why = "existing toleration can not be modified except its tolerationSeconds";
        errors.push(FieldError::forbidden("spec.tolerations", why));
    }
    if levelled(before, after) != after.get("spec").cloned() {
        errors.push(FieldError::forbidden("spec", WHY));
    }
    validate::refuse(after, errors)
}

/// The spec before, with everything that may change as it is afterwards.
fn levelled(before: &Value, after: &Value) -> Option<Value> {
    let mut level = before.clone();
    for field in ["activeDeadlineSeconds", "tolerations"] {
        object::copy(&mut level, after, &["spec", field]);
    }
    if object::number(before, "/spec/terminationGracePeriodSeconds").is_some_and(|it| it < 0) {
        object::copy(&mut level, after, &["spec", "terminationGracePeriodSeconds"]);
    }
    for list in ["containers", "initContainers"] {
        let pointer = format!("/spec/{list}");
        let images = object::list(after, &pointer).iter().map(|container| container.get("image"));
        let containers = level.pointer_mut(&pointer).and_then(Value::as_array_mut);
        for (container, image) in containers.into_iter().flatten().zip(images) {
            if let Some(image) = image {
                object::set(container, &["image"], image.clone());
            }
        }
    }
    object::remove(&mut level, &["spec"])
}
