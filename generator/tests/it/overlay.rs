//! Overlays, a file each, laid over the document whose name theirs begins with.

use std::path::Path;
use std::time::{Duration, Instant};

use generator::diagnostic::{Colour, render};
use generator::source::{NoFiles, Source};
use generator::{Limits, Reading, read_overlaid};

const DOCUMENTS: [&str; 3] = ["openapi_3_0", "openapi_3_1", "swagger_2_0"];

fn source(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap();
    Source::new(path.file_name().unwrap().to_str().unwrap(), text)
}

fn reading(path: &Path) -> Reading {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let name = DOCUMENTS.iter().find(|name| stem.starts_with(*name)).unwrap();
    let documents = path.parent().unwrap().parent().unwrap().join("documents");
    let document = source(&documents.join(format!("{name}.yaml")));
    // Names that differ, as those of files in one folder do.
    let overlay = source(path);
    let overlay = Source::new(format!("overlay/{}", overlay.name()), overlay.text());
    read_overlaid(&document, &[overlay], &NoFiles, &Limits::default())
}

#[test]
fn overlays_change_the_contract() {
    insta::glob!("../data/overlay", "ok/*.yaml", |path| {
        let reading = reading(path);
        let problems = render(&reading.diagnostics, reading.sources(), Colour::Never);
        assert_eq!(problems, "", "{}", path.display());
        insta::assert_yaml_snapshot!(super::contract::terse(&reading.api.unwrap()));
    });
}

#[test]
fn problems_are_told_where_the_overlay_has_them() {
    insta::glob!("../data/overlay", "err/*.yaml", |path| {
        let reading = reading(path);
        assert!(reading.diagnostics.has_errors());
        for problem in reading.diagnostics.iter() {
            assert!(problem.place.source.starts_with("overlay/"), "{problem:?}");
            assert!(problem.help.is_some(), "{problem:?}");
        }
        let problems = render(&reading.diagnostics, reading.sources(), Colour::Never);
        insta::assert_snapshot!(problems);
    });
}

fn document() -> Source {
    let paths: String = (0..2_000)
        .map(|number| {
            format!("  /p{number}:\n    get: {{ responses: {{ '200': {{ description: d }} }} }}\n")
        })
        .collect();
    let head = "openapi: 3.0.3\ninfo: { title: t, version: v }\n";
    Source::new("wide.yaml", format!("{head}paths:\n{paths}"))
}

fn action(target: &str, update: &str) -> Source {
    let target = serde_json::to_string(target).unwrap();
    let text = format!(
        "overlay: 1.0.0\ninfo: {{ title: t, version: v }}\nactions:\n- target: {target}\n  {update}\n"
    );
    Source::new("overlay.yaml", text)
}

/// The codes of what is wrong with overlays, which must not take long to say.
fn codes(overlays: &[Source]) -> Vec<&'static str> {
    let start = Instant::now();
    let reading = read_overlaid(&document(), overlays, &NoFiles, &Limits::default());
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    reading.diagnostics.iter().map(|problem| problem.code).collect()
}

#[test]
fn overlays_are_laid_in_order() {
    let first = action("$.info", "update: { by: a }");
    let second = action("$.info.by", "remove: true");
    assert_eq!(codes(&[first.clone(), second.clone()]), [""; 0]);
    assert_eq!(codes(&[second, first]), ["no-match", "unknown-key"]);
}

#[test]
fn no_target_costs_too_much() {
    let update = "update: { summary: s }";
    let deep = "[?@".repeat(11) + &"]".repeat(11);
    let functions = "[?length(".to_owned() + &"length(".repeat(8) + "x";
    let table: &[(&str, &str)] = &[
        ("$..[?$..x]", "too-complex"),
        ("$..*..*..*..*..*..*..*..*..*", "too-complex"),
        ("$..[?search(@.description, $..x)]", "too-complex"),
        ("$..[?@..[?@..[?@..[?@..[?@..x]]]]]", "too-complex"),
        (&format!("${deep}"), "bad-json-path"),
        (&format!("${functions}"), "bad-json-path"),
        (&format!("${}", "(".repeat(100_000)), "bad-json-path"),
        (&format!("${}", ".a".repeat(900)), "no-match"),
    ];
    for (target, code) in table {
        assert_eq!(codes(&[action(target, update)]), [*code], "{target}");
    }
    let every = action("$..[?@.description == 'd']", "update: { by: a }");
    // What is wrong with one line of an overlay is said once, wherever that line went.
    assert_eq!(codes(&[every]), ["unknown-key"]);
}

#[test]
fn no_update_makes_a_document_too_large() {
    let text = format!("update: {{ description: '{}' }}", "d".repeat(20_000));
    assert_eq!(codes(&[action("$.paths.*.get", &text)]), ["too-large"]);
    let nested = "{ x-a: ".repeat(60) + "1" + &" }".repeat(60);
    let way = "['x-a']".repeat(60);
    let first = action("$.info", &format!("update: {nested}"));
    let second =
        action(&format!("$.info{}", way.get(..7 * 55).unwrap()), &format!("update: {nested}"));
    assert!(codes(&[first, second]).contains(&"too-deep"));
}
