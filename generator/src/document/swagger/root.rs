//! The document, its paths and its operations.

use super::super::{Entry, Node};
use super::tree::{Mark, each_value, entries, items, take, texts};
use super::{body, security};
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::source::Source;

/// The methods of Swagger 2.0.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// How deep below the root of a file such things are looked for.
const MOST_LEVELS: usize = 3;

/// Media types with the places where they are listed.
pub(super) type Types = Vec<(String, Mark)>;

/// What a document says of the bodies of all operations that say nothing of their own.
#[derive(Clone, Debug, Default)]
pub struct Media {
    consumes: Types,
    produces: Types,
}

impl Media {
    /// What the root of a document says.
    #[must_use]
    pub fn of(root: &Node) -> Self {
        let types = |key: &str| texts(root.get(key)).unwrap_or_default();
        Self { consumes: types("consumes"), produces: types("produces") }
    }
}

/// One document on its way.
pub(super) struct Raise<'s> {
    source: &'s Source,
    diagnostics: &'s mut Diagnostics,
    media: Media,
    /// Whether it has been said that an operation's schemes are not carried; some documents have them everywhere.
    told_schemes: bool,
    /// Definitions that several operations may share: parameters, then responses.
    shared: [Node; 2],
}

impl<'s> Raise<'s> {
    pub(super) fn new(
        root: &Node,
        media: &Media,
        source: &'s Source,
        diagnostics: &'s mut Diagnostics,
    ) -> Self {
        let shared = ["parameters", "responses"].map(|key| {
            root.get(key).cloned().unwrap_or_else(|| Mark::of(root).mapping(Vec::new()))
        });
        Self { source, diagnostics, media: media.clone(), told_schemes: false, shared }
    }

    /// The document in the form of OpenAPI 3.0.
    pub(super) fn document(mut self, root: Node) -> Node {
        let (mark, entries) = match entries(root) {
            Ok(taken) => taken,
            Err(root) => return root,
        };
        let is_whole = entries.iter().any(|entry| entry.key == "swagger");
        if !is_whole {
            return self.fragment(mark.mapping(entries), MOST_LEVELS);
        }
        let (address, entries) =
            split_exactly(entries, &["host", "basePath", "schemes", "consumes", "produces"]);
        let mut raised: Vec<Entry> = Vec::new();
        for entry in entries {
            raised.extend(self.root_entry(entry));
        }
        raised.push(mark.entry("servers", servers(mark, &address)));
        mark.mapping(raised)
    }

    /// A file that is no document: whatever in it can be told to be a parameter, a response or a path item is one.
    fn fragment(&mut self, node: Node, levels: usize) -> Node {
        let text = |key: &str| node.get(key).and_then(Node::string).is_some();
        let has = |keys: &[&str]| keys.iter().any(|key| node.get(key).is_some());
        let is_parameter = text("name") && text("in");
        let is_response = text("description") && has(&["schema", "headers"]);
        let is_item = METHODS.iter().any(|method| {
            node.get(method).is_some_and(|operation| operation.get("responses").is_some())
        });
        if is_parameter && !body::is_part(&node) {
            self.parameter(node)
        } else if is_response && !has(&["type", "properties", "in"]) {
            let produces = self.media.produces.clone();
            self.response(node, &produces)
        } else if is_item {
            self.path_item(node)
        } else if levels > 0 && !has(&["type", "properties", "allOf"]) {
            each_value(node, |_, inner| self.fragment(inner, levels - 1))
        } else {
            node
        }
    }

    fn root_entry(&mut self, entry: Entry) -> Option<Entry> {
        let at = Mark::of_key(&entry);
        let value = match entry.key.as_str() {
            "paths" => each_value(entry.value, |_, item| self.path_item(item)),
            "parameters" => self.shared_parameters(entry.value),
            "responses" => {
                let produces = self.media.produces.clone();
                each_value(entry.value, |_, response| self.response(response, &produces))
            }
            "securityDefinitions" => {
                let schemes = each_value(entry.value, |_, scheme| security::scheme(scheme));
                let components = at.mapping(vec![at.entry("securitySchemes", schemes)]);
                return Some(at.entry("components", components));
            }
            _ => entry.value,
        };
        Some(Entry { value, ..entry })
    }

    /// Shared parameters but those that make up a body, which are written out where they are used.
    fn shared_parameters(&mut self, node: Node) -> Node {
        let (mark, entries) = match entries(node) {
            Ok(taken) => taken,
            Err(node) => return node,
        };
        let kept = entries.into_iter().filter(|entry| !body::is_part(&entry.value));
        let raised = kept.map(|entry| {
            let value = self.parameter(entry.value.clone());
            Entry { value, ..entry }
        });
        mark.mapping(raised.collect())
    }

