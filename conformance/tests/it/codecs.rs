//! The emitted codecs and the checker's decoders are held equal: on every split of what they write, and on garbage.
//!
//! Neither uses the other's code, so an error would have to be made twice. The codecs of `tests/data/codecs` are
//! generated, compiled as a crate of their own, and asked as a process.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use conformance::frame::{Decoder, Event, Outgoing, decode, encode};
use conformance::judge::{Validators, Validity};
use generator::contract::{Api, FieldRole, Layout};
use generator::source::{NoFiles, Source};
use generator::{Limits, Module, Output};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../data/codecs/openapi.yaml");
const DRIVER: &str = include_str!("../data/codecs/driver.rs");
/// Streams per layout, each taken whole, in single bytes and in random pieces.
const STREAMS: usize = 60;

/// A layout and the pieces of one stream.
type Case = (String, Vec<Vec<u8>>);

#[test]
fn emitted_codecs_read_what_the_checker_reads() {
    let document = Document::read();
    let layouts: Vec<_> = document
        .api
        .operations
        .iter()
        .map(|operation| (operation.id.0.clone(), layout(operation)))
        .collect();
    assert!(layouts.len() >= 12, "too few layouts");
    let mut runner = TestRunner::deterministic();
    let cases: Vec<_> =
        layouts.iter().flat_map(|(name, layout)| cases(name, layout, &mut runner)).collect();
    let answers = answers(&build(&document.api), &cases);
    let mut broken = 0;
    for (case, answer) in cases.iter().zip(&answers) {
        let layout = &layouts.iter().find(|(name, _)| *name == case.0).unwrap().1;
        assert_eq!(expected(&document, layout, &case.1), *answer, "{case:?}");
        broken += usize::from(answer["broken"] == true);
    }
    assert_eq!(answers.len(), cases.len());
    assert!(
        broken > cases.len() / 20 && broken < cases.len() / 2,
        "{broken} of {} cases are broken",
        cases.len()
    );
}

fn layout(operation: &generator::contract::Operation) -> Layout {
    let (_, response) = operation.responses.get(200).unwrap();
    response.content[0].frames[0].framing.receive.clone()
}

/// Streams of a layout: written by the checker's encoder, cut short, changed in a byte, or mere garbage.
fn cases(name: &str, layout: &Layout, runner: &mut TestRunner) -> Vec<Case> {
    let mut cases = Vec::new();
    for number in 0..STREAMS {
        let mut bytes = written(layout, runner);
        match number % 6 {
            3 => bytes.truncate(drawn(runner, 0..=bytes.len())),
            4 if !bytes.is_empty() => {
                let at = drawn(runner, 0..=bytes.len() - 1);
                bytes[at] ^= 1 << drawn(runner, 0..=7);
            }
            5 => bytes = drawn_from(runner, &proptest::collection::vec(any::<u8>(), 0..40)),
            _ => {}
        }
        let cut = drawn(runner, 0..=bytes.len());
        let (head, tail) = bytes.split_at(cut);
        cases.push((name.to_owned(), vec![bytes.clone()]));
        cases.push((name.to_owned(), bytes.iter().map(|byte| vec![*byte]).collect()));
        cases.push((name.to_owned(), vec![head.to_vec(), tail.to_vec()]));
    }
    cases
}

/// A lawful stream of a few messages.
fn written(layout: &Layout, runner: &mut TestRunner) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..drawn(runner, 0..=4) {
        let message = match layout {
            Layout::LengthPrefixed(prefixed) => {
                let names = prefixed.header.iter().find_map(|field| match &field.role {
                    FieldRole::Stream(names) => Some(names.keys().copied().collect::<Vec<_>>()),
                    _ => None,
                });
                let stream = names.map_or(0, |names| names[drawn(runner, 0..=names.len() - 1)]);
                let payload = drawn_from(runner, &proptest::collection::vec(any::<u8>(), 0..16));
                encode(layout, Outgoing::Frame { stream, payload: &payload })
            }
            Layout::Lines(_) => encode(layout, Outgoing::Item(&item(runner))),
            _ => encode(layout, Outgoing::Line(drawn_from(runner, &"[ -~]{0,12}").as_bytes())),
        };
        bytes.extend_from_slice(&message.unwrap());
    }
    bytes
}

