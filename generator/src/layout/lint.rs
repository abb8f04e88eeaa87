//! What is long or deep because the document lists much or nests it says so to the linter. Whether it is,
//! is found by the rules of `clippy::too_many_lines` and `clippy::type_complexity`.

use proc_macro2::Delimiter;

use super::item::head;
use super::shape::Content;
use super::token::{Kind, Tokens};
use crate::emit::ItemKind;

/// The threshold in `clippy.toml`, in lines of code.
const LONGEST: usize = 60;

/// The threshold that clippy has by default.
const MOST_COMPLEX: usize = 250;

/// Said of a long function.
pub(super) const LONG: &str = "#[expect(clippy::too_many_lines, reason = \"one step for each thing that the document lists\")]";

/// Said of a deep type.
pub(super) const COMPLEX: &str =
    "#[expect(clippy::type_complexity, reason = \"the document nests it so\")]";

/// Whether a function with that text is too long.
pub(super) fn is_long(text: &str) -> bool {
    if text.bytes().filter(|byte| *byte == b'\n').count() <= LONGEST {
        return false;
    }
    let body = text.lines().skip_while(|line| !line.ends_with('{')).skip(1).map(str::trim);
    // The last line is the brace that ends it.
    body.filter(|line| !line.is_empty() && !line.starts_with("//")).count() > LONGEST + 1
}

/// Whether a part of a definition, or the head of a function, has a type that is too deep.
pub(super) fn is_complex(tokens: &Tokens, from: usize, to: usize, content: Content) -> bool {
    let angles = (from..to).filter(|index| tokens.is_mark(*index, '<')).take(3).count();
    if angles < 3 {
        return false;
    }
    match (content, head(tokens, from).kind) {
        (Content::Fields, _) => types(tokens, from, to).any(|(from, to)| deep(tokens, from, to)),
        (_, Some(ItemKind::Function)) => {
            let body = (from..to).find(|index| is_open(tokens, *index, Delimiter::Brace));
            types(tokens, from, body.unwrap_or(to)).any(|(from, to)| deep(tokens, from, to))
        }
        _ => false,
    }
}

fn is_open(tokens: &Tokens, index: usize, delimiter: Delimiter) -> bool {
    tokens.at(index).kind == Kind::Open(delimiter)
}

/// What may be types: what stands behind a colon or an arrow, and what stands alone, between commas.
fn types(tokens: &Tokens, from: usize, to: usize) -> impl Iterator<Item = (usize, usize)> {
    let is_end = |index: usize, angles: i32| {
        let kind = tokens.at(index).kind;
        angles == 0 && matches!(kind, Kind::Mark(',' | ':') | Kind::Close(_) | Kind::Open(_))
    };
    let (mut found, mut start, mut angles) = (Vec::new(), from, 0);
    for index in from..to {
        match tokens.at(index).kind {
            Kind::Mark('<') => angles += 1,
            Kind::Mark('>') if !(index > 0 && tokens.is_mark(index - 1, '-')) => angles -= 1,
            Kind::Mark('>') => start = index + 1,
            _ if is_end(index, angles) && !is_path(tokens, index) => {
                found.push((start, index));
                start = index + 1;
            }
            _ => {}
        }
    }
    found.push((start, to));
    found.into_iter()
}

fn is_path(tokens: &Tokens, index: usize) -> bool {
    tokens.is_mark(index, ':')
        && (tokens.is_mark(index + 1, ':') || index > 0 && tokens.is_mark(index - 1, ':'))
}

fn deep(tokens: &Tokens, from: usize, to: usize) -> bool {
    let (mut sum, mut nest) = (0, 1);
    for index in from..to {
        let follows =
            index > 0 && (tokens.is_mark(index - 1, ':') || tokens.is_mark(index - 1, '\''));
        match tokens.at(index).kind {
            Kind::Word if tokens.is_word(index, "dyn") => sum += 20 * nest,
            Kind::Word if !follows && !tokens.is_word(index, "mut") => sum += 10 * nest,
            Kind::Mark('&') => sum += nest,
            Kind::Mark('<') => nest += 1,
            Kind::Mark('>') | Kind::Close(_) => nest = nest.max(2) - 1,
            Kind::Open(_) => {
                sum += 10 * nest;
                nest += 1;
            }
            _ => {}
        }
    }
    sum > MOST_COMPLEX
}

#[cfg(test)]
mod tests {
    use super::super::print::print;
    use super::*;

    fn printed(text: &str) -> String {
        let mut tokens = Tokens::default();
        tokens.add(text.parse().unwrap());
        print(&tokens)
    }

    #[test]
    fn only_a_complex_type_says_so() {
        let deep = "Option<BTreeMap<String, BTreeMap<String, BTreeMap<String, u8>>>>";
        let flat = "Option<BTreeMap<String, BTreeMap<String, Vec<u8>>>>";
        for place in
            ["struct S { f: T }", "fn f(a: u8, b: T) {}", "fn f() -> T {}", "enum E { V(T) }"]
        {
            for (of, says_so) in [(deep, true), (flat, false)] {
                let text = printed(&place.replace('T', of));
                assert_eq!(text.contains(COMPLEX), says_so, "{text}");
            }
        }
    }

    #[test]
    fn only_a_long_function_says_so() {
        let says_so =
            |lines| printed(&format!("fn f() {{ {} }}", "g();".repeat(lines))).contains(LONG);
        assert!(!says_so(60));
        assert!(says_so(61));
    }
}
