//! The parameters of `x-pagination` that order and narrow a list.

use crate::contract::{Filter, FilterMatch, Sort};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

/// The ways in which a filter and a member compare, and whether a member must be named.
const MATCHES: [(&str, &str); 5] = [
    ("equals", "equals"),
    ("contains", "contains"),
    ("label-selector", "label-selector"),
    ("narrows", "narrows"),
    ("scope", "scope"),
];

impl<'d> Lowering<'d, '_> {
    /// How to ask for a stable order.
    pub(super) fn sort(&mut self, paging: &Cursor<'d>) -> Option<Sort> {
        let cursor = self.mapping(paging.get("sort")?)?;
        Some(Sort {
            parameter: self.needed_text(&cursor, "param")?,
            value: self.needed_text(&cursor, "value")?,
            field: self.pointer(&cursor, "field"),
            reversed: self.text(&cursor, "reversed"),
            unknown: cursor.get("unknown").map(|list| self.statuses_of(&list)).unwrap_or_default(),
        })
    }

    /// The parameters that narrow a list.
    pub(super) fn filters(&mut self, paging: &Cursor<'d>) -> Vec<Filter> {
        self.list(paging, "filters").into_iter().filter_map(|cursor| self.filter(cursor)).collect()
    }

    fn filter(&mut self, cursor: Cursor<'d>) -> Option<Filter> {
        let cursor = self.mapping(cursor)?;
        let parameter = self.needed_text(&cursor, "param")?;
        self.needed(&cursor, "match")?;
        let matches = match self.word(&cursor, "match", &MATCHES)? {
            "equals" => FilterMatch::Equals,
            "contains" => FilterMatch::Contains,
            "label-selector" => FilterMatch::LabelSelector,
            "scope" => FilterMatch::Scope(self.needed_value(&cursor, "all")?),
            _ => FilterMatch::Narrows,
        };
        if !matches!(matches, FilterMatch::Narrows | FilterMatch::Scope(_)) {
            self.needed(&cursor, "field")?;
        }
        let syntax = self.syntax(&cursor);
        Some(Filter { parameter, field: self.pointer(&cursor, "field"), matches, syntax })
    }

    /// A template in which `{value}` stands for a member's value.
    fn syntax(&mut self, cursor: &Cursor<'d>) -> Option<String> {
        let found = cursor.get("syntax")?;
        let syntax = self.text_of(&found)?;
        if syntax.contains("{value}") {
            return Some(syntax);
        }
        self.wrong_extension(&found, "a text in which `{value}` stands for the value");
        None
    }
}
