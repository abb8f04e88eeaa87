//! One document: read and generated in a process of its own, which says what became of it on its standard output.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use generator::diagnostic::{Diagnostics, Severity};
use generator::disk::{self, Disk};
use generator::document::{Node, Scalar, Value};
use generator::resolve::Documents;
use generator::source::Source;
use generator::{Limits, Module, Output};

use super::find::Found;
use super::outcome::Outcome;

/// So many errors of a document are kept with their words.
const MOST_TOLD: usize = 20;

/// How often the end of a process is looked for.
const PAUSE: Duration = Duration::from_millis(20);

/// Lets another process read the document, and waits no longer than `timeout`.
pub(super) fn apart(found: &Found, out: &Path, timeout: Duration) -> Outcome {
    let folder = out.join("crates").join(crate_name(&found.name));
    let blank = Outcome {
        name: found.name.clone(),
        valid: found.valid,
        folder: folder.clone(),
        ..Outcome::default()
    };
    match started(&found.path, &folder).and_then(|child| ended(child, timeout)) {
        Ok(outcome) => Outcome { name: blank.name, valid: blank.valid, folder, ..outcome },
        Err(error) => Outcome { crash: Some(format!("{error:#}")), ..blank },
    }
}

/// A name that cargo and every file system take, and that no two documents share.
fn crate_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let hash = name.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31) ^ u32::from(byte));
    let end: String = name.chars().map(plain).collect();
    format!("c{hash:08x}-{end}")
}

fn started(spec: &Path, folder: &Path) -> anyhow::Result<Child> {
    let program = std::env::current_exe().context("this program cannot be found")?;
    let mut command = Command::new(program);
    command.arg("corpus-one").arg(spec).arg(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().context("the process did not start")
}

fn ended(mut child: Child, timeout: Duration) -> anyhow::Result<Outcome> {
    let read = |pipe: Option<Box<dyn std::io::Read + Send>>| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            if let Some(mut pipe) = pipe {
                let _ = pipe.read_to_end(&mut text);
            }
            String::from_utf8_lossy(&text).into_owned()
        })
    };
    let output = read(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let errors = read(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > timeout {
            child.kill()?;
            child.wait()?;
            anyhow::bail!("no end after {} s", timeout.as_secs());
        }
        std::thread::sleep(PAUSE);
    };
    let (output, errors) = (output.join().unwrap_or_default(), errors.join().unwrap_or_default());
    if !status.success() {
        let said = errors.lines().find(|line| line.contains("panicked at"));
        let next = errors.lines().skip_while(|line| !line.contains("panicked at")).nth(1);
        let said = said.map(|said| format!(": {said} {}", next.unwrap_or_default()));
        anyhow::bail!("{status}{}", said.unwrap_or_default());
    }
    serde_json::from_str(&output).context("its output cannot be read")
}

/// Reads a document, writes the crate for it if it can be used, and prints what became of it.
pub(crate) fn one(spec: &Path, out: &Path) -> anyhow::Result<ExitCode> {
    let mut outcome = Outcome::default();
    let text = std::fs::read(spec).with_context(|| spec.display().to_string())?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let name = spec.display().to_string();
    let source = Source::new(name.as_str(), text);
    let reading = generator::read(&source, &Disk(Path::new("")), &Limits::default());
    let root = reading.documents.as_ref().map(Documents::root);
    outcome.dialect = root.and_then(|root| dialect(root.root()));
    outcome.take(&reading.diagnostics);
    if let Some(api) = &reading.api {
        outcome.operations = api.operations.len();
        outcome.schemas = api.schemas.len();
        if outcome.dialect.is_some() && !reading.diagnostics.has_errors() {
            let banner = spec.file_name().unwrap_or_default().to_string_lossy();
            let module = Module { name: "api", source: &banner, api };
            let package = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let (tree, diagnostics) = generator::generate(&[module], &Output::Crate { package });
            outcome.take(&diagnostics);
            outcome.generated = !diagnostics.has_errors();
            outcome.lines = tree.iter().map(|(_, text)| text.lines().count()).sum();
            disk::settle(&tree, out).map_err(anyhow::Error::msg)?;
        }
    }
    (outcome.seconds, outcome.peak) = used();
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(ExitCode::SUCCESS)
}

impl Outcome {
    fn take(&mut self, diagnostics: &Diagnostics) {
        for found in diagnostics.iter() {
            let counts = match found.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning => &mut self.warnings,
            };
            *counts.entry(found.code.to_owned()).or_default() += 1;
            if found.severity == Severity::Error && self.told.len() < MOST_TOLD {
                self.told.push(format!("{} {}: {}", found.place, found.code, found.message));
            }
        }
    }
}

fn dialect(root: &Node) -> Option<String> {
    let entry = root.entry("openapi").or_else(|| root.entry("swagger"))?;
    let version = match &entry.value.value {
        Value::Scalar(Scalar::String(text)) => text.clone(),
        Value::Scalar(Scalar::Number(number)) => number.to_string(),
        _ => return None,
    };
    Some(format!("{} {version}", entry.key))
}

/// Seconds of processor time and the most memory in MiB, where the system tells them in `/proc`; else nought.
fn used() -> (f64, u64) {
    let read =
        |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
    let stat = read("stat");
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().collect())
        .unwrap_or_default();
    // Fields 14 and 15 of proc(5), in hundredths of a second.
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok());
    let seconds = (ticks(11).unwrap_or_default() + ticks(12).unwrap_or_default()) / 100.0;
    let status = read("status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        peak.and_then(|text| text.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    (seconds, kilobytes.unwrap_or_default() / 1024)
}
