//! What became of a document, for machines: each operation with what was generated for it, what was carried in part
//! and why, and what was left out. Decides nothing; [`Report`] is a stable shape, and `format` counts its changes.

mod attribute;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::contract::{Api, Operation, Place};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::emit::Parts;
use crate::overlay::Overlays;
use crate::select::{self, Selection};
use attribute::{Attribution, Owner};

/// The shape of a report.
pub const FORMAT: u32 = 1;

/// What became of some documents.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The number of this shape. Members may be added under the same number.
    pub format: u32,
    /// Sums over all documents.
    pub totals: Totals,
    /// Each document.
    pub documents: Vec<DocumentReport>,
}

/// Numbers of things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Totals {
    /// Operations of the contract.
    pub operations: usize,
    /// Those for which everything that was asked is generated.
    pub generated: usize,
    /// Those of them that are carried in part, or that use a schema that is.
    pub downgraded: usize,
    /// Those that are left out, by selection or by a problem.
    pub left_out: usize,
    /// Named schemas.
    pub schemas: usize,
    /// Errors.
    pub errors: usize,
    /// Warnings, those that were allowed included.
    pub warnings: usize,
}

/// What became of one document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct DocumentReport {
    /// The module that holds it.
    pub module: String,
    /// The file.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Numbers.
    pub totals: Totals,
    /// Every operation, in document order.
    pub operations: Vec<OperationReport>,
    /// Named schemas that are carried in part, by name.
    pub schemas: Vec<SchemaReport>,
    /// Notes about neither an operation nor a named schema, and about what overlays brought.
    pub elsewhere: Vec<Note>,
}

/// What became of an operation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct OperationReport {
    /// Its id.
    pub id: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Where it stands.
    pub place: At,
    /// What was generated: `models`, `server`, `streams`.
    pub generated: Vec<&'static str>,
    /// What is carried in part, and why.
    pub downgraded: Vec<Note>,
    /// Named schemas that it uses and that are carried in part; `schemas` says why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schemas_downgraded: Vec<String>,
    /// Why nothing was generated: `not-selected`, or the code of a problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<&'static str>,
}

/// What became of a named schema.
#[derive(Clone, Debug, Serialize)]
pub struct SchemaReport {
    /// Its name.
    pub name: String,
    /// What is carried in part, and why.
    pub downgraded: Vec<Note>,
}

/// A problem.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// Its code.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What is said of it.
    pub message: String,
    /// Where.
    pub place: At,
    /// Whether the user allowed it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allowed: bool,
}

/// A place.
#[derive(Clone, Debug, Serialize)]
pub struct At {
    /// The file.
    pub source: String,
    /// The JSON pointer into it.
    pub pointer: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl At {
    fn new(place: &Place, overlays: &Overlays) -> Self {
        let found = overlays.find(place);
        let place = found.as_ref().unwrap_or(place);
        Self {
            source: place.source.to_string(),
            pointer: place.pointer.to_string(),
            line: place.line,
            column: place.column,
        }
    }
}

/// What is reported about one document.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The module that holds it.
    pub module: &'a str,
    /// The contract before anything was left out of it.
    pub api: &'a Api,
    /// What was laid over the document.
    pub overlays: &'a Overlays,
    /// What was found while it was read.
    pub diagnostics: &'a Diagnostics,
}

/// What was asked of the generator.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The operations.
    pub selection: &'a Selection,
    /// The parts.
    pub parts: Parts,
    /// Codes of warnings that are expected.
    pub allowed: &'a [String],
}

