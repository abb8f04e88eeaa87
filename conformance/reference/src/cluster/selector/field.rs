//! Field selectors: `a=b`, `a==b` and `a!=b` over the documented fields of a pod.

use std::borrow::Cow;

use serde_json::Value;

use crate::cluster::object;

/// The fields that can be selected by.
pub const FIELDS: [&str; 11] = [
    "metadata.name",
    "metadata.namespace",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
];

/// Requirements on fields; none at all holds for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    field: &'static str,
    equal: bool,
    value: String,
}

impl FieldSelector {
    /// Reads a selector; an empty text selects everything.
    ///
    /// # Errors
    /// What cannot be understood, or which field cannot be selected by.
    pub fn parse(text: &str) -> Result<Self, String> {
        let terms = split(text).into_iter().filter(|term| !term.is_empty());
        let requirements =
            terms.map(|term| Requirement::parse(text, term)).collect::<Result<_, _>>()?;
        Ok(Self { requirements })
    }

    /// Whether everything is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether an object is selected.
    #[must_use]
    pub fn selects(&self, object: &Value) -> bool {
        self.requirements.iter().all(|requirement| {
            (value(object, requirement.field) == requirement.value) == requirement.equal
        })
    }
}

impl Requirement {
    fn parse(text: &str, term: &str) -> Result<Self, String> {
        let not_understood = || format!("invalid selector: '{text}'; can't understand '{term}'");
        let (field, equal, value) = halves(term).ok_or_else(not_understood)?;
        let value = unescaped(value).ok_or_else(not_understood)?;
        let known = FIELDS.iter().find(|known| **known == field);
        let field = known.ok_or_else(|| format!("field label not supported: {field}"))?;
        Ok(Self { field, equal, value })
    }
}

/// Cuts at each comma that has no backslash before it.
fn split(text: &str) -> Vec<&str> {
    let mut escaped = false;
    text.split(move |c: char| {
        let cuts = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        cuts
    })
    .collect()
}

/// A term before and after its first operator, and whether it asks for equality.
fn halves(term: &str) -> Option<(&str, bool, &str)> {
    let at = term.find(['=', '!'])?;
    let (field, rest) = term.split_at(at);
    let operators = [("!=", false), ("==", true), ("=", true)];
    operators
        .iter()
        .find_map(|(operator, equal)| Some((field, *equal, rest.strip_prefix(operator)?)))
}

/// A value without its backslashes. A bare `=` or `,` and a backslash before anything else are no value.
fn unescaped(value: &str) -> Option<String> {
    let mut plain = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.push(characters.next().filter(|next| "\\,=".contains(*next))?),
            '=' | ',' => return None,
            other => plain.push(other),
        }
    }
    Some(plain)
}

/// What an object has in a field, as text.
fn value<'v>(object: &'v Value, field: &str) -> Cow<'v, str> {
    match field {
        "spec.hostNetwork" => object::flag(object, "/spec/hostNetwork").to_string().into(),
        "status.podIPs" => {
            let ips = object::list(object, "/status/podIPs").iter();
            ips.map(|ip| object::text(ip, "/ip")).collect::<Vec<_>>().join(",").into()
        }
        _ => object::text(object, &format!("/{}", field.replace('.', "/"))).into(),
    }
}
