//! Every file that takes part: the root document and those that references reach from it.
//! Loads ahead of all following, so that what is followed can be borrowed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{Node, Scalar, Value};
use crate::source::{Source, join};

use super::reference::Target;

/// A text and the tree it holds.
#[derive(Clone, Debug)]
pub struct Document {
    source: Source,
    root: Node,
}

impl Document {
    /// A text and its tree.
    #[must_use]
    pub fn new(source: Source, root: Node) -> Self {
        Self { source, root }
    }

    /// The text.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }
}

/// The root document and every further one, by name.
#[derive(Clone, Debug)]
pub struct Documents {
    root: Document,
    others: BTreeMap<Arc<str>, Result<Document, String>>,
}

impl Documents {
    /// The root document and what references reach from it, at most `most` further files.
    /// `open` gives the tree of a name, or a sentence fragment that says why there is none.
    pub fn gather(
        root: Document,
        most: usize,
        mut open: impl FnMut(&Arc<str>) -> Result<Document, String>,
    ) -> Self {
        let mut documents = Self { root, others: BTreeMap::new() };
        let mut waiting = files_named_in(&documents.root);
        while let Some(name) = waiting.pop() {
            if documents.others.contains_key(&name) || name == *documents.root.source.name() {
                continue;
            }
            let opened = if documents.others.len() < most {
                open(&name)
            } else {
                Err(format!("more than {most} files are referred to"))
            };
            waiting.extend(opened.as_ref().map(files_named_in).unwrap_or_default());
            documents.others.insert(name, opened);
        }
        documents
    }

    /// The document that was read.
    #[must_use]
    pub fn root(&self) -> &Document {
        &self.root
    }

    /// The document of that name.
    ///
    /// # Errors
    /// A sentence fragment: why there is none.
    pub fn get(&self, name: &str) -> Result<&Document, &str> {
        if name == &**self.root.source.name() {
            return Ok(&self.root);
        }
        match self.others.get(name) {
            Some(Ok(document)) => Ok(document),
            Some(Err(reason)) => Err(reason),
            None => Err("it was not loaded"),
        }
    }

    /// Every document that could be read, the root first.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        std::iter::once(&self.root)
            .chain(self.others.values().filter_map(|other| other.as_ref().ok()))
    }
}

/// The names of other files in anything that looks like a reference.
/// A sample value that looks like one costs a file that is then not used.
fn files_named_in(document: &Document) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    let mut waiting = vec![&document.root];
    while let Some(node) = waiting.pop() {
        match &node.value {
            Value::Sequence(items) => waiting.extend(items),
            Value::Mapping(entries) => {
                waiting.extend(entries.iter().map(|entry| &entry.value));
                names.extend(node.get("$ref").and_then(|value| file_named_by(document, value)));
            }
            Value::Scalar(_) => {}
        }
    }
    names.sort();
    names.dedup();
    names
}

fn file_named_by(document: &Document, value: &Node) -> Option<Arc<str>> {
    let Value::Scalar(Scalar::String(text)) = &value.value else { return None };
    let target = Target::parse(text)?;
    let file = target.file?;
    Some(join(document.source.name(), &file).into())
}
