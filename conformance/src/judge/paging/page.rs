//! One page of a list as plain data, read out of an answer.

use std::fmt;
use std::rc::Rc;

use generator::contract::{Location, Paging, PagingStyle, Pointer};
use serde_json::Value;

use super::link;
use crate::call::{ArgumentValue, Call};
use crate::transcript::Transcript;
use crate::verdict::cut;

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
    /// What it says of the pages after it.
    pub cursor: Cursor,
}

/// What a page says of the walk that it is part of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The token of the next page; an empty one is none.
    pub next: Option<String>,
    /// How many items are still to come.
    pub remaining: Option<u64>,
    /// The version of the list.
    pub version: Option<String>,
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

impl Refusal {
    /// Whether the server was late or busy, which is no refusal of what was asked (RFC 9110 §15.6.4, RFC 6585 §4).
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self.transcript.status(), None | Some(429 | 503))
    }
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
        let refused = |why: String| {
            Box::new(Refusal { call: call.clone(), transcript: Rc::clone(transcript), why })
        };
        let body = body(transcript).map_err(refused)?;
        Ok(Self {
            call: call.clone(),
            transcript: Rc::clone(transcript),
            window,
            lists: lists(paging, &body).map_err(refused)?,
            total: paging.total.as_ref().and_then(|pointer| number(pointer.get(&body)?)),
            cursor: Cursor::read(paging, &body, transcript),
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
    if let Some(target) = &call.target {
        return target.clone();
    }
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

impl Cursor {
    fn read(paging: &Paging, body: &Value, transcript: &Transcript) -> Self {
        let next = match (&paging.after, paging.style) {
            (Some(after), _) => Self::after(paging, after, body),
            (None, PagingStyle::LinkHeader) => link::next(transcript),
            (None, _) => paging.next.as_ref().and_then(|pointer| text(pointer.get(body)?)),
        };
        let version = paging.snapshot.as_ref().and_then(|snapshot| snapshot.version.as_ref());
        Self {
            next,
            remaining: paging.remaining.as_ref().and_then(|pointer| number(pointer.get(body)?)),
            version: version.and_then(|pointer| text(pointer.get(body)?)),
        }
    }
}

impl Cursor {
    /// The token that the last item is, unless the page says that nothing follows.
    fn after(paging: &Paging, after: &Pointer, body: &Value) -> Option<String> {
        let more = paging.more.as_ref().and_then(|pointer| pointer.get(body)?.as_bool());
        let mut lists = paging.items.iter().rev().filter_map(|items| items.get(body)?.as_array());
        let last = lists.find_map(|items| items.last())?;
        text(after.get(last)?).filter(|_| more.unwrap_or(true))
    }
}

/// A text that says something, also one that is written as a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn body(transcript: &Transcript) -> Result<Value, String> {
    match transcript.status() {
        Some(200..=299) if transcript.is_whole() => {}
        Some(200..=299) => return Err("was answered in part only".to_owned()),
        Some(status) => return Err(format!("was answered {status}")),
        None => return Err("was not answered".to_owned()),
    }
    transcript.json().map_err(|error| format!("was answered without JSON: {error}"))
}

fn lists(paging: &Paging, body: &Value) -> Result<Vec<Vec<Item>>, String> {
    paging
        .items
        .iter()
        .map(|pointer| match pointer.get(body) {
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
        .collect()
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
pub(super) const TOLD: usize = 200;

/// An item as a message names it.
pub(super) fn named(paging: &Paging, (list, key): (usize, &str)) -> String {
    let key = cut(key, TOLD);
    match paging.items.get(list).filter(|_| paging.items.len() > 1) {
        Some(pointer) => format!("{key} of {pointer}"),
        None => key,
    }
}
