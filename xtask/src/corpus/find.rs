//! Finds what looks like a document. Whether it is one is seen when it is read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::Value;

/// What may be a document.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its path below the folder, with slashes.
    pub(super) name: String,
    /// Where it is.
    pub(super) path: PathBuf,
    /// Whether the folder's manifest calls it valid; `None` where it does not say.
    pub(super) valid: Option<bool>,
}

/// Every text below the folder that may be a document, sorted by name.
pub(super) fn documents(folder: &Path) -> anyhow::Result<Vec<Found>> {
    let validity = validity(folder);
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if is_candidate(&path) {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
                let name = name.replace('\\', "/");
                let valid = validity.get(&name).copied();
                found.push(Found { name, path, valid });
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

fn is_candidate(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if !["json", "yaml", "yml"].contains(&extension.as_str()) {
        return false;
    }
    let text = std::fs::read(path).unwrap_or_default();
    let holds = |word: &str| text.windows(word.len()).any(|window| window == word.as_bytes());
    holds("openapi") || holds("swagger")
}

/// What `MANIFEST.json` says of validity: of each file a validator's word, where there is one. A document among
/// deliberately bad ones is not called valid whatever a validator overlooks.
fn validity(folder: &Path) -> BTreeMap<String, bool> {
    let text = std::fs::read_to_string(folder.join("MANIFEST.json")).unwrap_or_default();
    let entries: Vec<BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap_or_default();
    let said = |entry: &BTreeMap<String, Value>| {
        let file = entry.get("file")?.as_str()?.to_owned();
        let verdict = entry.iter().find(|(key, _)| key.starts_with("openapi_spec_validator"))?.1;
        let valid =
            verdict.as_str() == Some("VALID") && !file.split('/').any(|it| it == "negative");
        Some((file, valid))
    };
    entries.iter().filter_map(said).collect()
}
