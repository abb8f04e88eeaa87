//! `cargo xtask codegen`: reads documents, asks the generator for a file tree, and writes only what differs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use generator::cli::{Disk, colour};
use generator::contract::Api;
use generator::diagnostic::render;
use generator::source::Source;
use generator::tree::{DifferenceKind, FileTree};
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
    eprint!("{}", render(&reading.diagnostics, reading.sources(), colour()));
    match reading.api {
        Some(api) if !reading.diagnostics.has_errors() => Ok(api),
        _ => bail!("{document} cannot be used; every problem is listed above"),
    }
}

fn generated(modules: &[Module<'_>], output: &Output) -> anyhow::Result<FileTree> {
    let (tree, diagnostics) = generator::generate(modules, output);
    eprint!("{}", render(&diagnostics, [], colour()));
    if diagnostics.has_errors() {
        bail!("the code cannot be written; every problem is listed above");
    }
    Ok(tree)
}

/// Brings the folder in line with the tree, or says how it is not.
fn settle(tree: &FileTree, folder: &Path, check: bool) -> anyhow::Result<ExitCode> {
    let found = files(folder, "")?;
    let differences = tree.diff(&found);
    if check {
        for difference in &differences {
            println!("{} {}\n{}", word(difference.kind), difference.path, difference.diff);
        }
        if differences.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} files differ; mend them with `cargo xtask codegen`", differences.len());
        return Ok(ExitCode::FAILURE);
    }
    for difference in differences {
        let path = folder.join(&difference.path);
        match (difference.kind, tree.get(&difference.path)) {
            (DifferenceKind::Stray, _) => remove(&path, folder)?,
            (_, Some(text)) => write(&path, text)?,
            (_, None) => {}
        }
        println!("{} {}", word(difference.kind), difference.path);
    }
    Ok(ExitCode::SUCCESS)
}

fn word(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Stale => "stale",
        DifferenceKind::Missing => "missing",
        DifferenceKind::Stray => "stray",
    }
}

pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    }
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// Removes a stray file, and the folders that it leaves empty.
fn remove(path: &Path, folder: &Path) -> anyhow::Result<()> {
    std::fs::remove_file(path).with_context(|| path.display().to_string())?;
    let mut parent = path.parent();
    while let Some(empty) = parent.filter(|parent| *parent != folder) {
        if std::fs::remove_dir(empty).is_err() {
            break;
        }
        parent = empty.parent();
    }
    Ok(())
}

/// Every file below a folder, by its path in the tree. A folder that is not there has none.
pub(crate) fn files(folder: &Path, within: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name =
                    path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                let text = std::fs::read(&path).with_context(|| path.display().to_string())?;
                found
                    .insert(format!("{within}{name}"), String::from_utf8_lossy(&text).into_owned());
            }
        }
    }
    Ok(found)
}
