//! Which lists are merged instead of replaced, and by which keys.
//!
//! A list is named by the fields on the way to it, joined by dots; items of lists on the way are not named.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The lists of a pod that are merged by keys. The first key is that of a strategic merge; all together are those of an
/// apply. Without keys, a list is a set of plain values.
const POD: [(&str, &[&str]); 29] = [
    ("metadata.finalizers", &[]),
    ("metadata.ownerReferences", &["uid"]),
    ("spec.containers", &["name"]),
    ("spec.containers.env", &["name"]),
    ("spec.containers.ports", &["containerPort", "protocol"]),
    ("spec.containers.resources.claims", &["name"]),
    ("spec.containers.volumeDevices", &["devicePath"]),
    ("spec.containers.volumeMounts", &["mountPath"]),
    ("spec.ephemeralContainers", &["name"]),
    ("spec.ephemeralContainers.env", &["name"]),
    ("spec.ephemeralContainers.ports", &["containerPort", "protocol"]),
    ("spec.ephemeralContainers.volumeDevices", &["devicePath"]),
    ("spec.ephemeralContainers.volumeMounts", &["mountPath"]),
    ("spec.hostAliases", &["ip"]),
    ("spec.imagePullSecrets", &["name"]),
    ("spec.initContainers", &["name"]),
    ("spec.initContainers.env", &["name"]),
    ("spec.initContainers.ports", &["containerPort", "protocol"]),
    ("spec.initContainers.resources.claims", &["name"]),
    ("spec.initContainers.volumeDevices", &["devicePath"]),
    ("spec.initContainers.volumeMounts", &["mountPath"]),
    ("spec.resourceClaims", &["name"]),
    ("spec.schedulingGates", &["name"]),
    ("spec.topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"]),
    ("spec.volumes", &["name"]),
    ("status.conditions", &["type"]),
    ("status.hostIPs", &["ip"]),
    ("status.podIPs", &["ip"]),
    ("status.resourceClaimStatuses", &["name"]),
];

/// What an absent key of an item stands for.
const DEFAULTS: [(&str, &str); 1] = [("protocol", "TCP")];

/// The keys of each list that is merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeTable {
    rows: BTreeMap<String, ListKeys>,
}

/// The keys by which the items of a list are told apart; none for a set of plain values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListKeys(Vec<String>);

impl MergeTable {
    /// A table of these lists.
    #[must_use]
    pub fn new<'r>(rows: impl IntoIterator<Item = (&'r str, &'r [&'r str])>) -> Self {
        let keys = |keys: &[&str]| ListKeys(keys.iter().map(ToString::to_string).collect());
        Self { rows: rows.into_iter().map(|(path, row)| (path.to_owned(), keys(row))).collect() }
    }

    /// The lists of a pod.
    #[must_use]
    pub fn pod() -> Self {
        Self::new(POD)
    }

    /// The keys of a list, if it is merged.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&ListKeys> {
        self.rows.get(path)
    }
}

impl ListKeys {
    /// The one key of a strategic merge; nothing for a set.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.0.first().map(String::as_str)
    }

    /// What tells an item apart: its keys with their values, or the value itself. Nothing when the first key is missing.
    #[must_use]
    pub fn identity(&self, item: &Value) -> Option<Value> {
        let Some(first) = self.first() else { return Some(item.clone()) };
        item.get(first)?;
        let mut identity = Map::new();
        for key in &self.0 {
            let default =
                DEFAULTS.iter().find(|(known, _)| known == key).map(|(_, word)| json!(word));
            if let Some(value) = item.get(key).cloned().or(default) {
                identity.insert(key.clone(), value);
            }
        }
        Some(Value::Object(identity))
    }
}

/// The path of a field below another one.
pub(in crate::cluster) fn below(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}
