//! The chapter `watch`: opens watches while the run itself makes, changes and removes things that they must tell of.
//!
//! Watches that need no changes wait beside those that do. Judges nothing.

mod changes;

use std::collections::BTreeSet;
use std::time::Duration;

use generator::contract::{Fault, FilterMatch, Location, Operation, SchemaId, Watch};
use serde_json::Value;

use super::feed::{Feed, Left};
use super::lasting::mode;
use super::provide::{Provider, only};
use super::session::Session;
use super::thing::item;
use crate::call::{Call, Intent};
use crate::judge::paging::{Ruling, confirmed, told};
use crate::judge::watch::{self as judge, Began, Event, inner};
use crate::rule::Rule;

/// A watch that need not see anything lasts so long.
const SHORT: Duration = Duration::from_secs(1);
/// And so long where a busy machine is to be told from a server that holds things back.
const LONG: Duration = Duration::from_secs(4);

/// Everything the chapter says of an operation that can be watched.
pub(super) async fn run(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let Some(watch) = &operation.watch else { return };
    let is_wanted = Rule::TABLE.iter().any(|entry| {
        entry.rule.chapter() == Rule::WatchEvent.chapter()
            && session.covers(&operation.id.0, entry.rule)
    });
    if !is_wanted || !operation.method.is_safe() || session.is_stopped() {
        return;
    }
    let Ok(base) = provider.call(session, operation, Intent::Part).await else { return };
    let subject = Subject { session, operation, watch, base, item: item(session, operation) };
    let first = subject.look(provider).await;
    let any = first.iter().any(|ruling| ruling.judgement.outcome.is_finding());
    let found = if any { confirmed(first, &subject.look(provider).await) } else { first };
    subject.refused().await;
    if session.is_stopped() {
        return;
    }
    for ruling in told(found) {
        session.judge(&operation.id.0, vec![ruling.judgement], &ruling.evidence);
    }
}

/// What is watched.
struct Subject<'r, 'a> {
    session: &'r Session<'a>,
    operation: &'r Operation,
    watch: &'r Watch,
    base: Call,
    /// The schema of a listed item.
    item: Option<SchemaId>,
}

/// The list as it was before anything was watched.
#[derive(Clone, Debug, Default)]
struct Before {
    version: Option<String>,
    keys: BTreeSet<String>,
}

/// What a watch asks for.
#[derive(Clone, Debug, Default)]
struct Asked {
    /// The version to resume from.
    from: Option<String>,
    /// Whether bookmarks are asked for.
    bookmarks: bool,
    /// A selector: parameter and value.
    selector: Option<(String, String)>,
    /// What is known to be there at the version, under the selector.
    known: Option<BTreeSet<String>>,
}

impl<'r, 'a> Subject<'r, 'a> {
    async fn look(&self, provider: &Provider) -> Vec<Ruling> {
        let Some(before) = self.before().await else {
            return vec![Ruling::inconclusive(Rule::WatchComplete, "the list could not be had")];
        };
        let mut rulings = Vec::new();
        let idle = async { self.idle(&before).await };
        let marked = async { self.bookmarked(&before).await };
        let initial = async { self.initial(&before).await };
        let old = async { self.old(&before).await };
        let quiet = async {
            let (idle, marked, initial, old) = tokio::join!(idle, marked, initial, old);
            [idle, marked, initial, old].concat()
        };
        let (quiet, changed) = tokio::join!(quiet, changes::look(self, provider, &before));
        rulings.extend(quiet);
        rulings.extend(changed);
        rulings
    }

    /// The list, asked for as a whole.
    async fn before(&self) -> Option<Before> {
        let Some(paging) = &self.operation.paging else { return Some(Before::default()) };
        let exchange = self.session.attempt(self.operation, &self.base).await;
        self.session.note(self.operation, &exchange);
        if !exchange.succeeded() {
            return None;
        }
        let body = exchange.transcript.json().ok()?;
        let version = paging.snapshot.as_ref().and_then(|snapshot| snapshot.version.as_ref());
        let identity = self.watch.identity.as_ref().and_then(|at| inner(self.watch, at));
        let items = paging.items.iter().filter_map(|items| items.get(&body)?.as_array()).flatten();
        let key = |item: &Value| text(identity.as_ref()?.get(item)?);
        Some(Before {
            version: version.and_then(|version| text(version.get(&body)?)),
            keys: items.filter_map(key).collect(),
        })
    }

    /// The call of a watch.
    fn call(&self, asked: &Asked, time: Option<Duration>) -> Call {
        let mut call = self.base.clone();
        for (name, value) in mode(self.operation) {
            call = call.with(Location::Query, &name, value);
        }
        let mut set = |name: Option<&String>, value: Option<Value>| {
            if let (Some(name), Some(value)) = (name, value) {
                call.set(Location::Query, name, crate::call::ArgumentValue::Value(value));
            }
        };
        set(self.watch.resume.as_ref(), asked.from.clone().map(Value::from));
        set(self.watch.bookmarks.as_ref(), asked.bookmarks.then(|| Value::from(true)));
        set(self.watch.timeout.as_ref(), time.map(|time| Value::from(time.as_secs().max(1))));
        if let Some((name, value)) = &asked.selector {
            set(Some(name), Some(Value::from(value.as_str())));
        }
        call
    }

    async fn open(&self, asked: &Asked, time: Duration) -> Feed<'r, 'a> {
        Feed::open(self.session, self.operation, self.call(asked, Some(time)), time).await
    }

