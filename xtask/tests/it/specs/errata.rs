//! Errata: each has a name of its own, what it decided stands in the document, and rows name none that is not there.

use std::collections::BTreeSet;

use serde_json::Value;

use super::folder::{Folder, items, text};

const MEMBERS: [&str; 6] = ["id", "source", "says", "decided", "because", "check"];

/// What is wrong with the errata of a folder.
pub(super) fn check(folder: &Folder) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut known = BTreeSet::new();
    for erratum in items(&folder.errata, "errata") {
        let id = text(erratum, "id");
        if !known.insert(id) {
            complaints.push(format!("{id}: there are two of that name"));
        }
        complaints.extend(odd_members(erratum).map(|what| format!("{id}: {what}")));
        let checks = erratum.get("check").map(as_list).unwrap_or_default();
        let failed = checks.iter().filter_map(|check| failed(folder, check));
        complaints.extend(failed.map(|what| format!("{id}: {what}")));
    }
    let mut named = BTreeSet::new();
    gather(&folder.inventory, &mut named);
    let missing = named.difference(&known);
    complaints
        .extend(missing.map(|id| format!("a row names the erratum {id}, which is not there")));
    complaints
}

fn odd_members(erratum: &Value) -> impl Iterator<Item = String> {
    let there: BTreeSet<_> =
        erratum.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    let wanted = BTreeSet::from(MEMBERS);
    let missing = wanted.difference(&there).map(|key| format!("no {key}")).collect::<Vec<_>>();
    let odd = there.difference(&wanted).map(|key| format!("{key} is no member of an erratum"));
    missing.into_iter().chain(odd.collect::<Vec<_>>())
}

fn as_list(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// Why a check does not hold.
fn failed(folder: &Folder, check: &Value) -> Option<String> {
    let pointer = text(check, "pointer");
    let document = match check.get("file").map(|file| file.as_str().unwrap_or_default()) {
        None => &folder.document,
        Some(file) => match folder.others.get(file) {
            Some(document) => document,
            None => return Some(format!("{file} is no file that it refers to")),
        },
    };
    let found = document.pointer(pointer);
    match (check.get("equals"), check.get("absent")) {
        (Some(wanted), None) => (found != Some(wanted))
            .then(|| format!("{pointer} is {}, not {wanted}", found.unwrap_or(&Value::Null))),
        (None, Some(Value::Bool(true))) => {
            let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            let is_gone = document.pointer(parent).is_none();
            (found.is_some() || is_gone)
                .then(|| format!("{pointer} is there, or its parent is not"))
        }
        _ => Some(format!("the check of {pointer} says neither `equals` nor `absent: true`")),
    }
}

/// Every erratum that a row names.
fn gather<'v>(value: &'v Value, named: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, inner)| match key.as_str() {
            "erratum" => texts(inner, named),
            _ => gather(inner, named),
        }),
        Value::Array(rows) => rows.iter().for_each(|row| gather(row, named)),
        _ => {}
    }
}

fn texts<'v>(value: &'v Value, named: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(id) => {
            named.insert(id);
        }
        Value::Array(ids) => ids.iter().for_each(|id| texts(id, named)),
        Value::Object(by_member) => by_member.values().for_each(|ids| texts(ids, named)),
        _ => {}
    }
}
