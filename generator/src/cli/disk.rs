//! Files: read, written, removed.

use std::path::Path;

use crate::source::{Load, Source};

/// Files beside the documents, from a folder on.
#[derive(Clone, Copy, Debug)]
pub struct Disk<'r>(pub &'r Path);

impl Load for Disk<'_> {
    fn load(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// A text under the name by which it was asked for.
pub(super) fn source(path: &Path) -> Result<Source, String> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8(text).map_err(|_| format!("{name}: it is not UTF-8"))?;
    Ok(Source::new(name, text))
}

/// The text of a file; none where there is no file.
pub(super) fn text(path: &Path) -> Result<Option<String>, String> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Writes a file, and the folders above it.
pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|error| told(parent, error))?;
    }
    std::fs::write(path, text).map_err(|error| told(path, error))
}

/// Removes a file below `folder`, and the folders that it leaves empty.
pub(super) fn remove(path: &Path, folder: &Path) -> Result<(), String> {
    std::fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut parent = path.parent();
    while let Some(empty) = parent.filter(|parent| *parent != folder) {
        if std::fs::remove_dir(empty).is_err() {
            break;
        }
        parent = empty.parent();
    }
    Ok(())
}
