//! The API as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::{Operation, OperationId, Outgoing, Schemas, SecurityScheme};

/// Everything one document promises.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// Base URLs, in document order.
    pub servers: Vec<Server>,
    /// Declared tags in document order, then undeclared ones that operations use, sorted.
    pub tags: Vec<Tag>,
    /// Operations in document order.
    pub operations: Vec<Operation>,
    /// Requests that the API sends of itself, in document order.
    pub webhooks: Vec<Outgoing>,
    /// Every schema, named or inline, once.
    pub schemas: Schemas,
    /// Named ways to present a credential.
    pub security_schemes: BTreeMap<String, SecurityScheme>,
    /// Where the statements of the document come from, unless something deeper says otherwise.
    pub provenance: Option<Provenance>,
    /// The name of the root document.
    #[serde(skip)]
    pub source: Arc<str>,
}

impl Api {
    /// The operation of that id.
    #[must_use]
    pub fn operation(&self, id: &OperationId) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == *id)
    }
}

/// A base URL with its variables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Server {
    /// The URL, possibly relative, with `{variable}` placeholders.
    pub url: String,
    /// What stands for the placeholders.
    pub variables: BTreeMap<String, ServerVariable>,
}

/// What stands for one placeholder of a server URL.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServerVariable {
    /// The value used when nothing else is said.
    pub default: String,
    /// The allowed values; empty when any is.
    pub allowed: Vec<String>,
}

/// A group of operations.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tag {
    /// The name.
    pub name: String,
    /// What the group is about.
    pub description: Option<String>,
}

/// Where a statement comes from (`x-provenance`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Provenance {
    /// The source document says so, under that heading.
    Document {
        /// Title of the source document.
        document: String,
        /// Heading inside it.
        section: Option<String>,
    },
    /// A general convention adds it; the source document does not list it.
    Convention {
        /// The name of the convention.
        name: String,
    },
}

impl Provenance {
    /// Whether this is a convention rather than a documented statement.
    #[must_use]
    pub fn is_convention(&self) -> bool {
        matches!(self, Self::Convention { .. })
    }
}
