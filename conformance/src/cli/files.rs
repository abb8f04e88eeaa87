//! Reads documents from the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use generator::Limits;
use generator::contract::Api;
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::disk::{self, Disk};
use generator::document::Node;
use generator::overlay::Overlays;

use crate::workflow::{self, Workflow};

/// A document that was read.
pub(super) struct Document {
    /// What it promises.
    pub(super) api: Api,
    /// Its trees, by the names of their files.
    pub(super) trees: BTreeMap<Arc<str>, Node>,
    /// What was laid over it.
    pub(super) overlays: Overlays,
}

/// Reads a document with overlays laid over it, and prints its warnings.
///
/// # Errors
/// Every error of the document and the overlays, rendered.
pub(super) fn read(path: &Path, overlays: &[PathBuf]) -> Result<Document, String> {
    let source = disk::source(path)?;
    let overlays = overlays.iter().map(|path| disk::source(path)).collect::<Result<Vec<_>, _>>()?;
    let reading =
        generator::read_overlaid(&source, &overlays, &Disk(Path::new("")), &Limits::default());
    eprint!("{}", render(&reading.diagnostics, reading.sources(), Colour::of_stderr()));
    let trees = reading.trees();
    match reading.api {
        Some(api) if !reading.diagnostics.has_errors() => {
            Ok(Document { api, trees, overlays: reading.overlays })
        }
        _ => Err(format!("{} cannot be used; every problem is listed above", source.name())),
    }
}

/// Reads the workflows of a document: those that were named, else those in `workflows.arazzo.yaml` beside the spec,
/// where there are any.
///
/// # Errors
/// Every problem of the file, rendered.
pub(super) fn workflows(
    named: Option<&Path>,
    spec: &Path,
    api: &Api,
) -> Result<Vec<Workflow>, String> {
    let beside = spec.with_file_name("workflows.arazzo.yaml");
    let path = named.unwrap_or(&beside);
    if named.is_none() && !path.exists() {
        return Ok(Vec::new());
    }
    let source = disk::source(path)?;
    let mut diagnostics = Diagnostics::default();
    let workflows = workflow::read(&source, &mut diagnostics);
    workflow::check(&workflows, api, &mut diagnostics);
    eprint!("{}", render(&diagnostics, [&source], Colour::of_stderr()));
    if diagnostics.has_errors() {
        return Err(format!("{} cannot be used; every problem is listed above", source.name()));
    }
    Ok(workflows)
}
