//! What the kennel knows: its dogs, and everything that ever happened to them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::{Value, json};

/// The version before anything happened.
const FIRST: u64 = 1000;

/// Something that happened to a dog.
#[derive(Clone)]
pub(super) struct Happening {
    pub(super) version: u64,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// The dogs of a kennel that has one fault; an unknown fault is none.
pub(super) struct Store {
    pub(super) fault: String,
    pub(super) dogs: BTreeMap<String, Value>,
    pub(super) history: Vec<Happening>,
    pub(super) came: BTreeMap<String, Instant>,
    /// Whose log was asked for.
    pub(super) heard: BTreeSet<String>,
    tags: u64,
}

impl Store {
    pub(super) fn new(fault: &str) -> Self {
        let mut store = Self {
            fault: fault.to_owned(),
            dogs: BTreeMap::new(),
            history: Vec::new(),
            came: BTreeMap::new(),
            heard: BTreeSet::new(),
            tags: 0,
        };
        for name in ["ace", "bella"] {
            let dog = json!({ "about": { "name": name, "labels": { "size": "large" } }, "breed": "collie" });
            store.admit(dog, false).unwrap();
        }
        store
    }

    pub(super) fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    pub(super) fn version(&self) -> u64 {
        self.history.last().map_or(FIRST, |happening| happening.version)
    }

    pub(super) fn admit(&mut self, mut dog: Value, trial: bool) -> Result<Value, u16> {
        let name = read(&dog)?;
        if self.dogs.contains_key(&name) {
            return Err(409);
        }
        self.tags += 1;
        dog["about"]["tag"] = json!(format!("t{}", self.tags));
        Ok(self.keep(&name, Some(dog), trial))
    }

    pub(super) fn replace(&mut self, name: &str, dog: Value, trial: bool) -> Result<Value, u16> {
        let known = self.dogs.get(name).ok_or(404_u16)?;
        if read(&dog)? != name && !self.has("renames") {
            return Err(400);
        }
        let version = &dog["about"]["version"];
        let is_stale = version.is_string() && *version != known["about"]["version"];
        if is_stale && !self.has("takes-stale-writes") {
            return Err(409);
        }
        let mut dog = dog;
        dog["about"]["tag"] = known["about"]["tag"].clone();
        if self.has("puts-nothing") {
            dog = known.clone();
        }
        if same(&dog, known) && !self.has("always-moves-on") {
            return Ok(known.clone());
        }
        Ok(self.keep(name, Some(dog), trial))
    }

    pub(super) fn release(&mut self, name: &str, trial: bool) -> Result<(), u16> {
        if !self.dogs.contains_key(name) {
            return Err(404);
        }
        self.keep(name, None, trial);
        Ok(())
    }

    fn keep(&mut self, name: &str, after: Option<Value>, trial: bool) -> Value {
        let version = self.version() + 1;
        let before = self.dogs.get(name).cloned();
        let stays = self.has("version-stays").then(|| before.clone()).flatten();
        let mut after = after;
        if let Some(dog) = &mut after {
            let kept = stays.map(|before| before["about"]["version"].clone());
            dog["about"]["version"] = kept.unwrap_or_else(|| json!(version.to_string()));
        }
        let kept = after.clone().unwrap_or_default();
        if trial {
            return kept;
        }
        match &after {
            Some(dog) => {
                self.dogs.insert(name.to_owned(), dog.clone());
                self.came.entry(name.to_owned()).or_insert_with(Instant::now);
            }
            None => {
                self.dogs.remove(name);
                self.came.remove(name);
            }
        }
        self.history.push(Happening { version, before, after });
        kept
    }
}

/// The name of a dog, if it is a dog at all.
fn read(dog: &Value) -> Result<String, u16> {
    let about = &dog["about"];
    let is_text = |value: &Value| value.is_null() || value.is_string();
    let labels = match &about["labels"] {
        Value::Null => true,
        Value::Object(labels) => labels.values().all(Value::is_string),
        _ => false,
    };
    let name = about["name"].as_str().filter(|name| !name.is_empty()).ok_or(400_u16)?;
    let sound = labels && is_text(&about["tag"]) && is_text(&about["version"]);
    if sound && dog["breed"].is_string() { Ok(name.to_owned()) } else { Err(400) }
}

/// Whether two dogs are alike but for their versions.
fn same(one: &Value, other: &Value) -> bool {
    let without = |dog: &Value| {
        let mut dog = dog.clone();
        dog["about"]["version"] = Value::Null;
        dog
    };
    without(one) == without(other)
}

/// The selector of a query; `Err` if it cannot be read.
pub(super) fn selects(selector: &str, dog: &Value) -> Result<bool, u16> {
    let plain = |text: &str| !text.is_empty() && !text.contains(['=', ',', '!', '(', ')']);
    if selector.is_empty() {
        return Ok(true);
    }
    match selector.split_once('=') {
        Some((name, value)) if plain(name) && plain(value) => {
            Ok(dog["about"]["labels"][name] == value)
        }
        _ => Err(400),
    }
}

/// The document with a merge patch applied (RFC 7396).
pub(super) fn merged(fault: &str, target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in members {
        if value.is_null() && fault != "nulls-stay" {
            target.as_object_mut().unwrap().remove(name);
        } else {
            merged(fault, &mut target[name], value);
        }
    }
}

/// The document with a list of operations applied (RFC 6902), as far as they are tried here.
pub(super) fn patched(fault: &str, target: &Value, patch: &Value) -> Result<Value, u16> {
    let mut whole = target.clone();
    for step in patch.as_array().ok_or(400_u16)? {
        let path = step["path"].as_str().ok_or(400_u16)?;
        let (parent, last) = path.rsplit_once('/').ok_or(400_u16)?;
        let last = last.replace("~1", "/").replace("~0", "~");
        let at = whole.pointer_mut(parent).and_then(Value::as_object_mut).ok_or(422_u16)?;
        match step["op"].as_str().ok_or(400_u16)? {
            "add" => drop(at.insert(last, step["value"].clone())),
            "replace" if at.contains_key(&last) => drop(at.insert(last, step["value"].clone())),
            "remove" if at.contains_key(&last) => {
                if fault != "removes-nothing" {
                    at.remove(&last);
                }
            }
            "test" if at.get(&last) == Some(&step["value"]) || fault == "tests-nothing" => {}
            "replace" | "remove" | "test" => return Err(422),
            _ => return Err(400),
        }
    }
    Ok(whole)
}
