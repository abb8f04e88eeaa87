//! Texts of a length, of a format, and of a pattern.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use generator::contract::{Length, Place, StringFormat};
use generator::pattern::compile;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use regex_syntax::hir::{Hir, HirKind, Look};

use super::lookaround::without_lookaround;

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
    let wild = proptest::collection::vec(
        any::<char>().prop_filter("controls", |c| !c.is_control()),
        least..=most,
    )
    .prop_map(|chars| chars.into_iter().collect());
    prop_oneof![4 => plain_letters(least, most), 1 => wild].boxed()
}

/// Texts of that format and, where the format leaves it open, of that length.
pub(super) fn formatted(format: &StringFormat, length: Length) -> BoxedStrategy<String> {
    let label = || plain_letters(1, 8);
    match format {
        StringFormat::Date => date().boxed(),
        StringFormat::DateTime => (date(), 0u8..24, 0u8..60, 0u8..60)
            .prop_map(|(date, hour, minute, second)| {
                format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
            })
            .boxed(),
        StringFormat::Uuid => any::<u128>().prop_map(uuid).boxed(),
        StringFormat::Ipv4 => any::<Ipv4Addr>().prop_map(|address| address.to_string()).boxed(),
        StringFormat::Ipv6 => ipv6(length).boxed(),
        StringFormat::Byte => base64(length),
        StringFormat::Other(name) => match name.as_str() {
            "uri" | "url" | "iri" => {
                label().prop_map(|label| format!("http://{label}.test/")).boxed()
            }
            "uri-reference" | "iri-reference" => {
                label().prop_map(|label| format!("/{label}")).boxed()
            }
            "hostname" | "idn-hostname" => {
                label().prop_map(|label| format!("{label}.test")).boxed()
            }
            "email" | "idn-email" => label().prop_map(|label| format!("{label}@mail.test")).boxed(),
            _ => plain(length),
        },
        _ => plain(length),
    }
}

