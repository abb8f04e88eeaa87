//! An emitted crate with its harness as a process: written, compiled, asked a line at a time.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Error, bail};
use generator::{Module, Output, disk};
use serde::Deserialize;
use serde_json::Value;

/// Errors of the compiler that are told, in characters.
const LONGEST: usize = 4000;

/// Where a crate is written and compiled.
#[derive(Clone, Copy, Debug)]
pub struct Build<'a> {
    /// Its folder, which also names it.
    pub folder: &'a Path,
    /// The target folder of cargo.
    pub target: &'a Path,
    /// A lock file to start from.
    pub lock: Option<&'a Path>,
}

impl Build<'_> {
    /// Writes and compiles the crate; the program.
    ///
    /// # Errors
    /// What cannot be generated, written or compiled.
    pub fn run(&self, modules: &[Module<'_>]) -> anyhow::Result<PathBuf> {
        let package = self.folder.file_name().context("a folder with a name")?;
        let package = package.to_string_lossy().into_owned();
        let shape = Output::Crate { package: package.clone() };
        let (mut tree, diagnostics) = generator::generate(modules, &shape);
        if diagnostics.has_errors() {
            bail!("it cannot be generated");
        }
        for (path, text) in generator::harness(modules, &package) {
            tree.insert(&path, text)?;
        }
        if let Some(lock) = self.lock {
            tree.insert("Cargo.lock", std::fs::read_to_string(lock)?)?;
        }
        disk::settle(&tree, self.folder).map_err(Error::msg)?;
        let output = Command::new("cargo")
            .args(["build", "--offline", "--quiet", "--bin", "harness"])
            .current_dir(self.folder)
            .env("CARGO_TARGET_DIR", self.target)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .output()
            .context("cargo did not start")?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            bail!("it does not compile: {}", told.chars().take(LONGEST).collect::<String>());
        }
        let program = format!("debug/harness{}", std::env::consts::EXE_SUFFIX);
        Ok(self.target.join(program))
    }
}

/// What the harness says of an answer that an operation has.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Known {
    /// The entry under `responses`.
    pub(crate) status: String,
    /// The number of its media type.
    pub(crate) content: Option<usize>,
    /// Whether it can be given: it is no stream.
    pub(crate) made: bool,
}

/// A running harness.
#[derive(Debug)]
pub struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(crate) answers: BTreeMap<String, Vec<Known>>,
}

impl Program {
    /// Starts the harness for one module.
    ///
    /// # Errors
    /// It does not start, or says nothing sensible.
    pub fn start(program: &Path, module: &str) -> anyhow::Result<Self> {
        let mut child = Command::new(program)
            .arg(module)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| program.display().to_string())?;
        let input = child.stdin.take().context("a pipe")?;
        let output = BufReader::new(child.stdout.take().context("a pipe")?);
        let mut fresh = Self { child, input, output, answers: BTreeMap::new() };
        fresh.answers = serde_json::from_value(fresh.line()?)?;
        Ok(fresh)
    }

    /// Sends a request; what became of it.
    ///
    /// # Errors
    /// The program ended.
    pub(crate) fn ask(&mut self, request: &Value) -> anyhow::Result<Value> {
        writeln!(self.input, "{request}")?;
        self.line()
    }

    fn line(&mut self) -> anyhow::Result<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        serde_json::from_str(&line).context("the harness ended")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
