//! Things that the run makes to look at: read, changed and removed by what their creation leads to, or by the other
//! operations on the same path.

use generator::contract::{
    Additional, FilterMatch, Location, Method, Operation, PatchKind, Pointer, SchemaId, Schemas,
    Shape,
};
use serde_json::{Map, Value};

use super::plain::{json_content, plain};
use super::provide::{Provider, followed, is_success, links, removable};
use super::session::{Exchange, Session};
use crate::call::{Call, CallBody, Intent};
use crate::judge;

/// How often, and after which pause, a removed thing is looked for.
const LOOKS: u32 = 8;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(150);

/// Something that the run made.
#[derive(Clone, Debug)]
pub(super) struct Thing<'s> {
    producer: &'s Operation,
    pub(super) call: Call,
    pub(super) made: Exchange,
}

/// The creation whose answer leads to a removal and that makes what a list has: the one on its path, else one that
/// answers with the schema of its items; if the write guard lets it through.
pub(super) fn producer<'s>(session: &Session<'s>, on: &Operation) -> Option<&'s Operation> {
    let item = item(session, on);
    let makes = |candidate: &Operation| {
        let responses = candidate.responses.iter().filter(|(key, _)| is_success(*key));
        let mut made = responses.flat_map(|(_, response)| &response.content);
        item.is_some() && made.any(|content| content.schema == item)
    };
    removable(session, |candidate, _| candidate.path.is_same_as(&on.path))
        .or_else(|| removable(session, |candidate, _| makes(candidate)))
}

/// The schema of what an operation lists.
pub(super) fn item(session: &Session<'_>, operation: &Operation) -> Option<SchemaId> {
    let items = operation.paging.as_ref()?.items.first()?;
    let responses = operation.responses.iter().filter(|(key, _)| is_success(*key));
    responses
        .flat_map(|(_, response)| &response.content)
        .filter(|content| content.media_type.is_json())
        .find_map(|content| items_at(&session.api.schemas, content.schema?, items))
}

fn items_at(schemas: &Schemas, schema: SchemaId, at: &Pointer) -> Option<SchemaId> {
    match &schemas.get(schemas.at(schema, at)?)?.shape {
        Shape::Array { items, .. } => Some(*items),
        _ => None,
    }
}

impl<'s> Thing<'s> {
    /// Makes a thing, its call changed first.
    pub(super) async fn make(
        session: &Session<'s>,
        provider: &Provider,
        producer: &'s Operation,
        change: impl FnOnce(&mut Call),
    ) -> Option<Self> {
        let mut call = provider.call(session, producer, Intent::Part).await.ok()?;
        change(&mut call);
        let made = session.attempt(producer, &call).await;
        session.note(producer, &made);
        made.succeeded().then_some(Self { producer, call, made })
    }

    /// What a call made, or would have.
    pub(super) fn of(producer: &'s Operation, call: Call, made: Exchange) -> Self {
        Self { producer, call, made }
    }

    /// What its creation was answered with.
    pub(super) fn body(&self) -> Value {
        self.made.transcript.json().unwrap_or_default()
    }

    /// The operation of that method on it, and the plainest call.
    pub(super) fn operation(
        &self,
        session: &Session<'s>,
        method: Method,
    ) -> Option<(&'s Operation, Call)> {
        let known = links(session, self.producer, &self.made.transcript);
        let follow = |wanted: Method| {
            let (link, target) = known.iter().find(|(_, target)| target.method == wanted)?;
            let transcript = &self.made.transcript;
            let call = followed(session, &self.call, transcript, link, target, Intent::Part);
            Some((*target, call))
        };
        if let Some(found) = follow(method) {
            return Some(found);
        }
        let (near, known) = follow(Method::Get).or_else(|| follow(Method::Delete))?;
        let target = session.api.operations.iter().find(|candidate| {
            candidate.method == method && candidate.path.is_same_as(&near.path)
        })?;
        let mut call = plain(session, target, Intent::Part);
        for argument in known.arguments.iter().filter(|one| one.location == Location::Path) {
            call.set(Location::Path, &argument.name, argument.value.clone());
        }
        Some((target, call))
    }

    /// A call of any operation that its creation links to, or that stands below its own path.
    pub(super) fn call_of(&self, session: &Session<'s>, target: &'s Operation) -> Option<Call> {
        let known = links(session, self.producer, &self.made.transcript);
        let transcript = &self.made.transcript;
        let intent = Intent::Part;
        if let Some((link, _)) = known.iter().find(|(_, linked)| linked.id == target.id) {
            return Some(followed(session, &self.call, transcript, link, target, intent));
        }
        let (_, near) = self.operation(session, Method::Get)?;
        let mut call = plain(session, target, intent);
        for argument in near.arguments.iter().filter(|one| one.location == Location::Path) {
            call.set(Location::Path, &argument.name, argument.value.clone());
        }
        Some(call)
    }

    /// Sends a call about it.
    pub(super) async fn send(
        &self,
        session: &Session<'_>,
        operation: &Operation,
        call: &Call,
    ) -> Option<Exchange> {
        if !session.may_send(operation, call) || session.is_stopped() {
            return None;
        }
        let exchange = session.attempt(operation, call).await;
        session.note(operation, &exchange);
        Some(exchange)
    }

