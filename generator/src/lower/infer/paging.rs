//! Recognises a paged list: query parameters of usual names beside one list in the answer.

use super::properties;
use super::words::plain;
use crate::contract::{
    Location, Method, Operation, Paging, PagingStyle, Parameter, Pointer, Response, Schema,
    SchemaId, Schemas, Shape,
};
use crate::lower::check::{document_of, items};

/// How many items a page has at most.
const LIMITS: [&str; 7] = ["limit", "perpage", "pagesize", "size", "maxresults", "top", "maxitems"];

/// What says where a page begins.
#[derive(Clone, Copy, PartialEq)]
enum Position {
    /// A number of items.
    Offset,
    /// A number of pages.
    Page,
    /// A token that the page before has.
    Token,
    /// The identity of the last item of the page before.
    After,
}

/// The parameter that says where a page begins.
const POSITIONS: [(&str, Position); 13] = [
    ("offset", Position::Offset),
    ("skip", Position::Offset),
    ("cursor", Position::Token),
    ("pagetoken", Position::Token),
    ("nexttoken", Position::Token),
    ("continue", Position::Token),
    ("continuationtoken", Position::Token),
    ("marker", Position::Token),
    ("startingafter", Position::After),
    ("after", Position::After),
    ("page", Position::Page),
    ("pagenumber", Position::Page),
    ("number", Position::Page),
];

/// The token of the next page.
const NEXTS: [&str; 8] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "continue",
    "continuationtoken",
    "nextmarker",
    "nextpagecursor",
    "aftercursor",
];

/// Whether more items follow.
const MORES: [&str; 3] = ["hasmore", "hasnext", "hasnextpage"];

/// The number of all items.
const TOTALS: [&str; 6] =
    ["total", "totalcount", "totalnum", "totalitems", "totalelements", "totalresults"];

/// Members in which an answer keeps what it says of itself.
const WRAPPERS: [&str; 6] =
    ["metadata", "meta", "pagination", "paging", "page", "responsemetadata"];

/// What makes an item that item, in the item or in what it says of itself.
const IDENTITIES: [&str; 3] = ["id", "uid", "uuid"];

/// How the operation's list seems to be walked.
pub(super) fn of(schemas: &Schemas, own: &Operation) -> Option<Paging> {
    if own.method != Method::Get {
        return None;
    }
    let (_, response) = own.responses.get(200)?;
    let body = document_of(response)?;
    let (items, item) = only_list(schemas, body)?;
    let identity = identity(schemas, item);
    let asked = asked(schemas, own);
    let parameter = |name, whole| {
        asked.iter().find(|known| known.name == name && known.whole == whole).map(|known| known.own)
    };
    let limit = LIMITS.into_iter().find_map(|name| parameter(name, true));
    let next = named(schemas, body, &NEXTS, |_| true);
    let more = named(schemas, body, &MORES, |schema| matches!(schema.shape, Shape::Boolean));
    let position = POSITIONS.into_iter().find_map(|(name, position)| {
        let is_whole = matches!(position, Position::Offset | Position::Page);
        let found = parameter(name, is_whole)?;
        let leads = match position {
            Position::Offset | Position::Page => limit.is_some(),
            Position::Token => next.is_some(),
            Position::After => more.is_some() && identity.is_some(),
        };
        leads.then_some((position, found))
    });
    if position.is_none() && !has_link_header(response) {
        return None;
    }
    let at = |wanted: &[Position]| {
        position.filter(|(found, _)| wanted.contains(found)).map(|(_, known)| known.name.clone())
    };
    let cursor = at(&[Position::Token, Position::After]);
    let is_after = position.is_some_and(|(found, _)| found == Position::After);
    Some(Paging {
        style: style(position.map(|(found, _)| found)),
        limit: limit.map(|known| known.name.clone()),
        offset: at(&[Position::Offset]),
        page: at(&[Position::Page]),
        next: next.filter(|_| cursor.is_some() && !is_after),
        after: identity.clone().filter(|_| is_after),
        more: more.filter(|_| is_after),
        cursor,
        items: vec![items],
        total: named(schemas, body, &TOTALS, is_whole),
        remaining: None,
        identity: identity.into_iter().collect(),
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

fn style(position: Option<Position>) -> PagingStyle {
    match position {
        Some(Position::Offset) => PagingStyle::Offset,
        Some(Position::Page) => PagingStyle::Page,
        Some(Position::Token | Position::After) => PagingStyle::Cursor,
        None => PagingStyle::LinkHeader,
    }
}

/// Whether a page leads to others by header fields (RFC 8288).
fn has_link_header(response: &Response) -> bool {
    response.headers.iter().any(|header| header.name.eq_ignore_ascii_case("link"))
}

/// A query parameter by its plain name.
struct Asked<'o> {
    name: String,
    /// Whether its values are whole numbers.
    whole: bool,
    own: &'o Parameter,
}

fn asked<'o>(schemas: &Schemas, own: &'o Operation) -> Vec<Asked<'o>> {
    let queries = own.parameters.iter().filter(|known| known.location == Location::Query);
    queries
        .map(|own| Asked {
            name: plain(&own.name),
            whole: schemas.get(own.schema).is_some_and(is_whole),
            own,
        })
        .collect()
}

fn is_whole(schema: &Schema) -> bool {
    matches!(schema.shape, Shape::Integer { .. })
}

/// The only list of an answer, the answer itself or a member of it, and the schema of its items.
fn only_list(schemas: &Schemas, body: SchemaId) -> Option<(Pointer, SchemaId)> {
    if let [item] = items(schemas, &[body]).as_slice() {
        return Some((Pointer::root(), *item));
    }
    let mut lists = properties(schemas.get(body)?).iter().filter_map(|property| {
        let item = items(schemas, &[property.schema]).first().copied()?;
        Some((Pointer::root().child(&*property.name), item))
    });
    let first = lists.next()?;
    lists.next().is_none().then_some(first)
}

/// The member of one of those plain names that is as it must be, in the answer or in what it says of itself.
fn named(
    schemas: &Schemas,
    body: SchemaId,
    names: &[&str],
    fits: impl Fn(&Schema) -> bool,
) -> Option<Pointer> {
    let own = |id: SchemaId| {
        let members = properties(schemas.get(id)?);
        names.iter().find_map(|name| {
            let mut alike = members.iter().filter(|member| plain(&member.name) == **name);
            alike.find(|member| schemas.get(member.schema).is_some_and(&fits))
        })
    };
    if let Some(found) = own(body) {
        return Some(Pointer::root().child(&*found.name));
    }
    let outer = properties(schemas.get(body)?).iter();
    let mut wrappers = outer.filter(|member| WRAPPERS.contains(&&*plain(&member.name)));
    wrappers.find_map(|outer| {
        let found = own(outer.schema)?;
        Some(Pointer::from_segments([&*outer.name, &*found.name]))
    })
}

fn identity(schemas: &Schemas, item: SchemaId) -> Option<Pointer> {
    named(schemas, item, &IDENTITIES, |schema| {
        matches!(schema.shape, Shape::String { .. } | Shape::Integer { .. })
    })
}
