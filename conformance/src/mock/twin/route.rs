//! Which path a request is for, and what its placeholders hold.

use std::collections::BTreeMap;

use generator::contract::{Api, Operation, PathPart, PathSegment, PathTemplate};
use percent_encoding::percent_decode_str;

/// A documented path that a request is for.
pub(super) struct Route<'a> {
    operations: Vec<&'a Operation>,
    path: Vec<String>,
}

/// The route of a path: of several templates that fit, the one with the most literal text.
pub(super) fn find<'a>(api: &'a Api, path: &str) -> Option<Route<'a>> {
    let path: Vec<_> = path.strip_prefix('/')?.split('/').map(str::to_owned).collect();
    let fitting =
        api.operations.iter().filter(|operation| captures(&operation.path, &path).is_some());
    let best = fitting.max_by_key(|operation| literal(&operation.path))?;
    let operations =
        api.operations.iter().filter(|other| other.path.is_same_as(&best.path)).collect();
    Some(Route { operations, path })
}

impl<'a> Route<'a> {
    /// The operation that a method means; HEAD means GET where nothing else is said (RFC 9110 §9.3.2).
    pub(super) fn operation(&self, method: &http::Method) -> Option<&'a Operation> {
        let of = |name: &str| {
            self.operations.iter().find(|operation| operation.method.as_str() == name).copied()
        };
        of(method.as_str()).or_else(|| of("GET").filter(|_| method == http::Method::HEAD))
    }

    /// An operation that speaks for the path.
    pub(super) fn first(&self) -> Option<&'a Operation> {
        self.operations.first().copied()
    }

    /// The methods of the path, as `Allow` lists them.
    pub(super) fn allowed(&self) -> String {
        let methods: Vec<_> =
            self.operations.iter().map(|operation| operation.method.as_str()).collect();
        methods.join(", ")
    }

    /// What the placeholders of an operation of this route hold.
    pub(super) fn captures(&self, operation: &Operation) -> BTreeMap<String, String> {
        captures(&operation.path, &self.path).unwrap_or_default()
    }
}

/// How much of a template is literal text.
fn literal(template: &PathTemplate) -> usize {
    let parts = template.segments.iter().flat_map(|segment| &segment.0);
    parts
        .map(|part| match part {
            PathPart::Literal(text) => text.len() + 1,
            PathPart::Parameter(_) => 0,
        })
        .sum()
}

fn captures(template: &PathTemplate, path: &[String]) -> Option<BTreeMap<String, String>> {
    if template.segments.len() != path.len() {
        return None;
    }
    let mut found = BTreeMap::new();
    for (segment, text) in template.segments.iter().zip(path) {
        fits(segment, text, &mut found)?;
    }
    Some(found)
}

/// Literals must stand where they stand; a placeholder takes what comes before the next literal.
fn fits(segment: &PathSegment, text: &str, found: &mut BTreeMap<String, String>) -> Option<()> {
    let mut rest = text;
    let mut parts = segment.0.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            PathPart::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
            PathPart::Parameter(name) => {
                let end = match parts.peek() {
                    Some(PathPart::Literal(literal)) => rest.find(literal.as_str())?,
                    _ => rest.len(),
                };
                let (value, after) = rest.split_at(end);
                if value.is_empty() {
                    return None;
                }
                found.insert(name.clone(), percent_decode_str(value).decode_utf8_lossy().into());
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(())
}
