//! How long each stage takes over the shipped specs, and over the document that `GENERATOR_BENCH_DOCUMENT` names:
//! `cargo bench -p generator`. What a stage works on is made before its time is taken.

#![expect(clippy::unwrap_used, reason = "a document that cannot be read has no time to tell")]

use std::path::{Path, PathBuf};

use divan::{Bencher, black_box};
use generator::diagnostic::Diagnostics;
use generator::document;
use generator::emit::{self, Parts, PlannedFile, TagFeatures, Types};
use generator::layout;
use generator::name::Names;
use generator::source::{Load, Source};
use generator::{Limits, Module, Output, Reading};

fn main() {
    divan::main();
}

/// Files below the folder that a document's name is relative to.
struct Below(PathBuf);

impl Load for Below {
    fn load(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// The names of the documents, relative to the root of the workspace or absolute.
fn documents() -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(root().join("specs"))
        .unwrap()
        .map(|entry| format!("specs/{}/openapi.yaml", entry.unwrap().file_name().display()))
        .filter(|name| root().join(name).is_file())
        .collect();
    found.sort();
    found.extend(std::env::var("GENERATOR_BENCH_DOCUMENT"));
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn source(name: &str) -> Source {
    Source::new(name, std::fs::read_to_string(root().join(name)).unwrap())
}

fn reading(name: &str) -> Reading {
    generator::read(&source(name), &Below(root()), &Limits::default())
}

fn modules(types: &Types<'_>, sink: &mut dyn FnMut(PlannedFile)) {
    emit::module(types, Parts::All, &TagFeatures::default(), &mut Diagnostics::default(), sink);
}

/// Text to tree.
#[divan::bench(args = documents())]
fn load(bencher: Bencher<'_, '_>, name: &str) {
    let (source, limits) = (source(name), document::Limits::default());
    bencher
        .bench_local(|| document::read(black_box(&source), &limits, &mut Diagnostics::default()));
}

/// Text to contract.
#[divan::bench(args = documents())]
fn read(bencher: Bencher<'_, '_>, name: &str) {
    let (source, load) = (source(name), Below(root()));
    bencher.bench_local(|| generator::read(black_box(&source), &load, &Limits::default()));
}

/// Contract to tokens.
#[divan::bench(args = documents())]
fn emit(bencher: Bencher<'_, '_>, name: &str) {
    let api = reading(name).api.unwrap();
    bencher.bench_local(|| {
        let names = Names::of("api", black_box(&api));
        let types = Types::new(&api, &names);
        modules(&types, &mut |file| drop(black_box(file)));
    });
}

/// Tokens to text.
#[divan::bench(args = documents())]
fn layout(bencher: Bencher<'_, '_>, name: &str) {
    let api = reading(name).api.unwrap();
    let names = Names::of("api", &api);
    let mut files: Vec<PlannedFile> = Vec::new();
    modules(&Types::new(&api, &names), &mut |file| files.push(file));
    bencher.with_inputs(|| files.clone()).bench_local_values(|files| {
        files
            .into_iter()
            .map(|file| layout::render(file, "codegen", name).map_or(0, |text| text.len()))
            .sum::<usize>()
    });
}

/// Contract to text, as a program does it.
#[divan::bench(args = documents())]
fn generate(bencher: Bencher<'_, '_>, name: &str) {
    let api = reading(name).api.unwrap();
    let output = Output::Crate { package: "api".to_owned() };
    bencher.bench_local(|| {
        generator::generate(&[Module { name: "api", source: name, api: black_box(&api) }], &output)
    });
}
