//! Links: what a response says of a further request.

use std::collections::BTreeMap;
use std::sync::Arc;

use openapiv3::{Link as Spelled, LinkOperation};
use serde_json::Value;

use crate::contract::{Link, LinkValue, OperationId, Pointer};
use crate::resolve::Cursor;

use super::context::Lowering;

/// The operations that links may lead to.
#[derive(Default)]
pub(super) struct LinkTargets {
    /// By the id the document gives them.
    by_id: BTreeMap<String, OperationId>,
    /// By where they stand, and by their key under `paths`.
    by_place: BTreeMap<(Arc<str>, Pointer), OperationId>,
}

impl LinkTargets {
    /// Adds an operation; of two with the same name the first counts.
    pub(super) fn add(
        &mut self,
        id: &OperationId,
        stated: Option<&String>,
        places: [(Arc<str>, Pointer); 2],
    ) {
        if let Some(stated) = stated {
            self.by_id.entry(stated.clone()).or_insert_with(|| id.clone());
        }
        for place in places {
            self.by_place.entry(place).or_insert_with(|| id.clone());
        }
    }
}

impl<'d> Lowering<'d, '_> {
    /// The links of a response.
    pub(super) fn links(&mut self, response: &Cursor<'d>) -> Vec<Link> {
        let links = response.get("links");
        let entries: Vec<_> = links.iter().flat_map(Cursor::entries).collect();
        entries.iter().filter_map(|(name, cursor)| self.link(name, cursor)).collect()
    }

    fn link(&mut self, name: &str, cursor: &Cursor<'d>) -> Option<Link> {
        let cursor = self.follow(cursor)?;
        let spelled: Spelled = self.piece(&cursor, "a link", &["requestBody", "parameters"])?;
        if let Some(server) = cursor.get("server") {
            self.not_carried(&server, "the server of a link");
        }
        let operation = self.link_operation(&cursor, &spelled.operation)?;
        let mut parameters = BTreeMap::new();
        for (parameter, value) in cursor.get("parameters").iter().flat_map(Cursor::entries) {
            if let Some(value) = self.link_value(&value) {
                parameters.insert(parameter.to_owned(), value);
            }
        }
        let body = cursor.get("requestBody").and_then(|body| self.link_value(&body));
        Some(Link {
            name: name.to_owned(),
            operation,
            parameters,
            body,
            inferred: false,
            place: cursor.place(),
        })
    }

    fn link_operation(
        &mut self,
        cursor: &Cursor<'d>,
        operation: &LinkOperation,
    ) -> Option<OperationId> {
        let (key, text, found) = match operation {
            LinkOperation::OperationId(id) => ("operationId", id, self.targets.by_id.get(id)),
            LinkOperation::OperationRef(reference) => {
                let place = self.resolver.meant(cursor, reference);
                (
                    "operationRef",
                    reference,
                    place.and_then(|place| self.targets.by_place.get(&place)),
                )
            }
        };
        let found = found.cloned();
        if found.is_none() {
            let at = cursor.get(key).unwrap_or_else(|| cursor.clone());
            self.error(
                "unknown-operation",
                &at.place(),
                format_args!("there is no usable operation `{text}`"),
                "name an operation of this document",
            );
        }
        found
    }

    /// A constant or a runtime expression (OpenAPI 3.0.3, Link Object).
    fn link_value(&mut self, cursor: &Cursor<'d>) -> Option<LinkValue> {
        let value = cursor.node().to_json();
        let Value::String(text) = &value else { return Some(LinkValue::Constant(value)) };
        if !text.starts_with('$') && !text.contains("{$") {
            return Some(LinkValue::Constant(value));
        }
        let expression = expression(text);
        if expression.is_none() {
            self.not_carried(cursor, format_args!("the expression `{text}`"));
        }
        expression
    }
}

/// Makes the value that a name after a prefix means.
type Named = fn(String) -> LinkValue;

fn expression(text: &str) -> Option<LinkValue> {
    let body = |rest: &str| Pointer::parse(rest.strip_prefix('#').unwrap_or(rest));
    let name = |rest: &str| Some(rest.to_owned()).filter(|name| !name.is_empty());
    if let Some(rest) = text.strip_prefix("$response.body") {
        return body(rest).map(LinkValue::ResponseBody);
    }
    if let Some(rest) = text.strip_prefix("$request.body") {
        return body(rest).map(LinkValue::RequestBody);
    }
    let named: [(&str, Named); 4] = [
        ("$response.header.", LinkValue::ResponseHeader),
        ("$request.path.", LinkValue::RequestPath),
        ("$request.query.", LinkValue::RequestQuery),
        ("$request.header.", LinkValue::RequestHeader),
    ];
    named.into_iter().find_map(|(prefix, make)| name(text.strip_prefix(prefix)?).map(make))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runtime_expressions_are_read() {
        let pointer = |text| Pointer::parse(text).unwrap();
        assert_eq!(expression("$response.body#/a"), Some(LinkValue::ResponseBody(pointer("/a"))));
        assert_eq!(expression("$request.body"), Some(LinkValue::RequestBody(pointer(""))));
        assert_eq!(expression("$request.path.id"), Some(LinkValue::RequestPath("id".to_owned())));
        assert_eq!(
            expression("$response.header.ETag"),
            Some(LinkValue::ResponseHeader("ETag".to_owned()))
        );
        assert_eq!(expression("$url"), None);
        assert_eq!(expression("$request.path."), None);
        assert_eq!(expression("$response.bodyguard"), None);
    }
}
