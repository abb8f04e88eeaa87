//! Values that a schema accepts.

use std::collections::BTreeMap;

use generator::contract::{
    Additional, Length, Property, Schema, SchemaId, Schemas, Shape, StringFormat, Union,
};
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::height::{Heights, reached};
use super::number::{integer, number};
use super::text::{self, Unmatched};

/// How deep optional members and items are still made; below that, only what is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Depth(pub u8);

impl Default for Depth {
    fn default() -> Self {
        Self(4)
    }
}

impl Depth {
    fn deeper(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    fn is_spent(self) -> bool {
        self.0 == 0
    }
}

/// Who sends a value: some members travel one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Whoever makes a request.
    Client,
    /// Whoever answers it.
    Server,
}

/// Values that the schema accepts, as `sender` may send them: members that only the other side sends, and members
/// that are named as not supported, are left out. A schema without a value that can be made gives `null`;
/// [`unmatched`] names the patterns that are the reason.
pub fn valid(
    schemas: &Schemas,
    id: SchemaId,
    depth: Depth,
    sender: Sender,
) -> BoxedStrategy<Value> {
    Maker::new(schemas, sender, id).value(id, depth)
}

/// The patterns below a schema for which no value can be made.
#[must_use]
pub fn unmatched(schemas: &Schemas, id: SchemaId) -> Vec<Unmatched> {
    let reached = reached(schemas, Sender::Client, id);
    let texts = reached.into_iter().filter_map(|id| schemas.get(id)).filter_map(|schema| {
        let Shape::String { length, pattern: Some(pattern), .. } = &schema.shape else {
            return None;
        };
        let why = text::matching(pattern, *length).err()?;
        Some(Unmatched { place: schema.place.clone(), pattern: pattern.clone(), why })
    });
    texts.collect()
}

/// The members that `sender` sends. A required member that is not supported is required all the same.
pub(super) fn sent<'s>(
    schemas: &'s Schemas,
    properties: &'s [Property],
    sender: Sender,
) -> impl Iterator<Item = &'s Property> {
    properties.iter().filter(move |property| {
        let schema = schemas.get(property.schema);
        let is_foreign = schema.is_some_and(|schema| match sender {
            Sender::Client => schema.read_only,
            Sender::Server => schema.write_only,
        });
        let is_unsupported =
            property.unsupported || schema.is_some_and(|schema| schema.unsupported);
        !is_foreign && (property.required || !is_unsupported)
    })
}

/// Makes strategies, each once for a schema and a depth.
pub(super) struct Maker<'s> {
    schemas: &'s Schemas,
    sender: Sender,
    heights: Heights,
    made: BTreeMap<(SchemaId, Depth), BoxedStrategy<Value>>,
}

impl<'s> Maker<'s> {
    /// A maker of values of `root`, and of everything it is made of.
    pub(super) fn new(schemas: &'s Schemas, sender: Sender, root: SchemaId) -> Self {
        let heights = Heights::below(schemas, sender, root);
        Self { schemas, sender, heights, made: BTreeMap::new() }
    }

