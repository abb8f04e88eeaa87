//! Watches that see what the run does to things of its own, and watches that resume from what they saw.

use std::time::Duration;

use generator::contract::{FilterMatch, Pointer};
use serde_json::Value;

use super::{Asked, Before, Subject, ruling, text};
use crate::judge::paging::Ruling;
use crate::judge::watch::{self as judge, Event, Kind, inner};
use crate::rule::Rule;
use crate::run::feed::{Left, Seen};
use crate::run::provide::Provider;
use crate::run::thing::{Thing, free_map, member, producer};

/// The label whose value tells the made things apart.
const LABEL: &str = "conformance-watched";

/// What the run did to a thing of its own.
struct Story {
    key: String,
    /// How often it was changed.
    changes: usize,
    removed: bool,
    /// The key of what was made after all else.
    mark: Option<String>,
    /// The selector that it matches first and last, and not in between.
    selector: Option<(String, String)>,
}

/// Makes, changes and removes a thing under the eyes of one watch, and of one with a selector; then resumes.
pub(super) async fn look(
    subject: &Subject<'_, '_>,
    provider: &Provider,
    before: &Before,
) -> Vec<Ruling> {
    let rule = Rule::WatchComplete;
    let Some(producer) = producer(subject.session, subject.operation) else {
        let why = "no documented operation makes things of this list that can be removed";
        return vec![Ruling::inconclusive(rule, why)];
    };
    let patience = subject.session.settings.patience;
    let time = patience.saturating_mul(3);
    let value = subject.session.fresh_name();
    let labels = free_map(subject.session, producer);
    let selector = selector(subject, labels.as_ref(), &value);
    let open = Asked {
        from: before.version.clone(),
        known: Some(before.keys.clone()),
        ..Asked::default()
    };
    let narrow = Asked { selector: selector.clone(), known: Some([].into()), ..open.clone() };
    let mut feed = subject.open(&open, time).await;
    if !feed.is_open() {
        let status = feed.status();
        let message = format!("a watch is answered {status:?}");
        let left = feed.leave().await;
        if status.is_none() {
            return vec![Ruling::inconclusive(rule, "no answer came before anything happened")];
        }
        let place = Some(&subject.watch.place);
        return vec![ruling(crate::verdict::Judgement::broken(rule, message, place), &left)];
    }
    let mut beside = match &selector {
        Some(_) => Some(subject.open(&narrow, time).await),
        None => None,
    };
    let Some(story) = act(subject, provider, producer, labels.as_ref(), (&value, selector)).await
    else {
        return vec![Ruling::inconclusive(rule, "nothing could be made to watch")];
    };
    let settled = feed.until(|seen| marked(subject, &story, &seen.events)).await;
    let first = feed.leave().await;
    let mut found = subject.told(&open, &first);
    let events = subject.events(&first.seen.events);
    let judgement =
        judge::told_of(subject.watch, &events, &story.key, story.changes, story.removed, settled);
    found.push(ruling(judgement, &first));
    if let Some(mut beside) = beside.take().filter(|feed| feed.is_open()) {
        let enough = |seen: &Seen| selected(subject, &story, &seen.events).len() >= 4;
        let settled = beside.until(enough).await || settled;
        found.extend(selection(subject, &story, &narrow, &beside.leave().await, settled));
    }
    found.extend(resumed(subject, &story, (before, &events), time).await);
    found
}

/// The selector of the label that tells the made things apart.
fn selector(
    subject: &Subject<'_, '_>,
    labels: Option<&Pointer>,
    value: &str,
) -> Option<(String, String)> {
    let filters = subject.operation.paging.iter().flat_map(|paging| &paging.filters);
    let mut found = filters.filter(|filter| {
        filter.matches == FilterMatch::LabelSelector && filter.field.as_ref() == labels
    });
    Some((found.next()?.parameter.clone(), format!("{LABEL}={value}")))
}

