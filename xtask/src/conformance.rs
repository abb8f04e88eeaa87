//! `cargo xtask conformance` and `kill-matrix`: build the reference server and the checker, and run them as processes.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, anyhow, bail};

use crate::specs::Spec;
use crate::{specs, workspace};

/// What a run against the reference server of an API needs beside the spec. A folder without it is of an API that the
/// reference server does not play.
const CONFIGURATION: &str = "reference.toml";

/// Checks every shipped API that the reference server plays, all at the same time, and names those that it does not.
pub(crate) fn all(seed: Option<u64>, only: Option<&str>) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let mut shipped = specs::shipped(&root)?;
    shipped.retain(|spec| only.is_none_or(|only| only == spec.name));
    if shipped.is_empty() {
        bail!("no spec under `specs` has that name");
    }
    let programs = Programs::built(&root)?;
    let begun = Instant::now();
    let run = |spec| {
        root.join(configuration(spec)).is_file().then(|| checked(&root, &programs, spec, seed))
    };
    let checked: Vec<_> = std::thread::scope(|scope| {
        let runs: Vec<_> = shipped.iter().map(|spec| scope.spawn(move || run(spec))).collect();
        runs.into_iter().map(|run| run.join().map_err(|_| anyhow!("a run broke off"))).collect()
    });
    let mut worst = 0;
    let mut lines = Vec::new();
    for (spec, checked) in shipped.iter().zip(checked) {
        let said = match checked?.transpose()? {
            Some(checked) => {
                print!("{}", checked.said);
                worst = worst.max(checked.code);
                verdict(checked.code)
            }
            None => "not checked: there is no reference server of it",
        };
        lines.push(format!("{:<12} {said}", spec.name));
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("\n{}\n{seconds:.1} s in all; reports are in target/conformance", lines.join("\n"));
    Ok(ExitCode::from(u8::try_from(worst).unwrap_or(3)))
}

/// What came of the check of one API.
struct Checked {
    /// The checker's exit code.
    code: i32,
    /// What it printed.
    said: String,
}

fn configuration(spec: &Spec) -> String {
    format!("specs/{}/{CONFIGURATION}", spec.name)
}

/// Checks one API.
fn checked(
    root: &Path,
    programs: &Programs,
    spec: &Spec,
    seed: Option<u64>,
) -> anyhow::Result<Checked> {
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
    let output = command.output().context("the checker did not start")?;
    let code = output.status.code().unwrap_or(3);
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.stdout.is_empty() {
        said.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    Ok(Checked { code, said })
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
