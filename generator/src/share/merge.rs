//! Takes the shared schemas of one contract after the other, and finds those that are there already.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::contract::{Api, Pointer, Schema, SchemaId};
use crate::diagnostic::Diagnostics;

/// Where a schema stands.
type Key = (Arc<str>, Pointer);

/// The schemas found so far.
pub(super) struct Merge<'d> {
    schemas: Vec<Schema>,
    known: BTreeMap<Key, Vec<SchemaId>>,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> Merge<'d> {
    pub(super) fn new(diagnostics: &'d mut Diagnostics) -> Self {
        Self { schemas: Vec::new(), known: BTreeMap::new(), diagnostics }
    }

    /// Adds what `api` shares, and tells which of its schemas became which.
    pub(super) fn take(&mut self, api: &Api) -> BTreeMap<SchemaId, SchemaId> {
        let folder = folder(&api.source);
        let mut taken = BTreeMap::new();
        let named = api.schemas.iter().filter(|(_, schema)| schema.name.is_some());
        for (id, _) in named.filter(|(_, schema)| is_foreign(&schema.place.source, folder)) {
            self.add(api, id, &mut taken);
        }
        for id in taken.keys() {
            let place = api.schemas.get(*id).map(|schema| &schema.place);
            if let Some(place) = place.filter(|place| !is_foreign(&place.source, folder)) {
                self.diagnostics.error(
                    "shared-schema-refers-back",
                    place,
                    "a schema of a shared file uses this one, which is one API's own",
                    "move it into the shared file",
                );
            }
        }
        taken
    }

    pub(super) fn finish(self) -> Vec<Schema> {
        self.schemas
    }

    /// Adds one schema with everything inside it, unless it is there.
    fn add(&mut self, api: &Api, root: SchemaId, taken: &mut BTreeMap<SchemaId, SchemaId>) {
        let mut fresh = Vec::new();
        let mut waiting = vec![root];
        while let Some(id) = waiting.pop() {
            let Some(schema) = api.schemas.get(id).filter(|_| !taken.contains_key(&id)) else {
                continue;
            };
            if let Some(same) = self.same(api, id, schema, taken) {
                taken.extend(same);
                continue;
            }
            let number = SchemaId(u32::try_from(self.schemas.len()).unwrap_or(u32::MAX));
            self.schemas.push(schema.clone());
            self.known.entry(key(schema)).or_default().push(number);
            taken.insert(id, number);
            fresh.push(number);
            waiting.extend(schema.inside().into_iter().rev());
        }
        for number in fresh {
            if let Some(schema) = self.schemas.get_mut(number.0 as usize) {
                schema.shape.for_each_schema(&mut |id| *id = taken.get(id).copied().unwrap_or(*id));
            }
        }
    }

    /// What the schema and everything inside it are here, if all of it is here.
    fn same(
        &mut self,
        api: &Api,
        id: SchemaId,
        schema: &Schema,
        taken: &BTreeMap<SchemaId, SchemaId>,
    ) -> Option<BTreeMap<SchemaId, SchemaId>> {
        let known = self.known.get(&key(schema))?;
        let found = known.iter().find_map(|known| self.alike(api, id, *known, taken));
        if found.is_none() && schema.name.is_some() {
            self.diagnostics.warning(
                "shared-schema-differs",
                &schema.place,
                "two uses of this schema do not read alike, so that it stands twice",
                "let both use the schema as it is",
            );
        }
        found
    }

    /// Pairs two schemas and everything inside them, as long as they say the same.
    fn alike(
        &self,
        api: &Api,
        id: SchemaId,
        known: SchemaId,
        taken: &BTreeMap<SchemaId, SchemaId>,
    ) -> Option<BTreeMap<SchemaId, SchemaId>> {
        let mut pairs = BTreeMap::new();
        let mut waiting = vec![(id, known)];
        while let Some((own, known)) = waiting.pop() {
            match pairs.get(&own).or_else(|| taken.get(&own)) {
                Some(paired) if *paired == known => continue,
                Some(_) => return None,
                None => {}
            }
            let (one, other) = (api.schemas.get(own)?, self.schemas.get(known.0 as usize)?);
            if without_ids(one) != without_ids(other) {
                return None;
            }
            pairs.insert(own, known);
            waiting.extend(one.inside().into_iter().zip(other.inside()));
        }
        Some(pairs)
    }
}

fn key(schema: &Schema) -> Key {
    (Arc::clone(&schema.place.source), schema.place.pointer.clone())
}

/// The folder of a file, with the slash that ends it.
fn folder(source: &str) -> &str {
    source.rfind('/').and_then(|slash| source.get(..=slash)).unwrap_or_default()
}

/// Whether a file is not below that folder.
fn is_foreign(source: &str, folder: &str) -> bool {
    match source.strip_prefix(folder) {
        Some(rest) => rest.starts_with("../") || folder.is_empty() && rest.starts_with('/'),
        None => true,
    }
}

fn without_ids(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.shape.for_each_schema(&mut |id| *id = SchemaId(0));
    schema
}
