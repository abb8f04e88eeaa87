//! Reading is total: any text gives a tree or a located problem, in bounded time, and a tree holds what was printed.

use std::time::{Duration, Instant};

use generator::contract::Pointer;
use generator::diagnostic::{Colour, Diagnostics, Severity, render};
use generator::document::{self, Limits, Node, Value, check_structure, dialect, parse};
use generator::source::Source;
use proptest::prelude::*;

/// Far more than any text here needs, and far less than one that grows without bound.
const PATIENCE: Duration = Duration::from_secs(60);

fn read(text: &str) -> (Option<Node>, Diagnostics) {
    let source = Source::new("a.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let root = parse(&source, &Limits::default(), &mut diagnostics);
    (root, diagnostics)
}

/// Reads a text through every step, and holds that each problem has a place in it.
fn read_fully(text: &str) -> Diagnostics {
    let source = Source::new("a.yaml", text);
    let mut diagnostics = Diagnostics::default();
    if let Some(root) = document::read(&source, &Limits::default(), &mut diagnostics)
        && let Some(dialect) = dialect(&root, &source, &mut diagnostics)
    {
        check_structure(&root, dialect, &source, &mut diagnostics);
    }
    let lines = source.lines().count();
    for diagnostic in diagnostics.iter() {
        let line = usize::try_from(diagnostic.place.line).unwrap();
        assert!((1..=lines + 1).contains(&line), "{diagnostic:?} in {text:?}");
        assert!(diagnostic.place.column >= 1, "{diagnostic:?} in {text:?}");
    }
    let shown = render(&diagnostics, [&source], Colour::Always);
    assert_eq!(shown.is_empty(), diagnostics.iter().next().is_none());
    diagnostics
}

/// Pieces from which texts are made that come close to YAML.
const TOKENS: &[&str] = &[
    "- ",
    "? ",
    ": ",
    ":",
    "\n",
    "\n  ",
    "\n    ",
    " ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a",
    "key: v\n",
    "1",
    "0x1F",
    ".nan",
    "1e400",
    "~",
    "null",
    "\"",
    "'",
    "|",
    ">",
    "|-\n",
    "|2\n",
    ">+\n",
    "&x ",
    "*x",
    "!!str ",
    "!t ",
    "!",
    "#",
    " # c\n",
    "---\n",
    "...\n",
    "%TAG ! tag:x,\n",
    "%YAML 1.2\n",
    "\\",
    "\\u0041",
    "\\x",
    "é",
    "日",
    "\u{feff}",
    "\r",
    "\r\n",
    "\u{2028}",
    "\u{85}",
    "\0",
    "<<",
    "@",
    "`",
    "$ref: ",
    "'#/a'",
    "openapi: 3.0.3\n",
    "info: ",
    "paths: ",
    "components: ",
    "schemas: ",
];

fn soup() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(TOKENS), 0..40)
        .prop_map(|parts| parts.concat())
}

/// Any JSON value; texts include those that look like other kinds.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![
        // YAML 1.1 breaks lines at these three and YAML 1.2 does not, so that no two readers agree on them.
        any::<String>().prop_map(|text| text.replace(['\u{85}', '\u{2028}', '\u{2029}'], "_")),
        "[ -~]{0,12}",
        proptest::sample::select(
            &["", "~", "null", "yes", "0x1F", "1_000", "007", ".5", "- a", "a: b"][..]
        )
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Into::into),
        text.clone().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
            proptest::collection::btree_map(text.clone(), inner, 0..8)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        read_fully(&text);
    }

    #[test]
    fn nothing_close_to_yaml_is_too_strange(text in soup()) {
        read_fully(&text);
    }

    #[test]
    fn printed_json_reads_as_it_was(value in json()) {
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            let (root, diagnostics) = read(&text);
            // Some characters may stand in JSON and not in YAML; they are refused with their place.
            let refused = diagnostics.iter().any(|diagnostic| diagnostic.code == "control-character");
            prop_assert!(refused || root.map(|root| root.to_json()) == Some(value.clone()), "{text}");
        }
    }

    /// A comment after the text makes it YAML and changes nothing else.
    #[test]
    fn json_reads_as_yaml_does(value in json(), broken in any::<prop::sample::Index>(), char in "[{},\"0a\\\\ ]") {
        let mut text = serde_json::to_string_pretty(&value).unwrap();
        for _ in 0..2 {
            let (as_json, found) = read(&text);
            let (as_yaml, of_yaml) = read(&format!("{text}\n# YAML"));
            if serde_json::from_str::<serde_json::Value>(&text).is_ok() && of_yaml.iter().all(|one| one.code != "syntax") {
                prop_assert_eq!(as_json, as_yaml, "{}", text);
                let codes = |found: &Diagnostics| found.iter().map(|one| (one.code, one.place.clone())).collect::<Vec<_>>();
                prop_assert_eq!(codes(&found), codes(&of_yaml), "{}", text);
            }
            let at = broken.index(text.len());
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            text.insert_str(at, &char);
        }
    }

    #[test]
    fn printed_yaml_reads_as_it_was(value in json()) {
        let text = serde_yaml::to_string(&value).unwrap();
        let source = Source::new("a.yaml", text.clone());
        let mut diagnostics = Diagnostics::default();
        let root = document::read(&source, &Limits::default(), &mut diagnostics);
        prop_assert!(!diagnostics.has_errors(), "{text}\n{diagnostics:?}");
        prop_assert_eq!(root.unwrap().to_json(), value, "{}", text);
    }

}

