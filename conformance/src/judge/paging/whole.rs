//! Whether walks give the whole list: nothing too much on a page, nothing twice, nothing lost, at every page size.

use std::collections::BTreeMap;

use generator::contract::{Paging, PagingStyle};

use super::page::{Page, as_u64, count, many, named};
use super::ruling::Ruling;
use super::walk::{Ended, Keys, Survey, Walk};
use crate::rule::Rule;

const NAMELESS: &str = "items that have nothing of their identity cannot be told apart";

/// No list under the window is longer than the limit.
#[must_use]
pub fn page_size(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingPageSize;
    let mut full = false;
    for page in survey.walks().flat_map(|walk| &walk.pages) {
        let Some(size) = page.window.size else { continue };
        for (pointer, items) in paging.items.iter().zip(&page.lists) {
            let length = count(items);
            if length > size && is_unwindowed(paging, survey, page) {
                let why = format!("{page} has the whole list: limits seem not to be supported");
                return Ruling::inconclusive(rule, why);
            }
            if length > size {
                let message = format!("{page} has {} at {pointer}", many(length, "item"));
                return Ruling::broken(rule, paging, message, [page]);
            }
            full |= length == size;
        }
    }
    if full {
        Ruling::pass(rule)
    } else {
        Ruling::inconclusive(rule, "the list has too few items to fill a page")
    }
}

/// A server that gives tokens may leave the limit aside altogether, if it says that nothing more will come.
pub(super) fn is_unwindowed(paging: &Paging, survey: &Survey, page: &Page) -> bool {
    paging.style.leads_on() && page.cursor.next.is_none() && page.count() >= survey.whole.count()
}

/// No item comes twice.
#[must_use]
pub fn distinct(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingDistinct;
    let changed = survey.is_changed();
    if let Some(ruling) = survey.walks().find_map(|walk| repeated(paging, walk)) {
        return ruling.unless_changed(changed).softened(is_unordered(paging, survey));
    }
    match unshown(paging, survey) {
        Some(why) => Ruling::inconclusive(rule, why),
        None => Ruling::pass(rule),
    }
}

fn repeated(paging: &Paging, walk: &Walk) -> Option<Ruling> {
    let mut seen: BTreeMap<(usize, &str), &Page> = BTreeMap::new();
    for (page, list, item) in walk.items() {
        let Some(key) = item.key.as_deref() else { continue };
        if let Some(before) = seen.insert((list, key), page) {
            let item = named(paging, (list, key));
            let message = if std::ptr::eq(before, page) {
                format!("{page} has {item} twice")
            } else {
                format!("{item} is on {before} and again on {page}")
            };
            return Some(Ruling::broken(Rule::PagingDistinct, paging, message, [before, page]));
        }
    }
    None
}

/// Every item is in every walk, and every walk ends.
#[must_use]
pub fn complete(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingComplete;
    let softer = is_unordered(paging, survey);
    if let Some(ruling) = survey.walks().find_map(|walk| unended(paging, survey, walk)) {
        return ruling.softened(softer);
    }
    let changed = survey.is_changed();
    // Other page sizes are compared with this one by a rule of their own.
    let found = survey.paged.first().and_then(|walk| lacking(paging, survey, walk));
    if let Some(ruling) = found {
        return ruling.unless_changed(changed).softened(softer);
    }
    match unshown(paging, survey) {
        Some(why) => Ruling::inconclusive(rule, why),
        None if changed && paging.style == PagingStyle::None => {
            Ruling::inconclusive(rule, "the list changed between two requests")
        }
        None => Ruling::pass(rule),
    }
}

fn unended(paging: &Paging, survey: &Survey, walk: &Walk) -> Option<Ruling> {
    let rule = Rule::PagingComplete;
    match &walk.ended {
        Ended::Finished => None,
        // That tokens lead further is a rule of its own.
        Ended::Endless(why) | Ended::Circles(why) if paging.style.leads_on() => {
            Some(Ruling::inconclusive(rule, format!("{walk} did not end: {why}")))
        }
        Ended::Endless(why) | Ended::Circles(why) => {
            let message = format!("{walk} did not end: {why}");
            let from = walk.pages.len().saturating_sub(2);
            Some(Ruling::broken(rule, paging, message, walk.pages.iter().skip(from)))
        }
        Ended::TooLong(items) => {
            let why = format!("the list is longer than a walk of {items} items");
            Some(Ruling::inconclusive(rule, why))
        }
        Ended::GivenUp(why) => Some(Ruling::inconclusive(rule, format!("{walk}: {why}"))),
        // So is a token that leads on from the end.
        Ended::Refused(refusal)
            if paging.style.leads_on()
                && survey.whole.is_finished()
                && survey.lasting().is_subset(&walk.keys()) =>
        {
            Some(Ruling::inconclusive(
                rule,
                format!("{walk} has every item, but no end: {refusal}"),
            ))
        }
        Ended::Refused(refusal) => {
            let message = format!("{walk} stops short of the end: {refusal}");
            Some(Ruling::refused(rule, paging, message, refusal))
        }
    }
}

