//! Walks that follow tokens: whether they lead on, end, and show one moment of the list.

use generator::contract::{Expired, Paging};

use super::page::{Answer, Page, as_u64, many, named};
use super::ruling::Ruling;
use super::walk::{Ended, Survey, Walk};
use super::whole::is_unwindowed;
use crate::rule::Rule;

const ONE_PAGE: &str = "the list fits one page, so that no token is given";

/// No token comes again, and every walk ends.
#[must_use]
pub fn progress(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingCursorProgress;
    for walk in survey.walks() {
        if let Ended::Endless(why) | Ended::Circles(why) = &walk.ended {
            let from = walk.pages.len().saturating_sub(2);
            let message = format!("{walk} would not end: {why}");
            return Ruling::broken(rule, paging, message, walk.pages.iter().skip(from));
        }
    }
    if survey.walks().any(followed) {
        Ruling::pass(rule)
    } else {
        Ruling::inconclusive(rule, ONE_PAGE)
    }
}

/// Whether a walk followed a token, and came to its end.
fn followed(walk: &Walk) -> bool {
    walk.is_finished() && walk.pages.len() > 1
}

/// No token is left once everything has come: one that is refused then should not have been given.
#[must_use]
pub fn last_token(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingCursorEnd;
    let whole = survey.lasting();
    for walk in &survey.paged {
        let Ended::Refused(refusal) = &walk.ended else { continue };
        let has = walk.keys();
        if !refusal.is_passing() && !whole.is_empty() && whole.is_subset(&has) {
            let message = format!("{walk} has every item, and its last token leads on: {refusal}");
            return Ruling::refused(rule, paging, message, refusal);
        }
    }
    if survey.walks().any(followed) {
        Ruling::pass(rule)
    } else {
        Ruling::inconclusive(rule, ONE_PAGE)
    }
}

/// All pages of one walk state the same version.
#[must_use]
pub fn version(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingCursorVersion;
    let mut seen = false;
    for walk in survey.walks() {
        let stated: Vec<_> = walk
            .pages
            .iter()
            .filter_map(|page| Some((page, page.cursor.version.as_deref()?)))
            .collect();
        let Some((first, version)) = stated.first() else { continue };
        if let Some((page, other)) = stated.iter().find(|(_, other)| other != version) {
            let message =
                format!("{first} states the version {version}, {page} of the same walk {other}");
            return Ruling::broken(rule, paging, message, [*first, *page]);
        }
        seen |= stated.len() > 1;
    }
    if seen {
        Ruling::pass(rule)
    } else {
        Ruling::inconclusive(rule, "no walk has two pages that state a version")
    }
}

/// A stated number of items still to come is the number that comes.
#[must_use]
pub fn remaining(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingCursorRemaining;
    let mut seen = false;
    for walk in survey.walks().filter(|walk| walk.is_finished()) {
        for (index, page) in walk.pages.iter().enumerate() {
            let Some(stated) = page.cursor.remaining else { continue };
            let after: u64 = walk.pages.iter().skip(index + 1).map(Page::count).sum();
            if stated != after {
                let come = many(after, "item");
                let message = format!("{page} says that {stated} remain, and {come} come after it");
                return Ruling::broken(rule, paging, message, [page]);
            }
            seen |= after > 0;
        }
    }
    if seen {
        Ruling::pass(rule)
    } else {
        Ruling::inconclusive(rule, "no page that others follow states how many remain")
    }
}

/// A walk whose pages have different limits, the last of them none, gives the whole list.
#[must_use]
pub fn limits(paging: &Paging, survey: &Survey, walk: &Walk) -> Ruling {
    let rule = Rule::PagingCursorLimit;
    if let Ended::Refused(refusal) = &walk.ended {
        let message = format!("with another limit, {refusal}");
        return Ruling::refused(rule, paging, message, refusal);
    }
    if !walk.is_finished() {
        return Ruling::inconclusive(rule, format!("{walk} did not reach the end"));
    }
    for page in &walk.pages {
        let is_over = |size: &u64| page.count() > *size && !is_unwindowed(paging, survey, page);
        if let Some(size) = page.window.size.filter(is_over) {
            let has = many(page.count(), "item");
            let message = format!("{page} has {has}, and its limit is {size}");
            return Ruling::broken(rule, paging, message, [page]);
        }
    }
    let (has, lasting) = (walk.keys(), survey.lasting());
    if let Some(lost) = lasting.difference(&has).next() {
        let message =
            format!("{walk}, whose pages have different limits, lacks {}", named(paging, *lost));
        let pages = survey.whole.page_of(*lost).into_iter().chain(walk.last());
        return Ruling::broken(rule, paging, message, pages).unless_changed(survey.is_changed());
    }
    match walk.pages.len() {
        0 | 1 => Ruling::inconclusive(rule, ONE_PAGE),
        _ => Ruling::pass(rule),
    }
}

