//! A walk through a list as plain data, and what can be read off it without judging.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;

use generator::contract::{Location, Paging, Pointer};
use serde_json::Value;

use crate::call::{ArgumentValue, Call};
use crate::transcript::Transcript;

/// The part of a list that a page was asked to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many items lie before it; pages, where nothing tells their size.
    pub skip: u64,
    /// How many items it has at most, if that was said.
    pub size: Option<u64>,
}

/// One item of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What makes it that item, in words; `None` if it has nothing that does.
    pub key: Option<String>,
    /// The item.
    pub value: Value,
}

impl Item {
    /// Whether both are the same item; without a key, whether they are alike.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (&self.key, &other.key) {
            (Some(own), Some(other)) => own == other,
            _ => self.value == other.value,
        }
    }
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The call that asked for it.
    pub call: Call,
    /// The exchange.
    pub transcript: Rc<Transcript>,
    /// What it was asked to show.
    pub window: Window,
    /// The items, list by list in the order of the document.
    pub lists: Vec<Vec<Item>>,
    /// The number of all items, as the page states it.
    pub total: Option<u64>,
}

/// An answer that is no page.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The call that asked for a page.
    pub call: Call,
    /// The exchange.
    pub transcript: Rc<Transcript>,
    /// Why it is none, in words.
    pub why: String,
}

/// A page, or what came instead.
pub type Answer = Result<Page, Box<Refusal>>;

impl Page {
    /// Reads a page out of an answer. A list that is absent or null is empty.
    ///
    /// # Errors
    /// Why the answer is no page.
    pub fn read(
        paging: &Paging,
        call: &Call,
        window: Window,
        transcript: &Rc<Transcript>,
    ) -> Answer {
        lists(paging, transcript)
            .map(|(lists, total)| Self {
                call: call.clone(),
                transcript: Rc::clone(transcript),
                window,
                lists,
                total,
            })
            .map_err(|why| {
                Box::new(Refusal { call: call.clone(), transcript: Rc::clone(transcript), why })
            })
    }

    /// How many items it has, over all lists.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.lists.iter().map(|list| count(list)).sum()
    }

    /// How many items each list has.
    #[must_use]
    pub fn lengths(&self) -> Vec<u64> {
        self.lists.iter().map(|list| count(list)).collect()
    }

    /// Whether it has the same items in the same order as another.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.lists.len() == other.lists.len()
            && self.lists.iter().zip(&other.lists).all(|(own, other)| alike(own, other))
    }
}

/// Whether two lists have the same items in the same order.
pub(super) fn alike(one: &[Item], other: &[Item]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is(other))
}

/// A page is named by the query that asked for it.
impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&query(&self.call))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", query(&self.call), self.why)
    }
}

fn query(call: &Call) -> String {
    let written: Vec<_> = call
        .arguments
        .iter()
        .filter(|argument| argument.location == Location::Query)
        .map(|argument| match &argument.value {
            ArgumentValue::Value(Value::String(text)) | ArgumentValue::Raw(text) => {
                format!("{}={text}", argument.name)
            }
            ArgumentValue::Value(value) => format!("{}={value}", argument.name),
        })
        .collect();
    if written.is_empty() {
        "the plain request".to_owned()
    } else {
        format!("?{}", written.join("&"))
    }
}

fn lists(
    paging: &Paging,
    transcript: &Transcript,
) -> Result<(Vec<Vec<Item>>, Option<u64>), String> {
    match transcript.status() {
        Some(200..=299) if transcript.is_whole() => {}
        Some(200..=299) => return Err("was answered in part only".to_owned()),
        Some(status) => return Err(format!("was answered {status}")),
        None => return Err("was not answered".to_owned()),
    }
    let body = transcript.json().map_err(|error| format!("was answered without JSON: {error}"))?;
    let lists = paging
        .items
        .iter()
        .map(|pointer| match pointer.get(&body) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                let item = |value: &Value| Item {
                    key: key(&paging.identity, value),
                    value: value.clone(),
                };
                Ok(values.iter().map(item).collect())
            }
            Some(_) => Err(format!("was answered without a list at {pointer}")),
        })
        .collect::<Result<_, _>>()?;
    let total = paging.total.as_ref().and_then(|pointer| number(pointer.get(&body)?));
    Ok((lists, total))
}

/// A number, also one that is written as a text, as 64-bit numbers often are.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// What makes an item that item, in words: the members of its identity that it has.
#[must_use]
pub fn key(identity: &[Pointer], item: &Value) -> Option<String> {
    let named: Vec<_> = identity
        .iter()
        .filter_map(|pointer| {
            let value = pointer.get(item).filter(|value| !value.is_null())?;
            Some(format!("{pointer}={value}"))
        })
        .collect();
    if named.is_empty() { None } else { Some(named.join(" ")) }
}

/// How a walk ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// At the end of the list.
    Finished,
    /// It would go on for ever; what shows it.
    Endless(String),
    /// The list is longer than a walk may be; so many items came.
    TooLong(u64),
    /// It was given up; why.
    GivenUp(String),
    /// A page was refused.
    Refused(Box<Refusal>),
}

