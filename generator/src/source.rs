//! Named texts and positions in them. Knows neither YAML nor OpenAPI.

use std::sync::Arc;

/// A text with a name that a user recognises: a path as it was given, or as a reference reached it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    /// A text under that name.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines as YAML counts them: a break is LF, CR, or CR and LF.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let mut rest = Some(self.text());
        std::iter::from_fn(move || {
            let text = rest?;
            let end = memchr::memchr2(b'\n', b'\r', text.as_bytes());
            let Some(end) = end else { return rest.take() };
            let (line, after) = text.split_at(end);
            rest = Some(after.strip_prefix("\r\n").or_else(|| after.get(1..)).unwrap_or_default());
            Some(line)
        })
    }

    /// Line and column in characters, both counted from 1, of what stands at that offset in bytes.
    #[must_use]
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let before = Self::new("", self.text.get(..offset).unwrap_or(self.text()));
        let line = before.lines().count();
        let column = before.lines().last().map_or(0, |line| line.chars().count()) + 1;
        let narrow = |number| u32::try_from(number).unwrap_or(u32::MAX);
        (narrow(line), narrow(column))
    }

    /// The line of that number, counted from 1, without its line break.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&str> {
        self.lines().nth(usize::try_from(number).ok()?.checked_sub(1)?)
    }
}

/// The name of the file that a reference in the file `base` names: the two joined by RFC 3986 §5.2.4, so that one
/// file has one name however it is reached.
#[must_use]
pub fn join(base: &str, reference: &str) -> String {
    if reference.contains("://") {
        return reference.to_owned();
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_absolute = reference.starts_with('/') || folder.is_empty() && base.starts_with('/');
    let mut segments: Vec<&str> = Vec::new();
    let inherited = if reference.starts_with('/') { "" } else { folder };
    for segment in inherited.split('/').chain(reference.split('/')) {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let absolute = is_absolute || folder.starts_with('/');
    format!("{}{}", if absolute { "/" } else { "" }, segments.join("/"))
}

/// Finds the text of a further file that a `$ref` names, already resolved against the file it stands in.
/// The reading half asks; whoever calls it decides what may be read.
pub trait Load {
    /// The text of that name.
    ///
    /// # Errors
    /// A sentence fragment for the diagnostic: why there is none.
    fn load(&self, name: &str) -> Result<String, String>;
}

/// Loads nothing: a document that refers to other files gets a diagnostic.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Load for NoFiles {
    fn load(&self, _name: &str) -> Result<String, String> {
        Err("references to other files are not followed here".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_break_counts_once() {
        let source = Source::new("a", "one\ntwo\r\nthree\rfour\n");
        assert_eq!(source.lines().collect::<Vec<_>>(), ["one", "two", "three", "four", ""]);
        assert_eq!(source.line(3), Some("three"));
        assert_eq!((source.line(0), source.line(6)), (None, None));
        let positions = [0, 2, 4, 9, 99].map(|offset| source.position(offset));
        assert_eq!(positions, [(1, 1), (1, 3), (2, 1), (3, 1), (5, 1)]);
    }

    #[test]
    fn references_join_the_folder_of_their_file() {
        let cases = [
            ("specs/a/openapi.yaml", "../shared/meta.yaml", "specs/shared/meta.yaml"),
            ("openapi.yaml", "./types.yaml", "types.yaml"),
            ("/x/openapi.yaml", "types.yaml", "/x/types.yaml"),
            ("a.yaml", "../b.yaml", "../b.yaml"),
            ("../specs/a.yaml", "../b.yaml", "../b.yaml"),
            ("x/a.yaml", "/b.yaml", "/b.yaml"),
            ("x/a.yaml", "https://h/b.yaml", "https://h/b.yaml"),
        ];
        for (base, reference, joined) in cases {
            assert_eq!(join(base, reference), joined, "{reference} in {base}");
        }
    }
}
