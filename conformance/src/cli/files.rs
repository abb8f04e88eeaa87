//! Reads documents from the disk.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;

use generator::Limits;
use generator::contract::Api;
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::document::Node;
use generator::resolve::Documents;
use generator::source::{Load, Source};

use crate::workflow::{self, Workflow};

/// A document that was read.
pub(super) struct Document {
    /// What it promises.
    pub(super) api: Api,
    /// Its trees, by the names of their files.
    pub(super) trees: BTreeMap<Arc<str>, Node>,
}

/// Files beside the spec, by their path.
struct Disk;

impl Load for Disk {
    fn load(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(name).map_err(|error| error.to_string())
    }
}

/// Reads a document and prints its warnings.
///
/// # Errors
/// Every error of the document, rendered.
pub(super) fn read(path: &Path) -> Result<Document, String> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    let source = Source::new(name.as_str(), text);
    let reading = generator::read(&source, &Disk, &Limits::default());
    let sources = reading
        .documents
        .iter()
        .flat_map(Documents::iter)
        .map(generator::resolve::Document::source);
    eprint!("{}", render(&reading.diagnostics, sources, colour()));
    let trees = reading.trees();
    match reading.api {
        Some(api) if !reading.diagnostics.has_errors() => Ok(Document { api, trees }),
        _ => Err(format!("{name} cannot be used; every problem is listed above")),
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
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    let source = Source::new(name.as_str(), text);
    let mut diagnostics = Diagnostics::default();
    let workflows = workflow::read(&source, &mut diagnostics);
    workflow::check(&workflows, api, &mut diagnostics);
    eprint!("{}", render(&diagnostics, [&source], colour()));
    if diagnostics.has_errors() {
        return Err(format!("{name} cannot be used; every problem is listed above"));
    }
    Ok(workflows)
}

/// Colours where a person reads, unless the environment says no (<https://no-color.org>).
pub(super) fn colour() -> Colour {
    let wanted = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted { Colour::Always } else { Colour::Never }
}
