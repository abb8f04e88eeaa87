//! The `lines` and `text-lines` layouts of `x-frames`.

use crate::contract::{Lines, Terminated, TextLines};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

const TERMINATED: [(&str, Terminated); 2] =
    [("all", Terminated::All), ("except-final", Terminated::ExceptFinal)];

/// What a parameter may do to lines of text.
const OPTIONS: [&str; 6] = ["tail", "bytes", "since", "since-time", "timestamps", "follow"];

impl<'d> Lowering<'d, '_> {
    /// One JSON document a line.
    pub(super) fn lines(&mut self, cursor: &Cursor<'d>) -> Option<Lines> {
        let last = match cursor.get("final") {
            Some(last) => {
                let last = self.mapping(last)?;
                Some(self.needed_pointer(&last, "when")?)
            }
            None => None,
        };
        Some(Lines {
            item: cursor.get("item").map(|item| self.schema_id(&item)),
            last,
            alternatives: self.pointers(cursor, "alternatives"),
            identity: self.pointers(cursor, "identity"),
            terminated: self.word(cursor, "terminated", &TERMINATED).unwrap_or(Terminated::All),
        })
    }

    /// Lines of text.
    pub(super) fn text_lines(&mut self, cursor: &Cursor<'d>) -> Option<TextLines> {
        let mut lines = TextLines::default();
        let Some(options) = cursor.get("options") else { return Some(lines) };
        let options = self.mapping(options)?;
        for key in OPTIONS {
            lines.options.extend(self.text(&options, key).map(|name| (key.to_owned(), name)));
        }
        Some(lines)
    }
}