fn date() -> impl Strategy<Value = String> {
    (1970u16..2100, 1u8..=12, 1u8..=28)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

/// An address of a length within bounds: the fewer bits, the shorter.
fn ipv6(length: Length) -> impl Strategy<Value = String> {
    let most = to_size(length.maximum.unwrap_or(LONGEST));
    (any::<u128>(), 0u32..125).prop_map(move |(bits, zeros)| {
        let shorter = [bits >> zeros, bits & 0xffff, bits & 0xf].map(Ipv6Addr::from);
        let mut texts = shorter.into_iter().map(|address| address.to_string());
        texts.find(|text| text.len() <= most).unwrap_or_else(|| "::".to_owned())
    })
}

fn uuid(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Base64 of a length within bounds: every three bytes make four characters (RFC 4648 §4).
fn base64(length: Length) -> BoxedStrategy<String> {
    let least = to_size(length.minimum.unwrap_or(0).min(LONGEST)).div_ceil(4);
    let most = length.maximum.map_or(least + 3, |most| to_size(most) / 4).min(least + 3);
    let bytes = proptest::collection::vec(any::<u8>(), least * 3..=most.max(least) * 3);
    bytes.prop_map(|bytes| base64::engine::general_purpose::STANDARD.encode(bytes)).boxed()
}

fn plain_letters(least: usize, most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::char::range('a', 'z'), least..=most)
        .prop_map(|letters| letters.into_iter().collect())
}

/// Texts that a pattern matches, of that length.
///
/// # Errors
/// Why none can be made: a construct that the Rust expressions lack, or a length the pattern never has. Of a pattern
/// that looks ahead or behind, it may be that none was found among those made without looking.
pub(super) fn matching(pattern: &str, length: Length) -> Result<BoxedStrategy<String>, String> {
    let whole = compile(pattern)?;
    // What only looks is held against what comes without it.
    let bare = without_lookaround(whole.as_str());
    let parsed = regex_syntax::parse(bare.as_deref().unwrap_or(whole.as_str()))
        .map_err(|error| error.to_string().lines().last().unwrap_or_default().to_owned())?;
    let looks = bare.map(|_| whole);
    let free = without_anchors(&parsed, true, true);
    let texts =
        proptest::string::string_regex(&free.to_string()).map_err(|error| error.to_string())?;
    let (least, most) =
        (to_size(length.minimum.unwrap_or(0)), to_size(length.maximum.unwrap_or(LONGEST)));
    let fits = move |text: &String| {
        let is_seen = || looks.as_ref().is_none_or(|looks| looks.is_match(text).unwrap_or(false));
        (least..=most).contains(&text.chars().count()) && is_seen()
    };
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let found =
        (0..64).any(|_| texts.new_tree(&mut runner).is_ok_and(|tree| fits(&tree.current())));
    if found {
        Ok(texts.prop_filter("matched, of that length", fits).boxed())
    } else {
        Err("no text that it matches, and that has the documented length, was found".to_owned())
    }
}

/// The expression without `^` where nothing can come before it and without `$` where nothing can come after it, both
/// of which `string_regex` refuses.
fn without_anchors(hir: &Hir, at_start: bool, at_end: bool) -> Hir {
    match hir.kind() {
        HirKind::Look(Look::Start) if at_start => Hir::empty(),
        HirKind::Look(Look::End) if at_end => Hir::empty(),
        HirKind::Concat(parts) => {
            let is_wide = |part: &Hir| part.properties().maximum_len() != Some(0);
            let first = parts.iter().position(is_wide).unwrap_or(parts.len());
            let last = parts.iter().rposition(is_wide).unwrap_or_default();
            let bare = parts.iter().enumerate().map(|(index, part)| {
                without_anchors(part, at_start && index <= first, at_end && index >= last)
            });
            Hir::concat(bare.collect())
        }
        HirKind::Alternation(parts) => {
            let bare = parts.iter().map(|part| without_anchors(part, at_start, at_end));
            Hir::alternation(bare.collect())
        }
        HirKind::Capture(capture) => without_anchors(&capture.sub, at_start, at_end),
        _ => hir.clone(),
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
        for pattern in [
            "^[a-z]{1,3}$",
            "^(a|bc)+$",
            "^a$|^b$",
            "^(?:^a|b$)$",
            "x",
            "^a|b$",
            "^v\\d+(\\.[0-9]+)*$",
        ] {
            let expression = compile(pattern).unwrap();
            let texts = matching(pattern, Length::default()).unwrap();
            let mut runner = proptest::test_runner::TestRunner::deterministic();
            for _ in 0..50 {
                let text = texts.new_tree(&mut runner).unwrap().current();
                assert!(expression.is_match(&text).unwrap(), "{pattern} does not match {text:?}");
            }
        }
    }

    #[test]
    fn what_a_pattern_looks_at_holds() {
        for pattern in
            ["^(?![0-9a]{2}$)^[a-z][a-z0-9]*$", "^(?=.*[0-9])[a-c0-9]{1,4}$", "^[ab]+(?<!a)$"]
        {
            let expression = compile(pattern).unwrap();
            let texts = matching(pattern, Length { minimum: None, maximum: Some(9) }).unwrap();
            let mut runner = proptest::test_runner::TestRunner::deterministic();
            for _ in 0..50 {
                let text = texts.new_tree(&mut runner).unwrap().current();
                assert!(expression.is_match(&text).unwrap(), "{pattern} does not match {text:?}");
            }
        }
    }

    #[test]
    fn a_dot_stands_for_no_end_of_a_line() {
        let texts = matching("^.{40}$", Length::default()).unwrap();
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for _ in 0..200 {
            let text = texts.new_tree(&mut runner).unwrap().current();
            assert!(!text.contains(['\n', '\r', '\u{2028}', '\u{2029}']), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_made_says_why() {
        assert!(matching("(?=a)b", Length::default()).is_err());
        assert!(matching("(a)\\1", Length::default()).is_err());
        assert!(matching("a^b", Length::default()).is_err());
        assert!(matching("^a$", Length { minimum: Some(2), maximum: None }).is_err());
    }
}
