//! Who owns which field: `metadata.managedFields`, and server-side apply, which is built on it.
//!
//! An update owns what it changes. An apply owns what it names; a field that it names with another value while somebody
//! else owns it is a conflict, and a field that it named before and no longer does goes, unless somebody else owns it.

mod apply;
mod set;
mod walk;

use serde_json::{Map, Value, json};

pub use self::{
    apply::{Applied, applied},
    set::FieldSet,
};
use super::{object, patch::MergeTable};

/// Fields that nobody owns, because the server alone writes them.
const UNOWNED: [&[&str]; 11] = [
    &["apiVersion"],
    &["kind"],
    &["metadata", "name"],
    &["metadata", "namespace"],
    &["metadata", "uid"],
    &["metadata", "resourceVersion"],
    &["metadata", "generation"],
    &["metadata", "creationTimestamp"],
    &["metadata", "deletionTimestamp"],
    &["metadata", "deletionGracePeriodSeconds"],
    &["metadata", "managedFields"],
];

/// The most entries; beyond them the two oldest become one.
const ENTRIES: usize = 16;

/// What entries are called that were joined.
const ANCIENT: &str = "ancient-changes";

const MANAGED: [&str; 2] = ["metadata", "managedFields"];

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer<'w> {
    /// The manager's name.
    pub manager: &'w str,
    /// Which subresource is written; empty for the object itself.
    pub subresource: &'w str,
    /// When, as RFC 3339.
    pub time: &'w str,
}

/// One entry of `metadata.managedFields`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    manager: String,
    applies: bool,
    subresource: String,
    time: String,
    fields: FieldSet,
}

/// Writes down that an update made `after` of `before`. What a client sends as `managedFields` counts for nothing.
pub fn updated(before: Option<&Value>, after: &mut Value, writer: Writer<'_>, table: &MergeTable) {
    // The parts that every pod has are not set by naming them.
    let nothing = json!({ "metadata": {}, "spec": { "containers": [] }, "status": {} });
    let old = owned_part(before.unwrap_or(&nothing));
    let new = owned_part(after);
    let mut parts = old.clone();
    for part in ["metadata", "status"] {
        object::set_default(&mut parts, &[part], json!({}));
    }
    let changed = walk::changed(&parts, &new, table);
    let removed = walk::named(&old, table, true).without(&walk::named(&new, table, true));
    let mut entries = before.map(entries).unwrap_or_default();
    for entry in &mut entries {
        let own = entry.is(writer, false);
        entry.fields = entry.fields.without(&removed);
        if own {
            let fields = entry.fields.with(&changed);
            if fields != entry.fields {
                writer.time.clone_into(&mut entry.time);
            }
            entry.fields = fields;
        } else {
            entry.fields = entry.fields.without(&changed);
        }
    }
    if !changed.is_empty() && !entries.iter().any(|entry| entry.is(writer, false)) {
        entries.push(Entry::new(writer, false, changed));
    }
    write(after, entries);
}

impl Entry {
    fn new(writer: Writer<'_>, applies: bool, fields: FieldSet) -> Self {
        Self {
            manager: writer.manager.to_owned(),
            applies,
            subresource: writer.subresource.to_owned(),
            time: writer.time.to_owned(),
            fields,
        }
    }

    fn is(&self, writer: Writer<'_>, applies: bool) -> bool {
        self.manager == writer.manager
            && self.applies == applies
            && self.subresource == writer.subresource
    }

    /// How a conflict names the owner.
    fn told(&self) -> String {
        let below = match self.subresource.as_str() {
            "" => String::new(),
            subresource => format!(" with subresource {subresource:?}"),
        };
        let using = if self.applies { "" } else { " using v1" };
        format!("conflict with {:?}{below}{using}", self.manager)
    }

    fn read(value: &Value) -> Self {
        let text = |pointer| object::text(value, pointer).to_owned();
        Self {
            manager: text("/manager"),
            applies: object::text(value, "/operation") == "Apply",
            subresource: text("/subresource"),
            time: text("/time"),
            fields: value.get("fieldsV1").map(FieldSet::read).unwrap_or_default(),
        }
    }

    fn to_value(&self) -> Value {
        let mut value = json!({
            "manager": self.manager,
            "operation": if self.applies { "Apply" } else { "Update" },
            "apiVersion": "v1",
            "time": self.time,
            "fieldsType": "FieldsV1",
            "fieldsV1": self.fields.to_value(),
        });
        if !self.subresource.is_empty() {
            object::set(&mut value, &["subresource"], self.subresource.as_str());
        }
        value
    }
}

/// The entries of an object.
fn entries(object: &Value) -> Vec<Entry> {
    object::list(object, "/metadata/managedFields").iter().map(Entry::read).collect()
}

/// Writes the entries that own something.
fn write(object: &mut Value, mut entries: Vec<Entry>) {
    entries.retain(|entry| !entry.fields.is_empty());
    while entries.len() > ENTRIES {
        let oldest = entries.remove(0);
        if let Some(next) = entries.first_mut() {
            next.fields = next.fields.with(&oldest.fields);
            ANCIENT.clone_into(&mut next.manager);
            next.applies = false;
        }
    }
    if entries.is_empty() {
        object::remove(object, &MANAGED);
    } else {
        let values = entries.iter().map(Entry::to_value).collect::<Vec<_>>();
        object::set(object, &MANAGED, values);
    }
}

/// An object without the fields that nobody owns.
fn owned_part(object: &Value) -> Value {
    let mut part = object.clone();
    for path in UNOWNED {
        object::remove(&mut part, path);
    }
    // What is empty now, or was, is no field that anybody sets.
    for field in ["metadata", "status"] {
        if part.get(field).and_then(Value::as_object).is_some_and(Map::is_empty) {
            object::remove(&mut part, &[field]);
        }
    }
    part
}
