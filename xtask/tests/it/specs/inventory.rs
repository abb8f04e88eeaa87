//! The inventory of a source document against the spec, both ways.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::folder::{Folder, flag, follow, is_excused, items, key, members, text};
use super::value::Comparison;
use super::whole::{Component, Whole, whole};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
/// What a row may say at all.
const MEMBERS: [&str; 30] = [
    "absent",
    "as",
    "body",
    "default",
    "enum",
    "erratum",
    "format",
    "heading",
    "in",
    "items",
    "maxLength",
    "maximum",
    "mediaType",
    "method",
    "minLength",
    "minimum",
    "name",
    "parameters",
    "path",
    "pattern",
    "properties",
    "required",
    "status",
    "statuses",
    "type",
    "unsupported",
    "values",
    "document",
    "operations",
    "schemas",
];

/// Every difference between the two.
pub(super) fn compare(folder: &Folder) -> Vec<String> {
    let (inventory, Whole { document, taken, faults }) = (&folder.inventory, whole(folder));
    let mut comparison = Comparison { document: &document, complaints: faults };
    if inventory.get("document") != document.pointer("/x-provenance/document") {
        comparison.complain("document", "the title of the source document differs");
    }
    odd_members(&mut comparison, inventory);
    let mut bodies = BTreeSet::new();
    operations(&mut comparison, inventory, &mut bodies);
    if !folder.has_rows_of_others {
        bodies.extend(taken.into_iter().filter(Component::is_schema).map(|taken| taken.name));
    }
    schemas(&mut comparison, inventory, bodies);
    comparison.complaints
}

/// Members of rows that mean nothing, most often misspelt.
fn odd_members(comparison: &mut Comparison<'_>, rows: &Value) {
    match rows {
        Value::Object(members) => {
            for (name, inner) in members.iter().filter(|(name, _)| *name != "erratum") {
                if !MEMBERS.contains(&name.as_str()) {
                    comparison.complain(name, "no row has such a member");
                }
                odd_members(comparison, inner);
            }
        }
        Value::Array(rows) => rows.iter().for_each(|row| odd_members(comparison, row)),
        _ => {}
    }
}

type Operations<'d> = BTreeMap<(String, &'d str), (&'d Value, &'d Value)>;

/// Every operation of the document with the path item it stands in.
fn documented(document: &Value) -> Operations<'_> {
    let paths = members(document, "paths").flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| {
            item.get(*method).map(|found| ((method.to_uppercase(), path.as_str()), (found, item)))
        })
    });
    paths.collect()
}

fn operations(comparison: &mut Comparison<'_>, inventory: &Value, bodies: &mut BTreeSet<String>) {
    let documented = documented(comparison.document);
    let mut seen = BTreeSet::new();
    for row in items(inventory, "operations").iter().filter(|row| !flag(row, "absent")) {
        let key = (text(row, "method").to_owned(), key(row, "path"));
        let at = format!("{} {}", key.0, key.1);
        match documented.get(&key) {
            Some((operation, item)) => {
                parameters(comparison, row, operation, item, &at);
                request(comparison, row, operation, &at, bodies);
                statuses(comparison, row, operation, &at, bodies);
            }
            None => comparison.complain(&at, "not in the document"),
        }
        seen.insert(key);
    }
    for ((method, path), (operation, item)) in &documented {
        let is_conventional =
            [operation, item].iter().any(|node| follow(comparison.document, node).is_conventional);
        if !seen.contains(&(method.clone(), path)) && !is_conventional {
            comparison.complain(&format!("{method} {path}"), "not in the inventory");
        }
    }
}

fn parameters(
    comparison: &mut Comparison<'_>,
    row: &Value,
    operation: &Value,
    item: &Value,
    at: &str,
) {
    let all = items(item, "parameters").iter().chain(items(operation, "parameters"));
    let documented: Vec<_> = all.map(|found| follow(comparison.document, found).node).collect();
    let mut seen = BTreeSet::new();
    for row in items(row, "parameters") {
        let (name, place) = (key(row, "name"), text(row, "in"));
        let at = format!("{at} {name}");
        let found = documented
            .iter()
            .find(|parameter| text(parameter, "name") == name && text(parameter, "in") == place);
        match (found, flag(row, "absent")) {
            (Some(_), true) => comparison.complain(&at, "there, though left out"),
            (None, true) => {}
            (Some(parameter), false) => {
                parameter_row(comparison, row, parameter, &at);
                seen.insert((name, place));
            }
            (None, false) => credential(comparison, row, operation, &at),
        }
    }
    for parameter in &documented {
        let (name, place) = (text(parameter, "name"), text(parameter, "in"));
        let is_conventional = [parameter, &parameter["schema"]]
            .iter()
            .any(|node| follow(comparison.document, node).is_conventional);
        if !seen.contains(&(name, place)) && !is_conventional {
            comparison.complain(&format!("{at} {name}"), "not in the inventory");
        }
    }
}

fn parameter_row(comparison: &mut Comparison<'_>, row: &Value, parameter: &Value, at: &str) {
    let mut schema = follow(comparison.document, &parameter["schema"]).node;
    if flag(parameter, "x-unsupported") {
        schema["x-unsupported"] = true.into();
    }
    comparison.value(row, &schema, at);
    if text(row, "in") != "path" {
        comparison.required(row, flag(parameter, "required"), at);
    }
}

