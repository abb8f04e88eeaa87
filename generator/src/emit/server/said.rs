//! Long texts that stand with many operations: in full at the first, by its beginning at the others.

use std::collections::{BTreeMap, HashMap};

use proc_macro2::TokenStream;

use super::stub::Stub;
use crate::emit::doc;

/// What was said of parameters of earlier operations.
#[derive(Default)]
pub(super) struct Said {
    /// Long texts, and where they stand.
    long: BTreeMap<String, String>,
    /// Every text, as a doc comment. Most are those of parameters that many operations have.
    docs: HashMap<String, TokenStream>,
}

impl Said {
    /// A text, or, where it is long and was said before, how it begins and where it stands.
    pub(super) fn once(&mut self, text: &str, stub: &Stub<'_>) -> String {
        if text.len() <= LONG {
            return text.to_owned();
        }
        let Some(earlier) = self.long.get(text) else {
            self.long.insert(text.to_owned(), stub.request().to_string());
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

    /// The doc comment of a text.
    pub(super) fn doc(&mut self, text: String) -> TokenStream {
        self.docs.entry(text).or_insert_with_key(|text| doc::outer(text)).clone()
    }
}

/// Texts that are longer, in bytes, are said once.
const LONG: usize = 200;
