//! Path templates → routes: of axum where it can hold them, else of the support code's own table.

use std::collections::{BTreeMap, BTreeSet};

use super::stub::Stub;
use crate::contract::{Method, Operation, Parameter, PathPart, PathSegment};
use crate::diagnostic::Diagnostics;

/// The texts around the values of a segment, one more than there are values; none where a value spans segments.
pub(super) type Texts = Vec<String>;

/// One path with its operations.
pub(super) struct Route<'s> {
    /// The path as axum reads it, and where its last value spans segments, a second one without it.
    /// None where axum cannot hold it.
    pub(super) paths: Vec<String>,
    /// The path, segment by segment.
    pub(super) template: Vec<Texts>,
    /// The operations, one a method, in document order.
    pub(super) stubs: Vec<&'s Stub<'s>>,
}

/// The routes, in document order.
pub(super) fn routes<'s>(
    stubs: impl Iterator<Item = &'s Stub<'s>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Route<'s>> {
    let mut routes: Vec<Route<'s>> = Vec::new();
    let mut by_template: BTreeMap<Vec<Texts>, usize> = BTreeMap::new();
    for stub in stubs {
        let template = template(stub.operation);
        let index = *by_template.entry(template.clone()).or_insert(routes.len());
        match routes.get_mut(index) {
            None => routes.push(Route { paths: Vec::new(), template, stubs: vec![stub] }),
            Some(route) if has_method(route, stub.operation.method) => diagnostics.warning(
                "ambiguous-path",
                &stub.operation.place,
                format!(
                    "`{}` matches what another operation of that method does",
                    stub.operation.path
                ),
                "the operation is left out of the router",
            ),
            Some(route) => route.stubs.push(stub),
        }
    }
    let own = beyond_axum(&routes);
    let others = (0..).zip(&mut routes).filter(|(index, _)| !own.contains(index));
    for (_, route) in others {
        route.paths = paths(route, &by_template);
    }
    routes
}

fn has_method(route: &Route<'_>, method: Method) -> bool {
    route.stubs.iter().any(|stub| stub.operation.method == method)
}

/// The path of an operation, segment by segment.
fn template(operation: &Operation) -> Vec<Texts> {
    let spans = |name: &str| {
        operation.parameters.iter().any(|own: &Parameter| own.multi_segment && own.name == name)
    };
    let segment = |segment: &PathSegment| match segment.0.as_slice() {
        [PathPart::Parameter(name)] if spans(name) => Texts::new(),
        _ => texts(segment),
    };
    operation.path.segments.iter().map(segment).collect()
}

/// The texts around the values of a segment, as they stand in a request line.
pub(super) fn texts(segment: &PathSegment) -> Texts {
    let mut texts = vec![String::new()];
    for part in &segment.0 {
        match (part, texts.last_mut()) {
            (PathPart::Literal(literal), Some(last)) => last.push_str(&encode(literal)),
            _ => texts.push(String::new()),
        }
    }
    texts
}

