//! Texts of a length, of a format, and of a pattern.

use generator::contract::{Length, Place, StringFormat};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use regex_syntax::hir::{Hir, HirKind, Look};

/// A pattern for which no value can be made, named in the report rather than passed over.
#[derive(Clone, Debug)]
pub struct Unmatched {
    /// Where the pattern stands.
    pub place: Place,
    /// The pattern.
    pub pattern: String,
    /// Why.
    pub why: String,
}

/// How much longer than needed a text may get.
const ROOM: u64 = 12;
/// No text is made longer than this, in code points.
const LONGEST: u64 = 1 << 20;

/// Texts of that length: mostly plain letters, sometimes anything but controls.
pub(super) fn plain(length: Length) -> BoxedStrategy<String> {
    let least = length.minimum.unwrap_or(0).min(LONGEST);
    let most = length.maximum.unwrap_or(least + ROOM).clamp(least, least + ROOM);
    let (least, most) = (to_size(least), to_size(most));
    let letters = proptest::collection::vec(proptest::char::range('a', 'z'), least..=most);
    let wild = proptest::collection::vec(
        any::<char>().prop_filter("controls", |c| !c.is_control()),
        least..=most,
    );
    prop_oneof![4 => letters, 1 => wild].prop_map(|chars| chars.into_iter().collect()).boxed()
}

/// Texts of that format.
pub(super) fn formatted(format: &StringFormat) -> BoxedStrategy<String> {
    let date = (1970u16..2100, 1u8..=12, 1u8..=28)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
    match format {
        StringFormat::Date => date.boxed(),
        StringFormat::DateTime => (date, 0u8..24, 0u8..60, 0u8..60)
            .prop_map(|(date, hour, minute, second)| {
                format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
            })
            .boxed(),
        StringFormat::Uuid => any::<u128>()
            .prop_map(|bits| {
                let hex = format!("{bits:032x}");
                let part =
                    |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
                [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
            })
            .boxed(),
        StringFormat::Byte => {
            use base64::Engine as _;
            proptest::collection::vec(any::<u8>(), 0..12)
                .prop_map(|bytes| base64::engine::general_purpose::STANDARD.encode(bytes))
                .boxed()
        }
        _ => plain(Length::default()),
    }
}

/// Texts that a pattern matches, of that length.
///
/// # Errors
/// Why none can be made: a construct that the Rust expressions lack, or a length the pattern never has.
pub(super) fn matching(pattern: &str, length: Length) -> Result<BoxedStrategy<String>, String> {
    let parsed = regex_syntax::parse(pattern)
        .map_err(|error| error.to_string().lines().last().unwrap_or_default().to_owned())?;
    let bare = without_anchors(parsed);
    let texts =
        proptest::string::string_regex(&bare.to_string()).map_err(|error| error.to_string())?;
    let (least, most) =
        (to_size(length.minimum.unwrap_or(0)), to_size(length.maximum.unwrap_or(LONGEST)));
    let fits = move |text: &String| (least..=most).contains(&text.chars().count());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let found =
        (0..64).any(|_| texts.new_tree(&mut runner).is_ok_and(|tree| fits(&tree.current())));
    if found {
        Ok(texts.prop_filter("of that length", fits).boxed())
    } else {
        Err("no text that it matches has the documented length".to_owned())
    }
}

/// The expression without `^` and `$` at its ends, which `string_regex` refuses.
fn without_anchors(hir: Hir) -> Hir {
    let is_anchor = |part: &Hir| {
        matches!(part.kind(), HirKind::Look(Look::Start | Look::End | Look::StartLF | Look::EndLF))
    };
    match hir.into_kind() {
        HirKind::Concat(parts) => {
            Hir::concat(parts.into_iter().filter(|part| !is_anchor(part)).collect())
        }
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.into_iter().map(without_anchors).collect())
        }
        HirKind::Capture(mut capture) => {
            capture.sub = Box::new(without_anchors(*capture.sub));
            Hir::capture(capture)
        }
        HirKind::Look(Look::Start | Look::End) => Hir::empty(),
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => Hir::repetition(repetition),
    }
}

fn to_size(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchored_patterns_make_texts_they_match() {
        for pattern in ["^[a-z]{1,3}$", "^(a|bc)+$", "^a$|^b$", "x", "^v[0-9]+(\\.[0-9]+)*$"] {
            let expression = regex::Regex::new(pattern).unwrap();
            let texts = matching(pattern, Length::default()).unwrap();
            let mut runner = proptest::test_runner::TestRunner::deterministic();
            for _ in 0..50 {
                let text = texts.new_tree(&mut runner).unwrap().current();
                assert!(expression.is_match(&text), "{pattern} does not match {text:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_made_says_why() {
        assert!(matching("(?=a)b", Length::default()).is_err());
        assert!(matching("^a$", Length { minimum: Some(2), maximum: None }).is_err());
    }
}
