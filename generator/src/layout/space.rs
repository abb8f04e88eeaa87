//! Between which tokens a space stands when they are written on one line. Looks at the last token alone,
//! and at whether the bars of a closure are open.

use proc_macro2::Delimiter;

use super::token::{Kind, Tokens};

/// What stood before, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing: the group begins here.
    Start,
    /// Something with a value or a type.
    Value,
    /// A word that a value follows.
    Keyword,
    /// A mark that belongs to what follows.
    Tight,
    /// A mark with a space on both sides, or behind it.
    Loose,
}

/// Operators of several marks that stand together.
const OPERATORS: &[&str] = &[
    "..=", "->", "=>", "::", "==", "!=", "<=", ">=", "&&", "||", "..", "+=", "-=", "*=", "/=",
    "|=", "&=",
];

/// Goes over the tokens of one group.
pub(super) struct Spaces<'t> {
    tokens: &'t Tokens,
    before: Before,
    in_bars: bool,
}

impl<'t> Spaces<'t> {
    /// At the beginning of a group.
    pub(super) fn new(tokens: &'t Tokens) -> Self {
        Self { tokens, before: Before::Start, in_bars: false }
    }

    /// Whether a space stands before the token there, and how many tokens make one operator with it.
    pub(super) fn step(&mut self, index: usize) -> (bool, usize) {
        let usual = !matches!(self.before, Before::Start | Before::Tight);
        match self.tokens.at(index).kind {
            Kind::Mark(_) => self.mark(index, usual),
            Kind::Word if is_keyword(self.tokens.text(index)) => {
                self.before = Before::Keyword;
                (usual, 1)
            }
            Kind::Word | Kind::Literal => {
                self.before = Before::Value;
                (usual, 1)
            }
            Kind::Open(delimiter) => {
                let calls = self.before == Before::Value && delimiter != Delimiter::Brace;
                self.before = Before::Value;
                (usual && !calls, 1)
            }
            Kind::Close(_) | Kind::Doc { .. } | Kind::End => (false, 1),
        }
    }

    fn mark(&mut self, index: usize, usual: bool) -> (bool, usize) {
        let operator = operator(self.tokens, index);
        let after_value = self.before == Before::Value;
        let (space, before) = match operator {
            "," | ";" | ":" => (false, Before::Loose),
            "?" | ">" => (false, Before::Value),
            "." | ".." | "..=" | "::" | "<" => (usual && !after_value, Before::Tight),
            "!" if after_value => (false, Before::Tight),
            "&" | "&&" | "*" | "-" | "!" if !after_value => (usual, Before::Tight),
            "'" | "#" => (usual, Before::Tight),
            "|" if self.in_bars => {
                self.in_bars = false;
                (false, Before::Loose)
            }
            "|" if !after_value => {
                self.in_bars = true;
                (usual, Before::Tight)
            }
            "||" if !after_value => (usual, Before::Loose),
            _ => (self.before != Before::Start, Before::Loose),
        };
        self.before = before;
        (space, operator.chars().count())
    }
}

/// Whether a value, a type or a pattern follows a word.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "as" | "async"
            | "break"
            | "const"
            | "dyn"
            | "else"
            | "enum"
            | "if"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "ref"
            | "return"
            | "static"
            | "struct"
            | "trait"
            | "type"
            | "unsafe"
            | "use"
            | "where"
            | "while"
    )
}

/// The operator that begins there; a single mark where it is joined to none.
fn operator(tokens: &Tokens, index: usize) -> &str {
    let fits = |operator: &&&str| {
        let last = operator.chars().count() - 1;
        (index..).zip(operator.chars()).all(|(at, mark)| {
            tokens.is_mark(at, mark) && (at == index + last || tokens.at(at).joint)
        })
    };
    if !tokens.at(index).joint {
        return tokens.text(index);
    }
    OPERATORS.iter().find(fits).copied().unwrap_or(tokens.text(index))
}
