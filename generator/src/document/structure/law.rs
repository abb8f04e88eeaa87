//! Rules over several keys of an object, or over several objects, which no table of kinds can say.

use super::super::trail::Trail;
use super::super::{Mapping, Node, Scalar, Value};
use super::describe::{listed, nearest, quoted};
use super::kind::Law;
use super::reference::placeholders;
use super::walk::Walk;
use crate::contract::Pointer;

/// The styles that a location allows (OpenAPI 3.0.3, section 4.7.12.3).
const STYLES: [(&str, &[&str]); 4] = [
    ("path", &["matrix", "label", "simple"]),
    ("query", &["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
    ("header", &["simple"]),
    ("cookie", &["form"]),
];

impl<'d> Walk<'d, '_> {
    /// Checks an object by its law.
    pub(super) fn law(&mut self, law: Law, object: &'d Mapping, trail: &Trail<'_>) {
        match law {
            Law::Paths => self.paths(object, trail),
            Law::Operation => self.operation(object, trail),
            Law::Parameter => self.parameter(object, trail),
            Law::Schema => self.schema(object, trail),
            Law::Link => self.link(object, trail),
            Law::SecurityRequirement => self.security_requirement(object, trail),
            Law::Server => self.server(object, trail),
            Law::Responses => self.responses(object, trail),
        }
    }

    /// Checks, once all operations are known, that links name some.
    pub(super) fn links(&mut self) {
        for (id, place) in std::mem::take(&mut self.linked) {
            if self.operations.contains_key(id) || self.diagnostics.is_full() {
                continue;
            }
            let message = format_args!("no operation has the id `{}`", quoted(id));
            let help = match nearest(id, self.operations.keys().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "write the `operationId` of an operation".to_owned(),
            };
            self.diagnostics.error("unknown-operation", &place, message, help);
        }
    }

    fn operation(&mut self, object: &'d Mapping, trail: &Trail<'_>) {
        let Some(entry) = object.entry("operationId") else { return };
        let Some(id) = entry.value.string() else { return };
        let Some(line) = self.operations.get(id).copied() else {
            self.operations.insert(id, entry.line);
            return;
        };
        let place = trail.key(entry).value_place(self.source, &entry.value);
        let message = format_args!("another operation has the id `{}`, on line {line}", quoted(id));
        let help = "give each operation an id of its own";
        self.diagnostics.error("duplicate-operation-id", &place, message, help);
    }

    fn parameter(&mut self, object: &'d Mapping, trail: &Trail<'_>) {
        let location = object.get("in").and_then(Node::string).unwrap_or_default();
        if location == "path" && !is_true(object.get("required")) {
            let place = trail.name_place(self.source);
            let message = "a parameter in the path is always required";
            self.diagnostics.error(
                "optional-path-parameter",
                &place,
                message,
                "add `required: true`",
            );
        }
        match (object.entry("schema"), object.entry("content")) {
            (None, None) => self.no_schema(object, trail),
            (Some(_), Some(content)) => {
                let place = trail.key(content).name_place(self.source);
                let message = "a parameter has `schema` or `content`, not both";
                self.diagnostics.error("exclusive-keys", &place, message, "remove one of them");
            }
            _ => {}
        }
        let Some(style) = object.entry("style") else { return };
        let allowed = STYLES.iter().find(|(place, _)| *place == location);
        let (Some((_, allowed)), Some(text)) = (allowed, style.value.string()) else { return };
        let is_known = STYLES.iter().any(|(_, styles)| styles.contains(&text));
        if is_known && !allowed.contains(&text) {
            let place = trail.key(style).value_place(self.source, &style.value);
            let message =
                format_args!("a parameter in the {location} cannot have the style `{text}`");
            let help = format!("styles there are {}", listed(allowed));
            self.diagnostics.error("wrong-value", &place, message, help);
        }
    }

    fn no_schema(&mut self, object: &Mapping, trail: &Trail<'_>) {
        let help = if object.get("type").is_some() {
            "move `type` and what belongs to it into `schema`"
        } else {
            "add `schema`, a mapping; `schema: {}` accepts any value"
        };
        let place = trail.name_place(self.source);
        let message = "a parameter needs `schema` or `content`; it is taken for a text";
        self.diagnostics.warning("missing-key", &place, message, help);
    }

    /// A name may be defined elsewhere where schemas are combined, or be an additional property.
    fn schema(&mut self, object: &'d Mapping, trail: &Trail<'_>) {
        let combined =
            ["$ref", "allOf", "oneOf", "anyOf"].iter().any(|key| object.get(key).is_some());
        let open = object.get("additionalProperties").is_some_and(|node| !is_false(node));
        let (Some(properties), Some(required)) =
            (object.get("properties"), object.entry("required"))
        else {
            return;
        };
        if combined || open || trail.is_item_of("allOf") {
            return;
        }
        let trail = trail.key(required);
        for (index, item) in required.value.sequence().unwrap_or_default().iter().enumerate() {
            let Some(name) = item.string().filter(|name| properties.get(name).is_none()) else {
                continue;
            };
            let place = trail.index(index, item).value_place(self.source, item);
            let message = format_args!("`{}` is required and is no property", quoted(name));
            let help = self.near_key(name, properties, "add the property, or remove the name");
            self.diagnostics.warning("required-without-property", &place, message, help);
        }
    }

    fn link(&mut self, object: &'d Mapping, trail: &Trail<'_>) {
        match (object.entry("operationId"), object.get("operationRef")) {
            (Some(entry), _) => {
                let place = trail.key(entry).value_place(self.source, &entry.value);
                self.linked.extend(entry.value.string().map(|id| (id, place)));
            }
            (None, None) => {
                let place = trail.name_place(self.source);
                let message = "a link needs `operationId` or `operationRef`";
                let help = "add `operationId`, the id of the operation it leads to";
                self.diagnostics.error("missing-key", &place, message, help);
            }
            (None, Some(_)) => {}
        }
    }

    fn security_requirement(&mut self, object: &'d Mapping, trail: &Trail<'_>) {
        let pointer = Pointer::from_segments(["components", "securitySchemes"]);
        let none = Node { value: Value::Mapping(Mapping::default()), line: 1, column: 1 };
        let schemes = self.root.at(&pointer).unwrap_or(&none);
        for entry in object {
            if schemes.get(&entry.key).is_some() {
                continue;
            }
            let place = trail.key(entry).name_place(self.source);
            let name = quoted(&entry.key);
            let message = format_args!(
                "no security scheme is called `{name}`; it is taken for a bearer token"
            );
            let help =
                self.near_key(&entry.key, schemes, "define it in `components/securitySchemes`");
            self.diagnostics.warning("unknown-security-scheme", &place, message, help);
        }
    }

    fn server(&mut self, object: &'d Mapping, trail: &Trail<'_>) {
        let Some(url) = object.entry("url") else { return };
        let Some(text) = url.value.string() else { return };
        let place = trail.key(url).value_place(self.source, &url.value);
        let Some(names) = placeholders(text) else {
            let message = "the braces of this URL do not match";
            let help = "write each variable as `{name}`";
            self.diagnostics.error("wrong-value", &place, message, help);
            return;
        };
        let variables = object.get("variables").and_then(Node::mapping).unwrap_or_default();
        for name in names.into_iter().filter(|name| variables.get(name).is_none()) {
            let message = format_args!("the variable `{}` is not declared", quoted(name));
            let help = "add it to `variables` with a `default`";
            self.diagnostics.error("unknown-variable", &place, message, help);
        }
    }

    fn responses(&mut self, object: &'d Mapping, trail: &Trail<'_>) {
        if object.iter().all(|entry| entry.key.starts_with("x-")) {
            let place = trail.name_place(self.source);
            let message = "an operation needs at least one response";
            let help = "add one, such as `200: { description: … }`";
            self.diagnostics.error("missing-key", &place, message, help);
        }
    }

    /// A help line: the key of `node` that was probably meant, or else `otherwise`.
    fn near_key(&self, word: &str, node: &Node, otherwise: &str) -> String {
        let keys = node.mapping().unwrap_or_default().iter().map(|entry| &*entry.key);
        let meant = if self.diagnostics.is_full() { None } else { nearest(word, keys) };
        meant.map_or_else(|| otherwise.to_owned(), |meant| format!("did you mean `{meant}`?"))
    }
}

fn is_true(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.value, Value::Scalar(Scalar::Bool(true))))
}

fn is_false(node: &Node) -> bool {
    matches!(node.value, Value::Scalar(Scalar::Bool(false)))
}
