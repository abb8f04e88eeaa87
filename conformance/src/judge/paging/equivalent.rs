//! Two operations that tell the same truth.

use std::collections::BTreeMap;
use std::rc::Rc;

use generator::contract::Equivalent;
use serde_json::Value;

use super::page::{Item, Page, TOLD};
use super::ruling::Ruling;
use super::walk::Survey;
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::{Judgement, cut};

/// What an operation gave that another is to list as well.
#[derive(Clone, Debug)]
pub struct Own {
    /// The things.
    pub items: Vec<Item>,
    /// The exchange.
    pub transcript: Rc<Transcript>,
}

/// Both operations give the same things. The other's list was walked before and after; only what was in both walks
/// has to be there, and only what was the same in both has to be equal.
#[must_use]
pub fn equivalent(equivalent: &Equivalent, list: usize, own: &Own, survey: &Survey) -> Ruling {
    let rule = Rule::PagingEquivalent;
    let unfinished = [&survey.whole, &survey.again].into_iter().find(|walk| !walk.is_finished());
    if let Some(walk) = unfinished {
        return Ruling::inconclusive(rule, format!("{walk} did not reach the end"));
    }
    let nameless = own.items.iter().any(|item| item.key.is_none()) || survey.whole.has_nameless();
    let found = if nameless { unlike(list, own, survey) } else { different(list, own, survey) };
    let other = &equivalent.operation;
    match found {
        Some((message, page)) => {
            let message = format!("{message} of {other}");
            let mut evidence: Vec<_> =
                page.into_iter().map(|page| Rc::clone(&page.transcript)).collect();
            evidence.push(Rc::clone(&own.transcript));
            Ruling {
                judgement: Judgement::broken(rule, message, Some(&equivalent.place)),
                evidence,
            }
            .unless_changed(nameless && survey.is_changed())
        }
        None if own.items.is_empty() && survey.whole.count() == 0 => {
            Ruling::inconclusive(rule, format!("neither this operation nor {other} gave an item"))
        }
        None => Ruling::pass(rule),
    }
}

/// What an operation gives under a filter is part of what it gives without.
#[must_use]
pub fn own_subset(
    equivalent: &Equivalent,
    all: &Own,
    narrowed: &Own,
    survey: &Survey,
    what: &str,
) -> Ruling {
    let rule = Rule::PagingFilterSubset;
    let surplus = narrowed.items.iter().find(|item| !all.items.iter().any(|known| known.is(item)));
    if let Some(item) = surplus {
        let value = item.value.to_string();
        let named = cut(item.key.as_ref().unwrap_or(&value), TOLD);
        let message = format!("with {what} it gives {named}, which it does not give without");
        let evidence = vec![Rc::clone(&all.transcript), Rc::clone(&narrowed.transcript)];
        return Ruling {
            judgement: Judgement::broken(rule, message, Some(&equivalent.place)),
            evidence,
        }
        .unless_changed(survey.is_changed());
    }
    if narrowed.items.is_empty() {
        return Ruling::inconclusive(rule, format!("with {what} it gives no items"));
    }
    Ruling::pass(rule)
}

/// What differs, and the page of the other list that shows it.
type Found<'s> = Option<(String, Option<&'s Page>)>;

/// By identity, and by value where that did not change.
fn different<'s>(list: usize, own: &Own, survey: &'s Survey) -> Found<'s> {
    let (before, after) = (survey.whole.by_key(), survey.again.by_key());
    let own: BTreeMap<_, _> =
        own.items.iter().filter_map(|item| Some((item.key.as_deref()?, item))).collect();
    for ((_, key), item) in before.iter().filter(|((of, _), _)| *of == list) {
        let Some(later) = after.get(&(list, *key)) else { continue };
        let page = survey.whole.page_of((list, *key));
        match own.get(key) {
            None => return Some((format!("{key} is not here, but in the list"), page)),
            Some(own) if item.value == later.value && own.value != item.value => {
                let at = first_difference(&own.value, &item.value, String::new());
                return Some((format!("{key} differs at {at} from that in the list"), page));
            }
            Some(_) => {}
        }
    }
    own.keys()
        .find(|key| !before.contains_key(&(list, **key)) && !after.contains_key(&(list, **key)))
        .map(|key| (format!("{key} is here, but not in the list"), survey.again.last()))
}

/// Where two values differ first, as a pointer.
fn first_difference(one: &Value, other: &Value, at: String) -> String {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names = one.keys().chain(other.keys());
            match names.find(|name| one.get(*name) != other.get(*name)) {
                Some(name) => match (one.get(name), other.get(name)) {
                    (Some(one), Some(other)) => {
                        first_difference(one, other, format!("{at}/{name}"))
                    }
                    _ => format!("{at}/{name}"),
                },
                None => at,
            }
        }
        _ if at.is_empty() => "its root".to_owned(),
        _ => at,
    }
}

/// By value alone.
fn unlike<'s>(list: usize, own: &Own, survey: &'s Survey) -> Found<'s> {
    let mut left: BTreeMap<String, i64> = BTreeMap::new();
    for (_, of, item) in survey.whole.items() {
        if of == list {
            *left.entry(item.value.to_string()).or_default() += 1;
        }
    }
    for item in &own.items {
        *left.entry(item.value.to_string()).or_default() -= 1;
    }
    let (value, balance) = left.into_iter().find(|(_, balance)| *balance != 0)?;
    let value = cut(&value, TOLD);
    let message = if balance > 0 {
        format!("{value} is not here, but in the list")
    } else {
        format!("{value} is here, but not in the list")
    };
    Some((message, survey.whole.last()))
}
