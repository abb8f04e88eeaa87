//! Answers with lists: narrowed, put in order, and cut into pages.

use generator::contract::{
    Content, Fault, Filter, FilterMatch, Operation, Paging, PagingStyle, SchemaId, Shape,
};
use serde_json::Value;

use super::argument::Arguments;
use super::made::put;
use super::store::Store;
use super::{Asked, Refusal, Twin, plain};

/// A part of a list.
#[derive(Clone, Copy, Debug)]
struct Window {
    skip: usize,
    size: usize,
}

impl Twin {
    /// The body of an answer; where it has lists, with what the request asks of them.
    pub(super) fn listed(
        &self,
        asked: &Asked<'_>,
        content: &Content,
        store: &Store,
    ) -> Result<Value, Refusal> {
        let name = format!("{}/{}", asked.operation.id, content.media_type);
        let mut body = self.made.body(content, &name);
        let Some(paging) = &asked.operation.paging else { return Ok(body) };
        let is_other = paging
            .not_when
            .as_ref()
            .is_some_and(|(name, value)| asked.arguments.query(name) == Some(value));
        if is_other {
            return Ok(body);
        }
        let lists = self.rows(asked.operation, &asked.arguments, store)?;
        let window = self.window(asked.operation, paging, &asked.arguments);
        for (pointer, rows) in paging.items.iter().zip(&lists) {
            let page = rows.iter().skip(window.skip).take(window.size).cloned();
            put(&mut body, pointer, page.collect());
        }
        let total = lists.iter().map(Vec::len).sum::<usize>();
        let longest = lists.iter().map(Vec::len).max().unwrap_or_default();
        self.told(content.schema, paging, &mut body, (window, total, longest));
        Ok(body)
    }

    /// Total, remaining items and the next page's token, where the document has a place for them.
    fn told(
        &self,
        schema: Option<SchemaId>,
        paging: &Paging,
        body: &mut Value,
        (window, total, longest): (Window, usize, usize),
    ) {
        let seen = window.skip.saturating_add(window.size);
        let left = longest.saturating_sub(seen);
        let mut number = |pointer: &Option<_>, number: usize| {
            if let Some(pointer) = pointer {
                put(body, pointer, self.counted(schema, pointer, number));
            }
        };
        number(&paging.total, total);
        number(&paging.remaining, left);
        if let Some(pointer) = &paging.next {
            let next = if left > 0 { seen.to_string() } else { String::new() };
            put(body, pointer, Value::from(next));
        }
    }

    /// A number as its schema has it: some write them as texts.
    fn counted(
        &self,
        schema: Option<SchemaId>,
        pointer: &generator::contract::Pointer,
        number: usize,
    ) -> Value {
        let id = schema.and_then(|id| self.made.schema_at(id, pointer));
        match id.and_then(|id| self.made.schemas().get(id)).map(|schema| &schema.shape) {
            Some(Shape::String { .. }) => Value::from(number.to_string()),
            _ => Value::from(number),
        }
    }

    /// Every item that a request asks for, list by list, before the list is cut.
    pub(super) fn rows(
        &self,
        operation: &Operation,
        arguments: &Arguments,
        store: &Store,
    ) -> Result<Vec<Vec<Value>>, Refusal> {
        let Some(paging) = &operation.paging else { return Ok(Vec::new()) };
        let mut lists = match store.collection(&self.api, operation) {
            Some(things) => vec![things],
            None => self.lists.get(&operation.id).cloned().unwrap_or_default(),
        };
        for filter in &paging.filters {
            let Some(value) = arguments.query(&filter.parameter) else { continue };
            narrow(&mut lists, filter, &plain(value))?;
        }
        self.sort(&mut lists, (operation, paging), arguments)?;
        Ok(lists)
    }

    fn sort(
        &self,
        lists: &mut [Vec<Value>],
        (operation, paging): (&Operation, &Paging),
        arguments: &Arguments,
    ) -> Result<(), Refusal> {
        let Some(sort) = &paging.sort else { return Ok(()) };
        if let Some(value) = arguments.query(&sort.parameter) {
            let is_known = plain(value) == sort.value;
            if !is_known && !self.is_listed(operation, &sort.parameter) {
                return sort.unknown.first().map_or(Ok(()), |status| Err(Refusal::Status(*status)));
            }
            if let Some(field) = sort.field.as_ref().filter(|_| is_known) {
                let key = |item: &Value| field.get(item).map(plain).unwrap_or_default();
                lists.iter_mut().for_each(|list| list.sort_by_cached_key(key));
            }
        }
        let reversed = sort.reversed.as_ref().and_then(|name| arguments.query(name));
        if reversed == Some(&Value::Bool(true)) {
            lists.iter_mut().for_each(|list| list.reverse());
        }
        Ok(())
    }

    /// Whether the schema of a parameter lists its values: then each that passed it is a good one.
    fn is_listed(&self, operation: &Operation, parameter: &str) -> bool {
        let known = operation.parameters.iter().find(|known| known.name == *parameter);
        let schema = known.and_then(|known| self.made.schemas().get(known.schema));
        schema.is_some_and(|schema| matches!(schema.shape, Shape::Enumeration(_)))
    }

