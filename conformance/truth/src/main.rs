//! `truth SPEC --out FOLDER --target FOLDER`: generates a crate for a document, compiles it with its harness, drives
//! it, and prints the report as JSON.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Parser;
use generator::disk::Disk;
use generator::source::Source;
use generator::{Limits, Module};
use truth::program::Program;
use truth::report::Report;

/// What is driven, and where it is built.
#[derive(Parser)]
struct Arguments {
    /// The document.
    spec: PathBuf,
    /// The folder of the crate.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The target folder of cargo.
    #[arg(long, value_name = "DIR")]
    target: PathBuf,
    /// A lock file to start from.
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let name = arguments.spec.display().to_string();
    let bytes = std::fs::read(&arguments.spec).with_context(|| name.clone())?;
    let source = Source::new(name.as_str(), String::from_utf8_lossy(&bytes).into_owned());
    let reading = generator::read(&source, &Disk(Path::new("")), &Limits::default());
    let trees = reading.trees();
    let Some(api) = reading.api.filter(|_| !reading.diagnostics.has_errors()) else {
        bail!("{name} cannot be used");
    };
    let modules = [Module { name: "api", source: "the document", api: &api }];
    let build = truth::program::Build {
        folder: &arguments.out,
        target: &arguments.target,
        lock: arguments.lock.as_deref(),
    };
    let built = build.run(&modules)?;
    let report = if api.operations.is_empty() {
        // There is no server to drive; that the models compile is all there is to show.
        Report::default()
    } else {
        let mut program = Program::start(&built, "api")?;
        truth::drive::drive(&api, trees, &mut program)?
    };
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}
