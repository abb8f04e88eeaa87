//! The document as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openapiv3::{Info, Server as SpelledServer, Tag as SpelledTag};

use crate::contract::{Api, Operation, Refusals, Server, ServerVariable, Tag};
use crate::diagnostic::Diagnostics;
use crate::document::Dialect;
use crate::resolve::{Cursor, Documents};

use super::check::prune::prune;
use super::context::Lowering;
use super::infer::infer;
use super::operation::Inherited;

/// The dialects of JSON Schema that are read as such.
const KNOWN_DIALECTS: [&str; 2] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/base",
];

/// The contract of the root document, which is one of that dialect, with at most `most_schemas` schemas.
pub(crate) fn lower(
    documents: &Documents,
    dialect: Dialect,
    most_schemas: usize,
    diagnostics: &mut Diagnostics,
) -> Api {
    let root = Cursor::root(documents.root());
    Lowering::new(documents, dialect, most_schemas, diagnostics).api(&root)
}

impl<'d> Lowering<'d, '_> {
    fn api(&mut self, root: &Cursor<'d>) -> Api {
        let info = self.info(root);
        let schemas = match self.dialect {
            Dialect::Swagger20 => root.get("definitions"),
            _ => root.get("components").and_then(|components| components.get("schemas")),
        };
        self.whole_document_words(root);
        for (_, schema) in schemas.iter().flat_map(Cursor::entries) {
            self.schema_id(&schema);
        }
        let schemes = self.security_schemes(root);
        let security = self.security(root, &schemes).unwrap_or_default();
        let refusals = self.refusals(root, &Refusals::default());
        let inherited = Inherited { schemes: &schemes, security, refusals };
        let outlines = self.outlines(root);
        for outline in &outlines {
            outline.add_to(&mut self.targets, root.source());
        }
        let mut operations = Vec::new();
        for outline in &outlines {
            let Some(operation) = self.operation(outline, &inherited) else { continue };
            let callbacks = self.callbacks(&outline.cursor, &inherited);
            operations.push(Operation { callbacks, ..operation });
        }
        let webhooks = self.webhooks(root, &inherited);
        self.define_waiting();
        let mut api = Api {
            title: info.title,
            version: info.version,
            description: info.description,
            servers: self.servers(root),
            tags: self.tags(root, &operations),
            operations,
            webhooks,
            schemas: std::mem::take(&mut self.schemas),
            security_schemes: schemes,
            provenance: self.provenance(root),
            source: Arc::clone(root.source()),
        };
        prune(&mut api.schemas);
        self.break_union_cycles(&mut api.schemas);
        self.check_samples(&mut api);
        add_defaults(&mut api);
        self.check(&mut api);
        infer(&mut api);
        api
    }

    /// What a document as a whole says and the contract does not.
    fn whole_document_words(&mut self, root: &Cursor<'d>) {
        if let Some(dialect) = root.get("jsonSchemaDialect")
            && !KNOWN_DIALECTS.contains(&dialect.node().string().unwrap_or_default())
        {
            self.not_carried(&dialect, "a dialect of JSON Schema other than 2020-12");
        }
    }

    fn info(&mut self, root: &Cursor<'d>) -> Info {
        let info = root.get("info").and_then(|info| self.piece(&info, "an info object", &[]));
        info.unwrap_or_else(|| Info { title: "API".to_owned(), ..Info::default() })
    }

    fn servers(&mut self, root: &Cursor<'d>) -> Vec<Server> {
        let mut servers = Vec::new();
        for cursor in root.get("servers").iter().flat_map(Cursor::items) {
            if let Some(spelled) = self.piece::<SpelledServer>(&cursor, "a server", &[]) {
                servers.push(server(spelled));
            }
        }
        if servers.is_empty() {
            // OpenAPI 3.0.3, OpenAPI Object: without servers there is one at `/`.
            servers.push(Server { url: "/".to_owned(), variables: BTreeMap::new() });
        }
        servers
    }

    fn tags(&mut self, root: &Cursor<'d>, operations: &[Operation]) -> Vec<Tag> {
        let mut tags: Vec<Tag> = Vec::new();
        let mut declared = BTreeSet::new();
        for cursor in root.get("tags").iter().flat_map(Cursor::items) {
            let Some(tag) = self.piece::<SpelledTag>(&cursor, "a tag", &[]) else { continue };
            if !declared.insert(tag.name.clone()) {
                let help = "remove one of the two";
                let message = format!("the tag `{}` is declared twice", tag.name);
                self.error("duplicate-tag", &cursor.place(), message, help);
                continue;
            }
            tags.push(Tag { name: tag.name, description: tag.description });
        }
        let used: BTreeSet<_> = operations.iter().flat_map(|operation| &operation.tags).collect();
        let undeclared = used.into_iter().filter(|name| !declared.contains(*name)).cloned();
        tags.extend(undeclared.map(|name| Tag { name, description: None }));
        tags
    }
}

fn server(spelled: SpelledServer) -> Server {
    let variables = spelled.variables.unwrap_or_default().into_iter().map(|(name, variable)| {
        (name, ServerVariable { default: variable.default, allowed: variable.enumeration })
    });
    Server { url: spelled.url, variables: variables.collect() }
}

/// A parameter's default means the same as leaving it out.
fn add_defaults(api: &mut Api) {
    for parameter in api.operations.iter_mut().flat_map(|operation| &mut operation.parameters) {
        let default = api.schemas.get(parameter.schema).and_then(|schema| schema.default.clone());
        let fresh = default.filter(|default| !parameter.same_as_absent.contains(default));
        parameter.same_as_absent.extend(fresh);
    }
}
