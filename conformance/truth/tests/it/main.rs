//! The one-construct documents of the generator, driven: whatever they say of requests and answers is true of the
//! servers made of them.

#![cfg(test)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use generator::contract::{Api, Schema};
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
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

/// A document and what was read of it.
struct Document {
    name: String,
    text: String,
    reading: Reading,
}

fn folder() -> PathBuf {
    workspace().join("generator/tests/data/emit")
}

fn read(name: &str, text: &str) -> Reading {
    let source = Source::new(format!("{name}.yaml"), text);
    generator::read(&source, &Folder(folder()), &Limits::default())
}

/// Every document of the generator's tests, each with an operation for every schema that has a name.
fn documents() -> Vec<Document> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.filter(|path| path.is_file()).collect();
    paths.sort();
    let document = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(path).unwrap();
        let text = with_operations(&text, read(&name, &text).api.as_ref().unwrap());
        let reading = read(&name, &text);
        Document { name, text, reading }
    };
    paths.iter().map(document).collect()
}

/// The text with an operation for every schema that has a name: it takes such a value and answers with one.
fn with_operations(text: &str, api: &Api) -> String {
    if text.starts_with("swagger") {
        return text.to_owned();
    }
    let mut paths = "paths:\n".to_owned();
    let own = |schema: &&Schema| schema.place.source.starts_with(&format!("{}", api.source));
    let named = api.schemas.iter().map(|(_, schema)| schema).filter(own);
    let in_components = |schema: &&Schema| {
        let segments = schema.place.pointer.segments();
        segments.len() == 3
            && segments.starts_with(&["components".to_owned(), "schemas".to_owned()])
    };
    for (number, schema) in named.filter(in_components).enumerate() {
        let pointer = format!("#{}", schema.place.pointer);
        let pointer = pointer.replace('%', "%25").replace('"', "%22").replace('\\', "%5C");
        let content =
            format!("content: {{ application/json: {{ schema: {{ $ref: \"{pointer}\" }} }} }}");
        writeln!(
            paths,
            "  /of-schemas/{number}: {{ post: {{ operationId: ofSchema{number}, security: [], requestBody: {{ required: true, \
             {content} }}, responses: {{ \"200\": {{ description: The same., {content} }} }} }} }}"
        )
        .unwrap();
    }
    let text = text.replacen("paths: {}\n", "paths:\n", 1);
    text.replacen("paths:\n", &paths, 1)
}

/// The harness of all documents, built once.
fn built(documents: &[Document]) -> PathBuf {
    let modules: Vec<Module<'_>> = documents
        .iter()
        .map(|document| Module {
            name: &document.name,
            source: &document.name,
            api: document.reading.api.as_ref().unwrap(),
        })
        .collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let (folder, lock) = (target.join("driven"), workspace().join("Cargo.lock"));
    Build { folder: &folder, target, lock: Some(&lock) }.run(&modules).unwrap()
}

fn driven(program: &Path, name: &str, reading: &Reading) -> Report {
    let mut program = Program::start(program, name).unwrap();
    drive(reading.api.as_ref().unwrap(), reading.trees(), &mut program).unwrap()
}

#[test]
fn what_the_documents_say_is_true_of_their_servers() {
    let documents = documents();
    let program = built(&documents);
    let mut told = Vec::new();
    for Document { name, reading, .. } in &documents {
        let report = driven(&program, name, reading);
        told.extend(report.told.iter().map(|what| format!("{name}: {what}")));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("driven_{name}"), counts(&report));
        });
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    a_server_of_another_document_is_found_out(&documents, &program);
}

/// Each change of the document makes the server that was made before it one that lies.
fn a_server_of_another_document_is_found_out(documents: &[Document], program: &Path) {
    let changes = [
        ("operations", "maximum: 50, default", "maximum: 500, default"),
        ("operations", "explode: false", "explode: true"),
        ("operations", "minLength: 2", "minLength: 3"),
        ("operations", "required: [code, text]", "required: [code, text, number]"),
        ("operations", "style: label", "style: simple"),
        (
            "operations",
            "\"204\": { description: It is gone. }",
            "\"205\": { description: It is gone. }",
        ),
        ("operations", "X-Total: {", "X-Sum: {"),
        ("templates", "/jobs/{id}:cancel", "/jobs/{id}:stop"),
        ("templates", "maxLength: 12", "maxLength: 1"),
    ];
    for (name, old, new) in changes {
        let document = documents.iter().find(|document| document.name == name).unwrap();
        assert!(document.text.contains(old), "{old}");
        let report = driven(program, name, &read(name, &document.text.replacen(old, new, 1)));
        assert!(report.broken > 0, "{name}: {old} → {new} makes no difference");
    }
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
