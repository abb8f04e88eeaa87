//! The structural pass: every key known, every value of its kind, every local reference leading somewhere.
//!
//! What a dialect's objects look like is a table; the walk over it knows no dialect. A further dialect is a further
//! table. Meaning is left to lowering. Parts of other files are checked one by one, by whoever has loaded these.

mod describe;
mod extension;
mod kind;
mod law;
mod openapi_3;
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
    /// Swagger 2.0, whose trees are turned into the form of OpenAPI 3.0 before anything else looks at them.
    Swagger20,
    /// OpenAPI 3.0, any patch version.
    OpenApi30,
    /// OpenAPI 3.1, any patch version.
    OpenApi31,
    /// OpenAPI 3.2, any patch version.
    OpenApi32,
}

impl Dialect {
    /// Whether its schemas are those of JSON Schema 2020-12, as from OpenAPI 3.1 on.
    #[must_use]
    pub fn has_json_schemas(self) -> bool {
        matches!(self, Self::OpenApi31 | Self::OpenApi32)
    }

    fn table(self) -> &'static kind::Table {
        match self {
            Self::Swagger20 => &openapi_3::SWAGGER_2_0,
            Self::OpenApi30 => &openapi_3::OPENAPI_3_0,
            Self::OpenApi31 => &openapi_3::OPENAPI_3_1,
            Self::OpenApi32 => &openapi_3::OPENAPI_3_2,
        }
    }
}

/// Reports everything in a document that its dialect does not allow, and returns what it refers to in other files, and
/// where its own table does not reach.
pub fn check_structure(
    root: &Node,
    dialect: Dialect,
    source: &Source,
    diagnostics: &mut Diagnostics,
) -> Vec<Part> {
    Walk::new(source, root, dialect.table(), diagnostics).document()
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

/// The dialect of a document. `None`, after a diagnostic, for one that is not understood.
///
/// A document that names no dialect and still looks like one is taken for OpenAPI 3.0, so that its other problems are
/// reported as well.
pub fn dialect(root: &Node, source: &Source, diagnostics: &mut Diagnostics) -> Option<Dialect> {
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
    let is = |minor: &str| written == minor || written.starts_with(&format!("{minor}."));
    match version.key.as_str() {
        "swagger" if is("2.0") => return Some(Dialect::Swagger20),
        "openapi" if is("3.0") => return Some(Dialect::OpenApi30),
        "openapi" if is("3.1") => return Some(Dialect::OpenApi31),
        "openapi" if is("3.2") => return Some(Dialect::OpenApi32),
        _ => {}
    }
    let place = version.value.place(source.name(), Pointer::from_segments([&version.key]));
    let language = if version.key == "swagger" { "Swagger" } else { "OpenAPI" };
    diagnostics.error(
        "unsupported-dialect",
        &place,
        format_args!("{language} {written} is not understood"),
        "convert the document to OpenAPI 3.2, 3.1, 3.0 or Swagger 2.0",
    );
    None
}
