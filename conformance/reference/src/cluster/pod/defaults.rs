//! What a pod has that its author left out.
//!
//! `fill` gives what the kind itself says; `admit` gives what the cluster adds, which its author does not own.

use serde_json::{Value, json};

use crate::cluster::object;

/// The lists of containers.
const LISTS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// Fields of the spec and what they are by default.
fn spec_defaults() -> [(&'static str, Value); 6] {
    [
        ("restartPolicy", json!("Always")),
        ("terminationGracePeriodSeconds", json!(30)),
        ("dnsPolicy", json!("ClusterFirst")),
        ("securityContext", json!({})),
        ("schedulerName", json!("default-scheduler")),
        ("enableServiceLinks", json!(true)),
    ]
}

/// Fields of a probe and what they are by default.
const PROBE: [(&str, i64); 4] = [
    ("timeoutSeconds", 1),
    ("periodSeconds", 10),
    ("successThreshold", 1),
    ("failureThreshold", 3),
];

/// Gives a pod what its kind says by default.
pub(super) fn fill(pod: &mut Value) {
    object::set_default(pod, &["kind"], "Pod");
    object::set_default(pod, &["apiVersion"], "v1");
    for (field, value) in spec_defaults() {
        object::set_default(pod, &["spec", field], value);
    }
    let host = object::flag(pod, "/spec/hostNetwork");
    let Some(spec) = pod.get_mut("spec") else { return };
    // One account has two names.
    for (from, to) in
        [("serviceAccountName", "serviceAccount"), ("serviceAccount", "serviceAccountName")]
    {
        if let Some(account) = spec.get(from).filter(|account| account.is_string()).cloned() {
            object::set_default(spec, &[to], account);
        }
    }
    for list in LISTS {
        for container in items(spec, list) {
            fill_container(container, host, list == "ephemeralContainers");
        }
    }
    for volume in items(spec, "volumes") {
        fill_volume(volume);
    }
}

fn fill_container(container: &mut Value, host: bool, ephemeral: bool) {
    let latest = is_latest(object::text(container, "/image"));
    let pull = if latest { "Always" } else { "IfNotPresent" };
    object::set_default(container, &["resources"], json!({}));
    object::set_default(container, &["terminationMessagePath"], "/dev/termination-log");
    object::set_default(container, &["terminationMessagePolicy"], "File");
    object::set_default(container, &["imagePullPolicy"], pull);
    if ephemeral {
        return;
    }
    for port in items(container, "ports") {
        object::set_default(port, &["protocol"], "TCP");
        if let Some(number) = port.get("containerPort").filter(|_| host).cloned() {
            object::set_default(port, &["hostPort"], number);
        }
    }
    if let Some(limits) = container.pointer("/resources/limits").and_then(Value::as_object).cloned()
    {
        for (resource, quantity) in limits {
            object::set_default(container, &["resources", "requests", &resource], quantity);
        }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = container.get_mut(probe).filter(|probe| probe.is_object()) {
            fill_probe(probe);
        }
    }
    for variable in items(container, "env") {
        if variable.pointer("/valueFrom/fieldRef").is_some_and(Value::is_object) {
            object::set_default(variable, &["valueFrom", "fieldRef", "apiVersion"], "v1");
        }
    }
}

fn fill_probe(probe: &mut Value) {
    for (field, value) in PROBE {
        // Zero is written by clients for nothing.
        if object::number(probe, &format!("/{field}")) == Some(0) {
            object::remove(probe, &[field]);
        }
        object::set_default(probe, &[field], value);
    }
    if probe.get("httpGet").is_some_and(Value::is_object) {
        object::set_default(probe, &["httpGet", "path"], "/");
        object::set_default(probe, &["httpGet", "scheme"], "HTTP");
    }
}

fn fill_volume(volume: &mut Value) {
    for source in ["secret", "configMap", "projected", "downwardAPI"] {
        if volume.get(source).is_some_and(Value::is_object) {
            object::set_default(volume, &[source, "defaultMode"], 420);
        }
    }
    if volume.get("hostPath").is_some_and(Value::is_object) {
        object::set_default(volume, &["hostPath", "type"], "");
    }
    // A volume that names no source is an empty folder.
    if volume.as_object().is_some_and(|fields| fields.keys().all(|key| key == "name")) {
        object::set(volume, &["emptyDir"], json!({}));
    }
}

/// Gives a pod what the cluster adds: tolerations, priority, quality of service.
pub(super) fn admit(pod: &mut Value) {
    object::set_default(pod, &["spec", "priority"], 0);
    object::set_default(pod, &["spec", "preemptionPolicy"], "PreemptLowerPriority");
    for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
        let tolerations = object::list(pod, "/spec/tolerations");
        let tolerated = tolerations.iter().any(|toleration| {
            let named = object::text(toleration, "/key");
            let effect = object::text(toleration, "/effect");
            [key, ""].contains(&named) && ["NoExecute", ""].contains(&effect)
        });
        if !tolerated {
            let mut tolerations = tolerations.to_vec();
            tolerations.push(json!({
                "key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300,
            }));
            object::set(pod, &["spec", "tolerations"], tolerations);
        }
    }
}

/// The status of a pod that was just created.
pub(super) fn first_status(pod: &Value) -> Value {
    json!({ "phase": "Pending", "qosClass": quality(pod) })
}

/// How well a pod's resources are assured.
fn quality(pod: &Value) -> &'static str {
    let containers = || {
        ["/spec/containers", "/spec/initContainers"]
            .into_iter()
            .flat_map(|it| object::list(pod, it))
    };
    let amount = |container: &Value, kind: &str, resource: &str| {
        container.pointer(&format!("/resources/{kind}/{resource}")).cloned()
    };
    let asks = |container: &Value| {
        ["requests", "limits"].iter().any(|kind| {
            ["cpu", "memory"].iter().any(|resource| amount(container, kind, resource).is_some())
        })
    };
    let assured = |container: &Value| {
        ["cpu", "memory"].iter().all(|resource| {
            let limit = amount(container, "limits", resource);
            limit.is_some() && limit == amount(container, "requests", resource)
        })
    };
    if !containers().any(asks) {
        "BestEffort"
    } else if containers().all(assured) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

/// Whether an image has no tag, or the one that moves.
fn is_latest(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    !name.contains('@') && name.split_once(':').is_none_or(|(_, tag)| tag == "latest")
}

/// The objects of a list.
fn items<'v>(value: &'v mut Value, field: &str) -> impl Iterator<Item = &'v mut Value> {
    let items = value.get_mut(field).and_then(Value::as_array_mut);
    items.into_iter().flatten().filter(|item| item.is_object())
}
