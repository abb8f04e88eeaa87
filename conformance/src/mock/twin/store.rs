//! What is there: things that were created, and which requests may be made of them.
//!
//! A thing is known by what the links of its creation hand on; nothing here knows what a resource is.

use std::collections::BTreeMap;

use generator::contract::{
    Api, Content, Fault, Link, LinkValue, Location, Method, Operation, OperationId, Pointer,
    StatusKey,
};
use serde_json::Value;

use super::made::{Made, put};
use super::{Asked, Refusal, plain};

/// Things that are there.
#[derive(Debug, Default)]
pub(super) struct Store {
    things: Vec<Thing>,
    count: usize,
}

/// One thing.
#[derive(Debug)]
struct Thing {
    creator: OperationId,
    value: Value,
    grants: Vec<Grant>,
}

/// A request that may be made of a thing: an operation and the path parameters that lead to it.
#[derive(Debug, PartialEq, Eq)]
struct Grant {
    operation: OperationId,
    path: BTreeMap<String, String>,
}

impl Store {
    /// A store in which the items of a list are things of the creation on the same path.
    pub(super) fn seeded(api: &Api, lists: &BTreeMap<OperationId, Vec<Vec<Value>>>) -> Self {
        let mut store = Self::default();
        for creator in api.operations.iter().filter(|operation| creates(operation)) {
            let Some(list) = list_beside(api, creator) else { continue };
            let items = lists.get(&list.id).and_then(|lists| lists.first());
            for item in items.into_iter().flatten() {
                store.add(api, creator, item.clone(), |link| value_of(link, item, None));
            }
        }
        store
    }

    /// The things that a list consists of, if it is the list of a creation on the same path.
    pub(super) fn collection(&self, api: &Api, list: &Operation) -> Option<Vec<Value>> {
        let creator = api.operations.iter().find(|operation| {
            creates(operation)
                && list_beside(api, operation).is_some_and(|beside| beside.id == list.id)
        })?;
        let things = self.things.iter().filter(|thing| thing.creator == creator.id);
        Some(things.map(|thing| thing.value.clone()).collect())
    }

    /// The thing that a request is about; none for a request that is about no thing.
    pub(super) fn find(
        &self,
        api: &Api,
        asked: &Asked<'_>,
        known: &BTreeMap<String, Value>,
    ) -> Result<Option<usize>, Refusal> {
        let operation = asked.operation;
        if is_linked(api, operation) {
            let grants = |thing: &Thing| thing.grants.iter().any(|grant| grant.allows(asked));
            let found = self.things.iter().position(grants);
            return found.map(Some).ok_or_else(|| Fault::Missing.into());
        }
        let exists = |name: &str| {
            let parameter = operation.parameters.iter().find(|parameter| parameter.name == name);
            let (Some(parameter), Some(value)) =
                (parameter, asked.arguments.get(Location::Path, name))
            else {
                return true;
            };
            match known.get(name) {
                Some(known) => plain(known) == plain(value),
                None => {
                    parameter.known
                        || parameter.examples.iter().any(|example| example.value == *value)
                }
            }
        };
        if operation.path.parameters().all(exists) { Ok(None) } else { Err(Fault::Missing.into()) }
    }

    /// The body that shows a thing: of a creation what will be there, of anything else what is there. None where the
    /// answer shows no thing.
    pub(super) fn representation(
        &mut self,
        made: &Made,
        asked: &Asked<'_>,
        thing: Option<usize>,
        (content, name): (&Content, &str),
    ) -> Result<Option<Value>, Refusal> {
        if creates(asked.operation) {
            let value = proposed(made, asked, content, name);
            return self.identified(asked, value).map(Some);
        }
        let Some(thing) = thing.and_then(|index| self.things.get_mut(index)) else {
            return Ok(None);
        };
        if asked.operation.method == Method::Put && is_shown(asked, content) {
            thing.value = asked.body.clone().unwrap_or_default();
        }
        let shows = matches!(asked.operation.method, Method::Get | Method::Put | Method::Patch);
        let fits = content.schema.is_none_or(|id| made.is_valid(id, &thing.value));
        Ok(Some(if shows && fits { thing.value.clone() } else { made.body(content, name) }))
    }

    /// What a creation makes, with an identity of its own where none was sent.
    fn identified(&mut self, asked: &Asked<'_>, mut value: Value) -> Result<Value, Refusal> {
        self.count += 1;
        for pointer in identity(asked.operation) {
            let sent = asked.body.as_ref().and_then(|body| pointer.get(body));
            let old = pointer.get(&value);
            match (sent.filter(|sent| old == Some(*sent)), old) {
                (Some(sent), _) if self.has(&asked.operation.id, &pointer, sent) => {
                    return Err(Fault::Duplicate.into());
                }
                (Some(_), _) => {}
                (None, Some(Value::Number(_))) => {
                    put(&mut value, &pointer, Value::from(self.count));
                }
                (None, _) => {
                    put(&mut value, &pointer, Value::from(format!("mock-{:04}", self.count)));
                }
            }
        }
        Ok(value)
    }

    fn has(&self, creator: &OperationId, pointer: &Pointer, value: &Value) -> bool {
        let things = self.things.iter().filter(|thing| thing.creator == *creator);
        things.into_iter().any(|thing| pointer.get(&thing.value) == Some(value))
    }

