//! Where things stand in the workspace, relative to its root. Reads and writes nothing.

use std::path::{Path, PathBuf};

/// The root of the workspace: the folder above this crate's.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    manifest.as_deref().and_then(Path::parent).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
