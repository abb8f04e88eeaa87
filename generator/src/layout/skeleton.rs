//! A text against what it was printed from: reading it gives the planned tokens and no others, and the items in it are
//! the planned ones. So nothing that a document says becomes code.

use proc_macro2::Delimiter;

use super::read::{Found, Reader};
use super::token::{Kind, Tokens};
use super::{LayoutError, item, lint};
use crate::emit::Planned;

/// Checks that `text` reads as the `planned` tokens and that these are the planned items, in order.
pub(super) fn check<'p>(
    text: &str,
    planned: &Tokens,
    items: impl Iterator<Item = &'p Planned>,
) -> Result<(), LayoutError> {
    same(text, planned)?;
    check_items(planned, items)
}

/// Two things may be read that are not planned: what is said to the linter, and a comma before the end of a group.
fn same(text: &str, planned: &Tokens) -> Result<(), LayoutError> {
    let unfaithful = |text: &str| LayoutError::Unfaithful(text.chars().take(80).collect());
    let mut reader = Reader::new(text);
    let mut index = 0;
    while index <= planned.len() {
        let rest = reader.rest();
        let mut found = reader.next().ok_or_else(|| unfaithful(rest))?;
        if found.text == "," && may_have_comma(planned, index) {
            found = reader.next().ok_or_else(|| unfaithful(rest))?;
        }
        if equal(&found, planned, index) {
            index += 1;
            continue;
        }
        let note = [lint::LONG, lint::COMPLEX].into_iter().find(|note| rest.starts_with(note));
        let note = note.ok_or_else(|| unfaithful(rest))?;
        reader.skip(note.len() - 1);
    }
    Ok(())
}

fn equal(found: &Found<'_>, planned: &Tokens, index: usize) -> bool {
    let token = planned.at(index);
    let is_joined = found.joint || !token.joint || !matches!(token.kind, Kind::Mark(_));
    found.kind == token.kind && is_joined && found.text == planned.text(index)
}

/// Whether a comma may stand before the planned token: at the end of a group with several parts, or with braces or
/// brackets, where it does not make a tuple of a value.
fn may_have_comma(planned: &Tokens, index: usize) -> bool {
    let Kind::Close(delimiter) = planned.at(index).kind else { return false };
    let open = planned.at(index).mate;
    let mut at = open + 1;
    while at < index && !planned.is_mark(at, ',') {
        at = planned.after(at);
    }
    delimiter != Delimiter::Parenthesis && open + 1 < index || at < index
}

fn check_items<'p>(
    tokens: &Tokens,
    planned: impl Iterator<Item = &'p Planned>,
) -> Result<(), LayoutError> {
    let mut at = 0;
    while let Kind::Doc { inner: true } = tokens.at(at).kind {
        at += 1;
    }
    let text = |item: Option<&Planned>| {
        item.map_or_else(|| "an item of another kind".to_owned(), Planned::to_string)
    };
    for planned in planned {
        let (found, next) = item::describe(tokens, at);
        if found.as_ref() != Some(planned) {
            let found = if at < tokens.len() { text(found.as_ref()) } else { "nothing".to_owned() };
            return Err(LayoutError::Skeleton(format!("{found} instead of {planned}")));
        }
        at = next;
    }
    if at < tokens.len() {
        let found = text(item::describe(tokens, at).0.as_ref());
        return Err(LayoutError::Skeleton(format!("{found} instead of nothing")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::ItemKind;

    fn tokens(text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        tokens.add(text.parse().unwrap());
        tokens
    }

    fn planned(kind: ItemKind, name: &str) -> Planned {
        Planned { kind, name: name.to_owned() }
    }

    #[test]
    fn items_are_told_by_their_heads() {
        let text = "//! A.\nuse a::b::{C, D};\npub use self::e::F;\nuse a::b as c;\n#[x] pub(crate) mod m;\npub const fn f() {}\nconst C: &[u8] = &[{ 1 }];\nimpl<'a, T: U<V>> a::W<T> for b::X<'a> {}\nimpl Y { fn z() {} }\npub struct S(u8);\nenum E { A {} }\n/// T.\npub trait T {}\nstatic A: u8 = 1;\ntype B = u8;\nasync fn g() {}\n";
        let items = [
            planned(ItemKind::Use, "a::b"),
            planned(ItemKind::Use, "self::e"),
            planned(ItemKind::Use, "a"),
            planned(ItemKind::Module, "m"),
            planned(ItemKind::Function, "f"),
            planned(ItemKind::Constant, "C"),
            planned(ItemKind::Impl, "W for X"),
            planned(ItemKind::Impl, "Y"),
            planned(ItemKind::Struct, "S"),
            planned(ItemKind::Enum, "E"),
            planned(ItemKind::Trait, "T"),
            planned(ItemKind::Static, "A"),
            planned(ItemKind::Type, "B"),
            planned(ItemKind::Function, "g"),
        ];
        assert_eq!(check(text, &tokens(text), items.iter()), Ok(()));
        assert!(check(text, &tokens(text), items.iter().take(13)).is_err());
        assert!(check(text, &tokens(text), items.iter().rev()).is_err());
    }

    #[test]
    fn another_token_is_noticed() {
        let function = planned(ItemKind::Function, "f");
        let against = |text: &str, of: &str| check(text, &tokens(of), std::iter::once(&function));
        assert_eq!(against("fn f() { a >= b; }", "fn f() { a >= b; }"), Ok(()));
        assert_eq!(against("/// A\nfn f() {}", "#[doc = \" A\"] fn f() {}"), Ok(()));
        assert_eq!(against(&format!("{}\nfn f() {{}}", lint::LONG), "fn f() {}"), Ok(()));
        for (text, of) in [
            ("fn f() { a > = b; }", "fn f() { a >= b; }"),
            ("fn f() { ab }", "fn f() { a b }"),
            ("fn f() {}", "fn f() {} fn g() {}"),
            ("fn f() {} fn g() {}", "fn f() {}"),
            ("// A\nfn f() {}", "#[doc = \" A\"] fn f() {}"),
            ("//// A\nfn f() {}", "#[doc = \"/ A\"] fn f() {}"),
            ("fn f(,) {}", "fn f() {}"),
            ("fn f() { \"a\" }", "fn f() { \"b\" }"),
            ("fn f() { (a,) }", "fn f() { (a) }"),
        ] {
            assert!(against(text, of).is_err(), "{text}");
        }
    }
}
