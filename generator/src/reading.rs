//! The reading half from end to end: a text, and whatever further texts it refers to, become a contract.
//! Every problem found on the way is collected; none stops the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::contract::Api;
use crate::diagnostic::Diagnostics;
use crate::document::{self, Dialect, Node, Part};
use crate::lower;
use crate::overlay::{self, Overlays};
use crate::resolve::{Document, Documents};
use crate::source::{Load, Source, join};

/// How much is read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bounds of each text; its bytes are those of all texts together.
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
    /// The overlays that were laid over the root document.
    pub overlays: Overlays,
    /// Every problem of every document and overlay.
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

    /// Every text that took part, the root document first, overlays last.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let documents = self.documents.iter().flat_map(Documents::iter);
        documents.map(Document::source).chain(self.overlays.sources())
    }
}

/// Reads `source` and what it refers to. Further files come from `load`, which decides what may be read.
#[must_use]
pub fn read(source: &Source, load: &dyn Load, limits: &Limits) -> Reading {
    read_overlaid(source, &[], load, limits)
}

/// The same with overlays laid over `source`, one after another.
#[must_use]
pub fn read_overlaid(
    source: &Source,
    overlays: &[Source],
    load: &dyn Load,
    limits: &Limits,
) -> Reading {
    let mut diagnostics = Diagnostics::default();
    let Some(root) = document::read(source, &limits.document, &mut diagnostics) else {
        let overlays = Overlays::over(source);
        return Reading { api: None, documents: None, overlays, diagnostics };
    };
    let (root, overlays) = overlay::lay(source, root, overlays, &limits.document, &mut diagnostics);
    let dialect = document::dialect(&root, source, &mut diagnostics);
    let documents = gather(source, root, dialect, load, limits, &mut diagnostics);
    let api = dialect.map(|dialect| {
        let root = documents.root();
        let (tree, source) = (root.root(), root.source());
        let outward = document::check_structure(tree, dialect, source, &mut diagnostics);
        check_parts(dialect, outward, &documents, &mut diagnostics);
        lower::lower(&documents, dialect, limits.schemas, &mut diagnostics)
    });
    overlays.locate(&mut diagnostics);
    if dialect == Some(Dialect::Swagger20) {
        for document in documents.iter() {
            document::relocate(document.source(), &limits.document, &mut diagnostics);
        }
    }
    Reading { api, documents: Some(documents), overlays, diagnostics }
}

/// The document and what it refers to, in the form in which its dialect is read.
fn gather(
    source: &Source,
    root: Node,
    dialect: Option<Dialect>,
    load: &dyn Load,
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> Documents {
    let media = document::Media::of(&root);
    let raised = |source: &Source, root: Node, diagnostics: &mut Diagnostics| match dialect {
        Some(Dialect::Swagger20) => document::raise(root, &media, source, diagnostics),
        _ => root,
    };
    let mut left = *limits;
    left.document.bytes = left.document.bytes.saturating_sub(source.text().len());
    let root = raised(source, root, diagnostics);
    Documents::gather(Document::new(source.clone(), root), limits.files, |name| {
        let source = Source::new(Arc::clone(name), load.load(name)?);
        let root = document::read(&source, &left.document, diagnostics);
        left.document.bytes = left.document.bytes.saturating_sub(source.text().len());
        let root = root.map(|root| raised(&source, root, diagnostics));
        root.map(|root| Document::new(source, root)).ok_or_else(|| "it holds no tree".to_owned())
    })
}

/// Checks each part once for each thing it is referred to as. A file that does not exist is reported
/// where the reference is followed.
fn check_parts(
    dialect: Dialect,
    outward: Vec<Part>,
    documents: &Documents,
    diagnostics: &mut Diagnostics,
) {
    let from = |base: &Arc<str>, parts: Vec<Part>| -> Vec<(String, Part)> {
        let named = |part: &Part| match part.file() {
            "" => base.to_string(),
            file => join(base, file),
        };
        parts.into_iter().map(|part| (named(&part), part)).collect()
    };
    let mut waiting = from(documents.root().source().name(), outward);
    let mut seen = BTreeSet::new();
    while let Some((name, part)) = waiting.pop() {
        let is_fresh = seen.insert((name.clone(), part.pointer().clone(), part.what()));
        let Some(document) = documents.get(&name).ok().filter(|_| is_fresh) else { continue };
        let (root, source) = (document.root(), document.source());
        let further = document::check_part(&part, dialect, root, source, diagnostics);
        waiting.extend(from(source.name(), further));
    }
}
