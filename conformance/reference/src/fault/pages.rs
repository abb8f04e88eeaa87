//! Pages cut otherwise than was asked. The lists are those of Huawei; what is on a page is decided anew from all of it.

use serde_json::Value;

use super::exchange::{Answer, Asked, Honest};
use super::memory::Memory;

/// The lists of a page.
const LISTS: [&str; 2] = ["data_list", "pod_info_list"];
const TOTAL: &str = "total_num";
/// What narrows a list.
const FILTERS: [&str; 3] = ["pod_name", "namespace_name", "cluster_name"];
/// How long a page is unless something is said.
const DEFAULT: usize = 10;
/// A page of that size holds the whole of either list.
const ALL: &str = "200";
/// Faults that would be seen at once are kept to pages smaller than that.
const SMALL: usize = 60;

/// Several lists under one window.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lists(Vec<Vec<Value>>);

impl Lists {
    fn of(page: &Value) -> Self {
        let list = |name: &&str| page.get(*name).and_then(Value::as_array).cloned();
        Self(LISTS.iter().map(|name| list(name).unwrap_or_default()).collect())
    }

    fn cut(&self, offset: usize, limit: usize) -> Self {
        let cut = |list: &Vec<Value>| list.iter().skip(offset).take(limit).cloned().collect();
        Self(self.0.iter().map(cut).collect())
    }

