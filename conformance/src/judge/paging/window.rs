//! Where a page lies in the list: overlapping pages, pages at and past the end, the same page twice.

use generator::contract::Paging;

use super::page::{Answer, Item, Page, as_u64, many};
use super::ruling::Ruling;
use super::walk::Survey;
use crate::rule::Rule;

/// Pages that overlap agree where they do. Each pair begins with the page that lies further to the front.
#[must_use]
pub fn window(paging: &Paging, survey: &Survey, pairs: &[(&Page, &Page)]) -> Ruling {
    let rule = Rule::PagingWindow;
    let mut seen = false;
    for (front, back) in pairs {
        match agree(front, back) {
            None => {}
            Some(true) => seen = true,
            Some(false) => {
                let away = back.window.skip.saturating_sub(front.window.skip);
                let message = format!(
                    "{back} does not begin with what {front} has after its first {}",
                    many(away, "item")
                );
                return Ruling::broken(rule, paging, message, [*front, *back])
                    .unless_changed(survey.is_changed());
            }
        }
    }
    if seen {
        Ruling::pass(rule)
    } else {
        Ruling::inconclusive(rule, "the list has too few items for two pages to overlap")
    }
}

/// Whether two pages agree where they overlap; `None` where they do not overlap.
///
/// Several lists are cut one by one or as if they were one: either will do.
fn agree(front: &Page, back: &Page) -> Option<bool> {
    let away = usize::try_from(back.window.skip.checked_sub(front.window.skip)?).ok()?;
    let size = back.window.size.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX);
    let overlap = |list: &Vec<Item>| list.len() > away;
    if !front.lists.iter().any(overlap) {
        return None;
    }
    let one_by_one =
        front.lists.iter().zip(&back.lists).all(|(front, back)| continues(front, back, away, size));
    let joined = || {
        let (front, back): (Vec<_>, Vec<_>) = (front.lists.concat(), back.lists.concat());
        continues(&front, &back, away, size)
    };
    Some(one_by_one || front.lists.len() > 1 && joined())
}

fn continues(front: &[Item], back: &[Item], away: usize, size: usize) -> bool {
    let expected = front.get(away..).unwrap_or_default();
    let shared = expected.len().min(size);
    back.len() >= shared && expected.iter().zip(back).take(shared).all(|(one, other)| one.is(other))
}

/// The same page asked for twice is the same.
#[must_use]
pub fn stable(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingStable;
    let differs =
        survey.whole.pages.iter().zip(&survey.again.pages).find(|(one, other)| !one.is_like(other));
    match differs {
        Some((one, other)) => {
            let message = format!("{one} had other items, or others first, when asked for again");
            Ruling::broken(rule, paging, message, [one, other]).unless_changed(survey.is_changed())
        }
        None if survey.whole.count() < 2 => {
            Ruling::inconclusive(rule, "the list has no two items that an order could hold for")
        }
        None => Ruling::pass(rule),
    }
}

/// Pages at and past the end are empty, and state the same total.
#[must_use]
pub fn past_end(paging: &Paging, survey: &Survey, answers: &[Answer]) -> Ruling {
    let rule = Rule::PagingPastEnd;
    let total = survey.again.pages.iter().find_map(|page| page.total);
    let items = survey.again.count();
    for answer in answers {
        let page = match answer {
            Ok(page) => page,
            Err(refusal) => {
                let message = format!("past the end of {}, {refusal}", many(items, "item"));
                return Ruling::refused(rule, paging, message, refusal);
            }
        };
        let found = if page.count() > 0 {
            let has = many(page.count(), "item");
            Some(format!("{page} has {has}, though the list has only {items}"))
        } else {
            let differs = page.total.zip(total).filter(|(own, total)| own != total);
            differs.map(|(own, total)| {
                format!("the total is {own} on {page}, past the end, and {total} before")
            })
        };
        if let Some(message) = found {
            return Ruling::broken(
                rule,
                paging,
                message,
                survey.again.last().into_iter().chain([page]),
            )
            .unless_changed(survey.is_changed());
        }
    }
    match as_u64(answers.len()) {
        0 => Ruling::inconclusive(rule, "the parameter's bounds leave no page past the end"),
        _ => Ruling::pass(rule),
    }
}
