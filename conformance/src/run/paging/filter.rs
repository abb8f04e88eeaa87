//! Filtered walks, with values taken from what the list holds.

use std::collections::BTreeMap;

use generator::contract::{Fault, Filter, FilterMatch, Paging, Shape};
use serde_json::Value;

use super::list::{List, parameter, with};
use super::sizes::Sizes;
use crate::call::{Call, Intent};
use crate::judge::paging::{self as judge, Filtered, Page, Ruling, Survey, Walk, Window};
use crate::rule::Rule;

/// A filter is tried with so many values.
const VALUES: usize = 2;
/// The longest value that is taken from an item, in characters.
const LONGEST: usize = 200;

/// Everything about one filter.
pub(super) async fn look(list: &List<'_, '_>, survey: &Survey, filter: &Filter) -> Vec<Ruling> {
    if let FilterMatch::Scope(widest) = &filter.matches {
        return scope(list, survey, filter, widest).await.into_iter().collect();
    }
    let values = values(list, &survey.whole, filter);
    let mut found = Vec::new();
    if values.is_empty() {
        let why = format!("no item shows a value that {} could be tried with", filter.parameter);
        found.push(Ruling::inconclusive(Rule::PagingFilterSubset, why));
    }
    for value in values {
        found.extend(one(list, survey, filter, &value).await);
    }
    found.extend(none(list, filter).await);
    malformed(list, filter).await;
    found
}

async fn one(list: &List<'_, '_>, survey: &Survey, filter: &Filter, value: &str) -> Vec<Ruling> {
    let paging = list.paging;
    let base = with(&list.sorted(), &filter.parameter, written(filter, value));
    let most = Sizes::whole(list);
    let known = survey.whole.is_finished().then(|| survey.whole.count());
    let walk = match list.walk(&base, most, known).await {
        Ok(walk) if walk.is_finished() => walk,
        Ok(walk) => return vec![unfinished(paging, &walk)],
        Err(refusal) => {
            let rule = Rule::PagingFilterSubset;
            let message = format!("filtered by a value that an item has, {refusal}");
            return vec![Ruling::refused(rule, paging, message, &refusal)];
        }
    };
    let filtered = Filtered { paging, filter, value, survey, walk: &walk };
    let mut found = vec![filtered.subset()];
    found.extend(filtered.matching());
    found.extend(filtered.complete());
    if paging.total.is_some() {
        let walks = [&survey.whole, &walk];
        found.push(judge::total_correct(paging, &walks, survey.is_changed()));
    }
    found.extend(in_pages(list, &base, &filtered).await);
    found
}

/// A filtered list that would not end, or that was cut short.
fn unfinished(paging: &Paging, walk: &Walk) -> Ruling {
    let rule = Rule::PagingFilterWalk;
    let message = format!("{walk} did not reach the end");
    if walk.is_cut_short() {
        return Ruling::inconclusive(rule, message);
    }
    Ruling::broken(rule, paging, message, walk.last())
}

/// The filtered list again, in small pages.
async fn in_pages(list: &List<'_, '_>, base: &Call, filtered: &Filtered<'_>) -> Option<Ruling> {
    let rule = Rule::PagingFilterWalk;
    let longest = filtered.walk.counts().into_iter().max().unwrap_or_default();
    let Some(size) = Sizes::of(list)?.cutting(longest).first().copied() else {
        return Some(Ruling::inconclusive(rule, "the filtered list is too short to be cut"));
    };
    Some(match list.walk(base, Some(size), Some(filtered.walk.count())).await {
        Ok(paged) if paged.is_finished() => filtered.in_pages(&paged),
        Ok(paged) => unfinished(list.paging, &paged),
        Err(refusal) => Ruling::refused(rule, list.paging, refusal.to_string(), &refusal),
    })
}

/// Values that items have: of those that not all of them have, the commonest, since its list may be long enough to
/// be cut, and others that depend on the seed.
pub(super) fn values(list: &List<'_, '_>, walk: &Walk, filter: &Filter) -> Vec<String> {
    let Some(field) = &filter.field else { return examples(list, filter) };
    let items: u64 = walk.pages.iter().map(Page::count).sum();
    let mut common: BTreeMap<String, u64> = BTreeMap::new();
    for (_, _, item) in walk.items() {
        let texts = field.get(&item.value).map(|value| texts(&filter.matches, value));
        for text in texts.into_iter().flatten() {
            if !text.is_empty() && text.chars().count() <= LONGEST {
                *common.entry(text).or_default() += 1;
            }
        }
    }
    let telling: Vec<_> = common.iter().filter(|(_, count)| **count < items).collect();
    let from = if telling.is_empty() { common.iter().collect() } else { telling };
    let first = from.iter().max_by_key(|(_, count)| **count).map(|(text, _)| (*text).clone());
    let mut left: Vec<String> = from.into_iter().map(|(text, _)| text.clone()).collect();
    let mut chosen: Vec<String> = first.into_iter().collect();
    for number in 1..VALUES {
        left.retain(|other| !chosen.contains(other));
        chosen.extend(list.choice(&format!("filter/{}/{number}", filter.parameter), left.clone()));
    }
    chosen
}

