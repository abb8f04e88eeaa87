//! The order that a sort asks for.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use generator::contract::{Fault, Operation, Paging, Pointer};
use serde_json::Value;

use super::page::{Item, Page};
use super::ruling::Ruling;
use super::walk::{Survey, Walk};
use crate::judge::status::acceptable;
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::Judgement;

/// The items of a sorted walk are in the order of that member.
#[must_use]
pub fn sorted(paging: &Paging, walk: &Walk, field: &Pointer) -> Ruling {
    let rule = Rule::PagingSorted;
    let mut rises = false;
    for list in 0..paging.items.len() {
        let mut before: Option<(&Page, &Value)> = None;
        for (page, _, item) in walk.items().filter(|(_, of, _)| *of == list) {
            let Some(value) = field.get(&item.value).filter(|value| !value.is_null()) else {
                continue;
            };
            match before.map(|(page, before)| (page, before, compare(before, value))) {
                Some((_, _, Some(Ordering::Less))) => rises = true,
                Some((earlier, before, Some(Ordering::Greater))) => {
                    let message = format!(
                        "sorted by {field}, {before} on {earlier} comes before {value} on {page}"
                    );
                    return Ruling::broken(rule, paging, message, [earlier, page]);
                }
                _ => {}
            }
            before = Some((page, value));
        }
    }
    if rises {
        Ruling::pass(rule)
    } else {
        let why = format!("the list has no two items that differ at {field}");
        Ruling::inconclusive(rule, why)
    }
}

/// Texts by their bytes, numbers by their size; others have no order.
fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::String(one), Value::String(other)) => Some(one.as_bytes().cmp(other.as_bytes())),
        (Value::Number(one), Value::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
        },
        _ => None,
    }
}

/// A reversed walk has the items the other way round. Only items of both walks are looked at.
#[must_use]
pub fn reversed(paging: &Paging, survey: &Survey, backward: &Walk) -> Ruling {
    let rule = Rule::PagingReversed;
    let lasting = survey.lasting();
    let reached = backward.keys();
    for list in 0..paging.items.len() {
        let kept = |item: &Item| {
            item.key
                .as_deref()
                .is_some_and(|key| lasting.contains(&(list, key)) && reached.contains(&(list, key)))
        };
        // What is inserted meanwhile moves the pages, so that one item may come twice; that is another rule's business.
        let of = |walk: &'_ Walk| -> Vec<_> {
            let mut seen = BTreeSet::new();
            walk.items()
                .filter(|(_, of, item)| *of == list && kept(item))
                .map(|(_, _, item)| item.key.clone().unwrap_or_default())
                .filter(|key| seen.insert(key.clone()))
                .collect()
        };
        let (mut expected, got) = (of(&survey.whole), of(backward));
        expected.reverse();
        if let Some((wanted, found)) = expected.iter().zip(&got).find(|(one, other)| one != other) {
            let message = format!("reversed, {found} stands where {wanted} is to stand");
            let pages = [survey.whole.page_of((list, wanted)), backward.page_of((list, found))];
            return Ruling::broken(rule, paging, message, pages.into_iter().flatten());
        }
    }
    let shared = lasting.intersection(&reached).count();
    if shared < 2 {
        return Ruling::inconclusive(
            rule,
            "the list has no two items whose order could be reversed",
        );
    }
    Ruling::pass(rule)
}

/// An order that does not exist is refused.
#[must_use]
pub fn sort_unknown(
    operation: &Operation,
    paging: &Paging,
    allowed: &[u16],
    made_up: &str,
    transcript: &Transcript,
) -> Judgement {
    let rule = Rule::PagingSortUnknown;
    let Some(status) = transcript.status() else {
        return Judgement::inconclusive(rule, "no answer came");
    };
    let refused = allowed.contains(&status)
        || allowed.is_empty() && acceptable(operation, Fault::Invalid, status);
    let message = || {
        let wanted =
            if allowed.is_empty() { "a refusal".to_owned() } else { format!("one of {allowed:?}") };
        format!(
            "the order {made_up:?}, which does not exist, was answered {status} instead of {wanted}"
        )
    };
    Judgement::of(rule, refused, message, Some(&paging.place))
}
