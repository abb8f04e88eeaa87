//! Trees of tokens → one flat list, in which every group knows where it ends. Keeps what tokens say and drops how they
//! were come by, so that a planned list and one read back from text can be compared.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or a keyword.
    Word,
    /// A literal, without its sign.
    Literal,
    /// A character of punctuation; part of the next one where it is joint.
    Mark(char),
    /// Where a group begins.
    Open(Delimiter),
    /// Where a group ends.
    Close(Delimiter),
    /// A line of a doc comment, of what follows or of what it stands in.
    Doc { inner: bool },
    /// Behind the last token.
    End,
}

/// A token of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether the next mark belongs to the same operator.
    pub(super) joint: bool,
    /// For the beginning of a group, where it ends; for the end, where it begins.
    pub(super) mate: usize,
    start: usize,
    end: usize,
}

const END: Token = Token { kind: Kind::End, joint: false, mate: 0, start: 0, end: 0 };

/// A list of tokens and their texts.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    text: String,
    list: Vec<Token>,
}

impl Tokens {
    /// Adds all of a tree. A comma before the end of a group is dropped unless it makes a tuple.
    pub(super) fn add(&mut self, stream: TokenStream) {
        for tree in stream {
            match tree {
                TokenTree::Group(group) => {
                    let (delimiter, stream) = (group.delimiter(), group.stream());
                    // Else the trees inside would be copied.
                    drop(group);
                    self.group(delimiter, stream);
                }
                TokenTree::Ident(word) => self.push_shown(Kind::Word, &word),
                TokenTree::Literal(literal) => self.push_shown(Kind::Literal, &literal),
                TokenTree::Punct(mark) => {
                    let text = mark.as_char();
                    self.push(Kind::Mark(text), text.encode_utf8(&mut [0; 4]));
                    if let Some(last) = self.list.last_mut() {
                        last.joint = mark.spacing() == Spacing::Joint;
                    }
                }
            }
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The token of that number.
    pub(super) fn at(&self, index: usize) -> &Token {
        self.list.get(index).unwrap_or(&END)
    }

    /// What a token says; for a line of a doc comment what stands behind the slashes.
    pub(super) fn text(&self, index: usize) -> &str {
        let token = self.at(index);
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// Whether it is that word.
    pub(super) fn is_word(&self, index: usize, word: &str) -> bool {
        self.at(index).kind == Kind::Word && self.text(index) == word
    }

    /// Whether it is that mark.
    pub(super) fn is_mark(&self, index: usize, mark: char) -> bool {
        self.at(index).kind == Kind::Mark(mark)
    }

    /// Whether a group of that kind ends there.
    pub(super) fn is_close(&self, index: usize, delimiter: Delimiter) -> bool {
        self.at(index).kind == Kind::Close(delimiter)
    }

    /// Where the next token of the same group stands.
    pub(super) fn after(&self, index: usize) -> usize {
        match self.at(index).kind {
            Kind::Open(_) => self.at(index).mate + 1,
            _ => index + 1,
        }
    }

    /// Where the attribute that begins there ends; `None` where none does.
    pub(super) fn attribute(&self, index: usize) -> Option<usize> {
        let bracket = if self.is_mark(index + 1, '!') { index + 2 } else { index + 1 };
        let is_attribute =
            self.is_mark(index, '#') && self.at(bracket).kind == Kind::Open(Delimiter::Bracket);
        is_attribute.then(|| self.after(bracket))
    }

    fn push(&mut self, kind: Kind, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.list.push(Token { kind, joint: false, mate: 0, start, end: self.text.len() });
    }

    fn push_shown(&mut self, kind: Kind, text: &dyn std::fmt::Display) {
        let start = self.text.len();
        // Writing to a string does not fail.
        let _ = write!(self.text, "{text}");
        self.list.push(Token { kind, joint: false, mate: 0, start, end: self.text.len() });
    }

    fn group(&mut self, delimiter: Delimiter, stream: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::None => return self.add(stream),
        };
        let at = self.list.len();
        self.push(Kind::Open(delimiter), open);
        self.add(stream);
        self.drop_last_comma(at, delimiter);
        let mate = self.list.len();
        self.push(Kind::Close(delimiter), close);
        for (index, other) in [(at, mate), (mate, at)] {
            if let Some(token) = self.list.get_mut(index) {
                token.mate = other;
            }
        }
        if delimiter == Delimiter::Bracket {
            self.doc(at);
        }
    }

    fn drop_last_comma(&mut self, open: usize, delimiter: Delimiter) {
        let last = self.list.len() - 1;
        if !self.is_mark(last, ',') {
            return;
        }
        let mut index = open + 1;
        while index < last && !self.is_mark(index, ',') {
            index = self.after(index);
        }
        if index < last || delimiter != Delimiter::Parenthesis {
            self.list.pop();
        }
    }

    /// Makes one token of `#[doc = "…"]`, if that is what the brackets at `open` belong to.
    fn doc(&mut self, open: usize) {
        let inner = open > 1 && self.is_mark(open - 1, '!') && self.is_mark(open - 2, '#');
        let outer = open > 0 && self.is_mark(open - 1, '#');
        let says_doc = self.is_word(open + 1, "doc") && self.is_mark(open + 2, '=');
        if !(inner || outer) || !says_doc || self.list.len() != open + 5 {
            return;
        }
        let Some(lines) = unescaped(self.text(open + 3)) else { return };
        let from = if inner { open - 2 } else { open - 1 };
        let start = self.at(from).start;
        self.list.truncate(from);
        self.text.truncate(start);
        for line in lines.split('\n') {
            self.push(Kind::Doc { inner }, line);
        }
    }
}

/// The lines that a literal stands for; `None` for anything else.
fn unescaped(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let bare = raw.trim_matches('#');
        let line = bare.strip_prefix('"')?.strip_suffix('"')?;
        return (!line.contains('\r')).then(|| line.to_owned());
    }
    let inside = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut line = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((before, escape)) = rest.split_once('\\') {
        line.push_str(before);
        let kind = escape.chars().next()?;
        rest = escape.get(kind.len_utf8()..)?;
        match kind {
            '\\' | '"' | '\'' => line.push(kind),
            'n' => line.push('\n'),
            't' => line.push('\t'),
            '0' => line.push('\0'),
            'u' => {
                let (digits, after) = rest.strip_prefix('{')?.split_once('}')?;
                line.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                rest = after;
            }
            _ => return None,
        }
    }
    line.push_str(rest);
    (!line.contains('\r')).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        tokens.add(text.parse().unwrap());
        tokens
    }

    #[test]
    fn doc_attributes_and_doc_comments_are_one() {
        for text in [
            "/// a \"b\" \\ é\nfn f() {}",
            "#[doc = \" a \\\"b\\\" \\\\ \\u{e9}\"] fn f() {}",
            "#[doc = r#\" a \"b\" \\ é\"#] fn f() {}",
        ] {
            let tokens = of(text);
            assert_eq!(tokens.at(0).kind, Kind::Doc { inner: false }, "{text}");
            assert_eq!(tokens.text(0), " a \"b\" \\ é", "{text}");
        }
        assert_eq!(of("#[doc = \"a\\nb\"] fn f() {}").text(1), "b");
        assert_eq!(of("#[doc = \"a\\rb\"] fn f() {}").at(0).kind, Kind::Mark('#'));
    }

    #[test]
    fn only_a_comma_that_makes_a_tuple_counts_at_the_end() {
        let lengths =
            ["f(a, b,)", "f(a, b)", "[a,]", "(a,)", "((a, b),)"].map(|text| of(text).len());
        assert_eq!(lengths, [6, 6, 3, 4, 8]);
    }
}
