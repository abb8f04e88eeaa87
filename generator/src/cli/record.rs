//! What codegen knows of what it wrote: `codegen.json` beside the manifest. It is read back by later runs, so that they
//! know their own files, tell a user's changes of the manifest from theirs, and tell what changed for callers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::surface::Surface;

/// The file's name.
pub(super) const NAME: &str = "codegen.json";

/// The shape of the file.
const FORMAT: u32 = 1;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    format: u32,
    /// The manifest as it was generated, before it was merged.
    pub(super) manifest: String,
    /// Every file that was made as a whole.
    pub(super) files: BTreeSet<String>,
    /// What callers see of each API, by module.
    pub(super) apis: BTreeMap<String, Surface>,
}

impl Record {
    /// What is about to be written.
    pub(super) fn new(
        manifest: String,
        files: BTreeSet<String>,
        apis: BTreeMap<String, Surface>,
    ) -> Self {
        Self { format: FORMAT, manifest, files, apis }
    }

    /// Reads the text of the file; a sentence fragment says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut record: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if record.format != FORMAT {
            return Err(format!("it is of format {}, this program writes {FORMAT}", record.format));
        }
        record.files.retain(|path| is_own(path));
        Ok(record)
    }

    /// The text of the file.
    pub(super) fn text(&self) -> Result<String, String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        Ok(text + "\n")
    }
}

/// Whether a path can be one that codegen made; whatever the file says, nothing else is ever touched.
fn is_own(path: &str) -> bool {
    path.starts_with("src/")
        && path.ends_with(".rs")
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(['\\', ':', '\0'])
}
