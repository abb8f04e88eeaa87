//! `cargo xtask corpus`: runs the generator over every document of a folder and prints one table of what became of each.
//!
//! Each document is read by a process of its own, so that a panic or a hang costs one row. Nothing of the documents is kept
//! outside the scratch folder.

mod compile;
mod drive;
mod find;
mod one;
mod outcome;
mod table;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::workspace;
use find::Found;
use outcome::Outcome;

pub(crate) use one::one;

/// What `cargo xtask corpus` is asked.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder; everything below it that looks like a document is read.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Compile what was generated, too.
    #[arg(long)]
    check: bool,
    /// Drive what was generated, too: requests made up from the document are sent to the server made of it.
    #[arg(long)]
    drive: bool,
    /// Only documents whose path contains this text. May be given several times.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Where the crates and the report are written; by default `target/corpus`.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How many seconds a document may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    /// How many documents are read at a time; by default one for each processor.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

/// Reads every document and prints the table. Exit code 1 if any of them made the generator panic or hang, if a
/// document that the folder's `MANIFEST.json` calls valid was refused, or if something generated does not compile.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut found = find::documents(&arguments.dir)?;
    let is_wanted = |found: &Found| {
        arguments.only.is_empty() || arguments.only.iter().any(|text| found.name.contains(text))
    };
    found.retain(is_wanted);
    if found.is_empty() {
        bail!("{} holds no document", arguments.dir.display());
    }
    let out =
        arguments.out.clone().unwrap_or_else(|| workspace::root().join("target").join("corpus"));
    std::fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
    let out = out.canonicalize()?;
    let jobs = arguments.jobs.or_else(|| std::thread::available_parallelism().ok().map(Into::into));
    let timeout = Duration::from_secs(arguments.timeout);
    let mut outcomes = read_all(found, &out, timeout, jobs.unwrap_or(1));
    outcomes.retain(|outcome| outcome.is_document());
    if arguments.check {
        compile::all(&mut outcomes, &out)?;
    }
    if arguments.drive {
        drive::all(&mut outcomes, &arguments.dir, &out)?;
    }
    print!("{}", table::table(&outcomes));
    let report = out.join("report.json");
    std::fs::write(&report, serde_json::to_string_pretty(&outcomes)?)?;
    println!("\nevery diagnostic is in {}", report.display());
    Ok(if outcomes.iter().any(Outcome::is_bad) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Reads each document, several at a time; in the order of their names.
fn read_all(found: Vec<Found>, out: &Path, timeout: Duration, jobs: usize) -> Vec<Outcome> {
    let waiting = Mutex::new(VecDeque::from(found));
    let outcomes = Mutex::new(Vec::new());
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.pop_front());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(found) = next() {
                    let outcome = one::apart(&found, out, timeout);
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.push(outcome);
                    }
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_default();
    outcomes.sort_by(|one, other| one.name.cmp(&other.name));
    outcomes
}