/// A walk: pages one after the other from the beginning of a list. It has at least one.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The pages, in the order asked for.
    pub pages: Vec<Page>,
    /// How it ended.
    pub ended: Ended,
}

/// Items by list and key.
pub type Keys<'w> = BTreeSet<(usize, &'w str)>;

impl Walk {
    /// Whether the end of the list was reached.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.ended, Ended::Finished)
    }

    /// Every item with its page and the number of its list.
    pub fn items(&self) -> impl Iterator<Item = (&Page, usize, &Item)> {
        self.pages.iter().flat_map(|page| {
            page.lists
                .iter()
                .enumerate()
                .flat_map(move |(list, items)| items.iter().map(move |item| (page, list, item)))
        })
    }

    /// The items that can be told apart.
    #[must_use]
    pub fn keys(&self) -> Keys<'_> {
        self.items().filter_map(|(_, list, item)| Some((list, item.key.as_deref()?))).collect()
    }

    /// The items that can be told apart, by what makes them so.
    #[must_use]
    pub fn by_key(&self) -> BTreeMap<(usize, &str), &Item> {
        self.items()
            .filter_map(|(_, list, item)| Some(((list, item.key.as_deref()?), item)))
            .collect()
    }

    /// Whether some item cannot be told from others.
    #[must_use]
    pub fn has_nameless(&self) -> bool {
        self.items().any(|(_, _, item)| item.key.is_none())
    }

    /// How many items it has, list by list; one that comes twice counts once if that can be told.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        let lists = self.pages.iter().map(|page| page.lists.len()).max().unwrap_or_default();
        let keys = self.keys();
        let nameless = self.has_nameless();
        (0..lists)
            .map(|list| {
                let all = || self.items().filter(|(_, of, _)| *of == list).count();
                let distinct = || keys.iter().filter(|(of, _)| *of == list).count();
                as_u64(if nameless { all() } else { distinct() })
            })
            .collect()
    }

    /// How many items it has, over all lists.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts().iter().sum()
    }

    /// How many pages have an item.
    #[must_use]
    pub fn filled(&self) -> usize {
        self.pages.iter().filter(|page| page.count() > 0).count()
    }

    /// The page that has an item.
    #[must_use]
    pub fn page_of(&self, wanted: (usize, &str)) -> Option<&Page> {
        self.items()
            .find(|(_, list, item)| (*list, item.key.as_deref()) == (wanted.0, Some(wanted.1)))
            .map(|(page, _, _)| page)
    }

    /// The last page.
    #[must_use]
    pub fn last(&self) -> Option<&Page> {
        self.pages.last()
    }

    /// Whether another walk has the same items in the same order.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.pages.len() == other.pages.len()
            && self.pages.iter().zip(&other.pages).all(|(own, other)| own.is_like(other))
    }
}

/// A walk is named by its first page.
impl fmt::Display for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.pages.first().map(ToString::to_string).unwrap_or_default();
        let (pages, items) = (self.pages.len(), self.count());
        write!(
            f,
            "the walk from {first} ({}, {})",
            many(as_u64(pages), "page"),
            many(items, "item")
        )
    }
}

/// Walks of different page sizes through one list.
#[derive(Clone, Debug)]
pub struct Survey {
    /// In pages as large as can be, before all others.
    pub whole: Walk,
    /// In smaller pages.
    pub paged: Vec<Walk>,
    /// As the first, after all others.
    pub again: Walk,
}

impl Survey {
    /// Whether the list had other items at the end than at the beginning.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.whole.keys() != self.again.keys() || self.whole.count() != self.again.count()
    }

    /// Whether the same walk gave the same items in the same order.
    #[must_use]
    pub fn is_orderly(&self) -> bool {
        self.whole.is_like(&self.again)
    }

    /// All walks.
    pub fn walks(&self) -> impl Iterator<Item = &Walk> {
        std::iter::once(&self.whole).chain(&self.paged).chain(std::iter::once(&self.again))
    }

    /// The items that were there at the beginning and at the end.
    #[must_use]
    pub fn lasting(&self) -> Keys<'_> {
        let again = self.again.keys();
        self.whole.keys().into_iter().filter(|key| again.contains(key)).collect()
    }

    /// The items that were there at the beginning or at the end.
    #[must_use]
    pub fn known(&self) -> Keys<'_> {
        self.whole.keys().into_iter().chain(self.again.keys()).collect()
    }
}

/// The length of a list.
pub(super) fn count<T>(items: &[T]) -> u64 {
    as_u64(items.len())
}

pub(super) fn as_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// `1 page`, `2 pages`.
pub(super) fn many(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// The longest that an item is told, in characters.
const TOLD: usize = 200;

/// An item as a message names it.
pub(super) fn named(paging: &Paging, (list, key): (usize, &str)) -> String {
    let key: String = key.chars().take(TOLD).collect();
    match paging.items.get(list).filter(|_| paging.items.len() > 1) {
        Some(pointer) => format!("{key} of {pointer}"),
        None => key,
    }
}
