//! The structural pass: every key known, every value of its kind, every local reference leading somewhere.
//!
//! What a dialect's objects look like is a table; the walk over it knows no dialect. A further dialect is a further
//! table. Meaning is left to lowering, and other files to whoever loads them.

mod describe;
mod extension;
mod kind;
mod law;
mod openapi_3_0;
mod parameters;
mod reference;
mod walk;

use super::Node;
use super::trail::Trail;
use crate::contract::Pointer;
use crate::diagnostic::Diagnostics;
use crate::source::Source;
use walk::Walk;

/// A dialect that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 3.0, any patch version.
    OpenApi30,
}

impl Dialect {
    fn table(self) -> &'static kind::Table {
        match self {
            Self::OpenApi30 => &openapi_3_0::OPENAPI_3_0,
        }
    }
}

/// Reports everything in a document that its dialect does not allow, and which dialect that is.
///
/// `None` for a document of a dialect that is not understood, which is the one thing then reported.
pub fn check_structure(
    root: &Node,
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Option<Dialect> {
    let dialect = dialect(root, source, diagnostics)?;
    Walk::new(source, root, dialect.table(), diagnostics).document();
    Some(dialect)
}

/// A document that names no dialect and still looks like one is taken for the oldest that is understood,
/// so that its other problems are reported as well.
fn dialect(root: &Node, source: &Source, diagnostics: &mut Diagnostics) -> Option<Dialect> {
    let version = root.entry("openapi").or_else(|| root.entry("swagger"));
    let Some(version) = version else {
        if root.get("paths").is_some() || root.get("info").is_some() {
            return Some(Dialect::OpenApi30);
        }
        let message = "this does not say which version of OpenAPI it is written in";
        let help = "begin the document with `openapi: 3.0.3`";
        let place = Trail::root(root).name_place(source);
        diagnostics.error("unknown-dialect", &place, message, help);
        return None;
    };
    let written = match version.value.to_json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    if version.key == "openapi" && (written == "3.0" || written.starts_with("3.0.")) {
        return Some(Dialect::OpenApi30);
    }
    let place = version.value.place(source.name(), Pointer::from_segments([&version.key]));
    let language = if version.key == "swagger" { "Swagger" } else { "OpenAPI" };
    diagnostics.error(
        "unsupported-dialect",
        &place,
        format_args!("{language} {written} is not understood"),
        "convert the document to OpenAPI 3.0",
    );
    None
}
