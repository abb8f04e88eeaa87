//! `cargo xtask codegen`: reads documents, asks the generator for a file tree, and writes only what differs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Error, bail};
use generator::contract::Api;
use generator::diagnostic::{Colour, render};
use generator::disk::{self, Disk};
use generator::source::Source;
use generator::tree::{Difference, FileTree};
use generator::{Limits, Module, Output};

use crate::{specs, workspace};

/// Writes, or checks, the code of the shipped specs.
pub(crate) fn shipped(check: bool) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let mut apis = Vec::new();
    for spec in specs::shipped(&root)? {
        apis.push((spec.name, spec.document.clone(), read(&root, &spec.document)?));
    }
    let modules: Vec<_> =
        apis.iter().map(|(name, source, api)| Module { name, source, api }).collect();
    let tree = generated(&modules, &Output::InTree)?;
    settle(&tree, &root.join("generated/src"), check)
}

fn read(root: &Path, document: &str) -> anyhow::Result<Api> {
    let path = root.join(document);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let source = Source::new(document, text);
    let reading = generator::read(&source, &Disk(root), &Limits::default());
    eprint!("{}", render(&reading.diagnostics, reading.sources(), Colour::of_stderr()));
    match reading.api {
        Some(api) if !reading.diagnostics.has_errors() => Ok(api),
        _ => bail!("{document} cannot be used; every problem is listed above"),
    }
}

fn generated(modules: &[Module<'_>], output: &Output) -> anyhow::Result<FileTree> {
    let (tree, diagnostics) = generator::generate(modules, output);
    eprint!("{}", render(&diagnostics, [], Colour::of_stderr()));
    if diagnostics.has_errors() {
        bail!("the code cannot be written; every problem is listed above");
    }
    Ok(tree)
}

/// Brings the folder in line with the tree, or says how it is not.
fn settle(tree: &FileTree, folder: &Path, check: bool) -> anyhow::Result<ExitCode> {
    let found = disk::files(folder).map_err(Error::msg)?;
    let differences = tree.diff(&found);
    if check {
        for Difference { path, kind } in &differences {
            println!("{kind} {path}\n{}", tree.unified(path, &found));
        }
        if differences.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} files differ; mend them with `cargo xtask codegen`", differences.len());
        return Ok(ExitCode::FAILURE);
    }
    disk::mend(tree, &differences, folder).map_err(Error::msg)?;
    for Difference { path, kind } in &differences {
        println!("{} {path}", kind.cure());
    }
    Ok(ExitCode::SUCCESS)
}
