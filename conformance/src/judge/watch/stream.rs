//! What the events of one watch tell by themselves.

use std::collections::BTreeSet;
use std::time::Duration;

use generator::contract::{Fault, Operation, SchemaId, Watch};
use serde_json::Value;

use super::event::{Event, Kind, text};
use crate::judge::schema::{Validators, Validity};
use crate::judge::status::acceptable;
use crate::rule::Rule;
use crate::transcript::{End, Transcript};
use crate::verdict::Judgement;

/// How a watch began.
#[derive(Clone, Debug, Default)]
pub struct Began {
    /// What was there at the version that it resumes from, where that is known.
    pub known: Option<BTreeSet<String>>,
    /// Whether it resumes from a version, so that all its events are changes.
    pub resumes: bool,
    /// Whether it asked for bookmarks.
    pub bookmarks: bool,
}

/// Everything that the events of one watch tell by themselves.
#[must_use]
pub fn stream(
    validators: &Validators,
    watch: &Watch,
    item: Option<SchemaId>,
    began: &Began,
    events: &[Event],
) -> Vec<Judgement> {
    if events.is_empty() {
        return Vec::new();
    }
    let mut found = vec![known(watch, events)];
    found.extend(objects(validators, watch, item, events));
    found.extend(versions(watch, began, events));
    found.extend(order(watch, began, events));
    found.extend(last(watch, events));
    found
}

/// Each event has a documented type and an object.
fn known(watch: &Watch, events: &[Event]) -> Judgement {
    let rule = Rule::WatchEvent;
    for (number, event) in events.iter().enumerate() {
        let number = number + 1;
        if event.kind == Kind::Unknown {
            let message = format!("event {number} has the type {:?}", event.word);
            return Judgement::broken(rule, message, Some(&watch.place));
        }
        if !watch.object.get(&event.value).is_some_and(Value::is_object) {
            let message = format!("event {number}, {}, has no object", event.word);
            return Judgement::broken(rule, message, Some(&watch.place));
        }
    }
    Judgement::pass(rule)
}

/// The objects of changes are of the schema of the listed items.
fn objects(
    validators: &Validators,
    watch: &Watch,
    item: Option<SchemaId>,
    events: &[Event],
) -> Option<Judgement> {
    let rule = Rule::WatchObject;
    let schema = &validators.schema(item?)?.place;
    let mut seen = false;
    for (number, event) in events.iter().enumerate() {
        if !event.kind.is_change() || watch.untyped.contains(&event.word) {
            continue;
        }
        let Some(object) = watch.object.get(&event.value) else { continue };
        seen = true;
        match validators.check(schema, object) {
            Validity::Valid => {}
            Validity::Invalid(faults) => {
                let (number, word) = (number + 1, &event.word);
                let faults = faults.join("; ");
                let message = format!("the object of event {number}, {word}: {faults}");
                return Some(Judgement::broken(rule, message, Some(&watch.place)));
            }
            Validity::Unknown(why) => return Some(Judgement::inconclusive(rule, why)),
        }
    }
    seen.then(|| Judgement::pass(rule))
}

/// Every change has a version that none before it had. Where all are whole numbers and the watch has nothing but
/// changes, they grow.
fn versions(watch: &Watch, began: &Began, events: &[Event]) -> Option<Judgement> {
    let rule = Rule::WatchVersion;
    watch.version.as_ref()?;
    let mut seen = BTreeSet::new();
    let mut newest: Option<u64> = None;
    for event in events.iter().filter(|event| event.kind.is_change()) {
        let broken = |what: String| Some(Judgement::broken(rule, what, Some(&watch.place)));
        let Some(version) = event.version.as_deref() else {
            return broken(format!("an event of type {} has no version", event.word));
        };
        if !seen.insert(version) {
            return broken(format!("two events have the version {version}"));
        }
        let number = version.parse().ok();
        if let (Some(before), Some(now)) = (newest, number)
            && now < before
            && began.resumes
        {
            return broken(format!("the version {now} comes after {before}"));
        }
        newest = number;
    }
    (seen.len() > 1).then(|| Judgement::pass(rule))
}

