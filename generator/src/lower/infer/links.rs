//! Where a creation leads when no link says so: by paths that go on from its own, and by the names of members.
//!
//! `POST /things` that answers with an `id` leads to `/things/{id}` and what is below it; so does `POST /things/create`.
//! `POST /things/{thing}/runs` leads to `/runs/{run}` as well, if that begins a path.

use std::collections::BTreeMap;

use crate::contract::{
    Api, Link, LinkValue, Location, Method, Operation, PathPart, PathSegment, Pointer, SchemaId,
    Schemas, Shape, StatusKey,
};

use super::properties;
use super::words::{plain, singular};
use crate::lower::check::document_of;

/// Last words of a path that say what is done and not what there is.
const VERBS: [&str; 3] = ["create", "new", "add"];
/// Members in which an answer keeps what describes the thing.
const WRAPPERS: [&str; 5] = ["metadata", "meta", "data", "result", "attributes"];

/// Adds the links of creations that have none.
pub(super) fn infer(api: &mut Api) {
    let mut found = Vec::new();
    for (index, creation) in api.operations.iter().enumerate() {
        let declared = creation.responses.iter().any(|(_, response)| !response.links.is_empty());
        if creation.method == Method::Post && !declared {
            found.extend(of(api, creation).into_iter().map(|(key, links)| (index, key, links)));
        }
    }
    for (index, key, links) in found {
        let operation = api.operations.get_mut(index);
        if let Some(response) = operation.and_then(|one| one.responses.0.get_mut(&key)) {
            response.links = links;
        }
    }
}

fn of(api: &Api, creation: &Operation) -> Vec<(StatusKey, Vec<Link>)> {
    let successes = creation
        .responses
        .iter()
        .filter(|(key, _)| matches!(key, StatusKey::Code(200..=202) | StatusKey::Range(2)));
    let bodies = successes.filter_map(|(key, response)| Some((key, document_of(response)?)));
    let links = bodies.map(|(key, body)| {
        let links = api.operations.iter().filter_map(|target| link(api, creation, body, target));
        (key, links.collect::<Vec<_>>())
    });
    links.filter(|(_, links)| !links.is_empty()).collect()
}

fn link(api: &Api, creation: &Operation, body: SchemaId, target: &Operation) -> Option<Link> {
    let path = &creation.path.segments;
    let stems = match path.split_last() {
        Some((last, before)) if text(last).is_some_and(|last| VERBS.contains(&last)) => {
            [before, &[]]
        }
        Some((last, _)) => [path.as_slice(), std::slice::from_ref(last)],
        None => return None,
    };
    let stems = stems.into_iter().filter(|stem| !stem.is_empty());
    let parameters =
        stems.into_iter().find_map(|stem| arguments(&api.schemas, stem, body, target))?;
    Some(Link {
        name: target.id.0.clone(),
        operation: target.id.clone(),
        parameters,
        body: None,
        inferred: true,
        place: creation.place.clone(),
    })
}

/// What fills the path of `target`, if that goes on from `stem` with one placeholder that the answer fills.
fn arguments(
    schemas: &Schemas,
    stem: &[PathSegment],
    body: SchemaId,
    target: &Operation,
) -> Option<BTreeMap<String, LinkValue>> {
    let (outer, rest) = target.path.segments.split_at_checked(stem.len())?;
    let (own, below) = rest.split_first()?;
    let own = placeholder(own)?;
    if !below.iter().all(|segment| text(segment).is_some()) {
        return None;
    }
    let mut arguments = BTreeMap::new();
    for (there, here) in outer.iter().zip(stem) {
        match (placeholder(there), placeholder(here)) {
            (Some(there), Some(here)) => {
                arguments.insert(there.to_owned(), LinkValue::RequestPath(here.to_owned()));
            }
            _ if there == here => {}
            _ => return None,
        }
    }
    let wanted = target
        .parameters
        .iter()
        .find(|known| known.location == Location::Path && known.name == own)?;
    let thing = stem.last().and_then(text).map(singular).unwrap_or_default();
    let at = identity(schemas, body, own, &thing)?;
    let fits = is_scalar(schemas, wanted.schema);
    fits.then(|| arguments.insert(own.to_owned(), LinkValue::ResponseBody(at)))?;
    Some(arguments)
}

/// Where an answer has what a placeholder stands for: the member of its name, else the usual one of what it means.
fn identity(schemas: &Schemas, body: SchemaId, placeholder: &str, thing: &str) -> Option<Pointer> {
    let wanted = plain(placeholder);
    let is_thing = wanted == thing;
    let mut names = vec![wanted.clone()];
    if is_thing || wanted.ends_with("id") {
        names.extend(["id".to_owned(), format!("{thing}id"), "uuid".to_owned()]);
    }
    if is_thing || wanted.ends_with("name") {
        names.extend(["name".to_owned(), format!("{thing}name")]);
    }
    let is_wrapper = |name: &str| WRAPPERS.contains(&name) || name == thing;
    let outer = properties(schemas.get(body)?);
    let wrappers = outer.iter().filter(|member| is_wrapper(&plain(&member.name)));
    let wrappers: Vec<_> = wrappers.map(|member| (member.name.as_str(), member.schema)).collect();
    names.iter().find_map(|name| {
        let direct = member(schemas, body, name).map(|own| Pointer::root().child(own));
        direct.or_else(|| {
            wrappers.iter().find_map(|(outer, schema)| {
                Some(Pointer::from_segments([*outer, member(schemas, *schema, name)?]))
            })
        })
    })
}

/// The member of that plain name, if its values can stand in a path.
fn member<'s>(schemas: &'s Schemas, id: SchemaId, name: &str) -> Option<&'s str> {
    let members = properties(schemas.get(id)?).iter();
    let mut named = members.filter(|member| plain(&member.name) == name);
    let found = named.find(|member| is_scalar(schemas, member.schema))?;
    Some(&found.name)
}

fn is_scalar(schemas: &Schemas, id: SchemaId) -> bool {
    let shape = schemas.get(id).map(|schema| &schema.shape);
    matches!(
        shape,
        Some(Shape::Any | Shape::Integer { .. } | Shape::String { .. } | Shape::Enumeration(_))
    )
}

/// The text of a segment without placeholders.
fn text(segment: &PathSegment) -> Option<&str> {
    match segment.0.as_slice() {
        [PathPart::Literal(text)] => Some(text),
        _ => None,
    }
}

/// The placeholder that a segment is.
fn placeholder(segment: &PathSegment) -> Option<&str> {
    match segment.0.as_slice() {
        [PathPart::Parameter(name)] => Some(name),
        _ => None,
    }
}