fn item(runner: &mut TestRunner) -> Value {
    match drawn(runner, 0..=5) {
        0 => json!({ "a": 1, "b": 2 }),
        1 => json!({ "over": true, "a": 3 }),
        2 => json!({ "b": 4, "a": null }),
        number => json!({ "a": number }),
    }
}

fn drawn(runner: &mut TestRunner, range: std::ops::RangeInclusive<usize>) -> usize {
    drawn_from(runner, &range)
}

fn drawn_from<S: Strategy>(runner: &mut TestRunner, values: &S) -> S::Value {
    values.new_tree(runner).unwrap().current()
}

/// What the checker makes of the pieces, told as the driver tells it: its decoder, and for items what it leaves to
/// the judge, the alternatives and the schema.
fn expected(document: &Document, layout: &Layout, pieces: &[Vec<u8>]) -> Value {
    let decoded = decode(layout, pieces.iter().map(Vec::as_slice));
    let told: Vec<_> =
        decoded.events.iter().map_while(|event| told(document, layout, event)).collect();
    let broken = decoded.violation.is_some() || told.len() < decoded.events.len();
    json!({ "events": told, "broken": broken })
}

fn told(document: &Document, layout: &Layout, event: &Event) -> Option<Value> {
    match event {
        Event::Frame { stream, payload, .. } => {
            let stream = stream.unwrap_or(0);
            let again = encode(layout, Outgoing::Frame { stream, payload }).unwrap();
            Some(json!([stream, payload.to_vec(), again.to_vec()]))
        }
        Event::Item { value, .. } => document.admits(layout, value).then(|| value.clone()),
        Event::Line { text, .. } => std::str::from_utf8(text).ok().map(|text| json!(text)),
        Event::Data { .. } => None,
    }
}

/// The document of the codecs, and its own schemas.
struct Document {
    api: Api,
    validators: Validators,
}

impl Document {
    fn read() -> Self {
        let reading =
            generator::read(&Source::new("codecs.yaml", DOCUMENT), &NoFiles, &Limits::default());
        assert!(!reading.diagnostics.has_errors(), "{:?}", reading.diagnostics);
        let trees = reading.trees();
        let api = reading.api.unwrap();
        Self { validators: Validators::new(trees, api.schemas.clone()), api }
    }

    fn admits(&self, layout: &Layout, item: &Value) -> bool {
        let Layout::Lines(lines) = layout else { return true };
        let has = |pointer: &&generator::contract::Pointer| {
            pointer.get(item).is_some_and(|value| !value.is_null())
        };
        let one =
            lines.alternatives.is_empty() || lines.alternatives.iter().filter(has).count() == 1;
        let place = &self.api.schemas.get(lines.item.unwrap()).unwrap().place;
        one && self.validators.check(place, item) == Validity::Valid
    }
}

/// Generates and compiles the codecs and their driver; the program.
fn build(api: &Api) -> PathBuf {
    let root = workspace().join("target/codecs");
    let module = Module { name: "api", source: "tests/data/codecs/openapi.yaml", api };
    let (tree, diagnostics) =
        generator::generate(&[module], &Output::Crate { package: "codecs".to_owned() });
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    for (path, text) in tree.iter() {
        write(&root.join(path), text);
    }
    write(&root.join("src/bin/driver.rs"), DRIVER);
    write(
        &root.join("Cargo.lock"),
        &std::fs::read_to_string(workspace().join("Cargo.lock")).unwrap(),
    );
    let target = workspace().join("target");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--bin", "driver"])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    target.join("debug").join(format!("driver{}", std::env::consts::EXE_SUFFIX))
}

fn answers(program: &Path, cases: &[Case]) -> Vec<Value> {
    let mut child =
        Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String = cases.iter().map(|case| format!("{}\n", json!(case))).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Leaves a file alone that holds the text already, so that cargo sees what changed.
fn write(path: &Path, text: &str) {
    if std::fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

#[test]
fn a_decoder_holds_no_more_than_came() {
    let document = Document::read();
    let wide = layout(
        document.api.operations.iter().find(|operation| operation.id.0 == "u64Big").unwrap(),
    );
    let mut decoder = Decoder::new(&wide);
    decoder.push(&u64::MAX.to_be_bytes());
    assert!(!matches!(decoder.next(), Ok(Some(_))));
}
