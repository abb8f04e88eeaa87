//! The tools: where they come from, and how each is called.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::measure::{Usage, measured};
use crate::workspace;

/// The others that cargo installs: name of the package, version, name of the program.
const OTHERS: [(&str, &str, &str); 2] =
    [("ploidy", "0.15.0", "ploidy"), ("cargo-progenitor", "0.15.1", "cargo-progenitor")];

/// A generator.
pub(super) struct Tool {
    /// What the table calls it.
    pub(super) name: String,
    program: PathBuf,
    arguments: fn(&str, &str, &str) -> Vec<String>,
    /// What comes before them.
    before: Vec<String>,
}

/// Every generator that can be had here, our own first; what cannot be had is said.
pub(super) fn all(scratch: &Path, openapi_generator: Option<&Path>) -> anyhow::Result<Vec<Tool>> {
    let mut tools = vec![own()?];
    for (package, version, program) in OTHERS {
        match installed(scratch, package, version, program) {
            Ok(program) => tools.push(Tool {
                name: format!("{} {version}", package.trim_start_matches("cargo-")),
                program,
                arguments: if package == "ploidy" { ploidy } else { progenitor },
                before: Vec::new(),
            }),
            Err(error) => eprintln!("{package} {version} is left out: {error:#}"),
        }
    }
    match openapi_generator {
        Some(jar) => tools.push(Tool {
            name: "openapi-generator".to_owned(),
            program: PathBuf::from("java"),
            arguments: rust_axum,
            before: vec!["-jar".to_owned(), jar.canonicalize()?.display().to_string()],
        }),
        None => {
            eprintln!("openapi-generator is left out: name its program with --openapi-generator")
        }
    }
    Ok(tools)
}

fn own() -> anyhow::Result<Tool> {
    let root = workspace::root();
    let status = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--package", "generator", "--bin", "codegen"])
        .current_dir(&root)
        .status()
        .context("cargo did not start")?;
    anyhow::ensure!(status.success(), "the generator does not build");
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(|| root.join("target"), PathBuf::from);
    let program = target.join("release").join("codegen");
    Ok(Tool { name: "codegen".to_owned(), program, arguments: codegen, before: Vec::new() })
}

fn installed(
    scratch: &Path,
    package: &str,
    version: &str,
    program: &str,
) -> anyhow::Result<PathBuf> {
    let root = scratch.join("tools");
    let path = root.join("bin").join(program);
    if path.exists() {
        return Ok(path);
    }
    eprintln!("installing {package} {version}; this takes minutes, once");
    let output = Command::new("cargo")
        .args(["install", "--quiet", "--locked", package, "--version", version, "--root"])
        .arg(&root)
        .output()
        .context("cargo did not start")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    anyhow::ensure!(output.status.success(), "{}", said.lines().last().unwrap_or_default());
    Ok(path)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn codegen(document: &str, folder: &str, _: &str) -> Vec<String> {
    words(&["--spec", document, "--out", folder])
}

fn ploidy(document: &str, folder: &str, name: &str) -> Vec<String> {
    words(&["generate", "rust", document, "--output", folder, "--name", name])
}

fn progenitor(document: &str, folder: &str, name: &str) -> Vec<String> {
    words(&["progenitor", "-i", document, "-o", folder, "-n", name, "-v", "0.1.0"])
}

fn rust_axum(document: &str, folder: &str, _: &str) -> Vec<String> {
    words(&["generate", "-g", "rust-axum", "-i", document, "-o", folder, "--skip-validate-spec"])
}

impl Tool {
    /// Lets it generate.
    pub(super) fn generate(&self, document: &Path, folder: &Path) -> anyhow::Result<Usage> {
        let name = plain(&folder.file_name().unwrap_or_default().to_string_lossy());
        let (document, out) = (document.display().to_string(), folder.display().to_string());
        let mut words = vec![self.program.display().to_string()];
        words.extend(self.before.iter().cloned());
        words.extend((self.arguments)(&document, &out, &name));
        measured(folder.parent().unwrap_or(folder), &words, None)
    }

    /// Checks its output once more, and counts the errors.
    pub(super) fn check(&self, folder: &Path, target: &Path) -> anyhow::Result<(Usage, usize)> {
        let root = folder.join("src").join("lib.rs");
        if let Ok(text) = std::fs::read(&root) {
            // The compiler looks at nothing that is as old as what it made.
            std::fs::write(&root, text)?;
        }
        let target = target.join(&self.name);
        let words = words(&["cargo", "check", "--quiet", "--message-format", "short"]);
        let usage = measured(folder, &words, Some(&target))?;
        let errors = usage.said.lines().filter(|line| line.contains(": error")).count();
        let unsaid = usize::from(errors == 0 && !usage.succeeded());
        Ok((usage, errors + unsaid))
    }
}

/// A name that cargo and every file system take.
pub(super) fn plain(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("api-{}", stem.trim_start_matches("api-").chars().map(plain).collect::<String>())
}
