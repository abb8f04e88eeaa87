//! The identity of schemas: what is one schema, and when two uses are the same.
//!
//! A schema is the set of definitions that a value must satisfy at once. As a rule that is one definition, and its
//! place is its identity; where members of an `allOf` meet, it is several. Content is filled in later, one schema
//! after the other, so that recursion in a document is no recursion here.

use std::sync::Arc;

use crate::contract::{Pointer, Schema, SchemaId, Shape};
use crate::resolve::Cursor;

use super::context::{Lowering, is_set};
use super::draft::Kind;

/// A definition as far as it counts.
#[derive(Clone, Debug)]
pub(super) struct Origin<'d> {
    pub(super) cursor: Cursor<'d>,
    pub(super) without: Without,
}

/// Keywords of a definition that do not count, because they are accounted for elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Without {
    pub(super) all_of: bool,
    pub(super) one_of: bool,
    pub(super) any_of: bool,
    /// Values of all types but this one do not count.
    pub(super) other_kinds_than: Option<Kind>,
}

/// What identifies an [`Origin`].
pub(super) type OriginKey = (Arc<str>, Pointer, Without);

impl<'d> Origin<'d> {
    pub(super) fn whole(cursor: Cursor<'d>) -> Self {
        Self { cursor, without: Without::default() }
    }

    pub(super) fn key(&self) -> OriginKey {
        (Arc::clone(self.cursor.source()), self.cursor.pointer().clone(), self.without)
    }
}

/// A schema and what the place of use adds in words.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) id: SchemaId,
    pub(super) description: Option<String>,
    pub(super) default: Option<serde_json::Value>,
    pub(super) unsupported: bool,
}

/// Keywords that say nothing about values.
const ANNOTATIONS: [&str; 8] =
    ["title", "description", "default", "example", "examples", "externalDocs", "xml", "$comment"];

/// Keywords that say who sends a value and whether anybody should, or add `null`.
const FLAGS: [&str; 4] = ["nullable", "readOnly", "writeOnly", "deprecated"];

/// No more wrappers inside one another are taken off.
const MOST_WRAPPERS: usize = 16;

impl<'d> Lowering<'d, '_> {
    /// The schema at `cursor`.
    pub(super) fn schema_id(&mut self, cursor: &Cursor<'d>) -> SchemaId {
        let used = self.schema(cursor);
        match used.default {
            Some(_) => self.intern(vec![Origin::whole(cursor.clone())]),
            None => used.id,
        }
    }

    /// The schema at `cursor`, and what a wrapper around a reference adds there.
    pub(super) fn schema(&mut self, cursor: &Cursor<'d>) -> Use {
        self.conjunction(std::slice::from_ref(cursor))
    }

    /// The schema of values that fit every one of `cursors`.
    pub(super) fn conjunction(&mut self, cursors: &[Cursor<'d>]) -> Use {
        let mut used =
            Use { id: SchemaId(0), description: None, default: None, unsupported: false };
        let mut origins: Vec<Origin<'d>> = Vec::new();
        for cursor in cursors {
            let origin = Origin::whole(self.unwrapped(cursor, &mut used));
            if origins.iter().all(|known| known.key() != origin.key()) {
                origins.push(origin);
            }
        }
        used.id = self.intern(origins);
        used
    }

    /// What stands at `cursor`, references followed and wrappers that only describe taken off.
    fn unwrapped(&mut self, cursor: &Cursor<'d>, used: &mut Use) -> Cursor<'d> {
        let mut here = self.follow_schema(cursor).unwrap_or_else(|| cursor.clone());
        used.unsupported |= is_set(&here, "x-unsupported") && component_name(&here).is_none();
        for _ in 0..MOST_WRAPPERS {
            let Some(inner) = self.only_described(&here) else { break };
            let description = here.text("description").map(str::to_owned);
            used.description = used.description.take().or(description);
            let default = here.get("default").map(|value| value.node().to_json());
            used.default = used.default.take().or(default);
            used.unsupported |= is_set(&here, "x-unsupported");
            here = inner;
        }
        here
    }

    /// The definition that an unnamed `allOf` of one member, or a reference, adds nothing to but words.
    fn only_described(&mut self, here: &Cursor<'d>) -> Option<Cursor<'d>> {
        if component_name(here).is_some() {
            return None;
        }
        let inner = self.wrapped(here)?;
        let redundant = |flag: &str| is_set(&inner, flag) || !is_set(here, flag);
        FLAGS.into_iter().all(redundant).then_some(inner)
    }

    /// The definition that a reference leads to, or the only member of an `allOf`, beside which only words and flags
    /// stand.
    fn wrapped(&mut self, here: &Cursor<'d>) -> Option<Cursor<'d>> {
        let (way, inner) = if here.get("$ref").is_some() {
            ("$ref", self.referred(here)?)
        } else {
            let members = here.get("allOf")?;
            let [_] = members.node().sequence()? else { return None };
            let member = members.items().next()?;
            member.get("$ref")?;
            ("allOf", self.follow_schema(&member)?)
        };
        let harmless = here.entries().all(|(key, value)| match key {
            _ if key == way => true,
            "type" => inner.text("type").is_some() && inner.text("type") == value.node().string(),
            _ => key.starts_with("x-") || ANNOTATIONS.contains(&key) || FLAGS.contains(&key),
        });
        harmless.then_some(inner)
    }

    /// The schema that satisfies all of `origins`, by the id it has or gets.
    pub(super) fn intern(&mut self, origins: Vec<Origin<'d>>) -> SchemaId {
        let mut key: Vec<_> = origins.iter().map(Origin::key).collect();
        key.sort();
        key.dedup();
        if let Some(id) = self.interned.get(&key) {
            return *id;
        }
        let Some(first) = origins.first() else { return SchemaId(0) };
        let id = self.push(placeholder(&first.cursor));
        self.interned.insert(key, id);
        self.waiting.push_back((id, origins));
        id
    }

    /// Fills in every schema that has an id.
    pub(super) fn define_waiting(&mut self) {
        while let Some((id, origins)) = self.waiting.pop_front() {
            self.is_combined = self.combined.contains(&id);
            let defined = self.define(&origins);
            if let Some(schema) = self.schemas.get_mut(id) {
                *schema = defined;
            }
        }
    }

    fn define(&mut self, origins: &[Origin<'d>]) -> Schema {
        if let [origin] = origins
            && origin.without == Without::default()
            && component_name(&origin.cursor).is_none()
            && let Some(inner) = self.wrapped(&origin.cursor)
        {
            return self.define_wrapper(&origin.cursor, &inner);
        }
        self.define_merged(origins)
    }
}

/// A schema that accepts anything, until it is defined.
pub(super) fn placeholder(cursor: &Cursor<'_>) -> Schema {
    Schema {
        name: component_name(cursor),
        title: None,
        description: None,
        nullable: false,
        shape: Shape::Any,
        default: None,
        examples: Vec::new(),
        deprecated: false,
        read_only: false,
        write_only: false,
        unsupported: false,
        provenance: None,
        place: cursor.place(),
    }
}

/// The name of a definition that others may refer to: a component, a top-level entry of a shared file, or a file.
pub(super) fn component_name(cursor: &Cursor<'_>) -> Option<String> {
    match cursor.pointer().segments() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name.clone())
        }
        [definitions, name] if definitions == "definitions" => Some(name.clone()),
        [name] if cursor.document().root().get("openapi").is_none() => Some(name.clone()),
        [] => {
            let file = cursor.source().rsplit('/').next()?;
            Some(file.split_once('.').map_or(file, |(stem, _)| stem).to_owned())
        }
        _ => None,
    }
}
