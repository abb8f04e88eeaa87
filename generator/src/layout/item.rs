//! What an item is, by its first tokens. Reads no further than its head.

use proc_macro2::Delimiter;

use super::token::{Kind, Tokens};
use crate::emit::{ItemKind, Planned, path_rank};

/// The head of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// What it is; `None` for what no emitter makes.
    pub(super) kind: Option<ItemKind>,
    /// Whether an attribute or a doc comment stands before it.
    pub(super) has_attributes: bool,
    /// Whether it is seen from outside.
    pub(super) is_public: bool,
    /// The token behind the keyword.
    pub(super) rest: usize,
}

/// The head of the item that begins there, its attributes included.
pub(super) fn head(tokens: &Tokens, from: usize) -> Head {
    let mut index = from;
    loop {
        match tokens.at(index).kind {
            Kind::Doc { .. } => index += 1,
            _ => match tokens.attribute(index) {
                Some(end) => index = end,
                None => break,
            },
        }
    }
    let has_attributes = index > from;
    let is_public = tokens.is_word(index, "pub");
    if is_public {
        index += 1;
        if tokens.at(index).kind == Kind::Open(Delimiter::Parenthesis) {
            index = tokens.after(index);
        }
    }
    let is_function = |at: usize| {
        (at..at + 3).find(|at| !matches!(tokens.text(*at), "const" | "async" | "unsafe"))
    };
    let function = is_function(index).filter(|at| tokens.is_word(*at, "fn"));
    let kind = match tokens.text(index) {
        _ if function.is_some() => Some(ItemKind::Function),
        "const" => Some(ItemKind::Constant),
        "enum" => Some(ItemKind::Enum),
        "impl" => Some(ItemKind::Impl),
        "mod" => Some(ItemKind::Module),
        "static" => Some(ItemKind::Static),
        "struct" => Some(ItemKind::Struct),
        "trait" => Some(ItemKind::Trait),
        "type" => Some(ItemKind::Type),
        "use" => Some(ItemKind::Use),
        _ => None,
    };
    if kind.is_none()
        && let Some(bang) = called_macro(tokens, index)
    {
        return Head { kind: Some(ItemKind::Macro), has_attributes, is_public, rest: bang - 1 };
    }
    Head { kind, has_attributes, is_public, rest: function.unwrap_or(index) + 1 }
}

/// Where the mark behind the path of a macro stands, if one is called there.
fn called_macro(tokens: &Tokens, from: usize) -> Option<usize> {
    let is_path = |at: usize| tokens.at(at).kind == Kind::Word || tokens.is_mark(at, ':');
    let end = (from..).find(|at| !is_path(*at))?;
    (end > from && tokens.is_mark(end, '!')).then_some(end)
}

/// Whether two items stand without a line between: imports of one group, modules without a doc comment, and what is
/// said of a type by a macro.
pub(super) fn stand_together(tokens: &Tokens, before: usize, item: usize) -> bool {
    let (before, item) = (head(tokens, before), head(tokens, item));
    let rank = |of: Head| path_rank(tokens.text(of.rest));
    match (before.kind, item.kind) {
        (Some(ItemKind::Use), Some(ItemKind::Use)) => {
            before.is_public == item.is_public && rank(before) == rank(item)
        }
        (Some(ItemKind::Module), Some(ItemKind::Module)) => !item.has_attributes,
        (Some(_), Some(ItemKind::Macro)) => true,
        _ => false,
    }
}

/// What the item that begins there is, and where the next one begins.
pub(super) fn describe(tokens: &Tokens, from: usize) -> (Option<Planned>, usize) {
    let head = head(tokens, from);
    let (mut end, mut has_braces) = (head.rest, false);
    let ends_with_braces = !matches!(
        head.kind,
        Some(ItemKind::Constant | ItemKind::Static | ItemKind::Type | ItemKind::Use)
    );
    while end < tokens.len() && !tokens.is_mark(end, ';') && !has_braces {
        has_braces = ends_with_braces && tokens.at(end).kind == Kind::Open(Delimiter::Brace);
        end = tokens.after(end);
    }
    let next = if has_braces { end } else { end + 1 };
    let planned = head.kind.map(|kind| {
        let name = match kind {
            ItemKind::Impl => block_name(tokens, head.rest, end),
            ItemKind::Use => use_name(tokens, head.rest, end),
            _ => tokens.text(head.rest).to_owned(),
        };
        Planned { kind, name }
    });
    (planned, next)
}

/// `Trait for Type`, or the type alone: the last words of their paths.
fn block_name(tokens: &Tokens, from: usize, to: usize) -> String {
    let (mut depth, mut of_trait, mut last) = (0_usize, None, "");
    let mut index = from;
    while index < to {
        match tokens.at(index).kind {
            Kind::Mark('<') => depth += 1,
            Kind::Mark('>') => depth = depth.saturating_sub(1),
            Kind::Word if depth == 0 && tokens.is_word(index, "for") => {
                of_trait = Some(std::mem::take(&mut last));
            }
            Kind::Word if depth == 0 => last = tokens.text(index),
            _ => {}
        }
        index = tokens.after(index);
    }
    of_trait.map_or_else(|| last.to_owned(), |of| format!("{of} for {last}"))
}

/// The path before what is taken from it.
fn use_name(tokens: &Tokens, from: usize, to: usize) -> String {
    let words = (from..to).take_while(|index| !matches!(tokens.at(*index).kind, Kind::Open(_)));
    let words: Vec<&str> = words
        .take_while(|index| !tokens.is_word(*index, "as"))
        .filter(|index| tokens.at(*index).kind == Kind::Word)
        .map(|index| tokens.text(index))
        .collect();
    let is_list = matches!(tokens.at(to.saturating_sub(1)).kind, Kind::Close(_));
    let path = if is_list {
        words.as_slice()
    } else {
        words.split_last().map_or(&[][..], |(_, path)| path)
    };
    path.join("::")
}