/// Reports on documents. `generating` is what was found while code was generated for all of them.
#[must_use]
pub fn report(subjects: &[Subject<'_>], generating: &Diagnostics, asked: &Asked<'_>) -> Report {
    let documents: Vec<_> =
        subjects.iter().map(|subject| document(subject, generating, asked)).collect();
    let totals = documents.iter().map(|document| document.totals).fold(Totals::default(), sum);
    Report { format: FORMAT, totals, documents }
}

fn sum(one: Totals, other: Totals) -> Totals {
    Totals {
        operations: one.operations + other.operations,
        generated: one.generated + other.generated,
        downgraded: one.downgraded + other.downgraded,
        left_out: one.left_out + other.left_out,
        schemas: one.schemas + other.schemas,
        errors: one.errors + other.errors,
        warnings: one.warnings + other.warnings,
    }
}

fn document(subject: &Subject<'_>, generating: &Diagnostics, asked: &Asked<'_>) -> DocumentReport {
    let api = subject.api;
    let mut attribution = Attribution::new(api);
    let own = generating.iter().filter(|found| attribute::is_of(api, found));
    let problems: Vec<&Diagnostic> = subject.diagnostics.iter().chain(own).collect();
    attribution.take(&problems);
    let note = |found: &&Diagnostic| Note {
        code: found.code,
        severity: word(found.severity),
        message: found.message.clone(),
        place: At::new(&found.place, subject.overlays),
        allowed: asked.allowed.iter().any(|code| code == found.code),
    };
    let notes = |owner: &Owner| attribution.of(owner).iter().map(note).collect::<Vec<_>>();
    let operation = |operation: &Operation| {
        let own = attribution.of(&Owner::Operation(operation.id.0.clone()));
        let left_out = left_out(operation, own, asked);
        OperationReport {
            id: operation.id.to_string(),
            method: operation.method.to_string(),
            path: operation.path.to_string(),
            place: At::new(&operation.place, subject.overlays),
            generated: if left_out.is_some() { Vec::new() } else { generated(operation, asked) },
            downgraded: own.iter().map(note).collect(),
            schemas_downgraded: attribution.schemas_of(operation),
            left_out,
        }
    };
    let operations: Vec<_> = api.operations.iter().map(operation).collect();
    let schemas = attribution.schemas().map(|name| SchemaReport {
        name: name.to_owned(),
        downgraded: notes(&Owner::Schema(name.to_owned())),
    });
    DocumentReport {
        module: subject.module.to_owned(),
        source: api.source.to_string(),
        title: api.title.clone(),
        version: api.version.clone(),
        totals: totals(api, &operations, &problems),
        schemas: schemas.collect(),
        elsewhere: notes(&Owner::Nobody),
        operations,
    }
}

fn totals(api: &Api, operations: &[OperationReport], problems: &[&Diagnostic]) -> Totals {
    let count = |severity| problems.iter().filter(|found| found.severity == severity).count();
    let generated = operations.iter().filter(|operation| operation.left_out.is_none());
    let is_downgraded = |operation: &&OperationReport| {
        !operation.downgraded.is_empty() || !operation.schemas_downgraded.is_empty()
    };
    let names: BTreeSet<_> =
        api.schemas.iter().filter_map(|(_, schema)| schema.name.as_deref()).collect();
    Totals {
        operations: operations.len(),
        generated: generated.clone().count(),
        downgraded: generated.filter(is_downgraded).count(),
        left_out: operations.iter().filter(|operation| operation.left_out.is_some()).count(),
        schemas: names.len(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
    }
}

/// The problem that leaves the whole operation out of a server.
const LEAVES_OUT: &str = "ambiguous-path";

fn left_out(operation: &Operation, own: &[&Diagnostic], asked: &Asked<'_>) -> Option<&'static str> {
    if !asked.selection.wants(operation) {
        return Some("not-selected");
    }
    let is_reason = |found: &&&Diagnostic| {
        found.severity == Severity::Error || asked.parts == Parts::All && found.code == LEAVES_OUT
    };
    own.iter().find(is_reason).map(|found| found.code)
}

fn generated(operation: &Operation, asked: &Asked<'_>) -> Vec<&'static str> {
    let contents = operation.responses.iter().flat_map(|(_, response)| &response.content);
    let streams = !operation.frames.is_empty()
        || operation.upgrade.is_some()
        || contents.into_iter().any(|content| !content.frames.is_empty());
    match asked.parts {
        Parts::Models => vec!["models"],
        Parts::All if streams => vec!["models", "server", "streams"],
        Parts::All => vec!["models", "server"],
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

impl Attribution<'_> {
    /// Named schemas with problems that an operation leads to.
    fn schemas_of(&self, operation: &Operation) -> Vec<String> {
        if self.schemas().next().is_none() {
            return Vec::new();
        }
        let reached = select::reached(&self.api().schemas, operation);
        let names: BTreeSet<&str> = reached
            .into_iter()
            .filter_map(|id| self.api().schemas.get(id)?.name.as_deref())
            .filter(|name| !self.of(&Owner::Schema((*name).to_owned())).is_empty())
            .collect();
        names.into_iter().map(str::to_owned).collect()
    }
}
