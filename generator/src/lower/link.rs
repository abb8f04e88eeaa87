//! Links: what a response says of a further request.

use std::collections::BTreeMap;
use std::sync::Arc;

use openapiv3::{Link as Spelled, LinkOperation};
use serde_json::Value;

use crate::contract::{Link, LinkValue, Method, OperationId, Pointer};
use crate::resolve::Cursor;

use super::context::Lowering;

/// An operation that a link may lead to.
pub(super) struct LinkTarget {
    pub(super) id: OperationId,
    /// The id the document gives it.
    pub(super) stated: Option<String>,
    pub(super) method: Method,
    /// The key under `paths`.
    pub(super) path: String,
    /// Where it stands.
    pub(super) definition: (Arc<str>, Pointer),
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
        Some(Link { name: name.to_owned(), operation, parameters, body, place: cursor.place() })
    }

    fn link_operation(
        &mut self,
        cursor: &Cursor<'d>,
        operation: &LinkOperation,
    ) -> Option<OperationId> {
        let (key, text, found) = match operation {
            LinkOperation::OperationId(id) => {
                let by_id = |target: &&LinkTarget| target.stated.as_deref() == Some(id);
                ("operationId", id, self.targets.iter().find(by_id))
            }
            LinkOperation::OperationRef(reference) => {
                ("operationRef", reference, self.referred(cursor, reference))
            }
        };
        let found = found.map(|target| target.id.clone());
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

    /// The operation that `operationRef` names: by its key under `paths`, or by where it stands.
    fn referred(&self, cursor: &Cursor<'d>, reference: &str) -> Option<&LinkTarget> {
        let by_key = |target: &&LinkTarget| {
            let method = target.method.as_str().to_ascii_lowercase();
            let pointer = Pointer::from_segments(["paths", &target.path, &method]);
            self.resolver.leads_to(cursor, reference, self.resolver.root_name(), &pointer)
        };
        let by_place = |target: &&LinkTarget| {
            let (source, pointer) = &target.definition;
            self.resolver.leads_to(cursor, reference, source, pointer)
        };
        self.targets.iter().find(by_key).or_else(|| self.targets.iter().find(by_place))
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
