//! The rows of an inventory that are about values: types, bounds and members.

use std::collections::BTreeSet;

use serde_json::Value;

use super::folder::{flag, follow, is_excused, items, key, members, text};

/// Types that are no name of a schema.
const PLAIN: [&str; 8] =
    ["string", "integer", "number", "boolean", "object", "array", "map", "any"];
/// What a row states with the words of OpenAPI; what the document states beyond the row is a difference as well.
const STATED: [&str; 7] =
    ["enum", "default", "minimum", "maximum", "minLength", "maxLength", "pattern"];

/// A comparison under way.
pub(super) struct Comparison<'f> {
    pub(super) document: &'f Value,
    pub(super) complaints: Vec<String>,
}

impl Comparison<'_> {
    pub(super) fn complain(&mut self, at: &str, what: &str) {
        self.complaints.push(format!("{at}: {what}"));
    }

    /// A row against the schema it is about.
    pub(super) fn value(&mut self, row: &Value, schema: &Value, at: &str) {
        let node = follow(self.document, schema).node;
        let absent = Value::Null;
        let inner = |name: &str| node.get(name).unwrap_or(&absent).clone();
        self.typed(row, schema, "type", at);
        self.typed(row, &inner("items"), "items", at);
        self.typed(row, &inner("additionalProperties"), "values", at);
        if let Some(format) = row.get("format").filter(|_| !is_excused(row, "format"))
            && node.get("format") != Some(format)
        {
            self.complain(at, &format!("format is {}, not {format}", inner("format")));
        }
        for member in STATED.into_iter().filter(|member| !is_excused(row, member)) {
            let (wanted, found) = (sorted(row.get(member)), sorted(node.get(member)));
            if wanted != found {
                self.complain(
                    at,
                    &format!("{member} is {}, not {}", told(&node, member), told(row, member)),
                );
            }
        }
        let is_unsupported = flag(&node, "x-unsupported") || flag(schema, "x-unsupported");
        if flag(row, "unsupported") != is_unsupported && !is_excused(row, "unsupported") {
            self.complain(at, &format!("x-unsupported is {is_unsupported}"));
        }
    }

    /// A member of the row that names a type, against the schema it is about.
    pub(super) fn typed(&mut self, row: &Value, schema: &Value, member: &str, at: &str) {
        let wanted = text(row, member);
        if wanted.is_empty() || is_excused(row, member) {
            return;
        }
        let followed = follow(self.document, schema);
        let plain = followed.node.get("type").and_then(Value::as_str).unwrap_or("any");
        let fits = match wanted {
            "map" => plain == "object" && followed.node.get("additionalProperties").is_some(),
            wanted if PLAIN.contains(&wanted) => plain == wanted,
            wanted => followed.names.iter().any(|name| name == wanted),
        };
        if !fits {
            let names = followed.names.join(" or ");
            let found = if names.is_empty() { plain } else { &names };
            self.complain(at, &format!("{member} is {found}, not {wanted}"));
        }
    }

    /// The rows of an object's members against them, both ways.
    pub(super) fn members(&mut self, rows: &[Value], schema: &Value, at: &str) {
        let node = follow(self.document, schema).node;
        let properties = node.get("properties").cloned().unwrap_or_default();
        let mut seen = BTreeSet::new();
        for row in rows {
            let name = key(row, "name");
            let at = format!("{at}.{name}");
            match (properties.get(name), flag(row, "absent")) {
                (found, true) => {
                    if found.is_some() {
                        self.complain(&at, "there, though left out");
                    }
                    continue;
                }
                (None, false) => self.complain(&at, "not in the document"),
                (Some(property), false) => {
                    let required = items(&node, "required").iter().any(|other| other == name);
                    self.member(row, property, required, &at);
                }
            }
            seen.insert(name);
        }
        for (name, property) in members(&node, "properties") {
            if !seen.contains(name.as_str()) && !follow(self.document, property).is_conventional {
                self.complain(&format!("{at}.{name}"), "not in the inventory");
            }
        }
    }

    fn member(&mut self, row: &Value, property: &Value, is_required: bool, at: &str) {
        self.value(row, property, at);
        self.required(row, is_required, at);
        if let Some(rows) = row.get("properties").and_then(Value::as_array) {
            self.members(rows, property, at);
        }
    }

    /// `required` as the row says it; a document that requires more than the row says differs.
    pub(super) fn required(&mut self, row: &Value, is_required: bool, at: &str) {
        if is_excused(row, "required") {
            return;
        }
        match row.get("required").and_then(Value::as_bool) {
            Some(wanted) if wanted != is_required => {
                self.complain(at, &format!("required is {is_required}"));
            }
            None if is_required => self.complain(at, "required, which the row does not say"),
            _ => {}
        }
    }
}

/// Lists are compared without regard to their order.
fn sorted(value: Option<&Value>) -> Option<Value> {
    let Some(Value::Array(items)) = value else { return value.cloned() };
    let mut items = items.clone();
    items.sort_by_key(ToString::to_string);
    Some(Value::Array(items))
}

fn told(value: &Value, member: &str) -> String {
    value.get(member).map_or_else(|| "unsaid".to_owned(), ToString::to_string)
}
