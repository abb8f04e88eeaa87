//! The one-construct documents of the generator, driven: whatever they say of requests and answers is true of the
//! servers made of them.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use generator::source::{Load, Source};
use generator::{Limits, Module, Reading};
use truth::drive::drive;
use truth::program::{Build, Program};
use truth::report::Report;

struct Folder(PathBuf);

impl Load for Folder {
    fn load(&self, name: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(name)).map_err(|error| error.to_string())
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Every document with its name.
fn documents() -> Vec<(String, Reading)> {
    let folder = workspace().join("generator/tests/data/emit");
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = Source::new(format!("{name}.yaml"), fs::read_to_string(path).unwrap());
        (name, generator::read(&source, &Folder(folder.clone()), &Limits::default()))
    };
    paths.iter().map(read).collect()
}

#[test]
fn what_the_documents_say_is_true_of_their_servers() {
    let documents = documents();
    let modules: Vec<Module<'_>> = documents
        .iter()
        .map(|(name, reading)| Module { name, source: name, api: reading.api.as_ref().unwrap() })
        .collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let (folder, lock) = (target.join("driven"), workspace().join("Cargo.lock"));
    let build = Build { folder: &folder, target, lock: Some(&lock) };
    let built = build.run(&modules).unwrap();
    let mut told = Vec::new();
    for (name, reading) in &documents {
        let api = reading.api.as_ref().unwrap();
        if api.operations.is_empty() {
            continue;
        }
        let mut program = Program::start(&built, name).unwrap();
        let report = drive(api, reading.trees(), &mut program).unwrap();
        told.extend(report.told.iter().map(|what| format!("{name}: {what}")));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("driven_{name}"), counts(&report));
        });
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What was tried: a document that is driven less than it was shows in the snapshot.
fn counts(report: &Report) -> String {
    let Report { operations, reached, requests, answers, misses, skipped, .. } = report;
    let skipped = skipped.iter().map(|(why, count)| format!("\n{count} times {why}"));
    format!(
        "{reached} of {operations} operations reached by {requests} requests, {answers} answers, {misses} near misses{}",
        skipped.collect::<String>()
    )
}
