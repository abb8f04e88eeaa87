//! Documents from the disk: those that ship, and fixtures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use generator::Limits;
use generator::contract::Api;
use generator::disk::{self, Disk};
use generator::document::Node;

/// A document that was read.
pub(crate) struct Read {
    pub(crate) api: Api,
    pub(crate) trees: BTreeMap<Arc<str>, Node>,
    /// Whether the contract holds everything that the document says.
    pub(crate) is_carried: bool,
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A shipped document, by the name of its folder.
pub(crate) fn shipped(name: &str) -> Read {
    read(&root().join("specs").join(name).join("openapi.yaml")).unwrap()
}

/// The document at that path; none if it has errors.
pub(crate) fn read(path: &Path) -> Option<Read> {
    let source = disk::source(path).unwrap();
    let reading = generator::read(&source, &Disk(&root()), &Limits::default());
    let trees = reading.trees();
    let is_carried = !reading.diagnostics.iter().any(|told| told.code == "not-carried");
    let api = reading.api.filter(|_| !reading.diagnostics.has_errors())?;
    Some(Read { api, trees, is_carried })
}

/// Every file below a folder whose name ends so, sorted.
pub(crate) fn below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
