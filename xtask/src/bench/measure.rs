//! What a command costs: run by a process of its own, which the system then asks about its children.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// What a command cost.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Usage {
    /// The exit code; none where a signal ended it.
    pub(super) code: Option<i32>,
    /// Seconds of the processor in the program, its children included.
    pub(super) user: f64,
    /// Seconds of the processor in the system for it: files and memory, for the most part.
    pub(super) system: f64,
    /// Seconds that went by.
    pub(super) wall: f64,
    /// The most memory of the largest process, in MiB.
    pub(super) peak: f64,
    /// The end of what it said on its standard error.
    pub(super) said: String,
}

impl Usage {
    pub(super) fn succeeded(&self) -> bool {
        self.code == Some(0)
    }
}

/// Runs a command in a process that does nothing else.
pub(super) fn measured(
    folder: &Path,
    words: &[String],
    target: Option<&Path>,
) -> anyhow::Result<Usage> {
    let program = std::env::current_exe().context("this program cannot be found")?;
    let mut command = Command::new(program);
    command.arg("bench-one").arg("--").args(words).current_dir(folder).env_remove("RUSTFLAGS");
    if let Some(target) = target {
        command.env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    }
    let output = command.output().context("the process did not start")?;
    serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Runs the command that the words are, and prints what it cost as JSON.
pub(crate) fn one(words: &[String]) -> anyhow::Result<ExitCode> {
    let (program, arguments) = words.split_first().context("no command is named")?;
    let begun = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{program} did not start"))?;
    let wall = begun.elapsed().as_secs_f64();
    let (user, system, peak) = children()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let usage = Usage { code: output.status.code(), user, system, wall, peak, said: text };
    println!("{}", serde_json::to_string(&usage)?);
    Ok(ExitCode::SUCCESS)
}

/// Seconds of the processor in programs and in the system, and the most memory in MiB, of the children that have ended.
#[cfg(unix)]
fn children() -> anyhow::Result<(f64, f64, f64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = |time: nix::sys::time::TimeVal| {
        std::time::Duration::from_micros(u64::try_from(time.num_microseconds()).unwrap_or_default())
            .as_secs_f64()
    };
    // Linux and the BSDs count in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let bytes = u32::try_from(used.max_rss() * unit / 1024).unwrap_or(u32::MAX);
    let peak = f64::from(bytes) / 1024.0;
    Ok((seconds(used.user_time()), seconds(used.system_time()), peak))
}

#[cfg(not(unix))]
fn children() -> anyhow::Result<(f64, f64, f64)> {
    anyhow::bail!("what a process cost is asked of Unix systems only")
}
