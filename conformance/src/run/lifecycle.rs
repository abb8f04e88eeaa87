//! What is created, read, listed and deleted, and what is not there.

use std::rc::Rc;

use generator::contract::{Fault, Link, Location, Method, Operation, PagingStyle, Pointer, Shape};
use serde_json::Value;

use super::lasting::always_streams;
use super::plain::{identity_pointers, plain};
use super::provide::{Provider, creates, followed, is_success, links, only};
use super::session::{Exchange, Session};
use super::success::made_up;
use super::validation::refuse;
use crate::call::{Call, Intent};
use crate::judge::paging::{Page, Window};
use crate::judge::{self, Sameness};
use crate::rule::Rule;
use crate::verdict::Judgement;

/// Two equal safe requests get equal answers; so do a request and the same with nothing said twice over.
pub(super) async fn safe(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    if operation.method != Method::Get || always_streams(operation) {
        return;
    }
    let Ok(call) = provider.call(session, operation, Intent::Part).await else { return };
    let (first, second) = alike(session, operation, &call, &call).await;
    if !first.succeeded() || !second.succeeded() {
        return;
    }
    let rule = Rule::LifecycleSafe;
    session.judge(
        &operation.id.0,
        vec![judged(operation, rule, "the same request again", &first, &second)],
        &both(&first, &second),
    );
    for parameter in operation.parameters.iter().filter(|parameter| !parameter.required) {
        let default =
            session.api.schemas.get(parameter.schema).and_then(|schema| schema.default.as_ref());
        for value in &parameter.same_as_absent {
            let rule = if default == Some(value) {
                Rule::RequestDefault
            } else {
                Rule::RequestSameAsAbsent
            };
            let saying = call.clone().with(parameter.location, &parameter.name, value.clone());
            let (said, silent) = alike(session, operation, &saying, &call).await;
            let what = format!("{} sent as {value}", parameter.name);
            session.note(operation, &said);
            session.judge(
                &operation.id.0,
                vec![judged(operation, rule, &what, &silent, &said)],
                &both(&silent, &said),
            );
        }
    }
}

/// The answers to two requests that should be answered alike. What others do in between shows once, what is done by
/// reading shows every time; so where they differ, both are sent again.
async fn alike(
    session: &Session<'_>,
    operation: &Operation,
    one: &Call,
    other: &Call,
) -> (Exchange, Exchange) {
    let mut answers =
        (session.attempt(operation, one).await, session.attempt(operation, other).await);
    for _ in 1..ALIKE_TRIES {
        let (first, second) = (&answers.0.transcript, &answers.1.transcript);
        if !matches!(judge::sameness(operation, first, second), Sameness::Different(_)) {
            break;
        }
        session.pause(GRACE_PAUSE).await;
        answers = (session.attempt(operation, one).await, session.attempt(operation, other).await);
    }
    answers
}

fn both(one: &Exchange, other: &Exchange) -> [Rc<crate::transcript::Transcript>; 2] {
    [Rc::clone(&one.transcript), Rc::clone(&other.transcript)]
}

fn judged(
    operation: &Operation,
    rule: Rule,
    what: &str,
    one: &Exchange,
    other: &Exchange,
) -> Judgement {
    match judge::sameness(operation, &one.transcript, &other.transcript) {
        Sameness::Same => Judgement::pass(rule),
        Sameness::Different(how) => {
            Judgement::broken(rule, format!("{what}: {how}"), Some(&operation.place))
        }
        Sameness::Untold(why) => Judgement::inconclusive(rule, format!("{what}: {why}")),
    }
}

/// Follows a creation through reading, listing, and deletion.
pub(super) async fn created(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    if !creates(operation) || session.is_stopped() {
        return;
    }
    if !session.may_send(operation, &plain(session, operation, Intent::Part)) {
        let why = "nothing may be created without --allow-writes";
        session.judge(&operation.id.0, vec![Judgement::skip(Rule::LifecycleReadBack, why)], &[]);
        return;
    }
    let Ok((call, made)) = provider.create(session, operation, 3).await else { return };
    distinct(session, provider, operation, &made).await;
    let known = links(session, operation, &made.transcript);
    let reading = known.iter().find(|(_, target)| target.method == Method::Get).copied();
    let removal = known.iter().find(|(_, target)| target.method == Method::Delete).copied();
    let Some(reading) = reading else { return };
    if !read_back(session, operation, (&call, &made), reading).await {
        return;
    }
    listed(session, operation, (&call, &made), true).await;
    if is_named_by_client(session, operation, &call, &made) {
        duplicate(session, operation, &call).await;
    }
    if let Some(removal) = removal {
        gone(session, operation, (&call, &made), reading, removal).await;
    }
}

