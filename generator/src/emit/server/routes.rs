//! Path templates → routes of axum. A template that axum cannot match is told and left out.

use std::collections::BTreeMap;

use super::stub::Stub;
use crate::contract::{Method, Parameter, PathPart, PathSegment};
use crate::diagnostic::Diagnostics;

/// One path with its operations.
pub(super) struct Route<'s> {
    /// The path as axum reads it.
    pub(super) path: String,
    /// A second path with the same operations: where the first takes the rest of a path, that with no rest.
    pub(super) without_rest: Option<String>,
    /// The operations, one a method, in document order.
    pub(super) stubs: Vec<&'s Stub<'s>>,
}

/// The routes, in document order.
pub(super) fn routes<'s>(stubs: &'s [Stub<'s>], diagnostics: &mut Diagnostics) -> Vec<Route<'s>> {
    let mut routes: Vec<Route<'s>> = Vec::new();
    let mut by_shape: BTreeMap<String, usize> = BTreeMap::new();
    for stub in stubs {
        let found = path(stub).filter(|(_, shape)| !by_shape.keys().any(|own| collide(own, shape)));
        let Some((path, shape)) = found else {
            diagnostics.warning(
                "unroutable-path",
                &stub.operation.place,
                format!("`{}` has a segment that axum cannot match", stub.operation.path),
                "a placeholder must be a whole segment, and no other may stand where one takes the rest; the operation is left out of the router",
            );
            continue;
        };
        let index = *by_shape.entry(shape).or_insert(routes.len());
        match routes.get_mut(index) {
            None => routes.push(Route { path, without_rest: None, stubs: vec![stub] }),
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
    for route in &mut routes {
        let bare = route.path.rfind("{*").and_then(|rest| route.path.get(..rest));
        let bare = bare.filter(|bare| !by_shape.contains_key(&anonymous(bare)));
        route.without_rest = bare.map(str::to_owned);
    }
    routes
}

/// Whether axum cannot hold both: one takes the rest of a path where the other has a placeholder.
fn collide(one: &str, other: &str) -> bool {
    let takes_all = |rest: &str, placeholder: &str| {
        let before = rest.strip_suffix("{*}");
        before.is_some_and(|before| {
            placeholder.strip_prefix(before).is_some_and(|after| after.starts_with("{}"))
        })
    };
    takes_all(one, other) || takes_all(other, one)
}

/// A path as axum reads it, without the names of its placeholders.
fn anonymous(path: &str) -> String {
    let segment =
        |text: &str| if text.starts_with('{') { "{}".to_owned() } else { text.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn has_method(route: &Route<'_>, method: Method) -> bool {
    route.stubs.iter().any(|stub| stub.operation.method == method)
}

/// The path as axum reads it, and the same without the names of its placeholders.
fn path(stub: &Stub<'_>) -> Option<(String, String)> {
    let mut path = String::new();
    let mut shape = String::new();
    for (number, segment) in (0..).zip(&stub.operation.path.segments) {
        let (text, anonymous) = match rest(stub, segment) {
            Some(name) => (format!("{{*{}}}", placeholder(name, number)), "{*}".to_owned()),
            None => segment_text(segment, number)?,
        };
        path.push('/');
        path.push_str(&text);
        shape.push('/');
        shape.push_str(&anonymous);
    }
    if path.is_empty() { None } else { Some((path, shape)) }
}

/// The name of the parameter that takes the rest of a path, if it is this segment.
fn rest<'s>(stub: &Stub<'_>, segment: &'s PathSegment) -> Option<&'s String> {
    let [PathPart::Parameter(name)] = segment.0.as_slice() else { return None };
    let is_rest = |own: &Parameter| own.multi_segment && own.name == *name;
    stub.operation.parameters.iter().any(is_rest).then_some(name)
}

fn segment_text(segment: &PathSegment, number: usize) -> Option<(String, String)> {
    if let [PathPart::Parameter(name)] = segment.0.as_slice() {
        return Some((format!("{{{}}}", placeholder(name, number)), "{}".to_owned()));
    }
    let mut text = String::new();
    for part in &segment.0 {
        match part {
            PathPart::Literal(literal) => text.push_str(&encode(literal)),
            PathPart::Parameter(_) => return None,
        }
    }
    // These begin a placeholder in the notation of earlier versions, which axum refuses.
    if text.starts_with([':', '*']) { None } else { Some((text.clone(), text)) }
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
