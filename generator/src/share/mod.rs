//! Contracts side by side → the schemas that stand in files of nobody's folder, once for all of them.
//!
//! A document's own folder is its own; a named schema of any other file may be another API's as well, and so may
//! everything inside it. Such schemas are the same when they stand at the same place and say the same.
//! Deliberately absent: names of Rust things, and any opinion on which module a schema goes to.

mod merge;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::contract::{Api, Schema, SchemaId, Schemas};
use crate::diagnostic::Diagnostics;
use merge::Merge;

/// The schemas of several APIs that stand in files of none of them.
#[derive(Clone, Debug)]
pub struct Shared {
    api: Api,
    own: Vec<BTreeMap<SchemaId, SchemaId>>,
}

impl Shared {
    /// What `apis` share. Schemas that they read differently are told.
    #[must_use]
    pub fn of(apis: &[&Api], diagnostics: &mut Diagnostics) -> Self {
        let mut merge = Merge::new(diagnostics);
        let own = apis.iter().map(|api| merge.take(api)).collect();
        let (schemas, order) = sorted(&merge.finish());
        Self { api: holder(schemas), own: renumbered(own, &order) }
    }

    /// Nothing, for that many APIs: each keeps what it has.
    #[must_use]
    pub fn none(apis: usize) -> Self {
        Self { api: holder(Schemas::default()), own: vec![BTreeMap::new(); apis] }
    }

    /// A contract of nothing but the shared schemas.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// Which schemas of the API of that number are shared, and under which number they are here.
    #[must_use]
    pub fn of_api(&self, api: usize) -> &BTreeMap<SchemaId, SchemaId> {
        static NONE: BTreeMap<SchemaId, SchemaId> = BTreeMap::new();
        self.own.get(api).unwrap_or(&NONE)
    }

    /// The files that shared schemas stand in, sorted.
    #[must_use]
    pub fn documents(&self) -> BTreeSet<&Arc<str>> {
        self.api.schemas.iter().map(|(_, schema)| &schema.place.source).collect()
    }

    /// The numbers of the APIs that use a schema of that file.
    #[must_use]
    pub fn users(&self, document: &str) -> Vec<usize> {
        let stands_there = |id: &SchemaId| {
            self.api.schemas.get(*id).is_some_and(|schema| &*schema.place.source == document)
        };
        let users = (0..).zip(&self.own).filter(|(_, own)| own.values().any(stands_there));
        users.map(|(number, _)| number).collect()
    }
}

/// The schemas in the order of their places, whoever used them first, and where each one went.
fn sorted(schemas: &[Schema]) -> (Schemas, Vec<SchemaId>) {
    let mut by_place: Vec<usize> = (0..schemas.len()).collect();
    by_place.sort_by_key(|index| {
        schemas.get(*index).map(|schema| {
            let place = &schema.place;
            (Arc::clone(&place.source), place.line, place.column, place.pointer.clone())
        })
    });
    let mut order = vec![SchemaId(0); schemas.len()];
    for (id, index) in (0..).map(SchemaId).zip(&by_place) {
        if let Some(slot) = order.get_mut(*index) {
            *slot = id;
        }
    }
    let moved = |id: SchemaId| order.get(id.0 as usize).copied().unwrap_or(id);
    let mut sorted = Schemas::default();
    for schema in by_place.iter().filter_map(|index| schemas.get(*index)) {
        let mut schema = schema.clone();
        schema.shape.for_each_schema(&mut |id| *id = moved(*id));
        sorted.push(schema);
    }
    (sorted, order)
}

fn renumbered(
    own: Vec<BTreeMap<SchemaId, SchemaId>>,
    order: &[SchemaId],
) -> Vec<BTreeMap<SchemaId, SchemaId>> {
    let moved = |id: SchemaId| order.get(id.0 as usize).copied().unwrap_or(id);
    own.into_iter()
        .map(|map| map.into_iter().map(|(own, shared)| (own, moved(shared))).collect())
        .collect()
}

fn holder(schemas: Schemas) -> Api {
    Api {
        title: "Shared schemas".to_owned(),
        version: String::new(),
        description: None,
        servers: Vec::new(),
        tags: Vec::new(),
        operations: Vec::new(),
        webhooks: Vec::new(),
        schemas,
        security_schemes: BTreeMap::new(),
        provenance: None,
        source: Arc::from("shared"),
    }
}
