//! The rules of a pod: everything that is wrong with one, each with its field.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::quantity;
use crate::cluster::{
    name::{key_fault, label_fault, subdomain_fault, value_fault},
    object,
    status::{FieldError, Status},
};

/// Fields whose value is one of a few words.
const WORDS: [(&str, &[&str]); 3] = [
    ("spec.restartPolicy", &["Always", "OnFailure", "Never"]),
    ("spec.dnsPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ("spec.preemptionPolicy", &["PreemptLowerPriority", "Never"]),
];

/// The most bytes of all annotations together.
const ANNOTATIONS: usize = 256 * 1024;

/// Holds a new pod, with its defaults, against all rules.
///
/// # Errors
/// 422 with every rule that is broken, 400 for a quantity that is none.
pub(super) fn create(pod: &Value) -> Result<(), Status> {
    quantities(pod)?;
    let mut errors = metadata(pod);
    errors.extend(spec(pod));
    if !object::list(pod, "/spec/ephemeralContainers").is_empty() {
        errors.push(FieldError::forbidden("spec.ephemeralContainers", "cannot be set on create"));
    }
    refuse(pod, errors)
}

/// Holds a changed pod against the rules of metadata and of values.
///
/// # Errors
/// As [`create`].
pub(super) fn change(pod: &Value) -> Result<(), Status> {
    quantities(pod)?;
    let mut errors = metadata(pod);
    errors.extend(spec(pod));
    refuse(pod, errors)
}

/// 422 unless there is no error.
pub(super) fn refuse(pod: &Value, errors: Vec<FieldError>) -> Result<(), Status> {
    if errors.is_empty() {
        return Ok(());
    }
    Err(Status::invalid("", "Pod", object::name(pod), errors))
}

fn metadata(pod: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let (name, prefix) = (object::name(pod), object::text(pod, "/metadata/generateName"));
    if name.is_empty() && prefix.is_empty() {
        errors.push(FieldError::required("metadata.name", "name or generateName is required"));
    }
    // A prefix may end as a name may not.
    let prefix_fault = subdomain_fault(&format!("{prefix}x")).filter(|_| !prefix.is_empty());
    errors.extend(
        prefix_fault.map(|why| FieldError::invalid("metadata.generateName", &json!(prefix), &why)),
    );
    let fault = subdomain_fault(name).filter(|_| !name.is_empty());
    errors.extend(fault.map(|why| FieldError::invalid("metadata.name", &json!(name), &why)));
    let mut size = 0;
    for (field, values) in [("labels", true), ("annotations", false)] {
        let map = object::get(pod, &["metadata", field]).and_then(Value::as_object);
        let field = format!("metadata.{field}");
        for (key, value) in map.into_iter().flatten() {
            let fault = key_fault(key);
            errors.extend(fault.map(|why| FieldError::invalid(&field, &json!(key), &why)));
            let fault = value_fault(value.as_str().unwrap_or_default()).filter(|_| values);
            errors.extend(fault.map(|why| FieldError::invalid(&field, value, &why)));
            size += if values { 0 } else { key.len() + value.as_str().map_or(0, str::len) };
        }
    }
    if size > ANNOTATIONS {
        errors.push(FieldError::too_long("metadata.annotations", ANNOTATIONS));
    }
    errors
}

fn spec(pod: &Value) -> Vec<FieldError> {
    let mut errors = volumes(pod);
    let volumes = names(pod, "/spec/volumes");
    if object::list(pod, "/spec/containers").is_empty() {
        errors.push(FieldError::required("spec.containers", ""));
    }
    let mut seen = BTreeSet::new();
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for (index, container) in object::list(pod, &format!("/spec/{list}")).iter().enumerate() {
            let place = format!("spec.{list}[{index}]");
            errors.extend(container_errors(container, &place, &volumes));
            let name = object::text(container, "/name");
            if !name.is_empty() && !seen.insert(name.to_owned()) {
                errors.push(FieldError::duplicate(format!("{place}.name"), &json!(name)));
            }
        }
    }
    for (field, words) in WORDS {
        let value = pod.pointer(&format!("/{}", field.replace('.', "/")));
        let wrong = value.filter(|value| value.as_str().is_none_or(|word| !words.contains(&word)));
        errors.extend(wrong.map(|value| FieldError::unsupported(field, value, words)));
    }
    errors.extend(numbers(pod));
    if object::flag(pod, "/spec/hostPID") && object::flag(pod, "/spec/shareProcessNamespace") {
        let why = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.push(FieldError::invalid("spec.shareProcessNamespace", &json!(true), why));
    }
    let node = object::text(pod, "/spec/nodeName");
    let fault = subdomain_fault(node).filter(|_| !node.is_empty());
    errors.extend(fault.map(|why| FieldError::invalid("spec.nodeName", &json!(node), &why)));
    errors
}

fn numbers(pod: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let deadline =
        object::number(pod, "/spec/activeDeadlineSeconds").filter(|seconds| *seconds < 1);
    errors.extend(deadline.map(|seconds| {
        let why = "must be between 1 and 2147483647, inclusive";
        FieldError::invalid("spec.activeDeadlineSeconds", &json!(seconds), why)
    }));
    let grace = object::number(pod, "/spec/terminationGracePeriodSeconds").filter(|it| *it < 0);
    errors.extend(grace.map(|seconds| {
        let why = "must be greater than or equal to 0";
        FieldError::invalid("spec.terminationGracePeriodSeconds", &json!(seconds), why)
    }));
    errors
}

