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

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

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
    /// How many documents are worked on at a time; by default one for each processor. Each of them compiles in a target
    /// folder of its own.
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
    let jobs = arguments.jobs.unwrap_or_default();
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build().context("no threads")?;
    let timeout = Duration::from_secs(arguments.timeout);
    let mut outcomes = read_all(found, &out, timeout, &pool);
    outcomes.retain(|outcome| outcome.is_document());
    if arguments.check {
        compile::all(&mut outcomes, &out, &pool)?;
    }
    if arguments.drive {
        drive::all(&mut outcomes, &arguments.dir, &out, &pool)?;
    }
    print!("{}", table::table(&outcomes));
    let report = out.join("report.json");
    std::fs::write(&report, serde_json::to_string_pretty(&outcomes)?)?;
    println!("\nevery diagnostic is in {}", report.display());
    Ok(if outcomes.iter().any(Outcome::is_bad) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Reads each document, several at a time; in the order of their names.
fn read_all(found: Vec<Found>, out: &Path, timeout: Duration, pool: &ThreadPool) -> Vec<Outcome> {
    let read = |found: Found| one::apart(&found, out, timeout);
    pool.install(|| found.into_par_iter().map(read).collect())
}

/// Works on each document for which code was generated, several at a time; `work` is given the target folder of its
/// thread. What is done is told as it goes, for it takes long.
fn each_generated(
    outcomes: &mut [Outcome],
    out: &Path,
    pool: &ThreadPool,
    work: impl Fn(&mut Outcome, &Path) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<()> {
    let mut generated: Vec<_> = outcomes.iter_mut().filter(|it| it.generated).collect();
    let (all, done) = (generated.len(), AtomicUsize::new(0));
    pool.install(|| {
        // One at a time: the next document goes to whichever thread is free.
        generated.par_iter_mut().with_max_len(1).try_for_each(|outcome| {
            let thread = rayon::current_thread_index().unwrap_or_default();
            work(outcome, &out.join(format!("target-{thread}")))?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            eprintln!("{done}/{all} {}", outcome.name);
            Ok(())
        })
    })
}