    /// The schemas.
    pub(super) fn schemas(&self) -> &'s Schemas {
        self.schemas
    }

    /// Values of that schema. Ends because the depth is spent sooner or later, and then only heights that fall
    /// are followed.
    pub(super) fn value(&mut self, id: SchemaId, depth: Depth) -> BoxedStrategy<Value> {
        if let Some(made) = self.made.get(&(id, depth)) {
            return made.clone();
        }
        let fresh = match self.schemas.get(id) {
            _ if depth.is_spent() && self.heights.ends_in_null(id) => Just(Value::Null).boxed(),
            Some(schema) if self.heights.of(id).is_some() => self.of_schema(schema, depth),
            _ => Just(Value::Null).boxed(),
        };
        self.made.insert((id, depth), fresh.clone());
        fresh
    }

    fn of_schema(&mut self, schema: &Schema, depth: Depth) -> BoxedStrategy<Value> {
        let value = self.of_shape(&schema.shape, depth);
        if schema.nullable {
            prop_oneof![4 => value, 1 => Just(Value::Null)].boxed()
        } else {
            value
        }
    }

    fn of_shape(&mut self, shape: &Shape, depth: Depth) -> BoxedStrategy<Value> {
        match shape {
            Shape::Any => any_value(),
            Shape::Never => Just(Value::Null).boxed(),
            Shape::Boolean => any::<bool>().prop_map(Value::Bool).boxed(),
            Shape::Integer { format, minimum, maximum, multiple_of } => {
                integer(*format, minimum.as_ref(), maximum.as_ref(), multiple_of.as_ref())
            }
            Shape::Number { minimum, maximum, multiple_of, .. } => {
                number(minimum.as_ref(), maximum.as_ref(), multiple_of.as_ref())
            }
            Shape::String { format, length, pattern } => {
                string(format, *length, pattern.as_deref())
            }
            Shape::Enumeration(values) => one_of(values),
            Shape::Array { items, length, unique } => self.array(*items, *length, *unique, depth),
            Shape::Object { properties, additional, size } => {
                self.object(properties, *additional, *size, depth)
            }
            Shape::Union(union) => self.union(union, depth),
        }
    }

    fn array(
        &mut self,
        items: SchemaId,
        length: Length,
        unique: bool,
        depth: Depth,
    ) -> BoxedStrategy<Value> {
        let least = to_size(length.minimum.unwrap_or(0)).min(1000);
        let room = if depth.is_spent() || self.heights.of(items).is_none() { 0 } else { 3 };
        let most = length.maximum.map_or(least + room, |most| to_size(most).min(least + room));
        if most.max(least) == 0 {
            return Just(Value::Array(Vec::new())).boxed();
        }
        // What is left of repeated items may be too short, so that some more are made than needed.
        let spare = if unique { least } else { 0 };
        let made = proptest::collection::vec(
            self.value(items, depth.deeper()),
            least + spare..=most.max(least) + spare,
        );
        made.prop_map(move |mut items| {
            if unique {
                drop_repeats(&mut items);
            }
            items.truncate(most.max(least));
            Value::Array(items)
        })
        .boxed()
    }

    fn object(
        &mut self,
        properties: &[Property],
        additional: Additional,
        size: Length,
        depth: Depth,
    ) -> BoxedStrategy<Value> {
        let least = to_size(size.minimum.unwrap_or(0)).min(100);
        let most = size.maximum.map_or(usize::MAX, to_size);
        let is_closed = matches!(additional, Additional::Refused);
        let mut members = Vec::new();
        for property in sent(self.schemas, properties, self.sender) {
            let is_made = !depth.is_spent() && self.heights.of(property.schema).is_some();
            if property.required || is_made {
                let name = property.name.clone();
                let value = self.value(property.schema, depth.deeper());
                let member = value.prop_map(move |value| (name.clone(), value));
                let is_needed = property.required || is_closed && least > 0;
                members.push(if is_needed {
                    member.prop_map(Some).boxed()
                } else {
                    proptest::option::weighted(0.3, member).boxed()
                });
            }
        }
        let required = properties.iter().filter(|property| property.required);
        let required: Vec<_> = required.map(|property| property.name.clone()).collect();
        let others = self.others(additional, least, depth);
        (members, others)
            .prop_map(move |(members, others)| {
                let mut map: Map<_, _> = members.into_iter().flatten().collect();
                let (needed, more) = others;
                add(&mut map, needed, least);
                add(&mut map, more, most);
                drop_beyond(&mut map, &required, most);
                Value::Object(map)
            })
            .boxed()
    }

    /// Values of members that have no name of their own: so many as an object may need, and some more.
    fn others(
        &mut self,
        additional: Additional,
        least: usize,
        depth: Depth,
    ) -> BoxedStrategy<(Vec<Value>, Vec<Value>)> {
        let (value, room) = match additional {
            Additional::Refused => return Just((Vec::new(), Vec::new())).boxed(),
            Additional::Of(id) if self.heights.of(id).is_none() => {
                return Just((Vec::new(), Vec::new())).boxed();
            }
            Additional::Of(id) if least > 0 || !depth.is_spent() => {
                (self.value(id, depth.deeper()), if depth.is_spent() { 0 } else { 2 })
            }
            _ => (any_value(), 0),
        };
        let needed = proptest::collection::vec(value.clone(), least);
        (needed, proptest::collection::vec(value, 0..=room)).boxed()
    }

    fn union(&mut self, union: &Union, depth: Depth) -> BoxedStrategy<Value> {
        let heights: Vec<_> = union.variants.iter().map(|id| self.heights.of(*id)).collect();
        let lowest = heights.iter().flatten().min().copied();
        let is_made =
            |height: Option<u32>| height.is_some() && (!depth.is_spent() || height == lowest);
        let mut variants = Vec::new();
        for (id, _) in union.variants.iter().zip(heights).filter(|(_, height)| is_made(*height)) {
            let tag = union.discriminator.as_ref().and_then(|discriminator| {
                let (tag, _) = discriminator.mapping.iter().find(|(_, target)| target == id)?;
                Some((discriminator.property.clone(), tag.clone()))
            });
            let value = self.value(*id, depth.deeper());
            variants.push(value.prop_map(move |value| tagged(value, tag.as_ref())).boxed());
        }
        // A value that fits two variants of a oneOf is not valid, and cannot be told here without judging; the
        // checker judges what it made against the document's schema before it sends it.
        if variants.is_empty() {
            Just(Value::Null).boxed()
        } else {
            proptest::strategy::Union::new(variants).boxed()
        }
    }
}