proptest! {
    // Each case reads a document that has one of everything.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn no_document_is_too_strange(at in any::<prop::sample::Index>(), value in json(), key in "[a-z$]{0,6}") {
        let text = std::fs::read_to_string("tests/data/document/ok/harbour.yaml").unwrap();
        let root = read(&text).0.unwrap();
        let pointers = pointers(&root);
        let replaced = replace(&root, at.get(&pointers).segments(), &value, &key);
        let diagnostics = read_fully(&serde_json::to_string_pretty(&replaced).unwrap());
        prop_assert!(diagnostics.iter().all(|diagnostic| diagnostic.code != "ambiguous"));
    }
}

/// The pointer of every node.
fn pointers(root: &Node) -> Vec<Pointer> {
    let mut found = vec![];
    let mut waiting = vec![(root, Pointer::root())];
    while let Some((node, pointer)) = waiting.pop() {
        match &node.value {
            Value::Sequence(items) => waiting.extend(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| (item, pointer.child(index.to_string()))),
            ),
            Value::Mapping(entries) => waiting
                .extend(entries.iter().map(|entry| (&entry.value, pointer.child(&entry.key)))),
            Value::Scalar(_) => {}
        }
        found.push(pointer);
    }
    found
}

/// The document with `value` at a place, and a further key beside it.
fn replace(
    root: &Node,
    segments: &[String],
    value: &serde_json::Value,
    key: &str,
) -> serde_json::Value {
    let Some((first, rest)) = segments.split_first() else { return value.clone() };
    let mut json = root.to_json();
    let inner = root.at(&Pointer::from_segments([first])).unwrap();
    let replaced = replace(inner, rest, value, key);
    match &mut json {
        serde_json::Value::Array(items) => items[first.parse::<usize>().unwrap()] = replaced,
        serde_json::Value::Object(map) => {
            map.insert(key.to_owned(), value.clone());
            map.insert(first.clone(), replaced);
        }
        _ => panic!("a pointer leads through collections"),
    }
    json
}

/// Reads a hostile text, which must end soon, with `code` among its problems.
fn hostile(text: &str, code: &str) {
    let start = Instant::now();
    let diagnostics = read_fully(text);
    let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).take(5).collect();
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == code), "{code}: {codes:?}");
    assert!(start.elapsed() < PATIENCE, "{code} took {:?}", start.elapsed());
}

#[test]
fn nesting_has_an_end() {
    hostile(&"[".repeat(1_000_000), "too-deep");
    hostile(&"{a: ".repeat(1_000_000), "too-deep");
    hostile(&"- ".repeat(1_000_000), "too-deep");
    hostile(&"? ".repeat(1_000_000), "too-deep");
    let stairs: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    hostile(&stairs, "too-deep");
}

#[test]
fn one_long_line_with_many_problems_is_shown_fast() {
    let keys: String = (0..20_000).map(|number| format!("\"k{number}\": 1, ")).collect();
    hostile(&format!("{{ {keys} \"openapi\": \"3.0.3\" }}"), "unknown-key");
}