fn volumes(pod: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, volume) in object::list(pod, "/spec/volumes").iter().enumerate() {
        let field = format!("spec.volumes[{index}].name");
        errors.extend(named(volume, &field));
        let name = object::text(volume, "/name");
        if !name.is_empty() && !seen.insert(name) {
            errors.push(FieldError::duplicate(field, &json!(name)));
        }
    }
    errors
}

fn container_errors(container: &Value, place: &str, volumes: &BTreeSet<&str>) -> Vec<FieldError> {
    let mut errors = named(container, &format!("{place}.name"));
    if object::text(container, "/image").is_empty() {
        errors.push(FieldError::required(format!("{place}.image"), ""));
    }
    let policies = ["Always", "IfNotPresent", "Never"];
    let policy = container.get("imagePullPolicy");
    let wrong = policy.filter(|it| it.as_str().is_none_or(|word| !policies.contains(&word)));
    errors.extend(wrong.map(|value| {
        FieldError::unsupported(format!("{place}.imagePullPolicy"), value, &policies)
    }));
    errors.extend(port_errors(container, place));
    errors.extend(resource_errors(container, place));
    for (index, mount) in object::list(container, "/volumeMounts").iter().enumerate() {
        let field = format!("{place}.volumeMounts[{index}]");
        let name = object::text(mount, "/name");
        if name.is_empty() {
            errors.push(FieldError::required(format!("{field}.name"), ""));
        } else if !volumes.contains(name) {
            let why = "there is no volume of this name";
            errors.push(FieldError::invalid(format!("{field}.name"), &json!(name), why));
        }
        if object::text(mount, "/mountPath").is_empty() {
            errors.push(FieldError::required(format!("{field}.mountPath"), ""));
        }
    }
    for (index, variable) in object::list(container, "/env").iter().enumerate() {
        if object::text(variable, "/name").is_empty() {
            errors.push(FieldError::required(format!("{place}.env[{index}].name"), ""));
        }
    }
    errors
}

fn port_errors(container: &Value, place: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (index, port) in object::list(container, "/ports").iter().enumerate() {
        let place = format!("{place}.ports[{index}]");
        for (field, needed) in [("containerPort", true), ("hostPort", false)] {
            let number = object::number(port, &format!("/{field}")).unwrap_or_default();
            let field = format!("{place}.{field}");
            if number == 0 && needed {
                errors.push(FieldError::required(field, ""));
            } else if number != 0 && !(1..=65_535).contains(&number) {
                let why = "must be between 1 and 65535, inclusive";
                errors.push(FieldError::invalid(field, &json!(number), why));
            }
        }
        let protocols = ["SCTP", "TCP", "UDP"];
        let protocol = port.get("protocol");
        let wrong = protocol.filter(|it| it.as_str().is_none_or(|word| !protocols.contains(&word)));
        errors.extend(
            wrong.map(|value| {
                FieldError::unsupported(format!("{place}.protocol"), value, &protocols)
            }),
        );
    }
    errors
}

fn resource_errors(container: &Value, place: &str) -> Vec<FieldError> {
    let requests = object::get(container, &["resources", "requests"]).and_then(Value::as_object);
    let limits = object::get(container, &["resources", "limits"]);
    let above = requests.into_iter().flatten().filter_map(|(resource, asked)| {
        let limit = limits?.get(resource)?;
        let above = amount(asked)? > amount(limit)?;
        let limit = limit.as_str().map_or_else(|| limit.to_string(), ToOwned::to_owned);
        let why = format!("must be less than or equal to {resource} limit of {limit}");
        let field = format!("{place}.resources.requests");
        above.then(|| FieldError::invalid(field, asked, &why))
    });
    above.collect()
}

/// 400 for the first quantity that is none.
fn quantities(pod: &Value) -> Result<(), Status> {
    let containers = ["/spec/containers", "/spec/initContainers", "/spec/ephemeralContainers"];
    let all = containers.into_iter().flat_map(|list| object::list(pod, list));
    let amounts = all.flat_map(|container| {
        ["/resources/requests", "/resources/limits"]
            .into_iter()
            .filter_map(|pointer| container.pointer(pointer)?.as_object())
            .flat_map(|map| map.values())
    });
    if amounts.into_iter().any(|value| amount(value).is_none()) {
        return Err(Status::bad_request(
            "Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression \
             '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ));
    }
    Ok(())
}

fn amount(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| quantity::parse(value.as_str()?))
}

/// What is wrong with the name of a container or volume.
fn named(item: &Value, field: &str) -> Vec<FieldError> {
    let name = object::text(item, "/name");
    if name.is_empty() {
        return vec![FieldError::required(field, "")];
    }
    label_fault(name)
        .map(|why| FieldError::invalid(field, &json!(name), &why))
        .into_iter()
        .collect()
}

fn names<'v>(pod: &'v Value, list: &str) -> BTreeSet<&'v str> {
    object::list(pod, list).iter().map(|item| object::text(item, "/name")).collect()
}
