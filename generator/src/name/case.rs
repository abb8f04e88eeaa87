//! Text of a document → a Rust identifier. Knows no scope: two texts may give the same identifier.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

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
        let mut name = case.apply(&words);
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            name = case.apply(&format!("{} {words}", case.prefix()));
        }
        name.truncate(longest);
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
    /// Puts ASCII words together.
    fn apply(self, words: &str) -> String {
        let mut out = String::with_capacity(words.len() + 8);
        for word in split(words) {
            match self {
                Self::Type | Self::Variant => {}
                _ if !out.is_empty() => out.push('_'),
                _ => {}
            }
            let from = out.len();
            out.push_str(word);
            let Some(put) = out.get_mut(from..) else { continue };
            match self {
                Self::Type | Self::Variant => {
                    put.make_ascii_lowercase();
                    put.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
                }
                Self::Value | Self::Module => put.make_ascii_lowercase(),
                Self::Constant => put.make_ascii_uppercase(),
            }
        }
        out
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
            Self::Type => TYPES.contains(name.as_str()),
            Self::Variant => name == "Self",
            Self::Value => KEYWORDS.contains(name.as_str()),
            Self::Module => KEYWORDS.contains(name.as_str()) || MODULES.contains(name.as_str()),
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

/// Words as `heck` takes them: apart by anything that is no letter or digit, before a capital behind a small letter, and
/// before the last of several capitals that a small letter follows.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|char: char| !char.is_ascii_alphanumeric()).flat_map(|run| {
        let mut rest = run;
        std::iter::from_fn(move || {
            let (word, after) = rest.split_at_checked(first_word(rest.as_bytes()))?;
            rest = after;
            (!word.is_empty()).then_some(word)
        })
    })
}

/// The length of the first word of letters and digits.
fn first_word(run: &[u8]) -> usize {
    let mut after_capital = false;
    let mut is_small = false;
    for (at, pair) in (0_usize..).zip(run.windows(2)) {
        let &[char, next] = pair else { break };
        if char.is_ascii_uppercase() && after_capital && next.is_ascii_lowercase() {
            return at;
        }
        if char.is_ascii_lowercase() || char.is_ascii_uppercase() {
            (is_small, after_capital) = (char.is_ascii_lowercase(), char.is_ascii_uppercase());
        }
        if is_small && next.is_ascii_uppercase() {
            return at + 1;
        }
    }
    run.len()
}

type Words = LazyLock<HashSet<&'static str>>;

/// No identifier made from a document is longer, in characters.
const LONGEST: usize = 100;

/// A further part may make it so much longer.
const PART: usize = 60;

/// Keywords of every edition, strict and reserved (The Rust Reference, keywords).
static KEYWORDS: Words = LazyLock::new(|| {
    "
    abstract as async await become box break const continue crate do dyn else enum extern
    false final fn for gen if impl in let loop macro match mod move mut override priv pub
    ref return self static struct super trait true try type typeof unsafe unsized use
    virtual where while yield"
        .split_whitespace()
        .collect()
});

/// Names that emitted code uses without a path, and would hide if it defined them.
static TYPES: Words = LazyLock::new(|| {
    "
    AsRef BTreeMap Box Clone Copy Debug Decode Default Deserialize Deserializer Display Drop
    Eq Err Extend Fn FnMut FnOnce From FromIterator FromStr Future Hash Into IntoFuture
    IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result Self Send Serialize
    Serializer Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec"
        .split_whitespace()
        .collect()
});

/// Module names with a meaning of their own: to the output, to the language, or to a file system.
static MODULES: Words = LazyLock::new(|| {
    "
    alloc aux com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 con core lib lpt0 lpt1 lpt2
    lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 main models nul prn serde serde_json server std
    streams support"
        .split_whitespace()
        .collect()
});

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
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
    if text.len() <= 4 * LONGEST && text.bytes().all(is_plain) && !text.trim().is_empty() {
        return join_plural_acronyms(text.to_owned());
    }
    let end = text.char_indices().nth(4 * LONGEST).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or(text);
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
    join_plural_acronyms(out)
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
fn join_plural_acronyms(mut text: String) -> String {
    let bytes = text.as_bytes();
    let is_plural = |(at, last): &(usize, &[u8])| {
        let after = bytes.get(at + 1);
        matches!(last, [b'A'..=b'Z', b'A'..=b'Z', b's'])
            && after.is_none_or(|char| !char.is_ascii_lowercase() && !char.is_ascii_digit())
    };
    let plurals = (2..).zip(bytes.windows(3)).filter(is_plural).map(|(at, _)| at);
    for at in plurals.collect::<Vec<_>>() {
        text.replace_range(at..=at, "S");
    }
    text
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
    fn words_are_told_apart_as_others_tell_them() {
        use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};
        let pieces = ["a", "B", "1", " ", "_", "CD", "ef", "9G"];
        for number in 0..pieces.len().pow(5) {
            let digits = (0..5).map(|place| number / pieces.len().pow(place) % pieces.len());
            let text: String = digits.map(|digit| pieces[digit]).collect();
            assert_eq!(Case::Type.apply(&text), text.to_upper_camel_case(), "{text}");
            assert_eq!(Case::Value.apply(&text), text.to_snake_case(), "{text}");
            assert_eq!(Case::Constant.apply(&text), text.to_shouty_snake_case(), "{text}");
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