/// What was written while a walk was under way, between its first page and the others.
#[derive(Clone, Debug)]
pub struct Meanwhile {
    /// The walk.
    pub walk: Walk,
    /// The key of the item that was made.
    pub made: Option<String>,
    /// The key of the item that was removed, if it was not on the first page.
    pub removed: Option<String>,
    /// The list afterwards.
    pub after: Walk,
}

/// What is made during a walk does not show, and what is removed still does.
#[must_use]
pub fn snapshot(paging: &Paging, meanwhile: &Meanwhile) -> Ruling {
    let rule = Rule::PagingCursorSnapshot;
    let walk = &meanwhile.walk;
    if !walk.is_finished() || walk.pages.len() < 2 {
        return Ruling::inconclusive(rule, format!("{walk} did not reach the end over its tokens"));
    }
    let has = |walk: &Walk, key: &str| walk.keys().iter().any(|(_, own)| *own == key);
    let made = meanwhile.made.as_deref().filter(|key| has(&meanwhile.after, key));
    if let Some(key) = made.filter(|key| has(walk, key)) {
        let message = format!("{walk} has {key}, which was made after its first page");
        let pages = walk.pages.first().into_iter().chain(walk.page_of((0, key)));
        return Ruling::broken(rule, paging, message, pages);
    }
    let removed = meanwhile.removed.as_deref();
    if let Some(key) = removed.filter(|key| !has(walk, key)) {
        let message =
            format!("{walk} lacks {key}, which was there at its first page and removed after it");
        return Ruling::broken(rule, paging, message, &walk.pages);
    }
    if made.is_some() || removed.is_some() {
        Ruling::pass(rule)
    } else {
        Ruling::inconclusive(rule, "nothing that was written during the walk shows in the list")
    }
}

/// A token that was kept for long, and what followed from what it got.
#[derive(Clone, Debug)]
pub struct Expiry {
    /// The page that gave the token.
    pub page: Page,
    /// What the token got.
    pub answer: Answer,
    /// What the fresh token got that came with the refusal, if one did.
    pub fresh: Option<Answer>,
    /// What the list got without a token.
    pub anew: Option<Answer>,
}

/// An expired token gets its documented status; a fresh one, where documented, goes on at the same place.
#[must_use]
pub fn expired(paging: &Paging, documented: &Expired, expiry: &Expiry) -> Ruling {
    let rule = Rule::PagingCursorExpired;
    let Err(refusal) = &expiry.answer else {
        return Ruling::inconclusive(rule, "no token expired in the time of the run");
    };
    let broken = |message: String| Ruling::refused(rule, paging, message, refusal);
    let status = refusal.transcript.status();
    if status != Some(documented.status) {
        return broken(format!("a token that a page gave: {refusal}, not {}", documented.status));
    }
    if let Some(Err(refusal)) = &expiry.anew {
        let message = format!("after a token expired, the list without one: {refusal}");
        return Ruling::refused(rule, paging, message, refusal);
    }
    match (&documented.next, &expiry.fresh) {
        (Some(pointer), None) => broken(format!("{refusal} without a fresh token at {pointer}")),
        (Some(_), Some(Err(refusal))) => {
            Ruling::refused(rule, paging, format!("the fresh token: {refusal}"), refusal)
        }
        (Some(_), Some(Ok(page))) => goes_on(paging, &expiry.page, page),
        (None, _) => Ruling::pass(rule),
    }
}

/// A fresh token leads to what comes after the page that gave the expired one.
fn goes_on(paging: &Paging, before: &Page, after: &Page) -> Ruling {
    let rule = Rule::PagingCursorExpired;
    let keys = |page: &Page| -> Vec<(usize, String)> {
        let lists = page.lists.iter().enumerate();
        lists
            .flat_map(|(list, items)| {
                items.iter().filter_map(move |item| Some((list, item.key.clone()?)))
            })
            .collect()
    };
    let known = keys(before);
    let again: Vec<_> = keys(after).into_iter().filter(|key| known.contains(key)).collect();
    match again.first() {
        Some((list, key)) => {
            let message = format!(
                "the fresh token leads to {} that came before the expired one, first {}",
                many(as_u64(again.len()), "item"),
                named(paging, (*list, key))
            );
            Ruling::broken(rule, paging, message, [before, after])
        }
        None => Ruling::pass(rule),
    }
}