    /// Reads it.
    pub(super) async fn read(&self, session: &Session<'s>) -> Option<Exchange> {
        let (operation, call) = self.operation(session, Method::Get)?;
        self.send(session, operation, &call).await
    }

    /// What reading it gives.
    pub(super) async fn value(&self, session: &Session<'s>) -> Option<Value> {
        let read = self.read(session).await.filter(Exchange::succeeded)?;
        read.transcript.json().ok()
    }

    /// The call that patches it with a document of that kind.
    pub(super) fn patch(
        &self,
        session: &Session<'s>,
        kind: PatchKind,
        document: Value,
    ) -> Option<(&'s Operation, Call)> {
        let (operation, mut call) = self.operation(session, Method::Patch)?;
        let contents = operation.body.iter().flat_map(|body| &body.content);
        let content = contents.into_iter().find(|content| content.patch == Some(kind))?;
        call.body = CallBody::Json(content.media_type.clone(), document);
        Some((operation, call))
    }

    /// The call that puts a document in its place.
    pub(super) fn put(
        &self,
        session: &Session<'s>,
        document: Value,
    ) -> Option<(&'s Operation, Call)> {
        let (operation, mut call) = self.operation(session, Method::Put)?;
        let content = operation.body.as_ref().and_then(json_content)?;
        call.body = CallBody::Json(content.media_type.clone(), document);
        Some((operation, call))
    }

    /// Sets one member: by a merge patch where one is documented, else by putting the whole thing anew.
    pub(super) async fn set(
        &self,
        session: &Session<'s>,
        at: &Pointer,
        value: Value,
    ) -> Option<Exchange> {
        let patched = self.patch(session, PatchKind::MergePatch, nested(at, value.clone()));
        let (operation, call) = match patched {
            Some(found) => found,
            None => {
                let mut whole = self.value(session).await?;
                *member(&mut whole, at)? = value;
                self.put(session, whole)?
            }
        };
        self.send(session, operation, &call).await.filter(Exchange::succeeded)
    }

    /// Removes it.
    pub(super) async fn remove(&self, session: &Session<'s>) -> Option<Exchange> {
        let (operation, call) = self.operation(session, Method::Delete)?;
        self.send(session, operation, &call).await.filter(Exchange::succeeded)
    }

    /// Whether it is missing by now, as many looks later as a grace period may need.
    pub(super) async fn is_gone(&self, session: &Session<'s>) -> bool {
        let Some((reader, call)) = self.operation(session, Method::Get) else { return false };
        for _ in 0..LOOKS {
            let read = session.attempt(reader, &call).await;
            let status = read.transcript.status();
            let fault = generator::contract::Fault::Missing;
            if status.is_some_and(|status| judge::acceptable(reader, fault, status)) {
                return true;
            }
            session.pause(PAUSE).await;
        }
        false
    }
}

/// A document with nothing but that member.
pub(super) fn nested(at: &Pointer, value: Value) -> Value {
    at.segments()
        .iter()
        .rev()
        .fold(value, |inner, segment| Value::Object(Map::from_iter([(segment.clone(), inner)])))
}

/// The member at a pointer, made if it is not there.
pub(super) fn member<'v>(value: &'v mut Value, at: &Pointer) -> Option<&'v mut Value> {
    at.segments().iter().try_fold(value, |inner, segment| {
        if inner.is_null() {
            *inner = Value::Object(Map::new());
        }
        Some(inner.as_object_mut()?.entry(segment.clone()).or_insert(Value::Null))
    })
}

/// A map of texts in which the run may write what it likes: where a label selector of a list on that path looks, else
/// the first that the body of the creation has.
pub(super) fn free_map(session: &Session<'_>, producer: &Operation) -> Option<Pointer> {
    let lists = session.api.operations.iter().filter(|other| other.path.is_same_as(&producer.path));
    let filters = lists.filter_map(|list| list.paging.as_ref()).flat_map(|paging| &paging.filters);
    let mut labels = filters
        .filter(|filter| filter.matches == FilterMatch::LabelSelector)
        .filter_map(|filter| filter.field.clone());
    let schema = producer.body.as_ref().and_then(json_content)?.schema?;
    labels.next().or_else(|| text_map(&session.api.schemas, schema, &Pointer::root(), 3))
}

fn text_map(schemas: &Schemas, id: SchemaId, at: &Pointer, depth: u32) -> Option<Pointer> {
    let Shape::Object { properties, additional, .. } = &schemas.get(id)?.shape else { return None };
    let is_text = |id: &SchemaId| {
        schemas.get(*id).is_some_and(|schema| matches!(schema.shape, Shape::String { .. }))
    };
    if properties.is_empty() && matches!(additional, Additional::Of(id) if is_text(id)) {
        return Some(at.clone());
    }
    let below = depth.checked_sub(1)?;
    properties
        .iter()
        .find_map(|property| text_map(schemas, property.schema, &at.child(&*property.name), below))
}