    fn path_item(&mut self, node: Node) -> Node {
        let (mark, mut entries) = match entries(node) {
            Ok(taken) => taken,
            Err(node) => return node,
        };
        let mut of_body = Vec::new();
        if let Some(entry) = take(&mut entries, "parameters") {
            let (kept, parts) = self.parameters(entry.value);
            of_body = parts;
            entries.push(Entry { value: kept, ..entry });
        }
        let raised = entries.into_iter().map(|entry| {
            if METHODS.contains(&entry.key.as_str()) {
                let value = self.operation(entry.value, &of_body);
                Entry { value, ..entry }
            } else {
                entry
            }
        });
        mark.mapping(raised.collect())
    }

    fn operation(&mut self, node: Node, inherited: &[Node]) -> Node {
        let (mark, entries) = match entries(node) {
            Ok(taken) => taken,
            Err(node) => return node,
        };
        let (own, mut entries) =
            split_exactly(entries, &["consumes", "produces", "schemes", "parameters", "responses"]);
        let own = mark.mapping(own);
        if let Some(schemes) = own.entry("schemes")
            && !std::mem::replace(&mut self.told_schemes, true)
        {
            self.not_carried(
                Mark::of_key(schemes),
                "a list of schemes for one operation, here or further on,",
            );
        }
        let consumes = texts(own.get("consumes")).unwrap_or_else(|| self.media.consumes.clone());
        let produces = texts(own.get("produces")).unwrap_or_else(|| self.media.produces.clone());
        let mut parts = inherited.to_vec();
        if let Some(entry) = own.entry("parameters") {
            let (kept, own_parts) = self.parameters(entry.value.clone());
            entries.push(Entry { value: kept, ..entry.clone() });
            parts.extend(own_parts);
        }
        if let Some(body) = self.body(parts, &consumes) {
            entries.push(Mark::of(&body).entry("requestBody", body));
        }
        if let Some(entry) = own.entry("responses") {
            let responses = entry.value.clone();
            let value = each_value(responses, |_, response| self.response(response, &produces));
            entries.push(Entry { value, ..entry.clone() });
        }
        mark.mapping(entries)
    }

    /// The parameters of a list in their new form, and those that make up a body in their old one.
    fn parameters(&mut self, node: Node) -> (Node, Vec<Node>) {
        let (mark, items) = match items(node) {
            Ok(taken) => taken,
            Err(node) => return (node, Vec::new()),
        };
        let (mut kept, mut parts) = (Vec::new(), Vec::new());
        for item in items {
            let definition = self.shared(0, &item);
            if definition.is_some_and(body::is_part) {
                parts.extend(definition.cloned());
            } else if body::is_part(&item) {
                parts.push(item);
            } else {
                kept.push(self.parameter(item));
            }
        }
        (mark.list(kept), parts)
    }

    /// The shared definition that a reference of this document leads to: of parameters (0) or responses (1).
    pub(super) fn shared(&self, kind: usize, node: &Node) -> Option<&Node> {
        let section = ["parameters", "responses"].get(kind)?;
        let reference = node.get("$ref")?.string()?;
        let name = reference.strip_prefix("#/")?.strip_prefix(section)?.strip_prefix('/')?;
        let name = Pointer::parse(&format!("/{name}"))?;
        self.shared.get(kind)?.at(&name)
    }

    /// Says that a statement has no form in OpenAPI 3.0.
    pub(super) fn not_carried(&mut self, mark: Mark, what: &str) {
        let (line, column) = mark.position();
        let source = self.source.name().clone();
        let place = Place { source, pointer: Pointer::root(), line, column };
        let message = format_args!("{what} is not carried into the contract");
        self.diagnostics.warning(
            "not-carried",
            &place,
            message,
            "nothing is generated or checked from it",
        );
    }
}

/// Entries with those keys, and the others.
fn split_exactly(entries: Vec<Entry>, keys: &[&str]) -> (Vec<Entry>, Vec<Entry>) {
    entries.into_iter().partition(|entry| keys.contains(&entry.key.as_str()))
}

/// The base URLs that host, base path and schemes come to.
fn servers(mark: Mark, address: &[Entry]) -> Node {
    let value = |key: &str| address.iter().find(|entry| entry.key == key).map(|entry| &entry.value);
    let text = |key: &str| value(key).and_then(Node::string);
    let base = text("basePath").unwrap_or_default().trim_end_matches('/');
    let Some(host) = text("host") else {
        let url = if base.is_empty() { "/" } else { base };
        let at = value("basePath").map_or(mark, Mark::of);
        return mark.list(vec![at.mapping(vec![at.entry("url", at.text(url))])]);
    };
    let at = value("host").map_or(mark, Mark::of);
    let mut schemes = texts(value("schemes")).unwrap_or_default();
    if schemes.is_empty() {
        schemes.push(("https".to_owned(), at));
    }
    let server = |(scheme, at): (String, Mark)| {
        at.mapping(vec![at.entry("url", at.text(format!("{scheme}://{host}{base}")))])
    };
    mark.list(schemes.into_iter().map(server).collect())
}
