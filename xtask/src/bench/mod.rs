//! The generator beside others, on the same documents in one run: time, memory, lines, and whether the output compiles.
//!
//! ```text
//! measure → tool → table
//! ```
//!
//! Every round runs each tool once, in turn, so that a slow moment of the machine meets them all.

mod measure;
mod table;
mod tool;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use generator::disk;

use measure::Usage;
use table::Row;
use tool::Tool;

pub(crate) use measure::one;

/// What to compare, and how often.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A document; several may be named.
    #[arg(long = "document", value_name = "FILE", required = true)]
    documents: Vec<PathBuf>,
    /// How often each tool runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: usize,
    /// How often the output of each is checked by the compiler; nought leaves that out.
    #[arg(long, value_name = "N", default_value_t = 1)]
    checks: usize,
    /// Where the other tools are installed and everything is written, kept for the next run; by default a folder
    /// for temporary files.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// The openapi-generator CLI, where Java is present.
    #[arg(long, value_name = "JAR")]
    openapi_generator: Option<PathBuf>,
}

/// Compares the generators and prints one table.
pub(crate) fn generators(asked: &Arguments) -> anyhow::Result<ExitCode> {
    // Not below this workspace, which cargo would take what is written for a part of.
    let temporary = || std::env::temp_dir().join("bench-generators");
    let scratch = asked.scratch.clone().unwrap_or_else(temporary);
    std::fs::create_dir_all(&scratch).with_context(|| scratch.display().to_string())?;
    let scratch = scratch.canonicalize()?;
    let tools = tool::all(&scratch, asked.openapi_generator.as_deref())?;
    let mut rows = Vec::new();
    for document in &asked.documents {
        let document = document.canonicalize().with_context(|| document.display().to_string())?;
        rows.extend(compared(&tools, &document, &scratch, asked)?);
    }
    print!("{}", table::table(&rows));
    Ok(ExitCode::SUCCESS)
}

fn compared(
    tools: &[Tool],
    document: &Path,
    scratch: &Path,
    asked: &Arguments,
) -> anyhow::Result<Vec<Row>> {
    let name = document.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut rows: Vec<Row> = tools.iter().map(|tool| Row::new(&name, &tool.name)).collect();
    let output = |tool: &Tool| scratch.join("output").join(&tool.name).join(tool::plain(&name));
    for _ in 0..asked.rounds.max(1) {
        for (tool, row) in tools.iter().zip(&mut rows) {
            let folder = output(tool);
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            std::fs::create_dir_all(&folder)?;
            row.generate.push(tool.generate(document, &folder)?);
        }
    }
    for (tool, row) in tools.iter().zip(&mut rows) {
        row.lines = lines(&output(tool))?;
    }
    // The first check builds the dependencies and is not counted.
    for round in 0..=asked.checks {
        for (tool, row) in tools.iter().zip(&mut rows) {
            let made = row.generate.iter().all(Usage::succeeded);
            if asked.checks == 0 || !made || row.errors.is_some_and(|errors| errors > 0) {
                continue;
            }
            let (usage, errors) = tool.check(&output(tool), &scratch.join("target"))?;
            row.errors = Some(errors);
            if round > 0 {
                row.check.push(usage);
            }
        }
    }
    Ok(rows)
}

/// How many lines of Rust stand below a folder.
fn lines(folder: &Path) -> anyhow::Result<usize> {
    let files = disk::files(folder).map_err(anyhow::Error::msg)?;
    let rust = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    Ok(rust.map(|(_, text)| text.lines().count()).sum())
}
