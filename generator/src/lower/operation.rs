//! Operations: one method of one path. An unusable one costs only itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openapiv3::Operation as Spelled;
use serde::Deserialize;

use crate::contract::{
    Location, Method, Operation, OperationId, Parameter, PathPart, PathTemplate, Pointer, Refusals,
    SecurityRequirement, SecurityScheme,
};
use crate::resolve::Cursor;

use super::context::Lowering;
use super::link::LinkTargets;
use super::path::{self, BadPath};

/// Parts of an operation that are pieces of their own.
const CUT: [&str; 6] =
    ["parameters", "requestBody", "responses", "callbacks", "security", "servers"];

/// The plain keys of an operation of OpenAPI 3.1.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Later {
    operation_id: Option<String>,
    summary: Option<String>,
    description: Option<String>,
    tags: Vec<String>,
    deprecated: bool,
}

/// An operation that has an id and a path, before its parts are read.
pub(super) struct Outline<'d> {
    pub(super) id: OperationId,
    pub(super) method: Method,
    pub(super) path: PathTemplate,
    pub(super) item: Cursor<'d>,
    pub(super) cursor: Cursor<'d>,
    pub(super) spelled: Spelled,
}

impl Outline<'_> {
    /// Lets links find the operation.
    pub(super) fn add_to(&self, targets: &mut LinkTargets, root: &Arc<str>) {
        let method = self.method.as_str().to_ascii_lowercase();
        let key = Pointer::from_segments(["paths", &self.path.to_string(), &method]);
        let definition = (Arc::clone(self.cursor.source()), self.cursor.pointer().clone());
        let places = [(Arc::clone(root), key), definition];
        targets.add(&self.id, self.spelled.operation_id.as_ref(), places);
    }
}

/// What the document as a whole says for its operations.
pub(super) struct Inherited<'a> {
    pub(super) schemes: &'a BTreeMap<String, SecurityScheme>,
    pub(super) security: Vec<SecurityRequirement>,
    pub(super) refusals: Refusals,
}

