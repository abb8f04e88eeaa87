//! Limits and offsets beyond their bounds, and none at all. That the bounds themselves are accepted is for the
//! chapter on requests.

use generator::contract::{OutOfRange, PagingStyle};
use serde_json::Value;

use super::list::{List, with};
use super::sizes::{Range, Sizes};
use crate::call::Call;
use crate::judge::paging::{self as judge, Excess, Page, Ruling, Survey, Window};
use crate::rule::Rule;

/// Everything about how long a page is.
pub(super) async fn look(list: &List<'_, '_>, survey: &Survey) -> Vec<Ruling> {
    let mut found = default_and_zero(list).await;
    found.extend(max_page(list, survey).await);
    found.extend(out_of_range(list).await);
    found
}

/// The beginning of the list, asked for without a word of pages.
async fn default_and_zero(list: &List<'_, '_>) -> Vec<Ruling> {
    let paging = list.paging;
    let unsaid = Window { skip: 0, size: None };
    let documented = list.limit.default.and_then(|value| u64::try_from(value).ok());
    let default = documented.or(paging.default_page);
    let page = match list.ask(&list.sorted(), unsaid).await {
        Ok(page) => page,
        Err(refusal) => {
            let inconclusive = |rule: Rule| Ruling::inconclusive(rule, refusal.to_string());
            return default.map(|_| inconclusive(Rule::PagingDefaultPage)).into_iter().collect();
        }
    };
    let mut found = Vec::new();
    if let Some(default) = default {
        let said = list.page(&list.sorted(), Window { skip: 0, size: Some(default) }).await.ok();
        found.push(judge::default_page(paging, default, &page, said.as_ref()));
    }
    if let (true, Some(name)) = (paging.zero_is_absent, &paging.limit) {
        let zero = list.ask(&with(&list.sorted(), name, 0), unsaid).await;
        found.push(judge::zero(paging, &page, &zero));
    }
    found
}

async fn max_page(list: &List<'_, '_>, survey: &Survey) -> Option<Ruling> {
    let most = list.paging.max_page?;
    let bound =
        list.limit.maximum.or(list.limit.carries).and_then(|value| u64::try_from(value).ok());
    let mut answers = Vec::new();
    for size in [most.saturating_add(1), most.saturating_mul(5)] {
        if bound.is_none_or(|bound| size <= bound) {
            // The page may be as long as `max-page` says, not as was asked: it is no page of that size.
            let call = list.at(&list.sorted(), Window { skip: 0, size: Some(size) });
            answers.push(list.ask(&call, Window { skip: 0, size: None }).await);
        }
    }
    Some(judge::max_page(list.paging, most, survey, &answers))
}

/// A value outside its bounds.
struct Beyond {
    name: String,
    value: i64,
    /// The bound; there is none to break where nothing is documented.
    bound: Option<i64>,
    /// What would be used instead.
    nearest: Option<i64>,
}

async fn out_of_range(list: &List<'_, '_>) -> Vec<Ruling> {
    let Some(allowed) = list.paging.out_of_range else { return Vec::new() };
    let mut found = Vec::new();
    for beyond in all_beyond(list) {
        match (beyond.bound, allowed) {
            (Some(_), _) => found.push(excess(list, allowed, &beyond).await),
            // What breaks no documented bound need not be refused, and may be.
            (None, OutOfRange::Refuse) => {}
            (None, _) => found.push(excess(list, OutOfRange::Either, &beyond).await),
        }
    }
    found
}

async fn excess(list: &List<'_, '_>, allowed: OutOfRange, beyond: &Beyond) -> Ruling {
    let base = list.sorted();
    let unsaid = Window { skip: 0, size: None };
    let call = |value: i64| with(&base, &beyond.name, Value::from(value));
    let answer = list.ask(&call(beyond.value), unsaid).await;
    let nearest = match (beyond.nearest, allowed, &answer) {
        (Some(nearest), OutOfRange::Clamp | OutOfRange::Either, Ok(_)) => {
            page(list, &call(nearest)).await
        }
        _ => None,
    };
    let what = format!("{}={} is outside its bounds", beyond.name, beyond.value);
    judge::out_of_range(list.operation, list.paging, allowed, &Excess { what, answer, nearest })
}

async fn page(list: &List<'_, '_>, call: &Call) -> Option<Page> {
    list.ask(call, Window { skip: 0, size: None }).await.ok()
}

fn all_beyond(list: &List<'_, '_>) -> Vec<Beyond> {
    let sizes = Sizes::of(list);
    let limit = list.paging.limit.as_deref().map(|name| {
        let nearest = sizes.and_then(|sizes| i64::try_from(sizes.least).ok());
        let nearest = nearest.filter(|_| list.limit.minimum.is_some());
        beyond(name, list.limit, nearest, list.paging.zero_is_absent)
    });
    let position = list.position_parameter().map(|name| {
        // Nothing comes before the beginning of a list, whether that is documented or not.
        let nearest =
            list.position.minimum.or((list.paging.style == PagingStyle::Offset).then_some(0));
        beyond(name, list.position, nearest, false)
    });
    limit.into_iter().chain(position).flatten().collect()
}

fn beyond(name: &str, range: Range, least: Option<i64>, zero_is_absent: bool) -> Vec<Beyond> {
    let mut low = vec![-1];
    if let Some(minimum) = range.minimum {
        low.extend([0, minimum.saturating_sub(1)]);
        low.retain(|value| *value < minimum);
    }
    low.retain(|value| *value != 0 || !zero_is_absent);
    low.sort_unstable();
    low.dedup();
    let of = |value: i64, bound: Option<i64>, nearest: Option<i64>| Beyond {
        name: name.to_owned(),
        value,
        bound,
        nearest,
    };
    let high = range
        .maximum
        .and_then(|maximum| Some(of(maximum.checked_add(1)?, range.maximum, range.maximum)))
        .filter(|high| range.carries.is_none_or(|carries| high.value <= carries));
    low.into_iter().map(|value| of(value, range.minimum, least)).chain(high).collect()
}
