//! Reads the keys of an extension, each with a diagnostic where its shape is wrong.

use serde_json::Value;

use crate::contract::Pointer;
use crate::document::{Scalar, Value as NodeValue};
use crate::resolve::Cursor;

use super::context::Lowering;

impl<'d> Lowering<'d, '_> {
    /// Says that the value at `cursor` is not what it should be.
    pub(super) fn wrong_extension(&mut self, cursor: &Cursor<'d>, wanted: &str) {
        self.error(
            "wrong-value",
            &cursor.place(),
            format_args!("`{}` is not {wanted}", cursor.key()),
            format_args!("write {wanted}"),
        );
    }

    /// The value that must stand under `key`.
    pub(super) fn needed(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<Cursor<'d>> {
        let found = cursor.get(key);
        if found.is_none() {
            self.error(
                "missing-key",
                &cursor.place(),
                format_args!("`{key}` is missing"),
                format_args!("add `{key}`"),
            );
        }
        found
    }

    /// The mapping at `cursor`.
    pub(super) fn mapping(&mut self, cursor: Cursor<'d>) -> Option<Cursor<'d>> {
        if cursor.node().mapping().is_some() {
            return Some(cursor);
        }
        self.wrong_extension(&cursor, "a mapping");
        None
    }

    /// A non-empty text at `cursor`.
    pub(super) fn text_of(&mut self, cursor: &Cursor<'d>) -> Option<String> {
        let text = cursor.node().string().filter(|text| !text.is_empty()).map(str::to_owned);
        if text.is_none() {
            self.wrong_extension(cursor, "a text");
        }
        text
    }

    /// The text under `key`, if there is one.
    pub(super) fn text(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<String> {
        self.text_of(&cursor.get(key)?)
    }

    /// The text that must stand under `key`.
    pub(super) fn needed_text(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<String> {
        let found = self.needed(cursor, key)?;
        self.text_of(&found)
    }

    /// The texts of a list under `key`.
    pub(super) fn texts(&mut self, cursor: &Cursor<'d>, key: &str) -> Vec<String> {
        self.list(cursor, key).iter().filter_map(|item| self.text_of(item)).collect()
    }

    /// `true` or `false` under `key`.
    pub(super) fn flag(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<bool> {
        let found = cursor.get(key)?;
        match &found.node().value {
            NodeValue::Scalar(Scalar::Bool(flag)) => Some(*flag),
            _ => {
                self.wrong_extension(&found, "`true` or `false`");
                None
            }
        }
    }

    /// A whole number from 0 under `key`.
    pub(super) fn count(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<u64> {
        let found = cursor.get(key)?;
        self.count_of(&found)
    }

    /// A whole number from 0 at `cursor`.
    pub(super) fn count_of(&mut self, cursor: &Cursor<'d>) -> Option<u64> {
        let count = match &cursor.node().value {
            NodeValue::Scalar(Scalar::Number(number)) => number.as_u64(),
            _ => None,
        };
        if count.is_none() {
            self.wrong_extension(cursor, "a whole number from 0");
        }
        count
    }

    /// A status code at `cursor`.
    pub(super) fn status_of(&mut self, cursor: &Cursor<'d>) -> Option<u16> {
        let count = match &cursor.node().value {
            NodeValue::Scalar(Scalar::Number(number)) => number.as_u64(),
            _ => None,
        };
        let status = count.and_then(|count| u16::try_from(count).ok());
        let status = status.filter(|status| (100..=599).contains(status));
        if status.is_none() {
            self.wrong_extension(cursor, "a status code from 100 to 599");
        }
        status
    }

    /// The status codes of a list at `cursor`.
    pub(super) fn statuses_of(&mut self, cursor: &Cursor<'d>) -> Vec<u16> {
        self.list_of(cursor).iter().filter_map(|item| self.status_of(item)).collect()
    }

    /// A JSON pointer at `cursor`.
    pub(super) fn pointer_of(&mut self, cursor: &Cursor<'d>) -> Option<Pointer> {
        let pointer = cursor.node().string().and_then(Pointer::parse);
        if pointer.is_none() {
            self.wrong_extension(cursor, "a JSON pointer such as `/items`");
        }
        pointer
    }

    /// The JSON pointer under `key`, if there is one.
    pub(super) fn pointer(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<Pointer> {
        self.pointer_of(&cursor.get(key)?)
    }

    /// The JSON pointer that must stand under `key`.
    pub(super) fn needed_pointer(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<Pointer> {
        let found = self.needed(cursor, key)?;
        self.pointer_of(&found)
    }

    /// The JSON pointers of a list under `key`.
    pub(super) fn pointers(&mut self, cursor: &Cursor<'d>, key: &str) -> Vec<Pointer> {
        self.list(cursor, key).iter().filter_map(|item| self.pointer_of(item)).collect()
    }

    /// The items of a list under `key`.
    pub(super) fn list(&mut self, cursor: &Cursor<'d>, key: &str) -> Vec<Cursor<'d>> {
        cursor.get(key).map(|found| self.list_of(&found)).unwrap_or_default()
    }

    /// The items of the list at `cursor`.
    pub(super) fn list_of(&mut self, cursor: &Cursor<'d>) -> Vec<Cursor<'d>> {
        if cursor.node().sequence().is_none() {
            self.wrong_extension(cursor, "a list");
        }
        cursor.items().collect()
    }

    /// One of the listed words under `key`.
    pub(super) fn word<T: Copy>(
        &mut self,
        cursor: &Cursor<'d>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        self.word_of(&cursor.get(key)?, words)
    }

    /// One of the listed words at `cursor`.
    pub(super) fn word_of<T: Copy>(
        &mut self,
        found: &Cursor<'d>,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = found.node().string();
        let meaning =
            words.iter().find(|(word, _)| Some(*word) == text).map(|(_, meaning)| *meaning);
        if meaning.is_none() {
            let listed: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.wrong_extension(found, &format!("one of {}", listed.join(", ")));
        }
        meaning
    }

    /// Any value that must stand under `key`.
    pub(super) fn needed_value(&mut self, cursor: &Cursor<'d>, key: &str) -> Option<Value> {
        self.needed(cursor, key).map(|found| found.node().to_json())
    }
}
