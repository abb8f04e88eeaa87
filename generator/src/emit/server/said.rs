//! Long texts that stand with many operations: in full at the first, by its beginning at the others.

use std::collections::BTreeMap;

use super::stub::Stub;
use crate::emit::doc;

/// Long texts that were said of a parameter of an earlier operation.
#[derive(Default)]
pub(super) struct Said(BTreeMap<String, String>);

impl Said {
    /// A text, or, where it is long and was said before, how it begins and where it stands.
    pub(super) fn once(&mut self, text: &str, stub: &Stub<'_>) -> String {
        if text.len() <= LONG {
            return text.to_owned();
        }
        let Some(earlier) = self.0.get(text) else {
            self.0.insert(text.to_owned(), stub.request().to_string());
            return text.to_owned();
        };
        let line = text.split("\n\n").next().unwrap_or(text);
        let end = line.find(". ").map_or(line.len(), |end| end + 1);
        let sentence = line.get(..end).filter(|sentence| sentence.len() <= LONG);
        let more = format!("As in {}.", doc::code(earlier));
        match sentence {
            Some(sentence) => format!("{sentence} {more}"),
            None => more,
        }
    }
}

/// Texts that are longer, in bytes, are said once.
const LONG: usize = 200;
