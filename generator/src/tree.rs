//! What is to be written: sorted paths and their texts. Compares with what is there, but writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use similar::TextDiff;

/// Files by path, with `/` between segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTree {
    files: BTreeMap<String, String>,
    folded: BTreeSet<String>,
}

/// A path that is there already, perhaps in another case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two files would be called {0}")]
pub struct DuplicatePath(pub String);

impl FileTree {
    /// Adds a file.
    ///
    /// # Errors
    /// When a path is there already that some file system would take for the same.
    pub fn insert(&mut self, path: &str, text: String) -> Result<(), DuplicatePath> {
        if !self.folded.insert(path.to_lowercase()) {
            return Err(DuplicatePath(path.to_owned()));
        }
        self.files.insert(path.to_owned(), text);
        Ok(())
    }

    /// Every file, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of that path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How `found`, the files that are there, differs from this tree; by path.
    #[must_use]
    pub fn diff(&self, found: &BTreeMap<String, String>) -> Vec<Difference> {
        let paths: BTreeSet<&String> = self.files.keys().chain(found.keys()).collect();
        paths
            .into_iter()
            .filter_map(|path| {
                let kind = match (self.files.get(path), found.get(path)) {
                    (Some(wanted), Some(there)) if wanted == there => return None,
                    (Some(_), Some(_)) => DifferenceKind::Stale,
                    (Some(_), None) => DifferenceKind::Missing,
                    (None, _) => DifferenceKind::Stray,
                };
                Some(Difference { path: path.clone(), kind })
            })
            .collect()
    }

    /// From what is found under that path to what should be there, as a unified diff.
    #[must_use]
    pub fn unified(&self, path: &str, found: &BTreeMap<String, String>) -> String {
        let there = found.get(path).map_or("", String::as_str);
        let wanted = self.get(path).unwrap_or_default();
        TextDiff::from_lines(there, wanted)
            .unified_diff()
            .context_radius(3)
            .header(&format!("found/{path}"), &format!("wanted/{path}"))
            .to_string()
    }
}

/// One file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path.
    pub path: String,
    /// In what way.
    pub kind: DifferenceKind,
}

/// In what way a file is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It should read otherwise.
    Stale,
    /// It should be there.
    Missing,
    /// It should not be there.
    Stray,
}

impl DifferenceKind {
    /// What is done to the file, in a word.
    #[must_use]
    pub fn cure(self) -> &'static str {
        match self {
            Self::Stale => "changed",
            Self::Missing => "added",
            Self::Stray => "removed",
        }
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Stale => "stale",
            Self::Missing => "missing",
            Self::Stray => "stray",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_differ_in_more_than_case() {
        let mut tree = FileTree::default();
        assert_eq!(tree.insert("a/pod.rs", String::new()), Ok(()));
        assert_eq!(
            tree.insert("a/Pod.rs", String::new()),
            Err(DuplicatePath("a/Pod.rs".to_owned()))
        );
    }

    #[test]
    fn stale_missing_and_stray_files_are_told() {
        let mut tree = FileTree::default();
        for (path, text) in [("same", "1\n"), ("stale", "new\n"), ("missing", "2\n")] {
            assert_eq!(tree.insert(path, text.to_owned()), Ok(()));
        }
        let found = [("same", "1\n"), ("stale", "old\n"), ("stray", "3\n")];
        let found = found.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let differences = tree.diff(&found);
        let told: Vec<_> = differences
            .iter()
            .map(|difference| (difference.path.as_str(), difference.kind))
            .collect();
        let expected = [
            ("missing", DifferenceKind::Missing),
            ("stale", DifferenceKind::Stale),
            ("stray", DifferenceKind::Stray),
        ];
        assert_eq!(told, expected);
        assert!(tree.unified("stale", &found).contains("-old\n+new\n"));
    }
}
