//! The reading half from end to end: a text, and whatever further texts it refers to, become a contract.
//! Every problem found on the way is collected; none stops the rest.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::Api;
use crate::diagnostic::Diagnostics;
use crate::document::{self, Dialect, Node};
use crate::lower;
use crate::resolve::{Document, Documents};
use crate::source::{Load, Source};

/// How much is read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bounds of each text.
    pub document: document::Limits,
    /// Further files that references may reach.
    pub files: usize,
    /// Schemas of the contract.
    pub schemas: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { document: document::Limits::default(), files: 2_000, schemas: 200_000 }
    }
}

/// What came of a document.
#[derive(Debug)]
pub struct Reading {
    /// The contract, as far as it could be made; `None` when the text is no document of a known dialect.
    pub api: Option<Api>,
    /// Every document that took part, the root first; none when the text holds no tree.
    pub documents: Option<Documents>,
    /// Every problem of every document.
    pub diagnostics: Diagnostics,
}

impl Reading {
    /// The tree of every document by name.
    #[must_use]
    pub fn trees(&self) -> BTreeMap<Arc<str>, Node> {
        let documents = self.documents.iter().flat_map(Documents::iter);
        documents
            .map(|document| (Arc::clone(document.source().name()), document.root().clone()))
            .collect()
    }
}

/// Reads `source` and what it refers to. Further files come from `load`, which decides what may be read.
#[must_use]
pub fn read(source: &Source, load: &dyn Load, limits: &Limits) -> Reading {
    let mut diagnostics = Diagnostics::default();
    let Some(root) = tree(source, limits, &mut diagnostics) else {
        return Reading { api: None, documents: None, diagnostics };
    };
    let documents = Documents::gather(Document::new(source.clone(), root), limits.files, |name| {
        let source = Source::new(Arc::clone(name), load.load(name)?);
        let root = tree(&source, limits, &mut diagnostics);
        root.map(|root| Document::new(source, root)).ok_or_else(|| "it holds no tree".to_owned())
    });
    let root = documents.root();
    let dialect = document::check_structure(root.root(), root.source(), &mut diagnostics);
    let api = dialect.map(|Dialect::OpenApi30| {
        for other in documents.iter().skip(1).filter(|other| other.root().get("openapi").is_some())
        {
            document::check_structure(other.root(), other.source(), &mut diagnostics);
        }
        lower::lower(&documents, limits.schemas, &mut diagnostics)
    });
    Reading { api, documents: Some(documents), diagnostics }
}

fn tree(source: &Source, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    let root = document::parse(source, &limits.document, diagnostics)?;
    document::agree(source, &root, diagnostics);
    Some(root)
}
