//! Documents of which a little was changed, all the way from text to text: nothing panics. The same function as the
//! fuzzer's, for a bounded number of changes.

#[path = "../../fuzz/whole.rs"]
mod whole;

use std::cell::Cell;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use whole::whole;

/// So many changed documents are tried.
const CASES: u32 = 256;

/// Punctuation that means something in YAML.
const MARKS: &str = "{}[]:,'\"#&*!|>%@`-?0";

/// Every fixture, sorted.
fn fixtures() -> Vec<String> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Something done to a text.
#[derive(Clone, Debug)]
enum Change {
    /// A line is gone.
    Without(Index),
    /// A line comes twice.
    Twice(Index),
    /// Two lines change places.
    Swapped(Index, Index),
    /// What follows the colon of one line follows that of another.
    Value(Index, Index),
    /// A letter becomes another.
    Letter(Index, char),
    /// The text ends there.
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Change::Without),
        at().prop_map(Change::Twice),
        (at(), at()).prop_map(|(one, other)| Change::Swapped(one, other)),
        (at(), at()).prop_map(|(one, other)| Change::Value(one, other)),
        (at(), letter()).prop_map(|(index, letter)| Change::Letter(index, letter)),
        at().prop_map(Change::Cut),
    ]
}

fn letter() -> impl Strategy<Value = char> {
    prop_oneof![any::<char>(), prop::sample::select(Vec::from_iter(MARKS.chars()))]
}

fn changed(text: &str, change: &Change) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return String::new();
    }
    let length = lines.len();
    match change {
        Change::Without(at) => {
            lines.remove(at.index(length));
        }
        Change::Twice(at) => {
            let line = lines[at.index(length)].clone();
            lines.insert(at.index(length), line);
        }
        Change::Swapped(one, other) => lines.swap(one.index(length), other.index(length)),
        Change::Value(one, other) => {
            let value =
                lines[one.index(length)].split_once(": ").map(|(_, value)| value.to_owned());
            let line = &mut lines[other.index(length)];
            if let (Some(value), Some((key, _))) = (value, line.split_once(": ")) {
                *line = format!("{key}: {value}");
            }
        }
        Change::Letter(at, letter) => {
            let mut letters: Vec<char> = text.chars().collect();
            let index = at.index(letters.len());
            letters[index] = *letter;
            return letters.into_iter().collect();
        }
        Change::Cut(at) => lines.truncate(at.index(length)),
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_changed_document_is_read_and_printed_or_told() {
    let fixtures = fixtures();
    let made = Cell::new(0_u32);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let strategy = (any::<Index>(), prop::collection::vec(change(), 1..4));
    let tried = TestRunner::new_with_rng(config, random).run(&strategy, |(index, changes)| {
        let text = index.get(&fixtures).clone();
        if whole(&changes.iter().fold(text, |text, one| changed(&text, one))) {
            made.set(made.get() + 1);
        }
        Ok(())
    });
    tried.unwrap();
    assert!(made.get() > CASES / 20, "{} of {CASES} could be printed", made.get());
}
