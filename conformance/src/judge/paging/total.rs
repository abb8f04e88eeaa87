//! The number of all items, as pages state it.

use std::collections::BTreeSet;

use generator::contract::Paging;

use super::page::{Page, many};
use super::ruling::Ruling;
use super::walk::{Survey, Walk};
use crate::rule::Rule;

/// The total is the same on every page and at every page size.
#[must_use]
pub fn total_constant(paging: &Paging, survey: &Survey) -> Ruling {
    let rule = Rule::PagingTotalConstant;
    let stated: Vec<_> = survey
        .walks()
        .flat_map(|walk| &walk.pages)
        .filter_map(|page| Some((page, page.total?)))
        .collect();
    let Some((first, total)) = stated.first() else {
        return Ruling::inconclusive(rule, "no page states a total");
    };
    let other = stated.iter().find(|(_, other)| other != total);
    match other {
        Some((page, other)) => {
            let message = format!("the total is {total} on {first} and {other} on {page}");
            Ruling::broken(rule, paging, message, [*first, *page])
                .unless_changed(survey.is_changed())
        }
        None => Ruling::pass(rule),
    }
}

/// What a total counts. A document with several lists under one window seldom says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// The items of all lists.
    All,
    /// The items of that list.
    List(usize),
}

impl Reading {
    fn count(self, counts: &[u64]) -> u64 {
        match self {
            Self::All => counts.iter().sum(),
            Self::List(list) => counts.get(list).copied().unwrap_or_default(),
        }
    }
}

/// The total is the number of items that a walk gives: of all lists or of one of them, but of the same in all walks.
#[must_use]
pub fn total_correct(paging: &Paging, walks: &[&Walk], changed: bool) -> Ruling {
    let rule = Rule::PagingTotalCorrect;
    let stated: Vec<_> = walks
        .iter()
        .filter(|walk| walk.is_finished())
        .filter_map(|walk| {
            let page = walk.pages.iter().find(|page| page.total.is_some())?;
            Some((*walk, page, page.total?))
        })
        .collect();
    if stated.is_empty() {
        return Ruling::inconclusive(rule, "no walk that reached its end states a total");
    }
    let mut readings: Vec<_> =
        std::iter::once(Reading::All).chain((0..paging.items.len()).map(Reading::List)).collect();
    for (walk, page, total) in stated {
        let counts = walk.counts();
        let left: Vec<_> =
            readings.iter().copied().filter(|reading| reading.count(&counts) == total).collect();
        if left.is_empty() {
            let message = miscounted(walk, page, total, &counts, &readings);
            return Ruling::broken(rule, paging, message, [page]).unless_changed(changed);
        }
        readings = left;
    }
    Ruling::pass(rule)
}

fn miscounted(
    walk: &Walk,
    page: &Page,
    total: u64,
    counts: &[u64],
    readings: &[Reading],
) -> String {
    let counted: BTreeSet<_> = readings.iter().map(|reading| reading.count(counts)).collect();
    let counted: Vec<_> = counted.iter().map(ToString::to_string).collect();
    let gives = match counted.as_slice() {
        [_] => many(walk.count(), "item"),
        _ => format!("{}, whichever lists are counted", counted.join(" or ")),
    };
    format!("the total on {page} is {total}, but {walk} gives {gives}")
}
