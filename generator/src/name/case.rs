//! Text of a document → a Rust identifier. Knows no scope: two texts may give the same identifier.

use std::fmt;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};

/// A Rust identifier: ASCII, no keyword, at most a hundred characters, a further part and a suffix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// What `text` is called in that case.
    #[must_use]
    pub fn new(text: &str, case: Case) -> Self {
        Self::cut(text, case, LONGEST)
    }

    fn cut(text: &str, case: Case, longest: usize) -> Self {
        let words = words(text);
        let cased = case.apply(&words);
        let short: String = cased.chars().take(longest).collect();
        let name = if short.starts_with(|first: char| first.is_ascii_alphabetic()) {
            short
        } else {
            case.apply(&format!("{} {words}", case.prefix())).chars().take(longest).collect()
        };
        Self(case.spare_reserved(name))
    }

    /// This name and a further part, as one. Longer than other names, so that the part is not cut off from a long name.
    #[must_use]
    pub fn join(&self, text: &str, case: Case) -> Self {
        Self::cut(&format!("{} {text}", self.0), case, LONGEST + PART)
    }

    /// The same name told apart by a number.
    #[must_use]
    pub(super) fn numbered(&self, number: usize, case: Case) -> Self {
        let base = self.0.trim_end_matches('_');
        match case {
            Case::Type | Case::Variant => Self(format!("{base}{number}")),
            Case::Value | Case::Module => Self(format!("{base}_{number}")),
            Case::Constant => Self(format!("{base}_{number}")),
        }
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append(Ident::new(&self.0, Span::call_site()));
    }
}

/// What kind of thing an identifier stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// A type or trait.
    Type,
    /// A variant of an enum.
    Variant,
    /// A field, parameter, function or variable.
    Value,
    /// A module, and the file it is in.
    Module,
    /// A constant or static.
    Constant,
}

impl Case {
    fn apply(self, words: &str) -> String {
        match self {
            Self::Type | Self::Variant => words.to_upper_camel_case(),
            Self::Value | Self::Module => words.to_snake_case(),
            Self::Constant => words.to_shouty_snake_case(),
        }
    }

    /// Stands before what cannot begin an identifier, and for what has no letter at all.
    fn prefix(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Variant | Self::Constant => "value",
            Self::Value => "field",
            Self::Module => "module",
        }
    }

    fn spare_reserved(self, name: String) -> String {
        let reserved = match self {
            Self::Type => lists(TYPES, &name),
            Self::Variant => name == "Self",
            Self::Value => lists(KEYWORDS, &name),
            Self::Module => lists(KEYWORDS, &name) || lists(MODULES, &name),
            Self::Constant => false,
        };
        match self {
            _ if !reserved => name,
            Self::Type => name + "Type",
            Self::Module => name + "_module",
            _ => name + "_",
        }
    }
}

fn lists(words: &str, name: &str) -> bool {
    words.split_whitespace().any(|word| word == name)
}

/// No identifier made from a document is longer, in characters.
const LONGEST: usize = 100;

/// A further part may make it so much longer.
const PART: usize = 60;

/// Keywords of every edition, strict and reserved (The Rust Reference, keywords).
const KEYWORDS: &str = "
    abstract as async await become box break const continue crate do dyn else enum extern
    false final fn for gen if impl in let loop macro match mod move mut override priv pub
    ref return self static struct super trait true try type typeof unsafe unsized use
    virtual where while yield";

/// Names that emitted code uses without a path, and would hide if it defined them.
const TYPES: &str = "
    AsRef BTreeMap Box Clone Copy Debug Decode Default Deserialize Deserializer Display Drop
    Eq Err Extend Fn FnMut FnOnce From FromIterator FromStr Future Hash Into IntoFuture
    IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result Self Send Serialize
    Serializer Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec";

/// Module names with a meaning of their own: to the output, to the language, or to a file system.
const MODULES: &str = "
    alloc aux com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 con core lib lpt0 lpt1 lpt2
    lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 main models nul prn serde serde_json server std
    streams support";