async fn distinct(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
    first: &Exchange,
) {
    let pointers = identity_pointers(session.api, operation);
    if pointers.is_empty() {
        return;
    }
    let Ok((_, second)) = provider.create(session, operation, 3).await else { return };
    let identities = |exchange: &Exchange| {
        let answer = exchange.transcript.json().unwrap_or(Value::Null);
        pointers.iter().map(|pointer| pointer.get(&answer).cloned()).collect::<Vec<_>>()
    };
    let (one, other) = (identities(first), identities(&second));
    let message = || format!("two creations are both identified by {one:?}");
    let judgement =
        Judgement::of(Rule::LifecycleDistinct, one != other, message, Some(&operation.place));
    session.judge(&operation.id.0, vec![judgement], &both(first, &second));
}

async fn read_back(
    session: &Session<'_>,
    operation: &Operation,
    (call, made): (&Call, &Exchange),
    (link, target): (&Link, &Operation),
) -> bool {
    let rule = Rule::LifecycleReadBack;
    let read = session
        .attempt(target, &followed(session, call, &made.transcript, link, target, Intent::Part))
        .await;
    session.note(target, &read);
    let evidence = both(made, &read);
    if !read.succeeded() {
        let message = format!("what was created reads back as {:?}", read.transcript.status());
        session.judge(
            &operation.id.0,
            vec![Judgement::broken(rule, message, Some(&link.place))],
            &evidence,
        );
        return false;
    }
    let answer = read.transcript.json().unwrap_or(Value::Null);
    let mut changed = call.json().map(|sent| judge::lost(sent, &answer)).unwrap_or_default();
    if link.inferred {
        // Where nothing says that the one is read as the other is sent, only what both describe must agree.
        changed.retain(|lost| answered(session, target, &lost.at));
    }
    let told: Vec<_> = changed.iter().map(ToString::to_string).collect();
    let message = || format!("sent values read back otherwise: {}", told.join("; "));
    session.judge(
        &operation.id.0,
        vec![Judgement::of(rule, changed.is_empty(), message, Some(&link.place))],
        &evidence,
    );
    true
}

/// Whether the document describes that member of a successful answer.
fn answered(session: &Session<'_>, operation: &Operation, at: &Pointer) -> bool {
    let responses = operation.responses.iter().filter(|(key, _)| is_success(*key));
    let mut contents = responses
        .flat_map(|(_, response)| &response.content)
        .filter(|content| content.media_type.is_json());
    let described = |schema| session.api.schemas.at(schema, at);
    contents.any(|content| content.schema.and_then(described).is_some())
}

/// Whether the list on the path of a creation holds what was created, or no longer does.
async fn listed(
    session: &Session<'_>,
    operation: &Operation,
    (call, made): (&Call, &Exchange),
    there: bool,
) {
    let list = session.api.operations.iter().find(|other| {
        other.method == Method::Get
            && other.path == operation.path
            && other.paging.as_ref().is_some_and(|paging| {
                matches!(paging.style, PagingStyle::None | PagingStyle::Cursor)
            })
    });
    let Some((list, paging)) = list.and_then(|list| Some((list, list.paging.as_ref()?))) else {
        return;
    };
    let mut asked = plain(session, list, Intent::Part);
    for argument in call.arguments.iter().filter(|argument| argument.location == Location::Path) {
        asked.set(Location::Path, &argument.name, argument.value.clone());
    }
    let answer = session.attempt(list, &asked).await;
    session.note(list, &answer);
    let (body, item) = (
        answer.transcript.json().unwrap_or(Value::Null),
        made.transcript.json().unwrap_or(Value::Null),
    );
    let identity = |value: &Value| {
        paging.identity.iter().map(|pointer| pointer.get(value).cloned()).collect::<Vec<_>>()
    };
    let found = paging
        .items
        .iter()
        .filter_map(|items| items.get(&body)?.as_array())
        .flatten()
        .any(|other| identity(other) == identity(&item));
    // What a first page lacks may be on the next.
    let window = Window { skip: 0, size: None };
    let page = Page::read(paging, &asked, window, &answer.transcript);
    if page.is_ok_and(|page| page.cursor.next.is_some()) && !found {
        return;
    }
    let rule = if there { Rule::LifecycleListed } else { Rule::LifecycleGone };
    let message = || {
        format!(
            "{} {} {:?}",
            list.id,
            if there { "does not list" } else { "still lists" },
            identity(&item)
        )
    };
    session.judge(
        &operation.id.0,
        vec![Judgement::of(rule, found == there, message, Some(&paging.place))],
        &both(made, &answer),
    );
}

