//! The shipped specs: a folder under `specs` each, by its name.

use std::path::Path;

use anyhow::Context as _;

/// A shipped spec.
pub(crate) struct Spec {
    /// The name of its folder.
    pub(crate) name: String,
    /// Its document, relative to the root, with slashes.
    pub(crate) document: String,
}

/// Every shipped spec, sorted by name.
pub(crate) fn shipped(root: &Path) -> anyhow::Result<Vec<Spec>> {
    let folder = root.join("specs");
    let mut specs = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().join("openapi.yaml").is_file() {
            specs.push(Spec { document: format!("specs/{name}/openapi.yaml"), name });
        }
    }
    specs.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(specs)
}