    fn window(&self, operation: &Operation, paging: &Paging, arguments: &Arguments) -> Window {
        let given = |name: &Option<String>| {
            let name = name.as_ref()?;
            let parameter = operation.parameters.iter().find(|known| known.name == *name)?;
            let default = || self.made.schemas().get(parameter.schema)?.default.as_ref();
            arguments.query(name).or_else(default)
        };
        let number = |name: &Option<String>| {
            given(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
        };
        let as_size = |size: Option<u64>| size.and_then(|size| usize::try_from(size).ok());
        let size = number(&paging.limit).filter(|size| *size > 0 || !paging.zero_is_absent);
        let size = size.or_else(|| as_size(paging.default_page)).unwrap_or(usize::MAX);
        let size = as_size(paging.max_page).map_or(size, |most| size.min(most));
        let skip = match paging.style {
            PagingStyle::Offset => number(&paging.offset),
            PagingStyle::Page => number(&paging.page).map(|page| {
                let first = self.first_page(operation, paging);
                page.saturating_sub(first).saturating_mul(size)
            }),
            PagingStyle::Cursor => {
                given(&paging.cursor).and_then(|token| plain(token).parse().ok())
            }
            PagingStyle::LinkHeader | PagingStyle::None => None,
        };
        Window { skip: skip.unwrap_or(0), size }
    }

    /// The number of the first page: the default, else the least, else 1.
    fn first_page(&self, operation: &Operation, paging: &Paging) -> usize {
        let parameter =
            operation.parameters.iter().find(|known| Some(&known.name) == paging.page.as_ref());
        let schema = parameter.and_then(|parameter| self.made.schemas().get(parameter.schema));
        let default = schema.and_then(|schema| schema.default.as_ref()?.as_u64());
        let least = schema.and_then(|schema| match &schema.shape {
            Shape::Integer { minimum, .. } => minimum.as_ref()?.value.as_u64(),
            _ => None,
        });
        default.or(least).and_then(|number| usize::try_from(number).ok()).unwrap_or(1)
    }
}

fn narrow(lists: &mut [Vec<Value>], filter: &Filter, value: &str) -> Result<(), Refusal> {
    let Some(field) = &filter.field else { return Ok(()) };
    let value = match &filter.syntax {
        None => value,
        Some(syntax) => match unwrapped(syntax, value) {
            Some(value) => value,
            // A term that means nothing here narrows nothing.
            None => return Ok(()),
        },
    };
    let selector = match filter.matches {
        FilterMatch::LabelSelector => Some(selector(value).ok_or(Fault::Invalid)?),
        _ => None,
    };
    let keeps = |item: &Value| {
        let member = field.get(item).unwrap_or(&Value::Null);
        match (&filter.matches, &selector) {
            (FilterMatch::Scope(_), _) => true,
            (_, Some(selector)) => selector.iter().all(|term| term.holds(member)),
            (FilterMatch::Equals, _) => holds(member, |text| text == value),
            _ => holds(member, |text| text.contains(value)),
        }
    };
    for list in lists {
        list.retain(keeps);
    }
    Ok(())
}

/// Whether a member, or an item of one that is a list, is like that.
fn holds(member: &Value, is_it: impl Fn(&str) -> bool) -> bool {
    match member {
        Value::Array(items) => items.iter().any(|item| is_it(&plain(item))),
        Value::Null => false,
        other => is_it(&plain(other)),
    }
}

/// The value inside a syntax such as `name:{value}`.
fn unwrapped<'v>(syntax: &str, written: &'v str) -> Option<&'v str> {
    let (before, after) = syntax.split_once("{value}")?;
    written.strip_prefix(before)?.strip_suffix(after)
}

/// A requirement of a label selector.
enum Term<'v> {
    Equals(&'v str, &'v str),
    Differs(&'v str, &'v str),
    Exists(&'v str),
    Lacks(&'v str),
}

impl Term<'_> {
    fn holds(&self, labels: &Value) -> bool {
        let label = |name: &str| labels.get(name).map(plain);
        match self {
            Self::Equals(name, value) => label(name).as_deref() == Some(*value),
            Self::Differs(name, value) => label(name).as_deref() != Some(*value),
            Self::Exists(name) => label(name).is_some(),
            Self::Lacks(name) => label(name).is_none(),
        }
    }
}

fn selector(text: &str) -> Option<Vec<Term<'_>>> {
    text.split(',').map(|term| self::term(term.trim())).collect()
}

fn term(text: &str) -> Option<Term<'_>> {
    let is_name = |name: &&str| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
    };
    let is_value = |value: &&str| value.is_empty() || is_name(value);
    if let Some((name, value)) = text.split_once("!=") {
        return is_name(&name.trim())
            .then_some(value.trim())
            .filter(is_value)
            .map(|value| Term::Differs(name.trim(), value));
    }
    if let Some((name, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        return is_name(&name.trim())
            .then_some(value.trim())
            .filter(is_value)
            .map(|value| Term::Equals(name.trim(), value));
    }
    match text.strip_prefix('!') {
        Some(name) => Some(name).filter(is_name).map(Term::Lacks),
        None => Some(text).filter(is_name).map(Term::Exists),
    }
}
