//! The words of JSON Schema 2020-12 that OpenAPI 3.0 does not have.

use std::sync::Arc;

use generator::contract::Pointer;
use generator::document::Node;
use serde_json::{Map, Value};

use super::Translation;

/// Keywords that hold no schema.
const PLAIN: [&str; 6] = [
    "const",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minContains",
    "maxContains",
    "dependentRequired",
];

/// Keywords that hold a schema.
const HOLDING_ONE: [&str; 7] = [
    "contains",
    "propertyNames",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords that hold schemas by name.
const HOLDING_NAMED: [&str; 2] = ["patternProperties", "dependentSchemas"];

/// Whether a document says that it is of OpenAPI 3.1.
pub(super) fn is_later(root: &Node) -> bool {
    let version = root.get("openapi").and_then(Node::string);
    version.is_some_and(|version| version == "3.1" || version.starts_with("3.1."))
}

impl Translation<'_> {
    /// Adds what a schema says in those words.
    pub(super) fn later_words(
        &mut self,
        source: &Arc<str>,
        pointer: &Pointer,
        node: &Node,
        schema: &mut Map<String, Value>,
    ) {
        for keyword in PLAIN {
            schema.extend(node.get(keyword).map(|value| (keyword.to_owned(), value.to_json())));
        }
        for keyword in HOLDING_ONE {
            if let Some(inner) = node.get(keyword) {
                let inner = self.schema(source, &pointer.child(keyword), inner);
                schema.insert(keyword.to_owned(), inner);
            }
        }
        for keyword in HOLDING_NAMED {
            let Some(named) = node.get(keyword).and_then(Node::mapping) else { continue };
            let inside = pointer.child(keyword);
            let named: Map<_, _> = named
                .iter()
                .map(|it| (it.key.clone(), self.schema(source, &inside.child(&*it.key), &it.value)))
                .collect();
            schema.insert(keyword.to_owned(), named.into());
        }
        if let Some(items) = node.get("prefixItems").and_then(Node::sequence) {
            let inside = pointer.child("prefixItems");
            let items = items.iter().enumerate();
            let items: Vec<_> = items
                .map(|(index, item)| self.schema(source, &inside.child(index.to_string()), item))
                .collect();
            schema.insert("prefixItems".to_owned(), items.into());
        }
        if let Some(reference) = node.get("$ref").and_then(Node::string) {
            let referred = self.reference(source, reference);
            schema.extend(referred.as_object().cloned().unwrap_or_default());
        }
    }
}
