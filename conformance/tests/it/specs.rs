//! Documents from the disk: those that ship, and fixtures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use generator::Limits;
use generator::contract::Api;
use generator::document::Node;
use generator::source::{Load, Source};

/// A document that was read.
pub(crate) struct Read {
    pub(crate) api: Api,
    pub(crate) trees: BTreeMap<Arc<str>, Node>,
}

/// Files, by their path from the root of the workspace.
pub(crate) struct Disk;

impl Load for Disk {
    fn load(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(root().join(name)).map_err(|error| error.to_string())
    }
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
    let text = std::fs::read_to_string(path).unwrap();
    let source = Source::new(path.display().to_string(), text);
    let reading = generator::read(&source, &Disk, &Limits::default());
    let trees = reading.trees();
    let api = reading.api.filter(|_| !reading.diagnostics.has_errors())?;
    Some(Read { api, trees })
}

/// Whether the contract of the document at that path holds everything that it says.
pub(crate) fn is_carried(path: &Path) -> bool {
    let source = Source::new(path.display().to_string(), std::fs::read_to_string(path).unwrap());
    let reading = generator::read(&source, &Disk, &Limits::default());
    !reading.diagnostics.iter().any(|told| told.code == "not-carried")
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
