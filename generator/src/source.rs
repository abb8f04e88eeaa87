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

    /// The line of that number, counted from 1, without its line break.
    #[must_use]
    pub fn line(&self, number: u32) -> Option<&str> {
        self.text.lines().nth(usize::try_from(number).ok()?.checked_sub(1)?)
    }
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
