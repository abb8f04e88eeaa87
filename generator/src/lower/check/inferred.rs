//! Recognises a paged list where nothing declares one: two query parameters of usual names beside one list in the
//! answer. What is recognised is marked so, and binds nobody.

use crate::contract::{
    Location, Method, Operation, Paging, PagingStyle, Pointer, Property, Schema, SchemaId, Schemas,
    Shape,
};

use super::document_of;
use super::seek;

/// How many items a page has at most.
const LIMITS: [&str; 6] = ["limit", "per_page", "perPage", "page_size", "pageSize", "size"];

/// The parameter that says which page, and the style that follows from it.
const POSITIONS: [(&str, PagingStyle); 10] = [
    ("offset", PagingStyle::Offset),
    ("skip", PagingStyle::Offset),
    ("page", PagingStyle::Page),
    ("page_number", PagingStyle::Page),
    ("pageNumber", PagingStyle::Page),
    ("cursor", PagingStyle::Cursor),
    ("page_token", PagingStyle::Cursor),
    ("pageToken", PagingStyle::Cursor),
    ("next_token", PagingStyle::Cursor),
    ("nextToken", PagingStyle::Cursor),
];

/// The token of the next page, in the answer or in an object of it.
const NEXTS: [&str; 6] =
    ["next_cursor", "nextCursor", "next_page_token", "nextPageToken", "next_token", "nextToken"];

/// The number of all items.
const TOTALS: [&str; 3] = ["total", "total_count", "totalCount"];

/// How the operation's list seems to be walked.
pub(super) fn inferred(schemas: &Schemas, own: &Operation) -> Option<Paging> {
    if own.method != Method::Get || own.paging.is_some() {
        return None;
    }
    let limit = LIMITS.into_iter().find(|name| has_parameter(schemas, own, name, true))?;
    let (position, style) = POSITIONS
        .into_iter()
        .find(|(name, style)| has_parameter(schemas, own, name, *style != PagingStyle::Cursor))?;
    let (_, response) = own.responses.get(200)?;
    let body = document_of(response)?;
    let (items, item) = only_list(schemas, body)?;
    let next = next_of(schemas, body);
    if style == PagingStyle::Cursor && next.is_none() {
        return None;
    }
    let named = |wanted| Some(position.to_owned()).filter(|_| style == wanted);
    let total = TOTALS.into_iter().find(|name| is_whole(schemas, property(schemas, body, name)));
    Some(Paging {
        style,
        limit: Some(limit.to_owned()),
        offset: named(PagingStyle::Offset),
        cursor: named(PagingStyle::Cursor),
        page: named(PagingStyle::Page),
        items: vec![items],
        total: total.map(|name| Pointer::root().child(name)),
        next: next.filter(|_| style == PagingStyle::Cursor),
        remaining: None,
        identity: property(schemas, item, "id")
            .map(|_| Pointer::root().child("id"))
            .into_iter()
            .collect(),
        out_of_range: None,
        max_page: None,
        default_page: None,
        zero_is_absent: false,
        sort: None,
        filters: Vec::new(),
        snapshot: None,
        expired: None,
        not_when: None,
        inferred: true,
        place: own.place.clone(),
    })
}

fn has_parameter(schemas: &Schemas, own: &Operation, name: &str, whole: bool) -> bool {
    own.parameters.iter().any(|known| {
        known.location == Location::Query
            && known.name == name
            && is_whole(schemas, Some(known.schema)) == whole
    })
}

fn is_whole(schemas: &Schemas, id: Option<SchemaId>) -> bool {
    let shape = id.and_then(|id| schemas.get(id)).map(|schema| &schema.shape);
    matches!(shape, Some(Shape::Integer { .. }))
}

/// The only list of an answer, the answer itself or a member of it, and the schema of its items.
fn only_list(schemas: &Schemas, body: SchemaId) -> Option<(Pointer, SchemaId)> {
    if let [item] = seek::items(schemas, &[body]).as_slice() {
        return Some((Pointer::root(), *item));
    }
    let mut lists = properties(schemas.get(body)?).iter().filter_map(|property| {
        let item = seek::items(schemas, &[property.schema]).first().copied()?;
        Some((Pointer::root().child(&*property.name), item))
    });
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
}

fn next_of(schemas: &Schemas, body: SchemaId) -> Option<Pointer> {
    let own = NEXTS.into_iter().find(|name| property(schemas, body, name).is_some());
    if let Some(name) = own {
        return Some(Pointer::root().child(name));
    }
    properties(schemas.get(body)?).iter().find_map(|outer| {
        let name =
            NEXTS.into_iter().find(|name| property(schemas, outer.schema, name).is_some())?;
        Some(Pointer::from_segments([&*outer.name, name]))
    })
}

fn property(schemas: &Schemas, id: SchemaId, name: &str) -> Option<SchemaId> {
    let known = properties(schemas.get(id)?).iter().find(|property| property.name == name)?;
    Some(known.schema)
}

fn properties(schema: &Schema) -> &[Property] {
    match &schema.shape {
        Shape::Object { properties, .. } => properties,
        _ => &[],
    }
}