    fn count(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    fn has(&self, item: &Value) -> bool {
        self.0.iter().any(|list| list.contains(item))
    }

    fn first(&mut self) -> Option<&mut Vec<Value>> {
        self.0.first_mut()
    }

    fn item(&self, index: usize) -> Option<&Value> {
        self.0.first()?.get(index)
    }
}

/// What was asked for, and everything there is to take it from.
#[derive(Debug)]
pub(super) struct Cut {
    target: String,
    offset: usize,
    limit: usize,
    /// Whether a limit was said.
    said: bool,
    /// Whether something narrows the list.
    narrowed: bool,
    /// Everything that the request matches.
    matching: Lists,
    /// Everything that the same request without filters matches.
    everything: Lists,
}

/// The page, at first as the honest server cut it.
#[derive(Debug)]
pub(super) struct Page {
    lists: Lists,
    total: i64,
}

/// Has an answer that is a page cut otherwise.
pub(super) async fn recut(
    honest: &Honest,
    asked: &Asked,
    answer: &mut Answer,
    memory: &Memory,
    change: fn(&Cut, &mut Page, &Memory),
) {
    let Some(mut body) = answer.json().filter(|body| body.get(TOTAL).is_some()) else { return };
    let number = |name| asked.number(name).and_then(|number| usize::try_from(number).ok());
    let mut all = asked.clone();
    all.set("limit", ALL);
    all.set("offset", "0");
    let mut unfiltered = all.clone();
    FILTERS.iter().for_each(|name| unfiltered.remove(name));
    let lists = async |asked: &Asked| {
        honest.ask(asked).await.json().as_ref().map(Lists::of).unwrap_or_default()
    };
    let cut = Cut {
        target: asked.parts.uri.to_string(),
        offset: number("offset").unwrap_or_default(),
        limit: number("limit").unwrap_or(DEFAULT),
        said: number("limit").is_some(),
        narrowed: FILTERS.iter().any(|name| asked.value(name).is_some()),
        matching: lists(&all).await,
        everything: lists(&unfiltered).await,
    };
    let total = body.get(TOTAL).and_then(Value::as_i64).unwrap_or_default();
    let mut page = Page { lists: Lists::of(&body), total };
    change(&cut, &mut page, memory);
    if let Some(members) = body.as_object_mut() {
        members.insert(TOTAL.to_owned(), page.total.into());
        for (name, list) in LISTS.iter().zip(page.lists.0) {
            members.insert((*name).to_owned(), list.into());
        }
    }
    answer.set_json(&body);
}

impl Cut {
    /// Whether the page reaches the end of the first list, with room left.
    fn has_room(&self, page: &Page) -> bool {
        page.lists.0.first().is_some_and(|list| !list.is_empty() && list.len() < self.limit)
    }
}

pub(super) fn one_more(cut: &Cut, page: &mut Page, _: &Memory) {
    page.lists = cut.matching.cut(cut.offset, cut.limit + 1);
}

pub(super) fn twenty_by_default(cut: &Cut, page: &mut Page, _: &Memory) {
    if !cut.said {
        page.lists = cut.matching.cut(cut.offset, 2 * DEFAULT);
    }
}

/// The sixth record is lost on every page but a long one.
pub(super) fn lost_on_small_pages(cut: &Cut, page: &mut Page, _: &Memory) {
    if cut.limit < SMALL
        && !cut.narrowed
        && let (Some(lost), Some(list)) = (cut.matching.item(5), page.lists.first())
    {
        list.retain(|item| item != lost);
    }
}

/// The same for pages of an odd length.
pub(super) fn lost_on_odd_pages(cut: &Cut, page: &mut Page, memory: &Memory) {
    if cut.limit % 2 == 1 {
        lost_on_small_pages(cut, page, memory);
    }
}

/// The last page begins with the record that ended the one before.
pub(super) fn twice_at_the_border(cut: &Cut, page: &mut Page, _: &Memory) {
    let before = cut.offset.checked_sub(1).and_then(|before| cut.matching.item(before));
    if let Some(before) = before.filter(|_| cut.has_room(page))
        && let Some(list) = page.lists.first()
    {
        list.insert(0, before.clone());
    }
}

pub(super) fn offset_in_pages(cut: &Cut, page: &mut Page, _: &Memory) {
    if cut.offset < cut.matching.count() && cut.limit > 0 {
        page.lists = cut.matching.cut(cut.offset / cut.limit * cut.limit, cut.limit);
    }
}

pub(super) fn offset_ignored(cut: &Cut, page: &mut Page, _: &Memory) {
    page.lists = cut.matching.cut(0, cut.limit);
}

pub(super) fn limit_ignored(cut: &Cut, page: &mut Page, _: &Memory) {
    page.lists = cut.matching.cut(cut.offset, usize::MAX);
}

pub(super) fn total_drifts(cut: &Cut, page: &mut Page, _: &Memory) {
    if cut.offset > 0 && page.lists.count() > 0 {
        page.total += 1;
    }
}

pub(super) fn total_one_more(_: &Cut, page: &mut Page, _: &Memory) {
    if page.total > 0 {
        page.total += 1;
    }
}

pub(super) fn total_of_the_page(_: &Cut, page: &mut Page, _: &Memory) {
    page.total = i64::try_from(page.lists.count()).unwrap_or(i64::MAX);
}

pub(super) fn wraps(cut: &Cut, page: &mut Page, _: &Memory) {
    if cut.offset >= cut.matching.count() {
        page.lists = cut.matching.cut(0, cut.limit);
    }
}

/// The same page comes in one order and in the other by turns.
pub(super) fn restless(cut: &Cut, page: &mut Page, memory: &Memory) {
    if memory.count(&cut.target) % 2 == 1 {
        page.lists.0.iter_mut().for_each(|list| list.reverse());
    }
}

/// A filtered list has a record that the unfiltered one lacks.
pub(super) fn stranger(cut: &Cut, page: &mut Page, _: &Memory) {
    if !cut.narrowed || cut.matching.item(0).is_none() {
        return;
    }
    page.total += 1;
    if cut.has_room(page)
        && let Some(list) = page.lists.first()
        && let Some(mut item) = list.last().cloned()
    {
        if let Some(id) = item.get_mut("id") {
            *id = Value::from("00000000-0000-5000-8000-000000000000");
        }
        list.push(item);
    }
}

/// A filtered list has a record that does not match.
pub(super) fn one_let_through(cut: &Cut, page: &mut Page, _: &Memory) {
    if !cut.narrowed || cut.matching.item(0).is_none() {
        return;
    }
    page.total += 1;
    let other = cut.everything.0.iter().flatten().find(|item| !cut.matching.has(item));
    if cut.has_room(page)
        && let (Some(other), Some(list)) = (other, page.lists.first())
    {
        list.push(other.clone());
    }
}

/// A filtered list lacks its last record.
pub(super) fn one_held_back(cut: &Cut, page: &mut Page, _: &Memory) {
    let last = cut.matching.0.first().filter(|list| list.len() > 1).and_then(|list| list.last());
    if let (true, Some(last)) = (cut.narrowed, last) {
        page.total -= 1;
        if let Some(list) = page.lists.first() {
            list.retain(|item| item != last);
        }
    }
}

/// The page is cut first and filtered then.
pub(super) fn filtered_last(cut: &Cut, page: &mut Page, _: &Memory) {
    page.lists = cut.everything.cut(cut.offset, cut.limit);
    for list in &mut page.lists.0 {
        list.retain(|item| cut.matching.has(item));
    }
}

pub(super) fn filter_ignored(cut: &Cut, page: &mut Page, _: &Memory) {
    page.lists = cut.everything.cut(cut.offset, cut.limit);
    page.total = i64::try_from(cut.everything.count()).unwrap_or(i64::MAX);
}

/// Where nothing matches, everything is given.
pub(super) fn all_for_none(cut: &Cut, page: &mut Page, memory: &Memory) {
    if cut.narrowed && cut.matching.count() == 0 {
        filter_ignored(cut, page, memory);
    }
}
