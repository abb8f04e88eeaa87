//! Binding a pod to a node.

use serde_json::{Value, json};

use super::{PODS, Pods, shape};
use crate::cluster::{
    object,
    status::{FieldError, Status},
    store::{Key, Write},
};

/// What a binding is called in refusals.
const BINDING: &str = "pods/binding";

impl Pods {
    /// Binds a pod to the node that the body names. `name` is that of the path, if it has one.
    ///
    /// # Errors
    /// 400 for another kind, name or namespace, 404 without the pod, 409 when it is bound or being deleted, 500 without a
    /// reason when the target is no node.
    pub fn bind(
        &self,
        namespace: &str,
        name: Option<&str>,
        body: &Value,
        dry_run: bool,
    ) -> Result<Status, Status> {
        shape::check_kind(body, "Binding", &["v1"])?;
        shape::check_namespace(body, namespace)?;
        let named = object::name(body);
        let name = name.unwrap_or(named);
        if named != name {
            return Err(Status::bad_request("name in URL does not match name in Binding object"));
        }
        check_target(body)?;
        let node = object::text(body, "/target/name");
        let now = self.now();
        self.store.write(&Key::new(namespace, name), dry_run, |current| {
            let current = current.ok_or_else(|| Status::not_found(PODS, name))?;
            check_free(current, name)?;
            let mut pod = Value::clone(current);
            object::set(&mut pod, &["spec", "nodeName"], node);
            let annotations = body.pointer("/metadata/annotations").and_then(Value::as_object);
            for (key, value) in annotations.into_iter().flatten() {
                object::set(&mut pod, &["metadata", "annotations", key], value.clone());
            }
            let scheduled = json!({
                "type": "PodScheduled", "status": "True", "lastTransitionTime": now,
            });
            let others = object::list(current, "/status/conditions").iter();
            let mut conditions: Vec<Value> =
                others.filter(|it| object::text(it, "/type") != "PodScheduled").cloned().collect();
            conditions.push(scheduled);
            object::set(&mut pod, &["status", "conditions"], conditions);
            Ok(Write::Put(pod))
        })?;
        Ok(Status::success(201))
    }
}

fn check_free(pod: &Value, name: &str) -> Result<(), Status> {
    let node = object::text(pod, "/spec/nodeName");
    let why = if object::is_terminating(pod) {
        format!("pod {name} is being deleted, cannot be assigned to a host")
    } else if !node.is_empty() {
        format!("pod {name} is already assigned to node {node:?}")
    } else if !object::list(pod, "/spec/schedulingGates").is_empty() {
        format!("pod {name} has non-empty .spec.schedulingGates")
    } else {
        return Ok(());
    };
    Err(Status::conflict(BINDING, name, &why))
}

fn check_target(body: &Value) -> Result<(), Status> {
    let mut errors = Vec::new();
    let kind = object::text(body, "/target/kind");
    if !["", "Node"].contains(&kind) {
        errors.push(FieldError::unsupported("target.kind", &json!(kind), &["Node", "<empty>"]));
    }
    if object::text(body, "/target/name").is_empty() {
        errors.push(FieldError::required("target.name", ""));
    }
    let texts: Vec<String> = errors.iter().map(FieldError::text).collect();
    match texts.as_slice() {
        [] => Ok(()),
        [single] => Err(Status::unexplained(single.clone())),
        several => Err(Status::unexplained(format!("[{}]", several.join(", ")))),
    }
}
