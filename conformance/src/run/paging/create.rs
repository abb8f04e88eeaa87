//! Items for a list that has too few to show anything, where the API lets the run make and remove them.

use generator::contract::{
    Additional, FilterMatch, Location, Method, Operation, Pointer, SchemaId, Schemas, Shape,
};
use serde_json::{Map, Value};

use super::list::List;
use super::sizes::Sizes;
use crate::call::{Call, CallBody, Intent};
use crate::judge::paging::{Window, key};
use crate::run::provide::{Provider, followed, links, removable};
use crate::run::session::Exchange;

/// No more items are made than that.
const MOST: u64 = 25;
/// The label whose value tells the made items apart.
const LABEL: &str = "conformance-item";

/// Makes items until the smallest pages cut the list, if that takes no more than a few.
pub(super) async fn fill(list: &List<'_, '_>, provider: &Provider) {
    let Some(producer) = producer(list) else { return };
    let sizes = Sizes::of(list);
    let window = Window { skip: 0, size: Sizes::whole(list) };
    let Ok(page) = list.page(&list.sorted(), window).await else { return };
    let wanted = sizes.map_or(2, |sizes| 2 * sizes.least + 1);
    let has_labels =
        list.paging.filters.iter().any(|filter| filter.matches == FilterMatch::LabelSelector);
    let missing = wanted.saturating_sub(page.count()).max(if has_labels { 2 } else { 0 });
    if missing > MOST {
        return;
    }
    for _ in 0..missing {
        if list.session.is_stopped() || make(list, provider, producer).await.is_none() {
            return;
        }
    }
}

/// The creation on the list's own path whose answer leads to a removal.
fn producer<'r>(list: &List<'r, '_>) -> Option<&'r Operation> {
    removable(list.session, |candidate, _| candidate.path == list.operation.path)
}

/// An item that the run made: the call and what it got.
#[derive(Clone, Debug)]
pub(super) struct Made {
    call: Call,
    exchange: Exchange,
}

impl Made {
    /// What makes it that item, in words, if its creation says so.
    pub(super) fn key(&self, list: &List<'_, '_>) -> Option<String> {
        key(&list.paging.identity, &self.exchange.transcript.json().ok()?)
    }

    /// Removes it again; says whether that was taken.
    pub(super) async fn remove(&self, list: &List<'_, '_>, producer: &Operation) -> bool {
        let session = list.session;
        let links = links(session, producer, &self.exchange.transcript);
        let Some((link, target)) =
            links.into_iter().find(|(_, target)| target.method == Method::Delete)
        else {
            return false;
        };
        let transcript = &self.exchange.transcript;
        let call = followed(session, &self.call, transcript, link, target, Intent::Part);
        let exchange = session.attempt(target, &call).await;
        session.note(target, &exchange);
        exchange.succeeded()
    }
}

/// Makes one item.
pub(super) async fn make(
    list: &List<'_, '_>,
    provider: &Provider,
    producer: &Operation,
) -> Option<Made> {
    let session = list.session;
    let mut call = provider.call(session, producer, Intent::Part).await.ok()?;
    for argument in list.sorted().arguments {
        if argument.location == Location::Path {
            call.set(Location::Path, &argument.name, argument.value);
        }
    }
    label(list, producer, &mut call);
    let exchange = session.attempt(producer, &call).await;
    session.note(producer, &exchange);
    exchange.succeeded().then_some(Made { call, exchange })
}

/// Gives an item a label of its own, where a filter looks for labels and the body has a place for them.
fn label(list: &List<'_, '_>, producer: &Operation, call: &mut Call) {
    let schema = producer
        .body
        .as_ref()
        .and_then(|body| body.content.iter().find(|content| content.media_type.is_json()))
        .and_then(|content| content.schema);
    let (Some(schema), CallBody::Json(_, body)) = (schema, &mut call.body) else { return };
    let fields = list
        .paging
        .filters
        .iter()
        .filter(|filter| filter.matches == FilterMatch::LabelSelector)
        .filter_map(|filter| filter.field.as_ref());
    for field in fields.filter(|field| has_place(&list.session.api.schemas, schema, field)) {
        if let Some(labels) = object_at(body, field) {
            labels.insert(LABEL.to_owned(), Value::from(list.session.fresh_name()));
        }
    }
}

/// Whether values of a schema may have that member.
fn has_place(schemas: &Schemas, schema: SchemaId, field: &Pointer) -> bool {
    field
        .segments()
        .iter()
        .try_fold(schema, |id, segment| match &schemas.get(id)?.shape {
            Shape::Object { properties, additional, .. } => properties
                .iter()
                .find(|property| property.name == *segment)
                .map(|property| property.schema)
                .or(match additional {
                    Additional::Of(id) => Some(*id),
                    _ => None,
                }),
            _ => None,
        })
        .is_some()
}

/// The object at a pointer, made if it is not there.
fn object_at<'v>(value: &'v mut Value, field: &Pointer) -> Option<&'v mut Map<String, Value>> {
    let at = field.segments().iter().try_fold(value, |inner, segment| {
        let members = inner.as_object_mut()?;
        let member = members.entry(segment.clone()).or_insert(Value::Null);
        if member.is_null() {
            *member = Value::Object(Map::new());
        }
        Some(member)
    })?;
    at.as_object_mut()
}
