//! The segment matcher of the support code against a regular expression that says the same.

use std::fmt::Write as _;

use fancy_regex::Regex;
use proptest::prelude::*;

#[expect(unreachable_pub, reason = "outputs have it where it can be reached")]
#[path = "../../support/server/template.rs"]
mod matcher;

/// What a value may be: anything but nothing, without cutting what is percent-encoded.
const VALUE: &str = "((?:%[0-9A-Fa-f]{2}|%(?![0-9A-Fa-f]{2})|[^%])+?)";

fn oracle(texts: &[&str]) -> Regex {
    let mut pattern = "^".to_owned();
    for (number, text) in (0..).zip(texts) {
        let value = if number == 0 { "" } else { VALUE };
        write!(pattern, "{value}{}", fancy_regex::escape(text)).unwrap();
    }
    Regex::new(&format!("(?s){pattern}$")).unwrap()
}

/// Texts as a document has them for as long as the test runs.
fn leaked(texts: &[String]) -> matcher::Segment {
    let texts = texts.iter().map(|text| -> &'static str { text.clone().leak() });
    texts.collect::<Vec<_>>().leak()
}

fn piece() -> impl Strategy<Value = String> {
    prop::string::string_regex("[ab.:2]{0,3}").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn segments_are_cut_as_the_expression_says(
        texts in prop::collection::vec(piece(), 2..5),
        text in "(a|b|\\.|:|2|%2E|%|ä){0,12}",
    ) {
        let segment = leaked(&texts);
        let found = oracle(segment).captures(&text).unwrap();
        let expected = |number: usize| found.as_ref().and_then(|it| Some(it.get(number + 1)?.as_str()));
        for number in 0..texts.len() {
            prop_assert_eq!(matcher::value(segment, number, &text), expected(number), "{:?} {}", texts, text);
        }
    }

    #[test]
    fn a_path_finds_a_template_that_fits(
        templates in prop::collection::vec(prop::collection::vec(prop::collection::vec(piece(), 0..3), 1..4), 1..6),
        path in "(/(a|b|\\.|:|2)*){1,4}",
    ) {
        let mut tree = matcher::Tree::default();
        let mut oracles = Vec::new();
        for (number, template) in (0..).zip(&templates) {
            let mut known = false;
            let segments: Vec<Vec<String>> = template
                .iter()
                .map(|texts| {
                    // One value of a path spans segments, no more.
                    let spans = texts.is_empty() && !known;
                    known |= spans;
                    if texts.is_empty() && !spans { vec!["a".to_owned()] } else { texts.clone() }
                })
                .collect();
            let leaked: Vec<matcher::Segment> = segments.iter().map(|texts| leaked(texts)).collect();
            tree.insert(leaked.leak(), number);
            let segment = |texts: &Vec<String>| match texts.as_slice() {
                [] => ".*".to_owned(),
                texts => {
                    let texts: Vec<_> = texts.iter().map(|text| fancy_regex::escape(text)).collect();
                    texts.join("[^/]+?")
                }
            };
            let pattern: Vec<String> = segments.iter().map(segment).collect();
            oracles.push(Regex::new(&format!("^/{}$", pattern.join("/"))).unwrap());
        }
        let fits: Vec<usize> =
            (0..oracles.len()).filter(|it| oracles[*it].is_match(&path).unwrap()).collect();
        match tree.find(&path, |_| true) {
            Some(found) => prop_assert!(fits.contains(&found), "{path} {templates:?} {found} {fits:?}"),
            None => prop_assert!(fits.is_empty(), "{path} {templates:?} {fits:?}"),
        }
    }
}

#[test]
fn long_paths_and_many_templates_cost_little() {
    let mut tree = matcher::Tree::default();
    let segment = leaked(&["", "a", "a", "b"].map(str::to_owned));
    for length in 1..64 {
        tree.insert(vec![segment; length].leak(), length);
        tree.insert(vec![leaked(&["", ""].map(str::to_owned)); length].leak(), length);
    }
    let path = format!("/{}", "a".repeat(60_000));
    let start = std::time::Instant::now();
    assert_eq!(tree.find(&path, |_| true), Some(1));
    assert_eq!(tree.find(&"/aaaab".repeat(63), |_| true), Some(63));
    assert_eq!(tree.find(&"/aaaa".repeat(64), |_| true), None);
    assert!(start.elapsed() < std::time::Duration::from_secs(2));
}
