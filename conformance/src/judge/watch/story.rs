//! What several watches tell of things whose fate is known.

use std::collections::BTreeSet;

use generator::contract::{Watch, WatchInitial};

use super::event::{Event, Kind};
use crate::rule::Rule;
use crate::verdict::Judgement;

/// The kinds of the events of one thing, in order.
fn kinds(events: &[Event], key: &str) -> Vec<Kind> {
    of(events, key).map(|event| event.kind).collect()
}

fn of<'e>(events: &'e [Event], key: &str) -> impl Iterator<Item = &'e Event> {
    let changes = events.iter().filter(|event| event.kind.is_change());
    changes.filter(move |event| event.key.as_deref() == Some(key))
}

/// A thing that was made, changed so often, and perhaps removed is told of in that order. `settled` is whether an
/// event of what was done later came, so that nothing of this can still be under way.
#[must_use]
pub fn told_of(
    watch: &Watch,
    events: &[Event],
    key: &str,
    changes: usize,
    removed: bool,
    settled: bool,
) -> Judgement {
    let rule = Rule::WatchComplete;
    let seen = kinds(events, key);
    let added = seen.iter().filter(|kind| **kind == Kind::Added).count();
    let modified = seen.iter().filter(|kind| **kind == Kind::Modified).count();
    let deleted = seen.iter().filter(|kind| **kind == Kind::Deleted).count();
    // What a server changes by itself comes as well.
    let missing = if added == 0 {
        "its creation"
    } else if modified < changes {
        "a change of it"
    } else if removed && deleted == 0 {
        "its removal"
    } else {
        return Judgement::pass(rule);
    };
    if !settled {
        return Judgement::inconclusive(rule, format!("{missing} has not come yet"));
    }
    let message = format!("what was done later is told, and {missing} is not: {key} has {seen:?}");
    Judgement::broken(rule, message, Some(&watch.place))
}

/// A watch that resumes from a version tells of a thing what the first one told after it, and of what was there
/// before nothing at all.
#[must_use]
pub fn replayed(
    watch: &Watch,
    first: &[Event],
    again: &[Event],
    key: &str,
    from: Option<&str>,
    there: &BTreeSet<String>,
    settled: bool,
) -> Judgement {
    let rule = Rule::WatchResume;
    let place = Some(&watch.place);
    let told = |events: &[Event]| -> Vec<(Kind, Option<String>)> {
        of(events, key).map(|event| (event.kind, event.version.clone())).collect()
    };
    if again.iter().any(|event| event.kind == Kind::Error) {
        return Judgement::inconclusive(rule, "the version is no longer served");
    }
    let stranger = again.iter().find(|event| {
        event.kind == Kind::Added && event.key.as_ref().is_some_and(|key| there.contains(key))
    });
    if let Some(key) = stranger.and_then(|event| event.key.as_deref()) {
        let message = format!("a watch from a version adds {key}, which was there before it");
        return Judgement::broken(rule, message, place);
    }
    let before = |event: &(Kind, Option<String>)| event.1.as_deref() == from;
    let mut expected = told(first);
    if let Some(place) = expected.iter().position(before).filter(|_| from.is_some()) {
        expected.drain(..=place);
    }
    let seen = told(again);
    if seen == expected {
        return Judgement::pass(rule);
    }
    if !settled {
        return Judgement::inconclusive(rule, "what came after the version has not come again yet");
    }
    let from = from.unwrap_or("the list's version");
    let message =
        format!("of {key}, a watch from {from} tells {seen:?}, and {expected:?} came after it");
    Judgement::broken(rule, message, place)
}

/// What a watch without a version begins with: `there` was listed before, and is there still.
#[must_use]
pub fn begins(
    watch: &Watch,
    initial: WatchInitial,
    events: &[Event],
    there: &BTreeSet<String>,
) -> Judgement {
    let rule = Rule::WatchInitial;
    if there.is_empty() {
        return Judgement::inconclusive(rule, "nothing is there to begin with");
    }
    let added: BTreeSet<_> = events
        .iter()
        .filter(|event| event.kind == Kind::Added)
        .filter_map(|event| event.key.as_ref())
        .collect();
    let told = there.iter().filter(|key| added.contains(key)).count();
    let holds = match initial {
        WatchInitial::State => told == there.len(),
        WatchInitial::Changes => told == 0,
        WatchInitial::Either => told == 0 || told == there.len(),
    };
    let message = || {
        format!("a watch without a version adds {told} of {} things that are there", there.len())
    };
    Judgement::of(rule, holds, message, Some(&watch.place))
}

/// Under a selector, a thing is added when it begins to match and deleted when it ceases to, so often.
#[must_use]
pub fn selected(
    watch: &Watch,
    events: &[Event],
    key: &str,
    expected: &[Kind],
    settled: bool,
) -> Judgement {
    let rule = Rule::WatchSelector;
    let seen: Vec<_> =
        kinds(events, key).into_iter().filter(|kind| *kind != Kind::Modified).collect();
    if seen == expected {
        return Judgement::pass(rule);
    }
    if !settled && expected.starts_with(&seen) {
        return Judgement::inconclusive(rule, "not everything has come yet");
    }
    let message = format!("with a selector, {key} has {seen:?} instead of {expected:?}");
    Judgement::broken(rule, message, Some(&watch.place))
}