/// Whether the identity in the answer is the one that was sent.
fn is_named_by_client(
    session: &Session<'_>,
    operation: &Operation,
    call: &Call,
    made: &Exchange,
) -> bool {
    let answer = made.transcript.json().unwrap_or(Value::Null);
    let pointers = identity_pointers(session.api, operation);
    let sent = |pointer: &Pointer| call.json().and_then(|body| pointer.get(body));
    !pointers.is_empty()
        && pointers
            .iter()
            .all(|pointer| sent(pointer).is_some() && sent(pointer) == pointer.get(&answer))
}

async fn duplicate(session: &Session<'_>, operation: &Operation, call: &Call) {
    let intent = refuse(
        Fault::Duplicate,
        Rule::LifecycleDuplicate,
        "the same created again",
        &operation.place,
    );
    let again = session.attempt(operation, &call.clone().meant(intent)).await;
    session.note(operation, &again);
}

/// Deletes, and looks whether it is gone: as many times as a grace period may need.
async fn gone(
    session: &Session<'_>,
    operation: &Operation,
    (call, made): (&Call, &Exchange),
    (read, reader): (&Link, &Operation),
    (link, remover): (&Link, &Operation),
) {
    let removal = followed(session, call, &made.transcript, link, remover, Intent::Part);
    let removed = session.attempt(remover, &removal).await;
    session.note(remover, &removed);
    if !removed.succeeded() {
        return;
    }
    let reading = followed(session, call, &made.transcript, read, reader, Intent::Part);
    let missing = |exchange: &Exchange| {
        exchange
            .transcript
            .status()
            .is_some_and(|status| judge::acceptable(reader, Fault::Missing, status))
    };
    let mut after = session.attempt(reader, &reading).await;
    for _ in 0..GRACE_LOOKS {
        if missing(&after) {
            break;
        }
        session.pause(GRACE_PAUSE).await;
        after = session.attempt(reader, &reading).await;
    }
    session.note(reader, &after);
    let answer = || match after.transcript.status() {
        Some(status) => format!("answered with {status}"),
        None => format!("not answered: {}", after.transcript.end),
    };
    let message = || format!("what was deleted is not missing but {}", answer());
    let judgement = Judgement::of(Rule::LifecycleGone, missing(&after), message, Some(&link.place));
    session.judge(&remover.id.0, vec![judgement], &both(&removed, &after));
    if missing(&after) {
        listed(session, operation, (call, made), false).await;
        let intent =
            refuse(Fault::Missing, Rule::LifecycleMissing, "deleted a second time", &remover.place);
        let again = session.attempt(remover, &removal.meant(intent)).await;
        session.note(remover, &again);
    }
}

/// How often, and after which pause, a deleted thing is looked for again.
const GRACE_LOOKS: u32 = 8;
/// How often two answers are compared.
const ALIKE_TRIES: u32 = 3;
const GRACE_PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// A path whose resource does not exist.
pub(super) async fn missing(session: &Session<'_>, operation: &Operation) {
    let parameters: Vec<_> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == Location::Path && !parameter.known)
        .collect();
    let Some(last) = operation.path.parameters().last() else { return };
    let open = |name: &str| {
        session
            .api
            .schemas
            .get(operation.parameters.iter().find(|parameter| parameter.name == name)?.schema)
            .map(|schema| &schema.shape)
    };
    if !parameters.iter().any(|parameter| parameter.name == last)
        || !matches!(open(last), Some(Shape::String { .. }))
    {
        return;
    }
    let intent = refuse(
        Fault::Missing,
        Rule::LifecycleMissing,
        "a resource that does not exist",
        &operation.place,
    );
    let mut call = plain(session, operation, intent);
    for parameter in parameters {
        call = call.with(
            Location::Path,
            &parameter.name,
            made_up(session, operation, &parameter.name),
        );
    }
    if session.may_send(operation, &call) {
        session.send(operation, &call).await;
        // A path of a known parent may miss only its last part; a stream is refused before it begins.
        offered(session, operation, call).await;
    }
}

/// The same with an upgrade offered: refused by an ordinary answer.
async fn offered(session: &Session<'_>, operation: &Operation, call: Call) {
    let Some(upgrade) = &operation.upgrade else { return };
    let exchange = session.attempt(operation, &session.offering(operation, call)).await;
    session.note(operation, &exchange);
    let status = exchange.transcript.status();
    let message =
        || format!("a missing resource with an upgrade offered is answered with {status:?}");
    let refused = status.is_some_and(|status| status >= 400) && !exchange.transcript.is_takeover();
    session.judge(
        &operation.id.0,
        vec![Judgement::of(Rule::UpgradeRefused, refused, message, Some(&upgrade.place))],
        &only(&exchange),
    );
}
