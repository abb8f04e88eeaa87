//! The keywords of one schema object, without those of the schemas inside it.

use openapiv3::{AnySchema, SchemaData};
use serde_json::{Number, Value};

use crate::document::{Scalar, Value as NodeValue};
use crate::resolve::Cursor;

use super::context::Lowering;

/// Keywords whose values are pieces of their own, or plain data.
const CUT: [&str; 11] = [
    "properties",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "default",
    "example",
    "xml",
];

/// The keywords of one schema object.
#[derive(Debug, Default)]
pub(super) struct Keywords {
    /// Those that describe.
    pub(super) data: SchemaData,
    /// Those that constrain. Numbers are doubles here; exact ones come from [`exact`].
    pub(super) any: AnySchema,
}

impl<'d> Lowering<'d, '_> {
    /// Reads the keywords at `cursor`; none, after a diagnostic, where they cannot be read.
    pub(super) fn keywords(&mut self, cursor: &Cursor<'d>) -> Keywords {
        if cursor.node().mapping().is_none() {
            self.error(
                "wrong-type",
                &cursor.place(),
                "a schema is a mapping of keywords",
                "write `{}` for a schema that accepts anything",
            );
            return Keywords::default();
        }
        let data = self.piece(cursor, "a schema", &CUT);
        let any = self.piece(cursor, "a schema", &CUT);
        match (data, any) {
            (Some(data), Some(any)) => Keywords { data, any },
            _ => Keywords::default(),
        }
    }
}

/// The number under a key, exactly.
pub(super) fn exact(cursor: &Cursor<'_>, key: &str) -> Option<Number> {
    match &cursor.node().get(key)?.value {
        NodeValue::Scalar(Scalar::Number(number)) => Some(number.clone()),
        _ => None,
    }
}

/// The listed values, if there is a list of them.
pub(super) fn enumeration(cursor: &Cursor<'_>) -> Option<Vec<Value>> {
    let items = cursor.node().get("enum")?.sequence()?;
    Some(items.iter().map(crate::document::Node::to_json).collect())
}