impl<'d> Lowering<'d, '_> {
    /// Every operation of the document that can be told apart, in document order.
    pub(super) fn outlines(&mut self, root: &Cursor<'d>) -> Vec<Outline<'d>> {
        let mut outlines: Vec<Outline<'d>> = Vec::new();
        let mut taken = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for (text, item) in root.get("paths").iter().flat_map(Cursor::entries) {
            if text.starts_with("x-") {
                continue;
            }
            let Some((path, item)) = self.path_item(text, &item) else { continue };
            for (method, cursor) in methods(&item) {
                if !seen.insert((path::anonymous(&path), method)) {
                    self.error(
                        "ambiguous-path",
                        &item.place(),
                        format_args!("{method} {path} is already described, perhaps with other names in the braces"),
                        "merge the two descriptions",
                    );
                    continue;
                }
                let Some(spelled) = self.spelled(&cursor) else { continue };
                let wanted = spelled.operation_id.clone();
                let id = self.operation_id(&cursor, wanted, method, &path, &mut taken);
                let (path, item) = (path.clone(), item.clone());
                outlines.push(Outline { id, method, path, item, cursor, spelled });
            }
        }
        outlines
    }

    /// The plain keys of an operation. From OpenAPI 3.1 on it need not say what it answers.
    pub(super) fn spelled(&mut self, cursor: &Cursor<'d>) -> Option<Spelled> {
        if !self.dialect.has_json_schemas() {
            return self.piece(cursor, "an operation", &CUT);
        }
        let later: Later = self.piece(cursor, "an operation", &CUT)?;
        Some(Spelled {
            operation_id: later.operation_id,
            summary: later.summary,
            description: later.description,
            tags: later.tags,
            deprecated: later.deprecated,
            ..Spelled::default()
        })
    }

    fn path_item(&mut self, text: &str, item: &Cursor<'d>) -> Option<(PathTemplate, Cursor<'d>)> {
        let path = match path::parse(text) {
            Ok(path) => path,
            Err(BadPath::Repeated(name)) => {
                let message =
                    format!("`{{{name}}}` stands there twice; the operations are left out");
                let help = "give each placeholder a name of its own";
                self.warning("ambiguous-path", &item.place(), message, help);
                return None;
            }
            Err(BadPath::Malformed(message)) => {
                let help = "write it as `/fixed/{placeholder}`";
                self.error("bad-key", &item.place(), message, help);
                return None;
            }
        };
        let item = self.follow(item)?;
        if let Some(servers) = item.get("servers") {
            self.not_carried(&servers, "a server for one path");
        }
        Some((path, item))
    }

    fn operation_id(
        &mut self,
        cursor: &Cursor<'d>,
        wanted: Option<String>,
        method: Method,
        path: &PathTemplate,
        taken: &mut BTreeSet<String>,
    ) -> OperationId {
        let is_given = wanted.is_some();
        let base = wanted.filter(|id| !id.is_empty()).unwrap_or_else(|| derived_id(method, path));
        let mut id = base.clone();
        for number in 2.. {
            if taken.insert(id.clone()) {
                break;
            }
            id = format!("{base}{number}");
        }
        if is_given && id != base {
            let place = cursor.get("operationId").map_or_else(|| cursor.place(), |id| id.place());
            self.error(
                "duplicate-operation-id",
                &place,
                format_args!("the operationId `{base}` is taken; this operation is read as `{id}`"),
                "give every operation an id of its own",
            );
        }
        OperationId(id)
    }

    /// Reads the parts of an operation. `None`, after a diagnostic, where nothing could use it.
    pub(super) fn operation(
        &mut self,
        outline: &Outline<'d>,
        inherited: &Inherited<'_>,
    ) -> Option<Operation> {
        let Outline { id, method, path, item, cursor, spelled } = outline;
        if let Some(servers) = cursor.get("servers") {
            self.not_carried(&servers, "a server for one operation");
        }
        let parameters = self.parameters(item, cursor);
        let parameters = self.held_against_path(parameters, path, cursor)?;
        let responses = self.responses(cursor);
        let security = self.security(cursor, inherited.schemes);
        let text = |own: &Option<String>, key: &str| {
            own.clone().or_else(|| item.text(key).map(str::to_owned))
        };
        Some(Operation {
            id: id.clone(),
            method: *method,
            path: path.clone(),
            tags: spelled.tags.clone(),
            summary: text(&spelled.summary, "summary"),
            description: text(&spelled.description, "description"),
            deprecated: spelled.deprecated,
            parameters,
            body: self.body(cursor, *method),
            security: security.unwrap_or_else(|| inherited.security.clone()),
            paging: self.paging(cursor),
            frames: self.frames(cursor),
            upgrade: self.upgrade(cursor, &responses),
            watch: self.watch(cursor),
            equivalent: self.equivalent(cursor),
            version: self.pointer(cursor, "x-version"),
            dry_run: self.dry_run(cursor),
            refusals: self.refusals(cursor, &inherited.refusals),
            provenance: self.provenance(cursor),
            callbacks: Vec::new(),
            responses,
            place: cursor.place(),
        })
    }

    /// Every placeholder has a parameter; a path parameter without a placeholder goes nowhere.
    fn held_against_path(
        &mut self,
        mut parameters: Vec<Parameter>,
        path: &PathTemplate,
        cursor: &Cursor<'d>,
    ) -> Option<Vec<Parameter>> {
        let in_path = |parameter: &Parameter| parameter.location == Location::Path;
        let missing: Vec<_> = path
            .parameters()
            .filter(|name| !parameters.iter().any(|known| in_path(known) && known.name == *name))
            .collect();
        for name in &missing {
            self.error(
                "missing-path-parameter",
                &cursor.place(),
                format_args!("no usable parameter describes `{{{name}}}` of {path}"),
                "add a parameter with `in: path` and `required: true`",
            );
        }
        parameters.retain(|parameter| {
            let is_used =
                !in_path(parameter) || path.parameters().any(|name| name == parameter.name);
            // The structural pass has said it already of what it can see: paths and parameters of one document.
            let is_seen = parameter.place.source == *cursor.source()
                && cursor.pointer().segments().first().is_some_and(|first| first == "paths");
            if !is_used && !is_seen {
                self.diagnostics.error(
                    "unused-path-parameter",
                    &parameter.place,
                    format_args!("`{{{}}}` does not stand in {path}", parameter.name),
                    "remove the parameter, or use it in the path",
                );
            }
            is_used
        });
        self.hold_multi_segment(&mut parameters, path);
        missing.is_empty().then_some(parameters)
    }

    /// A parameter that spans segments is alone in its own, and the only one of its path that does.
    fn hold_multi_segment(&mut self, parameters: &mut [Parameter], path: &PathTemplate) {
        let mut known = false;
        for parameter in parameters.iter_mut().filter(|parameter| parameter.multi_segment) {
            let own = path.segment_of(&parameter.name).and_then(|at| path.segments.get(at));
            let is_alone = own.is_some_and(|own| own.0.len() == 1);
            if !is_alone || known {
                let why = if is_alone {
                    "is not the first that spans segments"
                } else {
                    "shares its segment"
                };
                self.diagnostics.warning(
                    "bad-multi-segment",
                    &parameter.place,
                    format_args!("`{{{}}}` of {path} {why}, and spans one", parameter.name),
                    "let one parameter of a path span segments, and leave it alone in its own",
                );
            }
            parameter.multi_segment = is_alone && !known;
            known |= is_alone;
        }
    }
}

/// The operations of a path item.
pub(super) fn methods<'d>(item: &Cursor<'d>) -> Vec<(Method, Cursor<'d>)> {
    let of = |name: &str| {
        Method::ALL.into_iter().find(|method| method.as_str().to_ascii_lowercase() == name)
    };
    item.entries().filter_map(|(name, cursor)| Some((of(name)?, cursor))).collect()
}

/// `get` and `/a-b/{c}` to `getABByC`.
fn derived_id(method: Method, path: &PathTemplate) -> String {
    let mut id = method.as_str().to_ascii_lowercase();
    for part in path.segments.iter().flat_map(|segment| &segment.0) {
        let words = match part {
            PathPart::Literal(text) => text,
            PathPart::Parameter(name) => {
                id.push_str("By");
                name
            }
        };
        for word in words.split(|c: char| !c.is_ascii_alphanumeric()) {
            let mut letters = word.chars();
            id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            id.push_str(letters.as_str());
        }
    }
    id
}