    /// A watch that is read to the end of its short time.
    async fn short(&self, asked: &Asked) -> Left {
        self.lasting(asked, SHORT).await
    }

    /// A watch that is read to the end of its time.
    async fn lasting(&self, asked: &Asked, time: Duration) -> Left {
        let mut feed = self.open(asked, time).await;
        let time = if self.watch.timeout.is_some() { time + feed.silence } else { time };
        feed.read_out(time).await;
        feed.leave().await
    }

    /// The head comes at once; one that is late in a short watch must be as late in a long one.
    async fn head(&self, asked: &Asked, left: &Left) -> Ruling {
        let judgement = judge::head(self.watch, SHORT, &left.transcript);
        if !judgement.outcome.is_finding() {
            return ruling(judgement, left);
        }
        let long = self.lasting(asked, LONG).await;
        ruling(judge::head(self.watch, LONG, &long.transcript), &long)
    }

    fn events(&self, values: &[Value]) -> Vec<Event> {
        values.iter().map(|value| Event::read(self.watch, value)).collect()
    }

    /// What the events of a watch tell by themselves.
    fn told(&self, asked: &Asked, left: &Left) -> Vec<Ruling> {
        if !left.framed {
            return Vec::new();
        }
        let began = Began {
            known: asked.known.clone(),
            resumes: asked.from.is_some(),
            bookmarks: asked.bookmarks,
        };
        let events = self.events(&left.seen.events);
        let validators = self.session.validators;
        let mut found = judge::stream(validators, self.watch, self.item, &began, &events);
        found.push(judge::bookmarks(self.watch, &began, &events));
        found.into_iter().map(|judgement| ruling(judgement, left)).collect()
    }

    /// The parameter that selects by labels.
    fn selector(&self) -> Option<String> {
        let filters = self.operation.paging.iter().flat_map(|paging| &paging.filters);
        let mut labels = filters.filter(|filter| filter.matches == FilterMatch::LabelSelector);
        labels.next().map(|filter| filter.parameter.clone())
    }

    /// A watch during which nothing happens that it would tell, if the list can be narrowed.
    async fn idle(&self, before: &Before) -> Vec<Ruling> {
        let selector = self.selector().map(|name| (name, "conformance-none=none".to_owned()));
        let known = if selector.is_some() { BTreeSet::new() } else { before.keys.clone() };
        let asked = Asked {
            from: before.version.clone(),
            known: Some(known),
            selector,
            ..Asked::default()
        };
        let left = self.short(&asked).await;
        if !left.framed {
            return Vec::new();
        }
        let mut found = self.told(&asked, &left);
        if self.watch.timeout.is_some() {
            found.push(self.head(&asked, &left).await);
            found.push(ruling(judge::timeout(self.watch, SHORT, &left.transcript), &left));
        }
        found
    }

    /// A watch that asks for bookmarks, which need not come.
    async fn bookmarked(&self, before: &Before) -> Vec<Ruling> {
        if self.watch.bookmarks.is_none() {
            return Vec::new();
        }
        let asked = Asked {
            from: before.version.clone(),
            bookmarks: true,
            known: Some(before.keys.clone()),
            ..Asked::default()
        };
        let left = self.short(&asked).await;
        self.told(&asked, &left)
    }

    /// A watch without a version.
    async fn initial(&self, before: &Before) -> Vec<Ruling> {
        if self.watch.resume.is_none() || self.operation.paging.is_none() {
            return Vec::new();
        }
        let asked = Asked::default();
        let left = self.short(&asked).await;
        let mut found = self.told(&asked, &left);
        if let (Some(initial), true) = (self.watch.initial, left.framed) {
            let events = self.events(&left.seen.events);
            let judgement = judge::begins(self.watch, initial, &events, &before.keys);
            found.push(ruling(judgement, &left));
        }
        found
    }

    /// A watch from the first version there can have been, where versions are numbers.
    async fn old(&self, before: &Before) -> Vec<Ruling> {
        let number = before.version.as_deref().and_then(|version| version.parse::<u64>().ok());
        if self.watch.resume.is_none() || number.is_none_or(|number| number < 2) {
            return Vec::new();
        }
        let asked = Asked { from: Some("1".to_owned()), ..Asked::default() };
        let left = self.short(&asked).await;
        let events = self.events(&left.seen.events);
        let judgement = judge::expired(self.operation, self.watch, &events, &left.transcript);
        vec![ruling(judgement, &left)]
    }

    /// A selector that cannot be read is refused before the watch begins.
    async fn refused(&self) {
        let Some(name) = self.selector() else { return };
        let what = format!("a watch with {name}==,!(, which cannot be read");
        let asked = Asked { selector: Some((name, "=,!(".to_owned())), ..Asked::default() };
        let intent = Intent::Refuse {
            fault: Fault::Invalid,
            rule: Rule::WatchRefused,
            what,
            place: Box::new(self.watch.place.clone()),
        };
        let call = self.call(&asked, Some(SHORT)).meant(intent);
        let exchange = self.session.attempt(self.operation, &call).await;
        let judgements: Vec<_> = exchange.judgements.clone();
        self.session.judge(&self.operation.id.0, judgements, &only(&exchange));
    }
}

/// A conclusion that rests on one watch.
fn ruling(judgement: crate::verdict::Judgement, left: &Left) -> Ruling {
    Ruling { judgement, evidence: vec![std::rc::Rc::clone(&left.transcript)] }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