/// The routes, by number, that axum cannot hold, and those of which a path may be one of these as well:
/// which of them it is can only be told where both are.
fn beyond_axum(routes: &[Route<'_>]) -> BTreeSet<usize> {
    let numbered = || (0..).zip(routes.iter().map(|route| route.template.as_slice()));
    let spans_beside = |one: &[Texts]| routes.iter().any(|route| collide(one, &route.template));
    let cannot = |template: &[Texts]| !is_plain(template) || spans_beside(template);
    let mut found: BTreeSet<usize> =
        numbered().filter(|(_, template)| cannot(template)).map(|(index, _)| index).collect();
    let mut waiting: Vec<usize> = found.iter().copied().collect();
    while let Some(route) = waiting.pop().and_then(|index| routes.get(index)) {
        for (index, template) in numbered() {
            if !found.contains(&index) && may_share(&route.template, template) {
                found.insert(index);
                waiting.push(index);
            }
        }
    }
    found
}

/// Whether axum can hold a template.
fn is_plain(template: &[Texts]) -> bool {
    let count = template.len();
    // A colon or a star begins a placeholder in the notation of earlier versions, which axum refuses.
    let is_text = |text: &str| !text.starts_with([':', '*']);
    let mut segments = (1..).zip(template);
    segments.all(|(number, segment)| match segment.as_slice() {
        [] => number == count,
        [text] => is_text(text),
        _ => is_value(segment),
    })
}

/// Whether a segment is one value.
fn is_value(segment: &[String]) -> bool {
    segment.len() == 2 && segment.iter().all(String::is_empty)
}

/// Whether axum cannot hold both: a value spans segments where another template has one that does not.
fn collide(one: &[Texts], other: &[Texts]) -> bool {
    let pair = one.iter().zip(other).find(|(one, other)| one != other);
    pair.is_some_and(|(one, other)| one.is_empty() && is_value(other))
}

/// Whether a path may be of both templates. Says yes where that is not plain to see.
fn may_share(one: &[Texts], other: &[Texts]) -> bool {
    for (one, other) in one.iter().zip(other) {
        if one.is_empty() || other.is_empty() {
            return true;
        }
        if !may_share_segment(one, other) {
            return false;
        }
    }
    one.len() == other.len()
}

fn may_share_segment(one: &[String], other: &[String]) -> bool {
    match (one, other) {
        ([one], [other]) => one == other,
        ([text], [first, .., last]) | ([first, .., last], [text]) => {
            text.starts_with(first.as_str()) && text.ends_with(last.as_str())
        }
        ([one, .., one_end], [other, .., other_end]) => {
            let begins = one.starts_with(other.as_str()) || other.starts_with(one.as_str());
            begins && (one_end.ends_with(other_end) || other_end.ends_with(one_end.as_str()))
        }
        _ => false,
    }
}

/// The path as axum reads it. Where its last value spans segments and no other path ends before it, also that.
fn paths(route: &Route<'_>, known: &BTreeMap<Vec<Texts>, usize>) -> Vec<String> {
    let Some(stub) = route.stubs.first() else { return Vec::new() };
    let mut path = String::new();
    let mut paths = Vec::new();
    for ((number, segment), texts) in (0..).zip(&stub.operation.path.segments).zip(&route.template)
    {
        path.push('/');
        let name = match segment.0.as_slice() {
            [PathPart::Parameter(name)] => placeholder(name, number),
            _ => String::new(),
        };
        match texts.as_slice() {
            [text] => path.push_str(text),
            [] => {
                paths.push(path.clone());
                path.push_str(&format!("{{*{name}}}"));
            }
            _ => path.push_str(&format!("{{{name}}}")),
        }
    }
    paths.push(path);
    paths.reverse();
    let mut bare = route.template.clone();
    if let Some(last) = bare.last_mut() {
        *last = vec![String::new()];
    }
    if known.contains_key(&bare) {
        paths.truncate(1);
    }
    paths
}

/// The name of a placeholder where it is plain, else its number; handlers find values by their place.
fn placeholder(name: &str, number: usize) -> String {
    let plain = !name.is_empty()
        && name.len() < 64
        && name.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-'));
    if plain { name.to_owned() } else { format!("segment{number}") }
}

/// A literal as it stands in a request line (RFC 3986 §3.3).
fn encode(literal: &str) -> String {
    let encode_byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+'
        | b',' | b';' | b'=' | b':' | b'@' | b'%' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    literal.bytes().map(encode_byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Texts> {
        let segment = |text: &str| match text {
            "**" => Texts::new(),
            text => text.split('*').map(str::to_owned).collect(),
        };
        text.split('/').map(segment).collect()
    }

    #[test]
    fn templates_that_may_match_the_same_are_seen() {
        let cases = [
            ("a/*", "a/b", true),
            ("a/*", "b/*", false),
            ("a/*", "a/*/c", false),
            ("a/*:x", "a/*", true),
            ("a/*:x", "a/*:y", false),
            ("a/*.x", "a/*.*", true),
            ("a/*:x", "a/b", false),
            ("a/*:x", "a/b:x", true),
            ("v*/b", "vm*/b", true),
            ("v*/b", "w*/b", false),
            ("a/**/c", "a/b", true),
            ("**", "a/b", true),
        ];
        for (one, other, expected) in cases {
            assert_eq!(may_share(&read(one), &read(other)), expected, "{one} {other}");
            assert_eq!(may_share(&read(other), &read(one)), expected, "{other} {one}");
        }
    }

    #[test]
    fn axum_holds_values_that_are_segments() {
        let plain = ["a/*/c", "a/**", "", "a/"];
        let beyond = ["a/*:x", "a/**/c", "a/:b", "*.*", "a**"];
        assert!(plain.iter().all(|text| is_plain(&read(text))));
        assert!(beyond.iter().all(|text| !is_plain(&read(text))));
        assert!(collide(&read("a/**"), &read("a/*/c")) && !collide(&read("a/**"), &read("a/b")));
    }
}