fn one_of(values: &[Value]) -> BoxedStrategy<Value> {
    if values.is_empty() {
        return Just(Value::Null).boxed();
    }
    proptest::sample::select(values.to_vec()).boxed()
}

fn any_value() -> BoxedStrategy<Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        text::plain(Length { minimum: None, maximum: Some(12) }).prop_map(Value::String),
        Just(Value::Object(Map::new())),
        Just(Value::Array(Vec::new())),
    ]
    .boxed()
}

fn string(format: &StringFormat, length: Length, pattern: Option<&str>) -> BoxedStrategy<Value> {
    if let Some(pattern) = pattern {
        return text::matching(pattern, length).map_or_else(
            |_| Just(Value::Null).boxed(),
            |texts| texts.prop_map(Value::String).boxed(),
        );
    }
    let texts = match format {
        StringFormat::Unsaid | StringFormat::Password | StringFormat::Binary => text::plain(length),
        formatted => text::formatted(formatted, length),
    };
    texts.prop_map(Value::String).boxed()
}

fn drop_repeats(items: &mut Vec<Value>) {
    let mut kept: Vec<Value> = Vec::new();
    items.retain(|item| {
        let fresh = !kept.contains(item);
        if fresh {
            kept.push(item.clone());
        }
        fresh
    });
}

/// Adds members under made-up names until there are so many.
fn add(map: &mut Map<String, Value>, values: Vec<Value>, most: usize) {
    for value in values {
        if map.len() < most {
            map.entry(format!("key{}", map.len())).or_insert(value);
        }
    }
}

/// Takes out members that are not required until there are no more than so many.
fn drop_beyond(map: &mut Map<String, Value>, required: &[String], most: usize) {
    let excess = map.len().saturating_sub(most);
    let names: Vec<_> =
        map.keys().filter(|name| !required.contains(name)).take(excess).cloned().collect();
    for name in names {
        map.remove(&name);
    }
}

fn tagged(mut value: Value, tag: Option<&(String, String)>) -> Value {
    if let (Value::Object(map), Some((property, tag))) = (&mut value, tag) {
        map.insert(property.clone(), Value::String(tag.clone()));
    }
    value
}

fn to_size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