    /// Takes note of what an answered request did.
    pub(super) fn done(
        &mut self,
        api: &Api,
        asked: &Asked<'_>,
        thing: Option<usize>,
        answer: &Value,
    ) {
        let operation = asked.operation;
        if creates(operation) {
            self.add(api, operation, answer.clone(), |value| value_of(value, answer, Some(asked)));
        } else if operation.method == Method::Delete {
            thing.filter(|index| *index < self.things.len()).map(|index| self.things.remove(index));
        }
    }

    fn add(
        &mut self,
        api: &Api,
        creator: &Operation,
        value: Value,
        evaluate: impl Fn(&LinkValue) -> Option<Value>,
    ) {
        let grants = links(creator).filter_map(|link| {
            let target = api.operation(&link.operation)?;
            let given = |name: &str| {
                let qualified = format!("path.{name}");
                let value =
                    link.parameters.get(name).or_else(|| link.parameters.get(&qualified))?;
                Some((name.to_owned(), plain(&evaluate(value)?)))
            };
            let path: Option<BTreeMap<_, _>> = target.path.parameters().map(given).collect();
            Some(Grant { operation: target.id.clone(), path: path? })
        });
        self.things.push(Thing { creator: creator.id.clone(), value, grants: grants.collect() });
    }
}

impl Grant {
    fn allows(&self, asked: &Asked<'_>) -> bool {
        self.operation == asked.operation.id
            && self.path.iter().all(|(name, text)| {
                asked.arguments.get(Location::Path, name).map(plain).as_ref() == Some(text)
            })
    }
}

fn links(operation: &Operation) -> impl Iterator<Item = &Link> {
    let successes = operation
        .responses
        .iter()
        .filter(|(key, _)| matches!(key, StatusKey::Code(100..=299) | StatusKey::Range(2)));
    successes.flat_map(|(_, response)| &response.links)
}

/// Whether an operation makes something that further operations are about.
fn creates(operation: &Operation) -> bool {
    operation.method == Method::Post && links(operation).next().is_some()
}

/// Whether some answer leads to an operation with what its path needs.
fn is_linked(api: &Api, operation: &Operation) -> bool {
    let leads = |link: &Link| link.operation == operation.id;
    operation.path.parameters().next().is_some()
        && api.operations.iter().any(|from| links(from).any(leads))
}

/// The list on the path of a creation whose items are what it creates.
fn list_beside<'a>(api: &'a Api, creator: &Operation) -> Option<&'a Operation> {
    api.operations.iter().find(|operation| {
        operation.method == Method::Get
            && operation.path.is_same_as(&creator.path)
            && operation.paging.as_ref().is_some_and(|paging| paging.items.len() == 1)
    })
}

/// Whether what is sent is what comes back: both have one schema.
fn is_shown(asked: &Asked<'_>, content: &Content) -> bool {
    let sent = asked.operation.body.iter().flat_map(|body| &body.content);
    let sent =
        sent.filter(|content| content.media_type.is_json()).find_map(|content| content.schema);
    sent.is_some() && sent == content.schema
}

/// What a creation makes: what was sent, where that is what comes back, else a body with the members that were sent.
fn proposed(made: &Made, asked: &Asked<'_>, content: &Content, name: &str) -> Value {
    if let Some(sent) = asked.body.as_ref().filter(|_| is_shown(asked, content)) {
        return sent.clone();
    }
    let mut value = made.body(content, name);
    let members = asked.body.iter().filter_map(Value::as_object).flatten();
    for (member, sent) in members {
        let pointer = Pointer::root().child(member);
        let is_known = content.schema.and_then(|id| made.schema_at(id, &pointer)).is_some();
        let mut fuller = value.clone();
        put(&mut fuller, &pointer, sent.clone());
        if is_known && content.schema.is_none_or(|id| made.is_valid(id, &fuller)) {
            value = fuller;
        }
    }
    value
}

/// Where a creation's answer has what paths are made of.
fn identity(creator: &Operation) -> Vec<Pointer> {
    let mut found: Vec<Pointer> = Vec::new();
    for pointer in links(creator).filter_map(taken) {
        if !found.contains(pointer) {
            found.push(pointer.clone());
        }
    }
    found
}

/// Where an answer has what a link takes from it, if that is one thing; what repeats the request names no thing.
fn taken(link: &Link) -> Option<&Pointer> {
    let mut taken = link.parameters.values().filter_map(|value| match value {
        LinkValue::ResponseBody(pointer) => Some(pointer),
        _ => None,
    });
    let first = taken.next()?;
    taken.next().is_none().then_some(first)
}

fn value_of(value: &LinkValue, answer: &Value, asked: Option<&Asked<'_>>) -> Option<Value> {
    match value {
        LinkValue::Constant(value) => Some(value.clone()),
        LinkValue::ResponseBody(pointer) => pointer.get(answer).cloned(),
        LinkValue::RequestBody(pointer) => pointer.get(asked?.body.as_ref()?).cloned(),
        LinkValue::RequestPath(name) => asked?.arguments.get(Location::Path, name).cloned(),
        LinkValue::RequestQuery(name) => asked?.arguments.get(Location::Query, name).cloned(),
        LinkValue::RequestHeader(name) => asked?.arguments.get(Location::Header, name).cloned(),
        LinkValue::ResponseHeader(_) => None,
    }
}