/// What is modified or deleted was there, and what is added was not.
fn order(watch: &Watch, began: &Began, events: &[Event]) -> Option<Judgement> {
    let rule = Rule::WatchOrder;
    let complete = began.known.is_some();
    let mut there = began.known.clone().unwrap_or_default();
    let mut gone = BTreeSet::new();
    let mut seen = false;
    for event in events.iter().filter(|event| event.kind.is_change()) {
        let Some(key) = event.key.clone() else { continue };
        seen = true;
        let wrong = match event.kind {
            Kind::Added => there.contains(&key).then_some("was there already"),
            _ if gone.contains(&key) => Some("was deleted before"),
            _ => (complete && !there.contains(&key)).then_some("was never added"),
        };
        if let Some(wrong) = wrong {
            let message = format!("{} of {key}, which {wrong}", event.word);
            return Some(Judgement::broken(rule, message, Some(&watch.place)));
        }
        if event.kind == Kind::Deleted {
            there.remove(&key);
            gone.insert(key);
        } else {
            gone.remove(&key);
            there.insert(key);
        }
    }
    seen.then(|| Judgement::pass(rule))
}

/// An error is the last event.
fn last(watch: &Watch, events: &[Event]) -> Option<Judgement> {
    let rule = Rule::WatchError;
    let place = events.iter().position(|event| event.kind == Kind::Error)?;
    let after = events.len() - place - 1;
    let message = || format!("{after} events follow an error");
    Some(Judgement::of(rule, after == 0, message, Some(&watch.place)))
}

/// Bookmarks come only where they were asked for, and carry a version.
#[must_use]
pub fn bookmarks(watch: &Watch, began: &Began, events: &[Event]) -> Judgement {
    let rule = Rule::WatchBookmark;
    for event in events.iter().filter(|event| event.kind == Kind::Bookmark) {
        if !began.bookmarks && watch.bookmarks.is_some() {
            let message = "a bookmark comes that was not asked for";
            return Judgement::broken(rule, message, Some(&watch.place));
        }
        let version = watch.version.as_ref().and_then(|version| text(version.get(&event.value)?));
        if version.is_none() && watch.version.is_some() {
            let message = "a bookmark carries no version";
            return Judgement::broken(rule, message, Some(&watch.place));
        }
    }
    Judgement::pass(rule)
}

/// The head does not wait for an event: it comes before the watch is over, though nothing happens.
#[must_use]
pub fn head(watch: &Watch, time: Duration, transcript: &Transcript) -> Judgement {
    let rule = Rule::WatchHead;
    let Some(head) = &transcript.head else {
        return Judgement::inconclusive(rule, "no head came");
    };
    let first = transcript.body.chunks.first().map(|chunk| chunk.at);
    if first.is_some_and(|first| first < time / 2) {
        return Judgement::inconclusive(rule, "an event came at once");
    }
    let message =
        || format!("the head of a watch of {} ms came after {} ms", millis(time), millis(head.at));
    Judgement::of(rule, head.at < time * 3 / 4, message, Some(&watch.place))
}

fn millis(time: Duration) -> u128 {
    time.as_millis()
}

/// A watch ends cleanly, and not before its time is over. That it ends late proves nothing.
#[must_use]
pub fn timeout(watch: &Watch, time: Duration, transcript: &Transcript) -> Judgement {
    let rule = Rule::WatchTimeout;
    let (took, asked) = (millis(transcript.elapsed), millis(time));
    match &transcript.end {
        // Clocks and schedules are coarse.
        _ if transcript.is_whole() && transcript.elapsed < time * 4 / 5 => {
            let message = format!("a watch of {asked} ms ended after {took} ms");
            Judgement::broken(rule, message, Some(&watch.place))
        }
        _ if transcript.is_whole() => Judgement::pass(rule),
        End::Truncated | End::Reset | End::Unreadable => {
            let message = format!("a watch of {asked} ms was {} after {took} ms", transcript.end);
            Judgement::broken(rule, message, Some(&watch.place))
        }
        _ => {
            Judgement::inconclusive(rule, format!("a watch of {asked} ms is open after {took} ms"))
        }
    }
}

/// A version that is too old is refused, or gets an error event and no more.
#[must_use]
pub fn expired(
    operation: &Operation,
    watch: &Watch,
    events: &[Event],
    transcript: &Transcript,
) -> Judgement {
    let rule = Rule::WatchError;
    let Some(status) = transcript.status() else {
        return Judgement::inconclusive(rule, "no answer came");
    };
    if status >= 300 {
        let message = || format!("a watch from an old version is answered {status}");
        let refused = acceptable(operation, Fault::Expired, status);
        return Judgement::of(rule, refused, message, Some(&watch.place));
    }
    match last(watch, events) {
        Some(judgement) => judgement,
        None => Judgement::inconclusive(rule, "even the oldest version is still served"),
    }
}
