//! A document and what it refers to in other files, as one document.
//!
//! Only `components` of other files are taken, each under its own name; nothing else of them is looked at.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::folder::Folder;

/// A document in which every reference leads inside.
pub(super) struct Whole {
    pub(super) document: Value,
    /// What came from other files.
    pub(super) taken: BTreeSet<Component>,
    /// References that lead nowhere, and names that two things have.
    pub(super) faults: Vec<String>,
}

/// A named thing of another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Component {
    /// The file, as it is called from the folder.
    pub(super) file: String,
    /// The kind of thing: `schemas`, `parameters`, `responses` …
    pub(super) section: String,
    pub(super) name: String,
}

impl Component {
    pub(super) fn is_schema(&self) -> bool {
        self.section == "schemas"
    }
}

/// Brings together the document of a folder and everything it refers to.
pub(super) fn whole(folder: &Folder) -> Whole {
    let mut gathering = Gathering { folder, waiting: Vec::new(), faults: Vec::new() };
    let mut document = gathering.inside("", &folder.document);
    let mut taken = BTreeSet::new();
    while let Some(next) = gathering.waiting.pop() {
        if taken.contains(&next) {
            continue;
        }
        match folder.component(&next) {
            Some(found) => {
                let found = gathering.inside(&next.file, found);
                gathering.put(&mut document, &next, found);
            }
            None => gathering.faults.push(format!(
                "{}#/components/{}/{} is not there",
                next.file, next.section, next.name
            )),
        }
        taken.insert(next);
    }
    Whole { document, taken, faults: gathering.faults }
}

struct Gathering<'f> {
    folder: &'f Folder,
    waiting: Vec<Component>,
    faults: Vec<String>,
}

impl Gathering<'_> {
    /// A node of that file with references that lead into the one document.
    fn inside(&mut self, file: &str, node: &Value) -> Value {
        match node {
            Value::Array(items) => items.iter().map(|item| self.inside(file, item)).collect(),
            Value::Object(members) => {
                let inner = |(key, value): (&String, &Value)| match value.as_str() {
                    Some(reference) if key == "$ref" => {
                        (key.clone(), json!(self.reference(file, reference)))
                    }
                    _ => (key.clone(), self.inside(file, value)),
                };
                Value::Object(members.iter().map(inner).collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    fn reference(&mut self, file: &str, reference: &str) -> String {
        let (named, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let target = if named.is_empty() { file.to_owned() } else { beside(file, named) };
        if target.is_empty() {
            if self.folder.document.pointer(pointer).is_none() {
                self.faults.push(format!("{reference} leads nowhere"));
            }
            return reference.to_owned();
        }
        match pointer.splitn(5, '/').collect::<Vec<_>>()[..] {
            ["", "components", section, name, ..] => self.waiting.push(Component {
                file: target,
                section: section.to_owned(),
                name: name.to_owned(),
            }),
            _ => self.faults.push(format!("{reference} leads to no component")),
        }
        format!("#{pointer}")
    }

    fn put(&mut self, document: &mut Value, component: &Component, found: Value) {
        let Component { file, section, name } = component;
        let there = &mut document["components"][section][name];
        if there.is_null() {
            *there = found;
        } else {
            self.faults.push(format!("{file}: there is another {name} in {section}"));
        }
    }
}

/// A file named in another, as it is called from the folder.
fn beside(file: &str, named: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{named}"),
        None => named.to_owned(),
    }
}