#[test]
fn a_hundred_levels_are_read() {
    let text = format!("{}7{}", "[".repeat(100), "]".repeat(100));
    let (root, diagnostics) = read(&text);
    assert!(root.is_some() && !diagnostics.has_errors());
    let text = format!("{}7{}", "[".repeat(101), "]".repeat(101));
    assert!(read(&text).0.is_none());
}

#[test]
fn aliases_have_an_end() {
    let bomb = |value: &str| -> String {
        let level = |number: usize| {
            let alias = format!("*a{}, ", number - 1).repeat(9);
            format!("a{number}: &a{number} [{alias}]\n")
        };
        format!("a0: &a0 {value}\n") + &(1..50).map(level).collect::<String>()
    };
    hostile(&bomb("x"), "too-large");
    hostile(&bomb(&"x".repeat(1_000_000)), "too-large");
    hostile("a: &a [*a]", "alias");
    let levels: String =
        (1..150).map(|number| format!("- &a{number} [*a{}]\n", number - 1)).collect();
    hostile(&format!("- &a0 x\n{levels}"), "too-deep");
}

#[test]
fn size_has_an_end() {
    hostile(&format!("? {}\n: v", "k".repeat(2_000)), "too-large");
    let few = [
        Limits { nodes: 1_000, ..Limits::default() },
        Limits { bytes: 3_999, ..Limits::default() },
    ];
    for limits in few {
        let mut diagnostics = Diagnostics::default();
        let source = Source::new("a.yaml", "- a\n".repeat(1_000));
        assert!(parse(&source, &limits, &mut diagnostics).is_none());
        assert_eq!(diagnostics.iter().next().map(|found| found.code), Some("too-large"));
    }
}

#[test]
fn many_problems_cost_no_more_than_many_lines() {
    hostile(&"a: 1\n".repeat(50_000), "duplicate-key");
    hostile(&"- !x y\n".repeat(50_000), "tag");
    hostile(
        &format!("%TAG ! tag:{},\n---\n{}", "x".repeat(200_000), "- !y z\n".repeat(20_000)),
        "tag",
    );
    let keys: String = (0..50_000).map(|number| format!("k{number}: v\n")).collect();
    hostile(&format!("openapi: 3.0.3\n{keys}"), "unknown-key");
}

#[test]
fn many_references_into_a_large_section_are_looked_up_fast() {
    let schema =
        |number: usize| format!("    s{number}: {{ $ref: '#/components/schemas/s{number}x' }}\n");
    let schemas: String = (0..20_000).map(schema).collect();
    hostile(&format!("openapi: 3.0.3\ncomponents:\n  schemas:\n{schemas}"), "dangling-reference");
}

#[test]
fn lines_and_columns_count_characters_from_one() {
    let (root, _) = read("\u{feff}é: [日, \"x\"]\r\nb:\r  - c\n");
    let root = root.unwrap();
    let found = |pointer: &str| {
        let node = root.at(&Pointer::parse(pointer).unwrap()).unwrap();
        (node.line, node.column)
    };
    assert_eq!(found("/é/0"), (1, 5));
    assert_eq!(found("/é/1"), (1, 8));
    assert_eq!(found("/b/0"), (3, 5));
    let entry = root.entry("b").unwrap();
    assert_eq!((entry.line, entry.column), (2, 1));
}

#[test]
fn keys_are_taken_by_their_text() {
    let (root, diagnostics) =
        read("200: a\n0x10: b\n1.50: c\ntrue: d\n~: e\n&k name: f\nother: { *k : g }");
    assert_eq!(diagnostics.count(Severity::Error), 0);
    let root = root.unwrap();
    let keys: Vec<&str> = root.mapping().unwrap().iter().map(|entry| &*entry.key).collect();
    assert_eq!(keys, ["200", "0x10", "1.50", "true", "~", "name", "other"]);
    assert_eq!(root.at(&Pointer::parse("/other/name").unwrap()).and_then(Node::string), Some("g"));
}

#[test]
fn a_text_without_content_is_null() {
    for text in ["", "\n", "# nothing\n", "---\n", "\u{feff}"] {
        let (root, diagnostics) = read(text);
        assert_eq!(root.unwrap().to_json(), serde_json::Value::Null, "{text:?}");
        assert!(!diagnostics.has_errors());
    }
}
