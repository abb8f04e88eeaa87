//! `cargo xtask conformance` and `kill-matrix`: build the reference server and the checker, and run them as processes.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context as _, bail};

use crate::specs::Spec;
use crate::{specs, workspace};

/// What a run against the reference server of an API needs beside the spec. A folder without it is of an API that the
/// reference server does not play.
const CONFIGURATION: &str = "reference.toml";

/// Checks every shipped API that the reference server plays, and names those that it does not.
pub(crate) fn all(seed: Option<u64>, only: Option<&str>) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let mut shipped = specs::shipped(&root)?;
    shipped.retain(|spec| only.is_none_or(|only| only == spec.name));
    if shipped.is_empty() {
        bail!("no spec under `specs` has that name");
    }
    let programs = Programs::built(&root)?;
    let mut worst = 0;
    let mut lines = Vec::new();
    for spec in &shipped {
        let name = &spec.name;
        if root.join(configuration(spec)).is_file() {
            let code = checked(&root, &programs, spec, seed)?;
            worst = worst.max(code);
            lines.push(format!("{name:<12} {}", verdict(code)));
        } else {
            lines.push(format!("{name:<12} not checked: there is no reference server of it"));
        }
    }
    println!("\n{}\nreports are in target/conformance", lines.join("\n"));
    Ok(ExitCode::from(u8::try_from(worst).unwrap_or(3)))
}

fn configuration(spec: &Spec) -> String {
    format!("specs/{}/{CONFIGURATION}", spec.name)
}

/// Checks one API; gives the checker's exit code.
fn checked(
    root: &Path,
    programs: &Programs,
    spec: &Spec,
    seed: Option<u64>,
) -> anyhow::Result<i32> {
    let server = Server::started(&programs.reference, &spec.name)?;
    let reports = root.join("target/conformance");
    std::fs::create_dir_all(&reports)?;
    let mut command = Command::new(&programs.conformance);
    command.current_dir(root).args(["run", "--spec", &spec.document, "--target", &server.url]);
    command.args(["--config", &configuration(spec)]);
    for (kind, ending) in [("json", "json"), ("junit", "xml")] {
        let file = reports.join(format!("{}.{ending}", spec.name));
        command.arg("--report").arg(format!("{kind}={}", file.display()));
    }
    if let Some(seed) = seed {
        command.args(["--seed", &seed.to_string()]);
    }
    let status = command.status().context("the checker did not start")?;
    Ok(status.code().unwrap_or(3))
}

fn verdict(code: i32) -> &'static str {
    match code {
        0 => "conformant",
        1 => "not conformant",
        2 => "the spec cannot be used",
        3 => "unreachable",
        _ => "not proved",
    }
}

/// Prints which rule killed which mutant: a test of the checker, with its output shown.
pub(crate) fn kill_matrix() -> anyhow::Result<ExitCode> {
    let status = cargo()
        .current_dir(workspace::root())
        .args([
            "test",
            "--quiet",
            "--package",
            "conformance",
            "--test",
            "it",
            "--",
            "--nocapture",
            "mutants::every_rule_kills_its_mutant",
        ])
        .status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The two programs, built.
struct Programs {
    reference: PathBuf,
    conformance: PathBuf,
}

impl Programs {
    fn built(root: &Path) -> anyhow::Result<Self> {
        let status = cargo()
            .current_dir(root)
            .args([
                "build",
                "--quiet",
                "--package",
                "conformance",
                "--package",
                "reference",
                "--bins",
            ])
            .status()?;
        if !status.success() {
            bail!("the programs could not be built");
        }
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let program = |name: &str| {
            target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
        };
        Ok(Self { reference: program("reference"), conformance: program("conformance") })
    }
}

/// A reference server that ends when this does.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// Starts a server and waits for its ready line, which ends in its URL.
    fn started(program: &Path, api: &str) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .args(["--api", api, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| program.display().to_string())?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match line.split_whitespace().last() {
            Some(url) if url.starts_with("http") => Ok(Self { url: url.to_owned(), child }),
            _ => {
                let _ = child.kill();
                bail!("the reference server of {api} did not say that it is ready")
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
