//! Streams, answered as a whole: lines with their items, any other framing with nothing in it.

use generator::contract::{Content, Layout, Lines, Operation, Pointer};
use serde_json::Value;

use super::made::put;
use super::store::Store;
use super::{Asked, Refusal, Twin};

/// How many items a stream has that is not said to be the same as a list.
const ITEMS: usize = 5;

impl Twin {
    /// The whole of a stream; none for an answer that is none.
    pub(super) fn stream(
        &self,
        asked: &Asked<'_>,
        content: &Content,
        store: &Store,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let rules =
            if content.frames.is_empty() { &asked.operation.frames } else { &content.frames };
        let Some(rule) = rules.first() else { return Ok(None) };
        let Layout::Lines(lines) = &rule.framing.receive else { return Ok(Some(Vec::new())) };
        if !rule.when.is_empty() {
            return Ok(None);
        }
        let items = match self.equivalent(asked.operation) {
            Some((other, each)) => {
                let rows = self.rows(other, &asked.arguments, store)?;
                rows.into_iter()
                    .flatten()
                    .filter_map(|row| self.around(content, lines, each, row))
                    .collect()
            }
            None => self.alone(asked.operation, lines),
        };
        Ok(Some(items.iter().flat_map(|item| format!("{item}\n").into_bytes()).collect()))
    }

    fn equivalent<'a>(&'a self, operation: &'a Operation) -> Option<(&'a Operation, &'a Pointer)> {
        let equivalent = operation.equivalent.as_ref()?;
        Some((self.api.operation(&equivalent.operation)?, &equivalent.each))
    }

    /// An item that holds a row of another list.
    fn around(
        &self,
        content: &Content,
        lines: &Lines,
        each: &Pointer,
        row: Value,
    ) -> Option<Value> {
        let mut item =
            content.examples.first().map(|example| example.value.clone()).unwrap_or_default();
        put(&mut item, each, row);
        lines.item.is_none_or(|id| self.made.is_valid(id, &item)).then_some(item)
    }

    /// Items of their own: with exactly one of the alternatives each, none of which ends the stream.
    fn alone(&self, operation: &Operation, lines: &Lines) -> Vec<Value> {
        let name = format!("{}/lines", operation.id);
        let fits = |item: &Value| {
            let is_there =
                |pointer: &Pointer| pointer.get(item).is_some_and(|value| !value.is_null());
            let alternatives =
                lines.alternatives.iter().filter(|pointer| is_there(pointer)).count();
            let is_last = lines.last.as_ref().is_some_and(is_there);
            (lines.alternatives.is_empty() || alternatives == 1) && !is_last
        };
        let Some(id) = lines.item else { return Vec::new() };
        let mut items = self.made.many(id, &name, ITEMS * 4);
        items.retain(fits);
        items.truncate(ITEMS);
        items
    }
}
