//! Valid calls: from the document's examples and defaults, the user's parameters, and resources made by following
//! links back to the operation that creates them.
//!
//! Only what can be removed again is created.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use generator::contract::{
    Link, LinkValue, Location, Method, Operation, OperationId, Parameter, StatusKey,
};
use serde_json::Value;
use tokio::time::Instant;

use super::plain::{json_content, plain};
use super::session::{Exchange, Session};
use crate::call::{Call, CallBody, Intent};
use crate::transcript::Transcript;

/// What was made may take so long to be ready.
const NEW: Duration = Duration::from_secs(3);

/// How many links are followed back from an operation to something that needs none.
const LONGEST_CHAIN: usize = 4;

/// Makes valid calls, and the resources that they need.
#[derive(Debug, Default)]
pub struct Provider {
    shared: RefCell<BTreeMap<OperationId, (Call, Exchange)>>,
    /// Since when there is the last of them.
    since: Cell<Option<Instant>>,
}

/// Why an operation cannot be called validly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unprovided {
    /// A parameter has no value that is known to exist; the user can give one.
    Parameter(String),
    /// What it needs may not be created: the write guard.
    Guarded,
    /// What it needs was not created; the answer that came instead.
    Refused(String),
    /// What it needs could be created but not removed.
    Unremovable(String),
}

impl std::fmt::Display for Unprovided {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parameter(name) => {
                write!(f, "no value of {name:?} is known to exist; give one with --param {name}=…")
            }
            Self::Guarded => {
                f.write_str("needs a resource, and nothing may be created without --allow-writes")
            }
            Self::Refused(answer) => write!(f, "needs a resource, and creating one gave {answer}"),
            Self::Unremovable(id) => {
                write!(f, "needs a resource of {id}, which nothing documented removes again")
            }
        }
    }
}

impl Provider {
    /// A call of `operation` that must succeed, on resources of its own.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn call(
        &self,
        session: &Session<'_>,
        operation: &Operation,
        intent: Intent,
    ) -> Result<Call, Unprovided> {
        let call = self.chained(session, operation, intent, LONGEST_CHAIN).await?;
        let is_needed = operation.upgrade.as_ref().is_some_and(|upgrade| upgrade.required);
        Ok(if is_needed { session.offering(operation, call) } else { call })
    }

    async fn chained(
        &self,
        session: &Session<'_>,
        operation: &Operation,
        intent: Intent,
        left: usize,
    ) -> Result<Call, Unprovided> {
        let missing = unknown_parameter(session, operation);
        let Some(missing) = missing else {
            return Ok(plain(session, operation, intent));
        };
        let Some((producer, link)) = producer(session, operation).filter(|_| left > 0) else {
            return Err(Unprovided::Parameter(missing));
        };
        if !session.may_send(producer, &Call::new(producer.id.clone(), Intent::Part)) {
            return Err(Unprovided::Guarded);
        }
        if !producer.method.is_safe() && !is_removable(session, producer, left) {
            return Err(Unprovided::Unremovable(producer.id.0.clone()));
        }
        let (made_by, made) =
            Box::pin(self.resource(session, operation, producer, left - 1)).await?;
        Ok(followed(session, &made_by, &made.transcript, link, operation, intent))
    }

    /// A resource for a call of `operation`: one of its own if the call may use it up, else one for the whole run.
    async fn resource(
        &self,
        session: &Session<'_>,
        operation: &Operation,
        producer: &Operation,
        left: usize,
    ) -> Result<(Call, Exchange), Unprovided> {
        if uses_up(operation) {
            return self.create(session, producer, left).await;
        }
        let known = self.shared.borrow().get(&producer.id).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let made = self.create(session, producer, left).await?;
        self.shared.borrow_mut().insert(producer.id.clone(), made.clone());
        self.since.set(Some(Instant::now()));
        Ok(made)
    }

    /// Whether what a call of `operation` is about may have been made only just now, and not for that call.
    pub(super) fn is_new(&self, operation: &Operation) -> bool {
        !uses_up(operation) && self.since.get().is_some_and(|since| since.elapsed() < NEW)
    }

    /// Creates a resource.
    pub(super) async fn create(
        &self,
        session: &Session<'_>,
        producer: &Operation,
        left: usize,
    ) -> Result<(Call, Exchange), Unprovided> {
        let call = self.chained(session, producer, Intent::Part, left).await?;
        let made = session.attempt(producer, &call).await;
        session.note(producer, &made);
        if !made.succeeded() {
            let answer = made
                .transcript
                .status()
                .map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            return Err(Unprovided::Refused(format!("{answer} from {}", producer.id)));
        }
        Ok((call, made))
    }
}