/// Symbols that mean something inside a name, and those spelled only where there is nothing else.
const SPOKEN: &[(char, &str)] = &[
    ('+', "plus"),
    ('<', "less"),
    ('>', "greater"),
    ('=', "equals"),
    ('!', "not"),
    ('*', "star"),
    ('%', "percent"),
    ('&', "and"),
    ('|', "or"),
    ('^', "caret"),
    ('~', "tilde"),
];
const SPOKEN_ALONE: &[(char, &str)] = &[
    ('-', "minus"),
    ('_', "underscore"),
    ('.', "dot"),
    (',', "comma"),
    ('/', "slash"),
    ('\\', "backslash"),
    ('$', "dollar"),
    ('@', "at"),
    ('#', "hash"),
    (':', "colon"),
    (';', "semicolon"),
    ('?', "question"),
    ('"', "quote"),
    ('\'', "apostrophe"),
    ('`', "backtick"),
    ('(', "open"),
    (')', "close"),
    ('[', "open"),
    (']', "close"),
    ('{', "open"),
    ('}', "close"),
    (' ', "space"),
];

/// Words apart by spaces or by case, in ASCII.
fn words(text: &str) -> String {
    let text: String = text.chars().take(4 * LONGEST).collect();
    let alone = !text.chars().any(char::is_alphanumeric);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut start = true;
    while let Some(char) = rest.next() {
        let next_is_digit = rest.peek().is_some_and(char::is_ascii_digit);
        match char {
            '-' if start && next_is_digit => out.push_str("minus "),
            _ if char.is_ascii_alphanumeric() => out.push(char),
            _ if char.is_alphanumeric() => out.push_str(&format!(" u{:x} ", u32::from(char))),
            _ => push_symbol(&mut out, char, alone),
        }
        start = false;
    }
    join_plural_acronyms(&out)
}

fn push_symbol(out: &mut String, symbol: char, alone: bool) {
    let spoken = SPOKEN.iter().chain(SPOKEN_ALONE.iter().filter(|_| alone));
    out.push(' ');
    if let Some((_, word)) = spoken.clone().find(|(char, _)| *char == symbol) {
        out.push_str(word);
        out.push(' ');
    }
}

/// `hostIPs` is one address, several times: `host ips`, not `host i ps`.
fn join_plural_acronyms(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| chars.get(index)).copied();
    let is_upper = |char: Option<char>| char.is_some_and(|char| char.is_ascii_uppercase());
    (0..)
        .zip(&chars)
        .map(|(index, char)| {
            let before = at(usize::checked_sub(index, 1));
            let two_before = at(usize::checked_sub(index, 2));
            let after = at(usize::checked_add(index, 1));
            let ends =
                after.is_none_or(|char| !char.is_ascii_lowercase() && !char.is_ascii_digit());
            let plural = *char == 's' && ends && is_upper(before) && is_upper(two_before);
            if plural { 'S' } else { *char }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_identifiers() {
        let cases = [
            ("ship_name", "ship_name", "ShipName"),
            ("shipIDs", "ship_ids", "ShipIds"),
            ("listA3Ships", "list_a3_ships", "ListA3Ships"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("X-Request-Id", "x_request_id", "XRequestId"),
            ("page.sortBy.member", "page_sort_by_member", "PageSortByMember"),
            ("@type", "type_", "Type"),
            ("+1", "plus_1", "Plus1"),
            ("-1", "minus_1", "Minus1"),
            ("1", "field_1", "Type1"),
            ("", "field", "Type"),
            ("_", "underscore", "Underscore"),
            ("/", "slash", "Slash"),
            ("self", "self_", "SelfType"),
            ("gen", "gen_", "Gen"),
            ("größe", "gr_uf6_udf_e", "GrUf6UdfE"),
            ("Option", "option", "OptionType"),
            ("r#type", "r_type", "RType"),
            ("a\"; fn x() {} //", "a_fn_x", "AFnX"),
        ];
        for (text, value, kind) in cases {
            assert_eq!(Name::new(text, Case::Value).as_str(), value, "{text:?}");
            assert_eq!(Name::new(text, Case::Type).as_str(), kind, "{text:?}");
        }
    }

    #[test]
    fn every_name_is_an_identifier() {
        for text in [
            "con",
            "models",
            "💥",
            "\u{202e}x",
            "a".repeat(5000).as_str(),
            "\0",
            "Self",
            "9".repeat(300).as_str(),
        ] {
            for case in [Case::Type, Case::Variant, Case::Value, Case::Module, Case::Constant] {
                let name = Name::new(text, case);
                assert!(syn::parse_str::<Ident>(name.as_str()).is_ok(), "{text:?} gives {name}");
                assert!(name.as_str().len() < 120);
            }
        }
    }
}
