//! Drives what was generated: the program of the crate `truth` compiles each server with its harness, sends requests made
//! up from the document, and says what did not hold.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use rayon::ThreadPool;

use super::outcome::{Driven, Outcome};
use crate::workspace;

/// So many lines are kept of why a server could not be driven.
const MOST_TOLD: usize = 3;

/// Drives each crate that was written.
pub(super) fn all(
    outcomes: &mut [Outcome],
    dir: &Path,
    out: &Path,
    pool: &ThreadPool,
) -> anyhow::Result<()> {
    let root = workspace::root();
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--package", "truth"])
        .current_dir(&root)
        .status()
        .context("cargo did not start")?;
    if !built.success() {
        bail!("the program that drives servers does not compile");
    }
    let program = root.join("target/debug/truth").with_extension(std::env::consts::EXE_EXTENSION);
    super::each_generated(outcomes, out, pool, |outcome, target| {
        let name = outcome.folder.file_name().unwrap_or_default();
        let output = Command::new(&program)
            .arg(dir.join(&outcome.name))
            .arg("--out")
            .arg(out.join("driven").join(name))
            .arg("--target")
            .arg(target)
            .arg("--lock")
            .arg(root.join("Cargo.lock"))
            .output()
            .with_context(|| program.display().to_string())?;
        let told = String::from_utf8_lossy(&output.stderr);
        let failed = || told.lines().take(MOST_TOLD).collect::<Vec<_>>().join("; ");
        outcome.driven = Some(match serde_json::from_slice(&output.stdout) {
            Ok(driven) if output.status.success() => {
                // What answers was compiled.
                outcome.compiles = Some(true);
                driven
            }
            _ => Driven { failed: Some(failed()), ..Driven::default() },
        });
        Ok(())
    })
}