/// Whether a call uses up the resource that it is about.
fn uses_up(operation: &Operation) -> bool {
    !operation.method.is_safe() && !creates(operation)
}

/// Whether what an operation is called on is looked for or made by the run itself.
pub(super) fn provided(session: &Session<'_>, operation: &Operation) -> bool {
    unknown_parameter(session, operation).is_some()
}

/// The first required parameter that only an existing resource has a value for.
fn unknown_parameter(session: &Session<'_>, operation: &Operation) -> Option<String> {
    let unknown = |parameter: &&Parameter| {
        let resource = parameter.location == Location::Path || parameter.known;
        parameter.required && resource && !session.settings.parameters.contains_key(&parameter.name)
    };
    operation.parameters.iter().find(unknown).map(|parameter| parameter.name.clone())
}

/// The operation whose answer links here with every path parameter that is not known, creations before readings.
fn producer<'s>(session: &Session<'s>, operation: &Operation) -> Option<(&'s Operation, &'s Link)> {
    let wanted: Vec<_> = operation
        .path
        .parameters()
        .filter(|name| !session.settings.parameters.contains_key(*name))
        .collect();
    let linking = |candidate: &'s Operation| {
        candidate
            .responses
            .iter()
            .filter(|(key, _)| is_success(*key))
            .flat_map(|(_, response)| &response.links)
            .find(|link| {
                link.operation == operation.id
                    && wanted.iter().all(|name| value_of(link, Location::Path, name).is_some())
            })
    };
    let mut found: Vec<_> = session
        .api
        .operations
        .iter()
        .filter_map(|candidate| Some((candidate, linking(candidate)?)))
        .collect();
    found.sort_by_key(|(candidate, _)| candidate.method != Method::Post);
    found.into_iter().next()
}

/// The first creation whose answer leads to a removal and of which `leads` holds, given what else its answer leads to;
/// if the write guard lets it through.
pub(super) fn removable<'s>(
    session: &Session<'s>,
    leads: impl Fn(&Operation, &[&Operation]) -> bool,
) -> Option<&'s Operation> {
    let found = session.api.operations.iter().find(|candidate| {
        let responses = candidate.responses.iter().filter(|(key, _)| is_success(*key));
        let targets: Vec<_> = responses
            .flat_map(|(_, response)| &response.links)
            .filter_map(|link| session.api.operation(&link.operation))
            .collect();
        candidate.method == Method::Post
            && targets.iter().any(|target| target.method == Method::Delete)
            && leads(candidate, &targets)
    })?;
    session.may_send(found, &Call::new(found.id.clone(), Intent::Part)).then_some(found)
}

/// Whether an operation makes something that further operations are about.
pub(super) fn creates(operation: &Operation) -> bool {
    let links = operation
        .responses
        .iter()
        .filter(|(key, _)| is_success(*key))
        .map(|(_, response)| response.links.len());
    operation.method == Method::Post && links.sum::<usize>() > 0
}

pub(super) fn is_success(key: StatusKey) -> bool {
    matches!(key, StatusKey::Code(200..=299) | StatusKey::Range(2))
}