/// Makes a thing, takes its label away and gives it back, removes it, and makes another as a mark.
async fn act<'a>(
    subject: &Subject<'_, 'a>,
    provider: &Provider,
    producer: &'a generator::contract::Operation,
    labels: Option<&Pointer>,
    (value, selector): (&str, Option<(String, String)>),
) -> Option<Story> {
    let session = subject.session;
    let at = labels.map(|labels| labels.child(LABEL));
    let thing = Thing::make(session, provider, producer, |call| {
        if let (Some(at), crate::call::CallBody::Json(_, body)) = (&at, &mut call.body)
            && let Some(label) = member(body, at)
        {
            *label = Value::from(value);
        }
    })
    .await?;
    let identity = subject.watch.identity.as_ref().and_then(|at| inner(subject.watch, at))?;
    let key = |thing: &Thing<'_>| text(identity.get(&thing.body())?);
    let mut changes = 0;
    for value in ["elsewhere", value] {
        if let Some(at) = &at {
            changes += usize::from(thing.set(session, at, Value::from(value)).await.is_some());
        }
    }
    let removed = thing.remove(session).await.is_some() && thing.is_gone(session).await;
    let mark = Thing::make(session, provider, producer, |_| ()).await;
    let story = Story {
        key: key(&thing)?,
        changes,
        removed,
        mark: mark.as_ref().and_then(key),
        selector: selector.filter(|_| changes == 2),
    };
    if let Some(mark) = mark {
        mark.remove(session).await;
    }
    Some(story)
}

/// Whether the mark has come.
fn marked(subject: &Subject<'_, '_>, story: &Story, values: &[Value]) -> bool {
    let is_mark = |event: &Event| event.key.is_some() && event.key == story.mark;
    subject.events(values).iter().any(is_mark)
}

/// What a selector tells of the thing.
fn selected(subject: &Subject<'_, '_>, story: &Story, values: &[Value]) -> Vec<Kind> {
    let of = |event: &Event| event.key.as_deref() == Some(&*story.key);
    let events = subject.events(values).into_iter().filter(of);
    events.map(|event| event.kind).filter(|kind| *kind != Kind::Modified).collect()
}

fn selection(
    subject: &Subject<'_, '_>,
    story: &Story,
    asked: &Asked,
    left: &Left,
    settled: bool,
) -> Vec<Ruling> {
    let mut found = subject.told(asked, left);
    if story.selector.is_some() {
        let mut expected = vec![Kind::Added, Kind::Deleted, Kind::Added];
        expected.extend(story.removed.then_some(Kind::Deleted));
        let events = subject.events(&left.seen.events);
        let judgement = judge::selected(subject.watch, &events, &story.key, &expected, settled);
        found.push(ruling(judgement, left));
    }
    found
}

/// Watches the same again: from the version of the list, and from that of the first event.
async fn resumed(
    subject: &Subject<'_, '_>,
    story: &Story,
    (before, first): (&Before, &[Event]),
    time: Duration,
) -> Vec<Ruling> {
    let (Some(version), Some(_)) = (&before.version, &subject.watch.resume) else {
        return Vec::new();
    };
    let is_added =
        |event: &&Event| event.kind == Kind::Added && event.key.as_deref() == Some(&*story.key);
    let added = first.iter().find(is_added).and_then(|event| event.version.clone());
    let again = |from: Option<String>, is_event: bool| async move {
        let from = from?;
        let asked = Asked { from: Some(from.clone()), ..Asked::default() };
        let mut feed = subject.open(&asked, time).await;
        let settled = feed.until(|seen| marked(subject, story, &seen.events)).await;
        let left = feed.leave().await;
        if !left.framed {
            return None;
        }
        let mut found = subject.told(&asked, &left);
        let events = subject.events(&left.seen.events);
        let from = is_event.then_some(from.as_str());
        let (watch, key) = (subject.watch, &story.key);
        let judgement = judge::replayed(watch, first, &events, key, from, &before.keys, settled);
        found.push(ruling(judgement, &left));
        Some(found)
    };
    let (whole, rest) = tokio::join!(again(Some(version.clone()), false), again(added, true));
    whole.into_iter().chain(rest).flatten().collect()
}
