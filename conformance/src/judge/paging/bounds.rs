//! How long a page is when nothing, zero, too little or too much is asked for.

use generator::contract::{Fault, Operation, OutOfRange, Paging};

use super::page::{Answer, Page, many};
use super::ruling::Ruling;
use super::walk::Survey;
use crate::judge::status::acceptable;
use crate::rule::Rule;

/// A page without a limit is the page with the default as its limit.
#[must_use]
pub fn default_page(paging: &Paging, default: u64, unsaid: &Page, said: Option<&Page>) -> Ruling {
    let rule = Rule::PagingDefaultPage;
    if let Some(length) = unsaid.lengths().into_iter().find(|length| *length > default) {
        let message = format!(
            "{unsaid} asks for no limit and gets {}; the default is {default}",
            many(length, "item")
        );
        return Ruling::broken(rule, paging, message, [unsaid]);
    }
    match said {
        Some(said) if said.lengths() != unsaid.lengths() => {
            let message = format!(
                "{unsaid} asks for no limit and gets {}, {said} for the default and gets {}",
                lengths(unsaid),
                lengths(said)
            );
            Ruling::broken(rule, paging, message, [said, unsaid])
        }
        _ if unsaid.count() == 0 => Ruling::inconclusive(rule, "the list is empty"),
        _ => Ruling::pass(rule),
    }
}

/// A page with a limit of zero is the page without one.
#[must_use]
pub fn zero(paging: &Paging, unsaid: &Page, zero: &Answer) -> Ruling {
    let rule = Rule::PagingZero;
    match zero {
        Err(refusal) => Ruling::refused(rule, paging, refusal.to_string(), refusal),
        Ok(zero) if zero.lengths() != unsaid.lengths() => {
            let message = format!(
                "{zero} gets {}, {unsaid} without a limit gets {}",
                lengths(zero),
                lengths(unsaid)
            );
            Ruling::broken(rule, paging, message, [unsaid, zero])
        }
        Ok(_) if unsaid.count() == 0 => Ruling::inconclusive(rule, "the list is empty"),
        Ok(_) => Ruling::pass(rule),
    }
}

/// No page is longer than the documented maximum, though more was asked for.
#[must_use]
pub fn max_page(paging: &Paging, most: u64, survey: &Survey, answers: &[Answer]) -> Ruling {
    let rule = Rule::PagingMaxPage;
    let pages: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    for page in &pages {
        if let Some(length) = page.lengths().into_iter().find(|length| *length > most) {
            let message = format!("{page} has {}; a page has at most {most}", many(length, "item"));
            return Ruling::broken(rule, paging, message, [*page]);
        }
    }
    let longest = survey.whole.counts().into_iter().max().unwrap_or_default();
    if longest <= most {
        let has = many(longest, "item");
        return Ruling::inconclusive(
            rule,
            format!("the list has only {has}, no more than a page holds"),
        );
    }
    if pages.is_empty() {
        return Ruling::inconclusive(rule, "asking for more than a page holds was refused");
    }
    Ruling::pass(rule)
}

/// A value outside its bounds, and the page that the nearest bound gets.
#[derive(Clone, Debug)]
pub struct Excess {
    /// What was asked for, in words.
    pub what: String,
    /// What it got.
    pub answer: Answer,
    /// What the nearest documented bound gets, if there is one.
    pub nearest: Option<Page>,
}

/// A value outside its bounds is refused, or the nearest bound is used instead, as documented.
#[must_use]
pub fn out_of_range(
    operation: &Operation,
    paging: &Paging,
    allowed: OutOfRange,
    excess: &Excess,
) -> Ruling {
    let rule = Rule::PagingOutOfRange;
    let what = &excess.what;
    match &excess.answer {
        Err(refusal) => {
            let Some(status) = refusal.transcript.status() else {
                return Ruling::inconclusive(rule, format!("{what}: no answer came"));
            };
            let refused = acceptable(operation, Fault::Invalid, status);
            if refused && allowed != OutOfRange::Clamp {
                return Ruling::pass(rule);
            }
            let instead =
                if refused { "the nearest bound is to be used" } else { "which is no refusal" };
            Ruling::refused(rule, paging, format!("{what}: {refusal}; {instead}"), refusal)
        }
        Ok(page) if allowed == OutOfRange::Refuse => Ruling::broken(
            rule,
            paging,
            format!("{what}: {page} was answered, not refused"),
            [page],
        ),
        Ok(page) => clamped(paging, what, page, excess.nearest.as_ref()),
    }
}

fn clamped(paging: &Paging, what: &str, page: &Page, nearest: Option<&Page>) -> Ruling {
    let rule = Rule::PagingOutOfRange;
    let most = paging.max_page.unwrap_or(u64::MAX);
    match nearest {
        Some(nearest) if nearest.lengths() != page.lengths() => {
            let message = format!(
                "{what}: {page} has {}, the nearest bound, {nearest}, has {}",
                lengths(page),
                lengths(nearest)
            );
            Ruling::broken(rule, paging, message, [nearest, page])
        }
        None if page.lengths().iter().any(|length| *length > most) => {
            let message =
                format!("{what}: {page} has {}; a page has at most {most}", lengths(page));
            Ruling::broken(rule, paging, message, [page])
        }
        _ => Ruling::pass(rule),
    }
}

fn lengths(page: &Page) -> String {
    let each: Vec<_> = page.lengths().iter().map(ToString::to_string).collect();
    match each.as_slice() {
        [_] => many(page.count(), "item"),
        _ => format!("{} items", each.join(" and ")),
    }
}