/// A name that stands in two places is told apart by the place in front of it (OpenAPI 3.0.3, Link Object).
fn value_of<'l>(link: &'l Link, location: Location, name: &str) -> Option<&'l LinkValue> {
    link.parameters.get(&format!("{location}.{name}")).or_else(|| link.parameters.get(name))
}

/// Whether what an operation creates can be removed: by itself, or with what it belongs to.
fn is_removable(session: &Session<'_>, producer: &Operation, left: usize) -> bool {
    let direct = producer.responses.iter().flat_map(|(_, response)| &response.links).any(|link| {
        session.api.operation(&link.operation).is_some_and(|target| target.method == Method::Delete)
    });
    let parent = || {
        left > 0
            && unknown_parameter(session, producer).is_some()
            && self::producer(session, producer)
                .is_some_and(|(parent, _)| is_removable(session, parent, left - 1))
    };
    direct || parent()
}

/// The links of a successful answer, with their targets.
pub(super) fn links<'s>(
    session: &Session<'s>,
    operation: &'s Operation,
    transcript: &Transcript,
) -> Vec<(&'s Link, &'s Operation)> {
    let response = transcript.status().and_then(|status| operation.responses.get(status));
    response
        .into_iter()
        .flat_map(|(_, response)| &response.links)
        .filter_map(|link| Some((link, session.api.operation(&link.operation)?)))
        .collect()
}

/// The call that a link of an answer leads to.
pub(super) fn followed(
    session: &Session<'_>,
    from: &Call,
    transcript: &Transcript,
    link: &Link,
    target: &Operation,
    intent: Intent,
) -> Call {
    let mut call = plain(session, target, intent);
    let answer = transcript.json().unwrap_or(Value::Null);
    for parameter in &target.parameters {
        let value = value_of(link, parameter.location, &parameter.name)
            .and_then(|value| evaluated(value, from, transcript, &answer));
        if let Some(value) = value {
            call = call.with(parameter.location, &parameter.name, value);
        }
    }
    if let Some(body) =
        link.body.as_ref().and_then(|value| evaluated(value, from, transcript, &answer))
    {
        let media_type =
            target.body.as_ref().and_then(json_content).map(|content| content.media_type.clone());
        call.body =
            media_type.map_or(CallBody::None, |media_type| CallBody::Json(media_type, body));
    }
    call
}

fn evaluated(
    value: &LinkValue,
    from: &Call,
    transcript: &Transcript,
    answer: &Value,
) -> Option<Value> {
    match value {
        LinkValue::Constant(value) => Some(value.clone()),
        LinkValue::ResponseBody(pointer) => pointer.get(answer).cloned(),
        LinkValue::ResponseHeader(name) => transcript.header(name).map(Value::from),
        LinkValue::RequestBody(pointer) => pointer.get(from.json()?).cloned(),
        LinkValue::RequestPath(name) => from.argument(Location::Path, name).cloned(),
        LinkValue::RequestQuery(name) => from.argument(Location::Query, name).cloned(),
        LinkValue::RequestHeader(name) => from.argument(Location::Header, name).cloned(),
    }
}

/// Shares a transcript as the only evidence.
pub(super) fn only(exchange: &Exchange) -> [Rc<Transcript>; 1] {
    [Rc::clone(&exchange.transcript)]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use generator::contract::{Place, Pointer};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_tells_two_parameters_of_one_name_apart() {
        let link = Link {
            name: "next".to_owned(),
            operation: OperationId("next".to_owned()),
            parameters: BTreeMap::from([
                ("path.id".to_owned(), LinkValue::Constant(json!("a"))),
                ("id".to_owned(), LinkValue::Constant(json!("b"))),
            ]),
            body: None,
            inferred: false,
            place: Place { source: Arc::from("doc"), pointer: Pointer::root(), line: 1, column: 1 },
        };
        let value = |location| value_of(&link, location, "id").cloned();
        assert_eq!(value(Location::Path), Some(LinkValue::Constant(json!("a"))));
        assert_eq!(value(Location::Query), Some(LinkValue::Constant(json!("b"))));
    }
}
