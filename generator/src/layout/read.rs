//! Text → tokens, as a compiler takes it, for the part of the language that is printed here. Allocates nothing; whatever
//! it does not know, comments among them, is no token.

use proc_macro2::Delimiter;

use super::token::Kind;

/// A token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'t> {
    pub(super) kind: Kind,
    /// Whether another mark follows at once.
    pub(super) joint: bool,
    pub(super) text: &'t str,
}

/// Reads one token after another.
#[derive(Clone, Debug)]
pub(super) struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    /// At the beginning of a text.
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'t str {
        self.rest.trim_start_matches([' ', '\n'])
    }

    /// Goes on behind so many bytes of that.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.rest = self.rest().get(bytes..).unwrap_or_default();
    }

    /// The next token; one of kind `End` at the end. `None` for what is no token.
    pub(super) fn next(&mut self) -> Option<Found<'t>> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            self.rest = rest;
            return Some(Found { kind: Kind::End, joint: false, text: "" });
        };
        let (kind, length) = match first {
            '/' if rest.starts_with("//") => return self.comment(rest),
            '/' if rest.starts_with("/*") => return None,
            '(' => (Kind::Open(Delimiter::Parenthesis), 1),
            '[' => (Kind::Open(Delimiter::Bracket), 1),
            '{' => (Kind::Open(Delimiter::Brace), 1),
            ')' => (Kind::Close(Delimiter::Parenthesis), 1),
            ']' => (Kind::Close(Delimiter::Bracket), 1),
            '}' => (Kind::Close(Delimiter::Brace), 1),
            '"' => (Kind::Literal, quoted(rest, '"')?),
            '\'' if is_lifetime(rest) => (Kind::Mark('\''), 1),
            '\'' => (Kind::Literal, quoted(rest, '\'')?),
            '0'..='9' => (Kind::Literal, number(rest)),
            _ if begins_word(first) => word(rest)?,
            _ if is_mark(first) => (Kind::Mark(first), 1),
            _ => return None,
        };
        let text = rest.get(..length)?;
        self.rest = rest.get(length..)?;
        let follows = self.rest.starts_with(|next| is_mark(next) || next == '\'');
        let joint = kind == Kind::Mark('\'') || matches!(kind, Kind::Mark(_)) && follows;
        Some(Found { kind, joint, text })
    }

    /// A line of a doc comment; any other comment says nothing that was planned.
    fn comment(&mut self, rest: &'t str) -> Option<Found<'t>> {
        let inner = rest.starts_with("//!");
        let outer = rest.starts_with("///") && !rest.starts_with("////");
        let (text, after) = rest.get(3..)?.split_once('\n')?;
        self.rest = after;
        let is_doc = (inner || outer) && !text.contains('\r');
        is_doc.then_some(Found { kind: Kind::Doc { inner }, joint: false, text })
    }
}

fn is_mark(char: char) -> bool {
    matches!(char, '!' | '#'..='&' | '*'..='/' | ':'..='@' | '^' | '|' | '~')
}

fn begins_word(char: char) -> bool {
    char.is_ascii_alphabetic() || char == '_'
}

fn length_of_word(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// A word, a raw one, or a literal that begins with a letter.
fn word(text: &str) -> Option<(Kind, usize)> {
    let length = length_of_word(text);
    let (word, after) = text.split_at_checked(length)?;
    match (word, after.chars().next()) {
        ("r", Some('"')) => {
            let end = after.get(1..)?.find('"')?;
            Some((Kind::Literal, end + 3))
        }
        ("r", Some('#')) => {
            let raw = length_of_word(after.get(1..)?);
            (raw > 0).then_some((Kind::Word, raw + 2))
        }
        ("b", Some(quote @ ('"' | '\''))) => Some((Kind::Literal, quoted(after, quote)? + 1)),
        (_, Some('"' | '\'' | '#')) => None,
        _ => Some((Kind::Word, length)),
    }
}

/// A quotation mark and a word that no quotation mark ends.
fn is_lifetime(text: &str) -> bool {
    let after = text.get(1..).unwrap_or_default();
    after.starts_with(begins_word)
        && !after.get(length_of_word(after)..).unwrap_or_default().starts_with('\'')
}

/// The length of what stands in those quotation marks, with them.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        let found = text.get(at..)?.find(['\\', quote])?;
        at += found;
        if text.get(at..)?.starts_with(quote) {
            return Some(at + 1);
        }
        let escaped = text.get(at + 1..)?.chars().next()?;
        at += 1 + escaped.len_utf8();
    }
}

fn number(text: &str) -> usize {
    let whole = length_of_word(text);
    let after = text.get(whole..).unwrap_or_default();
    let fraction = after
        .strip_prefix('.')
        .filter(|fraction| fraction.starts_with(|digit: char| digit.is_ascii_digit()));
    let with_fraction = whole + fraction.map_or(0, |fraction| 1 + length_of_word(fraction));
    let read = text.get(..with_fraction).unwrap_or_default();
    let after = text.get(with_fraction..).unwrap_or_default();
    let has_exponent = read.ends_with(['e', 'E']) && !read.starts_with("0x");
    match after.strip_prefix(['+', '-']).filter(|_| has_exponent) {
        Some(exponent) => with_fraction + 1 + length_of_word(exponent),
        None => with_fraction,
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::Tokens;
    use super::*;

    /// What `proc_macro2` reads in a text is what is read here.
    #[test]
    fn a_text_is_read_as_others_read_it() {
        let text = "//! A \"x\".\n#![a]\n/// B \\ é\nfn f<'a>(&self, b: &'a str) -> Option<Vec<u8>> {\n    let x = 'c' as u8 + b'\\'' + 0x1e - 3;\n    r#type(\"a\\\"b\\\\\", r\"\\d\", b\"x\", '\\u{1f600}', 1.5e-3, 1e16, 2.0f64, 1_000u64);\n    self.0.get(0..=5, x..y, |&z| z >= 1 && !w || v != 2)?;\n    'l: loop {}\n}\n";
        let mut tokens = Tokens::default();
        tokens.add(text.parse().unwrap());
        let mut reader = Reader::new(text);
        for index in 0..tokens.len() {
            let found = reader.next().unwrap();
            let expected = (tokens.at(index).kind, tokens.text(index));
            assert_eq!((found.kind, found.text), expected);
            let joint = tokens.at(index).joint;
            assert!(found.joint || !joint, "{found:?}");
        }
        assert_eq!(reader.next().unwrap().kind, Kind::End);
    }

    #[test]
    fn what_was_never_printed_is_no_token() {
        for text in [
            "// a\n", "/* a */", "//// a\n", "/// a", "\"a", "é", "r#\"a\"#", "c\"a\"", "\u{200b}",
            "'", "\t",
        ] {
            assert_eq!(Reader::new(text).next(), None, "{text:?}");
        }
    }
}
