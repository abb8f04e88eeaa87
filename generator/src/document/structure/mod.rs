//! The structural pass: every key known, every value of its kind, every local reference leading somewhere.
//!
//! What a dialect's objects look like is a table; the walk over it knows no dialect. A further dialect is a further
//! table. Meaning is left to lowering. Parts of other files are checked one by one, by whoever has loaded these.

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

pub use reference::Part;

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

/// What the structural pass found out about a document, its problems aside.
#[derive(Clone, Debug)]
pub struct Structure {
    /// The dialect it is written in.
    pub dialect: Dialect,
    /// What it refers to in other files, and where its own table does not reach.
    pub outward: Vec<Part>,
}

/// Reports everything in a document that its dialect does not allow.
///
/// `None` for a document of a dialect that is not understood, which is the one thing then reported.
pub fn check_structure(
    root: &Node,
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Option<Structure> {
    let dialect = dialect(root, source, diagnostics)?;
    let outward = Walk::new(source, root, dialect.table(), diagnostics).document();
    Some(Structure { dialect, outward })
}

/// Reports everything in a part of a file that the dialect does not allow there, and returns what that part refers to. A part that is not there has no problem here; following references finds it.
pub fn check_part(
    part: &Part,
    dialect: Dialect,
    root: &Node,
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Vec<Part> {
    Walk::new(source, root, dialect.table(), diagnostics).part(part)
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