/// What a walk lacks that the list had before and after it, or has that the list had neither before nor after.
fn lacking(paging: &Paging, survey: &Survey, walk: &Walk) -> Option<Ruling> {
    let rule = Rule::PagingComplete;
    let has = walk.keys();
    let (lasting, known) = (survey.lasting(), survey.known());
    let lost: Vec<_> = lasting.difference(&has).copied().collect();
    if let Some(first) = survey.whole.items().find_map(|(_, list, item)| {
        let key = (list, item.key.as_deref()?);
        lost.contains(&key).then_some(key)
    }) {
        let item = named(paging, first);
        let message = format!(
            "{walk} lacks {} that {} has, first {item}",
            many(as_u64(lost.len()), "item"),
            survey.whole
        );
        return Some(Ruling::broken(rule, paging, message, around(survey, walk, first, &has)));
    }
    let first = *has.difference(&known).next()?;
    let message = format!("{} lacks {}, which {walk} has", survey.whole, named(paging, first));
    let pages = walk.page_of(first).into_iter().chain(survey.whole.last());
    Some(Ruling::broken(rule, paging, message, pages))
}

/// The page that has a lost item, and the pages of the walk between which it is lost.
fn around<'s>(
    survey: &'s Survey,
    walk: &'s Walk,
    lost: (usize, &str),
    has: &Keys<'_>,
) -> Vec<&'s Page> {
    let before = survey
        .whole
        .items()
        .filter_map(|(_, list, item)| Some((list, item.key.as_deref()?)))
        .take_while(|key| *key != lost)
        .filter(|key| key.0 == lost.0 && has.contains(key))
        .last()
        .and_then(|key| walk.page_of(key));
    let place = before
        .and_then(|page| walk.pages.iter().position(|each| std::ptr::eq(each, page)))
        .unwrap_or_default();
    survey.whole.page_of(lost).into_iter().chain(walk.pages.iter().skip(place).take(2)).collect()
}

/// Walks of different page sizes give the same items.
#[must_use]
pub fn size_independent(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingSizeIndependent;
    let finished: Vec<_> = survey.paged.iter().filter(|walk| walk.is_finished()).collect();
    let [one, other, ..] = finished.as_slice() else {
        return Ruling::inconclusive(rule, "there are no two page sizes that cut the list");
    };
    let (of_one, of_other) = (one.keys(), other.keys());
    let lost = |from: &Keys<'_>, to: &Keys<'_>, has: &Walk, lacks: &Walk| {
        let first = *from.difference(to).next()?;
        let message = format!("{lacks} lacks {}, which {has} has", named(paging, first));
        let pages = has.page_of(first).into_iter().chain(lacks.last());
        Some(Ruling::broken(rule, paging, message, pages))
    };
    let found =
        lost(&of_one, &of_other, one, other).or_else(|| lost(&of_other, &of_one, other, one));
    match found {
        Some(ruling) => {
            ruling.unless_changed(survey.is_changed()).softened(is_unordered(paging, survey))
        }
        None if one.has_nameless() || other.has_nameless() => Ruling::inconclusive(rule, NAMELESS),
        None if one.count() == 0 => Ruling::inconclusive(rule, "the list is empty"),
        None => Ruling::pass(rule),
    }
}

/// Why walks without a fault show nothing, if they do not.
fn unshown(paging: &Paging, survey: &Survey) -> Option<String> {
    let filled = survey.walks().map(Walk::filled).max().unwrap_or_default();
    if filled == 0 {
        Some("the list is empty".to_owned())
    } else if survey.walks().any(Walk::has_nameless) {
        Some(NAMELESS.to_owned())
    } else if filled == 1 && paging.style != PagingStyle::None {
        let items = many(survey.whole.count(), "item");
        Some(format!("the list has {items}, which fit one page, so that no walk is needed"))
    } else {
        None
    }
}

/// Nothing promises an order that pages could share, and the list has none: then losses and repetitions are only
/// what that makes likely.
fn is_unordered(paging: &Paging, survey: &Survey) -> bool {
    paging.sort.is_none() && !survey.is_orderly()
}
