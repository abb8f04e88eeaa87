//! `x-pagination`: how a list is walked.

use crate::contract::{Expired, OutOfRange, Paging, PagingStyle, Snapshot};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

const STYLES: [(&str, PagingStyle); 5] = [
    ("offset", PagingStyle::Offset),
    ("cursor", PagingStyle::Cursor),
    ("page", PagingStyle::Page),
    ("link-header", PagingStyle::LinkHeader),
    ("none", PagingStyle::None),
];

const OUT_OF_RANGE: [(&str, OutOfRange); 3] =
    [("refuse", OutOfRange::Refuse), ("clamp", OutOfRange::Clamp), ("either", OutOfRange::Either)];

impl<'d> Lowering<'d, '_> {
    /// How the list of an operation is walked.
    pub(in crate::lower) fn paging(&mut self, operation: &Cursor<'d>) -> Option<Paging> {
        let cursor = self.mapping(operation.get("x-pagination")?)?;
        self.needed(&cursor, "style")?;
        let style = self.word(&cursor, "style", &STYLES)?;
        for key in needed_parameters(style) {
            self.needed(&cursor, key)?;
        }
        self.needed(&cursor, "items")?;
        let items = self.pointers(&cursor, "items");
        if items.is_empty() {
            return None;
        }
        Some(Paging {
            style,
            limit: self.text(&cursor, "limit"),
            offset: self.text(&cursor, "offset"),
            cursor: self.text(&cursor, "cursor"),
            page: self.text(&cursor, "page"),
            items,
            total: self.pointer(&cursor, "total"),
            next: self.pointer(&cursor, "next"),
            after: self.pointer(&cursor, "after"),
            more: self.pointer(&cursor, "more"),
            remaining: self.pointer(&cursor, "remaining"),
            identity: self.pointers(&cursor, "identity"),
            out_of_range: self.word(&cursor, "out-of-range", &OUT_OF_RANGE),
            max_page: self.count(&cursor, "max-page"),
            default_page: self.count(&cursor, "default-page"),
            zero_is_absent: self.word(&cursor, "zero", &[("absent", true)]).unwrap_or_default(),
            sort: self.sort(&cursor),
            filters: self.filters(&cursor),
            snapshot: self.snapshot(&cursor),
            expired: self.expired(&cursor),
            not_when: self.not_when(&cursor),
            inferred: false,
            place: cursor.place(),
        })
    }

    fn snapshot(&mut self, paging: &Cursor<'d>) -> Option<Snapshot> {
        let cursor = self.mapping(paging.get("snapshot")?)?;
        self.needed(&cursor, "consistent")?;
        let consistent = self.flag(&cursor, "consistent")?;
        Some(Snapshot { consistent, version: self.pointer(&cursor, "version") })
    }

    fn expired(&mut self, paging: &Cursor<'d>) -> Option<Expired> {
        let cursor = self.mapping(paging.get("expired")?)?;
        let status = self.needed(&cursor, "status")?;
        let status = self.status_of(&status)?;
        Some(Expired { status, next: self.pointer(&cursor, "next") })
    }

    fn not_when(&mut self, paging: &Cursor<'d>) -> Option<(String, serde_json::Value)> {
        let cursor = self.mapping(paging.get("not-when")?)?;
        let query = self.needed_text(&cursor, "query")?;
        Some((query, self.needed_value(&cursor, "equals")?))
    }
}

/// The parameters without which a style cannot be walked.
fn needed_parameters(style: PagingStyle) -> &'static [&'static str] {
    match style {
        PagingStyle::Offset => &["limit", "offset"],
        PagingStyle::Cursor => &["cursor"],
        PagingStyle::Page => &["page"],
        PagingStyle::LinkHeader | PagingStyle::None => &[],
    }
}
