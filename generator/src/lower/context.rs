//! What every part of lowering shares: the way along references, the arena, the sink for problems.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::contract::{Length, Place, Pointer, Schema, SchemaId, Schemas, Shape, StringFormat};
use crate::diagnostic::Diagnostics;
use crate::document::{Dialect, Entry, Mapping, Node, Scalar, Value, piece};
use crate::resolve::{Cursor, Documents, Resolver};

use super::keywords::Keywords;
use super::link::LinkTargets;
use super::schema::{Origin, OriginKey};
use super::shape::placeholder_of_nothing;

/// So many definitions may be looked at for each schema there may be.
const WORK_PER_SCHEMA: usize = 20;

/// The state of one lowering.
pub(super) struct Lowering<'d, 's> {
    pub(super) resolver: Resolver<'d>,
    pub(super) diagnostics: &'s mut Diagnostics,
    /// What the documents are written in.
    pub(super) dialect: Dialect,
    pub(super) schemas: Schemas,
    /// Sets of definitions to the one schema that satisfies all of a set.
    pub(super) interned: HashMap<Vec<OriginKey>, SchemaId>,
    /// Schemas that have an id and no content yet.
    pub(super) waiting: VecDeque<(SchemaId, Vec<Origin<'d>>)>,
    /// What links may lead to.
    pub(super) targets: LinkTargets,
    /// Keywords that have been read, by where they stand.
    pub(super) read: HashMap<(Arc<str>, Pointer), Rc<Keywords>>,
    /// Schemas that exist only because choices were combined: it is no news if one of them has no value.
    pub(super) combined: BTreeSet<SchemaId>,
    /// Whether such a schema is being defined.
    pub(super) is_combined: bool,
    /// How many choices are being folded into one another.
    pub(super) folds: usize,
    /// How many schemas there may be.
    most_schemas: usize,
    /// How many definitions may still be looked at for them.
    work: usize,
}

impl<'d, 's> Lowering<'d, 's> {
    pub(super) fn new(
        documents: &'d Documents,
        dialect: Dialect,
        most_schemas: usize,
        diagnostics: &'s mut Diagnostics,
    ) -> Self {
        Self {
            resolver: Resolver::new(documents, diagnostics),
            diagnostics,
            dialect,
            schemas: Schemas::default(),
            interned: HashMap::new(),
            waiting: VecDeque::new(),
            targets: LinkTargets::default(),
            read: HashMap::new(),
            work: most_schemas.saturating_mul(WORK_PER_SCHEMA),
            folds: 0,
            combined: BTreeSet::new(),
            is_combined: false,
            most_schemas,
        }
    }

    /// The definition that stands at `cursor` or that the reference there leads to.
    pub(super) fn follow(&mut self, cursor: &Cursor<'d>) -> Option<Cursor<'d>> {
        self.resolver.follow(cursor, self.diagnostics)
    }

    /// The schema that stands at `cursor` or that the reference there leads to. From OpenAPI 3.1 on, a reference
    /// with other keywords beside it is a schema of its own.
    pub(super) fn follow_schema(&mut self, cursor: &Cursor<'d>) -> Option<Cursor<'d>> {
        let siblings_count = self.dialect.has_json_schemas();
        self.resolver.follow_until(cursor, self.diagnostics, |here| {
            siblings_count && here.node().mapping().is_some_and(|entries| entries.len() > 1)
        })
    }

    /// What the reference at `cursor` leads to, whatever stands beside it.
    pub(super) fn referred(&mut self, cursor: &Cursor<'d>) -> Option<Cursor<'d>> {
        let mut steps = 0;
        let siblings_count = self.dialect.has_json_schemas();
        self.resolver.follow_until(cursor, self.diagnostics, |here| {
            steps += 1;
            steps > 1
                && siblings_count
                && here.node().mapping().is_some_and(|entries| entries.len() > 1)
        })
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        place: &Place,
        message: impl fmt::Display,
        help: impl fmt::Display,
    ) {
        if !self.resolver.is_known(place) {
            self.diagnostics.error(code, place, message, help);
        }
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        place: &Place,
        message: impl fmt::Display,
        help: impl fmt::Display,
    ) {
        if !self.resolver.is_known(place) {
            self.diagnostics.warning(code, place, message, help);
        }
    }

    /// Says that a statement is understood and goes no further than the document.
    pub(super) fn not_carried(&mut self, cursor: &Cursor<'d>, what: impl fmt::Display) {
        let message = format_args!("{what} is not carried into the contract");
        self.warning(
            "not-carried",
            &cursor.place(),
            message,
            "nothing is generated or checked from it",
        );
    }

    /// What stands at `cursor`, read as a `T` called `what`, with everything below the keys in `cut` left out:
    /// those are pieces of their own, and a bad one costs only itself.
    pub(super) fn piece<T: DeserializeOwned>(
        &mut self,
        cursor: &Cursor<'d>,
        what: &str,
        cut: &[&str],
    ) -> Option<T> {
        piece(cursor.node(), cut, &cursor.place(), what, self.diagnostics)
    }

    /// The same of a parameter or header, which may lack the schema that its type asks for.
    pub(super) fn described_piece<T: DeserializeOwned>(
        &mut self,
        cursor: &Cursor<'d>,
        what: &str,
    ) -> Option<T> {
        let cut = ["schema", "content", "example", "examples"];
        let entries = cursor.node().mapping().unwrap_or_default();
        let is_described = ["schema", "content"].iter().any(|key| entries.get(key).is_some());
        if is_described || cursor.node().mapping().is_none() {
            return self.piece(cursor, what, &cut);
        }
        let (line, column) = (cursor.node().line, cursor.node().column);
        let value = Node { value: Value::Mapping(Mapping::default()), line, column };
        let schema = Entry { key: "schema".to_owned(), line, column, value };
        let entries: Mapping = entries.iter().cloned().chain([schema]).collect();
        let node = Node { value: Value::Mapping(entries), line, column };
        piece(&node, &cut, &cursor.place(), what, self.diagnostics)
    }

    /// A schema that accepts any text.
    pub(super) fn any_text(&mut self, place: &Place) -> SchemaId {
        let (length, pattern) = (Length::default(), None);
        let shape = Shape::String { format: StringFormat::Unsaid, length, pattern };
        self.push(Schema { shape, place: place.clone(), ..placeholder_of_nothing() })
    }

    /// Takes so many definitions from what may still be looked at; `false`, after a diagnostic, when that is too many.
    pub(super) fn spend(&mut self, definitions: usize, place: &Place) -> bool {
        let left = self.work.checked_sub(definitions);
        if left.is_none() {
            self.error(
                "too-complex",
                place,
                "the schemas of this document are combined in too many ways",
                "combine fewer schemas with `allOf`, `oneOf` and `anyOf`",
            );
        }
        self.work = left.unwrap_or_default();
        left.is_some()
    }

    /// A schema in the arena, or the first one there when the arena is full.
    pub(super) fn push(&mut self, schema: Schema) -> SchemaId {
        if self.schemas.len() < self.most_schemas {
            return self.schemas.push(schema);
        }
        self.diagnostics.error(
            "too-many-schemas",
            &schema.place,
            format_args!("the document needs more than {} schemas", self.most_schemas),
            "combine fewer schemas with `allOf`, `oneOf` and `anyOf`",
        );
        SchemaId(0)
    }
}

/// Whether `true` stands under that key.
pub(super) fn is_set(cursor: &Cursor<'_>, key: &str) -> bool {
    let value = cursor.node().get(key).map(|node| &node.value);
    matches!(value, Some(Value::Scalar(Scalar::Bool(true))))
}