/// A header may be documented as a credential that the operation requires.
fn credential(comparison: &mut Comparison<'_>, row: &Value, operation: &Value, at: &str) {
    let document = comparison.document;
    let required = match operation.get("security") {
        Some(_) => items(operation, "security"),
        None => items(document, "security"),
    };
    let names = required.iter().filter_map(Value::as_object).flatten().map(|(name, _)| name);
    let schemes = names.filter_map(|name| document["components"]["securitySchemes"].get(name));
    let scheme = schemes.into_iter().find(|scheme| {
        ["name", "in"].iter().all(|member| text(scheme, member) == text(row, member))
            && text(scheme, "type") == "apiKey"
    });
    match scheme {
        None => comparison.complain(at, "not in the document"),
        Some(scheme) => {
            let wanted: Vec<_> =
                ["minLength", "maxLength"].iter().filter_map(|name| row.get(*name)).collect();
            let found: Vec<_> = items(scheme, "x-length").iter().collect();
            if wanted != found && !is_excused(row, "maxLength") {
                comparison.complain(at, "its bounds are not those of x-length");
            }
        }
    }
}

fn request(
    comparison: &mut Comparison<'_>,
    row: &Value,
    operation: &Value,
    at: &str,
    bodies: &mut BTreeSet<String>,
) {
    let at = format!("{at} body");
    match (row.get("body"), operation.get("requestBody")) {
        (None, None) => {}
        (None, Some(found)) => {
            if !follow(comparison.document, found).is_conventional {
                comparison.complain(&at, "not in the inventory");
            }
        }
        (Some(_), None) => comparison.complain(&at, "not in the document"),
        (Some(row), Some(found)) => {
            let found = follow(comparison.document, found).node;
            comparison.required(row, flag(&found, "required"), &at);
            content(comparison, row, &found, &at, bodies);
        }
    }
}

fn statuses(
    comparison: &mut Comparison<'_>,
    row: &Value,
    operation: &Value,
    at: &str,
    bodies: &mut BTreeSet<String>,
) {
    let mut seen = BTreeSet::new();
    for row in items(row, "statuses") {
        let status = key(row, "status");
        let at = format!("{at} {status}");
        match (operation["responses"].get(status), flag(row, "absent")) {
            (Some(_), true) => comparison.complain(&at, "there, though left out"),
            (None, true) => {}
            (None, false) => comparison.complain(&at, "not in the document"),
            (Some(found), false) => {
                let found = follow(comparison.document, found).node;
                if ["type", "properties", "mediaType"].iter().any(|name| row.get(*name).is_some()) {
                    content(comparison, row, &found, &at, bodies);
                }
            }
        }
        seen.insert(status);
    }
    for (status, found) in members(operation, "responses") {
        if !seen.contains(status.as_str()) && !follow(comparison.document, found).is_conventional {
            comparison.complain(&format!("{at} {status}"), "not in the inventory");
        }
    }
}

/// The row of a body against every media type it is about.
fn content(
    comparison: &mut Comparison<'_>,
    row: &Value,
    found: &Value,
    at: &str,
    bodies: &mut BTreeSet<String>,
) {
    let all: Vec<_> = members(found, "content").collect();
    let wanted =
        row.get("mediaType").and_then(Value::as_str).filter(|_| !is_excused(row, "mediaType"));
    let chosen: Vec<_> =
        all.iter().filter(|(name, _)| wanted.is_none_or(|wanted| *name == wanted)).collect();
    if chosen.is_empty() {
        comparison.complain(at, "the document has no body of that media type");
    }
    for (_, media) in chosen {
        let schema = &media["schema"];
        let followed = follow(comparison.document, schema);
        if followed.is_conventional {
            continue;
        }
        comparison.typed(row, schema, "type", at);
        comparison.typed(row, &followed.node["items"], "items", at);
        if let Some(rows) = row.get("properties").and_then(Value::as_array) {
            bodies.extend(followed.names.first().cloned());
            comparison.members(rows, schema, at);
        }
    }
}

/// Named schemas, both ways; one that is no object, or that rows elsewhere are about, needs no row.
fn schemas(comparison: &mut Comparison<'_>, inventory: &Value, elsewhere: BTreeSet<String>) {
    let mut seen = elsewhere;
    let documented = &comparison.document["components"]["schemas"];
    for row in items(inventory, "schemas").iter().filter(|row| !flag(row, "absent")) {
        let name = key(row, "name");
        seen.insert(name.to_owned());
        let Some(schema) = documented.get(name) else {
            comparison.complain(&format!("schema {name}"), "not in the document");
            continue;
        };
        comparison.value(row, schema, name);
        if let Some(rows) = row.get("properties").and_then(Value::as_array) {
            comparison.members(rows, schema, name);
        }
    }
    for (name, schema) in documented.as_object().into_iter().flatten() {
        let is_object = schema.get("type").is_some_and(|kind| kind == "object")
            || ["properties", "allOf"].iter().any(|member| schema.get(*member).is_some());
        let is_conventional = schema.pointer("/x-provenance/convention").is_some();
        if is_object && !is_conventional && !seen.contains(name) {
            comparison.complain(&format!("schema {name}"), "not in the inventory");
        }
    }
}
