//! Compiles what was generated: every crate by itself, in target folders that they share, so that dependencies are built
//! but once for each thread.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use rayon::ThreadPool;

use super::outcome::Outcome;
use crate::workspace;

/// So many errors of the compiler are kept.
const MOST_TOLD: usize = 8;

/// Checks each crate that was written.
pub(super) fn all(outcomes: &mut [Outcome], out: &Path, pool: &ThreadPool) -> anyhow::Result<()> {
    let lock = workspace::root().join("Cargo.lock");
    super::each_generated(outcomes, out, pool, |outcome, target| {
        std::fs::copy(&lock, outcome.folder.join("Cargo.lock"))
            .with_context(|| lock.display().to_string())?;
        let output = Command::new("cargo")
            .args(["check", "--offline", "--quiet", "--message-format", "short"])
            .current_dir(&outcome.folder)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .output()
            .context("cargo did not start")?;
        outcome.compiles = Some(output.status.success());
        let text = String::from_utf8_lossy(&output.stderr);
        let errors = text.lines().filter(|line| line.contains("error"));
        outcome.compiler = errors.take(MOST_TOLD).map(str::to_owned).collect();
        Ok(())
    })
}
