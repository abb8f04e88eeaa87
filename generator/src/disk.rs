//! Files: documents read, trees brought to a folder. Decides nothing about them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::source::{Load, Source};
use crate::tree::{Difference, DifferenceKind, FileTree};

/// What cargo writes beside a manifest.
const LOCK: &str = "Cargo.lock";

/// Files beside the documents, from a folder on.
#[derive(Clone, Copy, Debug)]
pub struct Disk<'r>(pub &'r Path);

impl Load for Disk<'_> {
    fn load(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// A text under the name by which it was asked for.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn source(path: &Path) -> Result<Source, String> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8(text).map_err(|_| format!("{name}: it is not UTF-8"))?;
    Ok(Source::new(name, text))
}

/// The text of a file; none where there is no file.
///
/// # Errors
/// When it cannot be read.
pub fn text(path: &Path) -> Result<Option<String>, String> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(told(path, &error)),
    }
}

/// Every file below a folder, by its path in it with `/` between segments. A folder that is not there has none.
///
/// # Errors
/// What cannot be read.
pub fn files(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop().filter(|next| next.is_dir()) {
        for entry in std::fs::read_dir(&next).map_err(|error| told(&next, &error))? {
            let path = entry.map_err(|error| told(&next, &error))?.path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
            found.insert(name.replace('\\', "/"), text(&path)?.unwrap_or_default());
        }
    }
    Ok(found)
}

/// Makes a folder what a tree says, but for a lock file that cargo keeps there.
///
/// # Errors
/// What cannot be read, written or removed.
pub fn settle(wanted: &FileTree, folder: &Path) -> Result<(), String> {
    let mut found = files(folder)?;
    if wanted.get(LOCK).is_none() {
        found.remove(LOCK);
    }
    mend(wanted, &wanted.diff(&found), folder)
}

/// Mends what differs below a folder: every other file stays as it is, so that cargo sees what changed.
///
/// # Errors
/// What cannot be written or removed.
pub fn mend(wanted: &FileTree, differences: &[Difference], folder: &Path) -> Result<(), String> {
    for difference in differences {
        let path = folder.join(&difference.path);
        match (difference.kind, wanted.get(&difference.path)) {
            (DifferenceKind::Stray, _) => remove(&path, folder)?,
            (_, Some(text)) => write(&path, text)?,
            (_, None) => {}
        }
    }
    Ok(())
}

/// Writes a file, and the folders above it.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|error| told(parent, &error))?;
    }
    std::fs::write(path, text).map_err(|error| told(path, &error))
}

/// Removes a file below `folder`, and the folders that it leaves empty.
fn remove(path: &Path, folder: &Path) -> Result<(), String> {
    std::fs::remove_file(path).map_err(|error| told(path, &error))?;
    let mut parent = path.parent();
    while let Some(empty) = parent.filter(|parent| *parent != folder) {
        if std::fs::remove_dir(empty).is_err() {
            break;
        }
        parent = empty.parent();
    }
    Ok(())
}

fn told(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