/// Documented examples of a filter that is about no member.
fn examples(list: &List<'_, '_>, filter: &Filter) -> Vec<String> {
    parameter(list.operation, &filter.parameter)
        .into_iter()
        .flat_map(|parameter| &parameter.examples)
        .filter_map(|example| example.value.as_str().map(str::to_owned))
        .take(VALUES)
        .collect()
}

/// What a member can be asked for by.
fn texts(matches: &FilterMatch, member: &Value) -> Vec<String> {
    match (matches, member) {
        (FilterMatch::LabelSelector, Value::Object(labels)) => labels
            .iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?)))
            .filter(|(name, value)| is_plain(name) && is_plain(value))
            .map(|(name, value)| format!("{name}={value}"))
            .collect(),
        (FilterMatch::LabelSelector, _) => Vec::new(),
        (_, Value::String(text)) => vec![text.clone()],
        (_, Value::Number(_) | Value::Bool(_)) => vec![member.to_string()],
        (_, Value::Array(members)) => {
            members.iter().filter_map(|member| member.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a text has no character that could mean something to a selector.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}

/// A value as the parameter wants it written.
pub(super) fn written(filter: &Filter, value: &str) -> String {
    match &filter.syntax {
        Some(syntax) => syntax.replace("{value}", value),
        None => value.to_owned(),
    }
}

/// A value that nothing has.
async fn none(list: &List<'_, '_>, filter: &Filter) -> Option<Ruling> {
    let made_up = format!("conformance-none-{}", list.session.settings.run_id);
    let value = match &filter.matches {
        FilterMatch::Equals | FilterMatch::Contains => made_up,
        FilterMatch::LabelSelector => format!("conformance-none={made_up}"),
        FilterMatch::Narrows | FilterMatch::Scope(_) => return None,
    };
    let schema = parameter(list.operation, &filter.parameter)
        .and_then(|parameter| list.session.api.schemas.get(parameter.schema));
    let is_free =
        schema.is_none_or(|schema| matches!(schema.shape, Shape::String { pattern: None, .. }));
    if !is_free {
        return None;
    }
    let base = with(&list.sorted(), &filter.parameter, written(filter, &value));
    let size = Sizes::whole(list);
    Some(judge::filter_none(list.paging, &list.page(&base, Window { skip: 0, size }).await))
}

/// A selector that cannot be read.
async fn malformed(list: &List<'_, '_>, filter: &Filter) {
    if filter.matches != FilterMatch::LabelSelector {
        return;
    }
    let broken = "=,!(";
    let intent = Intent::Refuse {
        fault: Fault::Invalid,
        rule: Rule::PagingFilterMalformed,
        what: format!("{}={broken} cannot be read", filter.parameter),
        place: Box::new(list.paging.place.clone()),
    };
    let call = with(&list.sorted(), &filter.parameter, broken).meant(intent);
    list.session.send(list.operation, &call).await;
}

async fn scope(
    list: &List<'_, '_>,
    survey: &Survey,
    filter: &Filter,
    widest: &Value,
) -> Option<Ruling> {
    let rule = Rule::PagingScope;
    let base = with(&list.sorted(), &filter.parameter, widest.clone());
    let size = Sizes::whole(list);
    Some(match list.walk(&base, size, None).await {
        Ok(walk) if walk.is_finished() && survey.whole.is_finished() => {
            judge::scope(list.paging, survey, &walk)
        }
        Ok(walk) => Ruling::inconclusive(rule, format!("{walk} did not reach the end")),
        Err(refusal) if matches!(refusal.transcript.status(), Some(401 | 403)) => {
            Ruling::inconclusive(rule, format!("the caller may not look that far: {refusal}"))
        }
        Err(refusal) => Ruling::refused(rule, list.paging, refusal.to_string(), &refusal),
    })
}
