//! Values that a schema accepts.

use generator::contract::{
    Additional, Bound, Length, NumberFormat, Property, Schema, SchemaId, Schemas, Shape,
    StringFormat, Union,
};
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::text::{self, Unmatched};

/// How deep optional members and items are still made; below that, only what is required.
#[derive(Clone, Copy, Debug)]
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

/// No required chain of members is followed deeper than this: such a schema has no finite value.
const FLOOR: usize = 48;

/// Values that the schema accepts, as a client may send them: members that only the server sends, and members that
/// are named as not supported, are left out. A schema without a value that can be made gives `null`;
/// [`unmatched`] names those.
pub fn valid(schemas: &Schemas, id: SchemaId, depth: Depth) -> BoxedStrategy<Value> {
    of_id(schemas, id, depth, 0)
}

/// The patterns below a schema for which no value can be made.
#[must_use]
pub fn unmatched(schemas: &Schemas, id: SchemaId) -> Vec<Unmatched> {
    let mut seen = vec![id];
    let mut next = 0;
    let mut found = Vec::new();
    while let Some(schema) = seen.get(next).and_then(|id| schemas.get(*id)) {
        next += 1;
        if let Shape::String { length, pattern: Some(pattern), .. } = &schema.shape
            && let Err(why) = text::matching(pattern, *length)
        {
            found.push(Unmatched { place: schema.place.clone(), pattern: pattern.clone(), why });
        }
        for child in children(&schema.shape) {
            if !seen.contains(&child) {
                seen.push(child);
            }
        }
    }
    found
}

/// The schemas a shape is made of.
fn children(shape: &Shape) -> Vec<SchemaId> {
    match shape {
        Shape::Array { items, .. } => vec![*items],
        Shape::Object { properties, additional, .. } => {
            let mut ids: Vec<_> = properties.iter().map(|property| property.schema).collect();
            if let Additional::Of(id) = additional {
                ids.push(*id);
            }
            ids
        }
        Shape::Union(union) => union.variants.clone(),
        _ => Vec::new(),
    }
}

fn of_id(schemas: &Schemas, id: SchemaId, depth: Depth, level: usize) -> BoxedStrategy<Value> {
    match schemas.get(id) {
        Some(schema) if level < FLOOR => of_schema(schemas, schema, depth, level),
        _ => Just(Value::Null).boxed(),
    }
}

fn of_schema(
    schemas: &Schemas,
    schema: &Schema,
    depth: Depth,
    level: usize,
) -> BoxedStrategy<Value> {
    let value = of_shape(schemas, &schema.shape, depth, level);
    if schema.nullable { prop_oneof![4 => value, 1 => Just(Value::Null)].boxed() } else { value }
}

fn of_shape(schemas: &Schemas, shape: &Shape, depth: Depth, level: usize) -> BoxedStrategy<Value> {
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
        Shape::String { format, length, pattern } => string(format, *length, pattern.as_deref()),
        Shape::Enumeration(values) => one_of(values),
        Shape::Array { items, length, unique } => {
            array(schemas, *items, *length, *unique, depth, level)
        }
        Shape::Object { properties, additional, size } => {
            object(schemas, properties, *additional, *size, depth, level)
        }
        Shape::Union(union) => of_union(schemas, union, depth, level),
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

/// The inclusive range that bounds and format leave to integers.
pub(super) fn integer_range(
    format: NumberFormat,
    minimum: Option<&Bound>,
    maximum: Option<&Bound>,
) -> (i128, i128) {
    let (low, high) = match format {
        NumberFormat::Int32 => (i128::from(i32::MIN), i128::from(i32::MAX)),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    let low = minimum.map_or(low, |bound| low.max(whole(bound, true)));
    let high = maximum.map_or(high, |bound| high.min(whole(bound, false)));
    (low, high)
}

/// The outermost integer that a bound lets through.
fn whole(bound: &Bound, lower: bool) -> i128 {
    let value = &bound.value;
    let exact = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let (integer, is_whole) = exact.map_or_else(
        || {
            let float = value.as_f64().unwrap_or_default();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "saturates, and the range is clipped to 64 bits anyway"
            )]
            let rounded = if lower { float.ceil() as i128 } else { float.floor() as i128 };
            (rounded, float.fract() == 0.0)
        },
        |integer| (integer, true),
    );
    match (bound.exclusive && is_whole, lower) {
        (true, true) => integer.saturating_add(1),
        (true, false) => integer.saturating_sub(1),
        (false, _) => integer,
    }
}

fn integer(
    format: NumberFormat,
    minimum: Option<&Bound>,
    maximum: Option<&Bound>,
    multiple_of: Option<&Number>,
) -> BoxedStrategy<Value> {
    let (low, high) = integer_range(format, minimum, maximum);
    let step = multiple_of.and_then(Number::as_i64).map_or(1, |step| i128::from(step).max(1));
    let (first, last) =
        (low.div_euclid(step) + i128::from(low.rem_euclid(step) != 0), high.div_euclid(step));
    if first > last {
        return Just(Value::Null).boxed();
    }
    // Small magnitudes find more than uniform ones: most are near zero, some anywhere.
    let near = (first.max(-100).min(last), last.min(100).max(first));
    prop_oneof![3 => near.0..=near.1, 1 => first..=last]
        .prop_map(move |count| whole_number(count.saturating_mul(step)))
        .boxed()
}

/// An integer as JSON has it.
pub(super) fn whole_number(value: i128) -> Value {
    i64::try_from(value)
        .map(Value::from)
        .or_else(|_| u64::try_from(value).map(Value::from))
        .unwrap_or_else(|_| Number::from_f64(to_float(value)).map_or(Value::Null, Value::Number))
}

#[expect(clippy::cast_precision_loss, reason = "beyond 64 bits JSON numbers are floats")]
fn to_float(value: i128) -> f64 {
    value as f64
}

fn number(
    minimum: Option<&Bound>,
    maximum: Option<&Bound>,
    multiple_of: Option<&Number>,
) -> BoxedStrategy<Value> {
    let float = |bound: &Bound| bound.value.as_f64().unwrap_or_default();
    let low = minimum.map_or(-1.0e6, float);
    let high = maximum.map_or(low.abs().mul_add(2.0, 1.0e6), float);
    let open = minimum.is_some_and(|bound| bound.exclusive)
        || maximum.is_some_and(|bound| bound.exclusive);
    let step = multiple_of.and_then(Number::as_f64).filter(|step| *step > 0.0);
    (0u32..=1000)
        .prop_map(move |part| {
            // An open bound keeps its own value out, so the outermost parts are drawn in.
            let part = if open { part.clamp(1, 999) } else { part };
            let value = (high - low).mul_add(f64::from(part) / 1000.0, low);
            let value = step.map_or(value, |step| (value / step).floor() * step);
            Number::from_f64(value).map_or(Value::Null, Value::Number)
        })
        .boxed()
}

fn string(format: &StringFormat, length: Length, pattern: Option<&str>) -> BoxedStrategy<Value> {
    if let Some(pattern) = pattern {
        return text::matching(pattern, length).map_or_else(
            |_| Just(Value::Null).boxed(),
            |texts| texts.prop_map(Value::String).boxed(),
        );
    }
    match format {
        StringFormat::Unsaid
        | StringFormat::Password
        | StringFormat::Other(_)
        | StringFormat::Binary => text::plain(length).prop_map(Value::String).boxed(),
        formatted => text::formatted(formatted).prop_map(Value::String).boxed(),
    }
}

fn array(
    schemas: &Schemas,
    items: SchemaId,
    length: Length,
    unique: bool,
    depth: Depth,
    level: usize,
) -> BoxedStrategy<Value> {
    let least = usize::try_from(length.minimum.unwrap_or(0)).unwrap_or(usize::MAX).min(1000);
    let room = if depth.is_spent() { 0 } else { 3 };
    let most = length
        .maximum
        .map_or(least + room, |most| usize::try_from(most).unwrap_or(usize::MAX).min(least + room));
    proptest::collection::vec(
        of_id(schemas, items, depth.deeper(), level + 1),
        least..=most.max(least),
    )
    .prop_map(move |mut items| {
        if unique {
            drop_repeats(&mut items);
        }
        Value::Array(items)
    })
    .boxed()
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

fn object(
    schemas: &Schemas,
    properties: &[Property],
    additional: Additional,
    size: Length,
    depth: Depth,
    level: usize,
) -> BoxedStrategy<Value> {
    let mut members = Just(Map::new()).boxed();
    for property in properties.iter().filter(|property| is_sent(schemas, property)) {
        let name = property.name.clone();
        let value = of_id(schemas, property.schema, depth.deeper(), level + 1);
        let value = if property.required {
            value.prop_map(Some).boxed()
        } else if depth.is_spent() {
            continue;
        } else {
            proptest::option::weighted(0.3, value).boxed()
        };
        members = (members, value)
            .prop_map(move |(mut map, value)| {
                map.extend(value.map(|value| (name.clone(), value)));
                map
            })
            .boxed();
    }
    fill(schemas, members, additional, size, depth, level)
}

/// Adds members until the object is large enough.
fn fill(
    schemas: &Schemas,
    members: BoxedStrategy<Map<String, Value>>,
    additional: Additional,
    size: Length,
    depth: Depth,
    level: usize,
) -> BoxedStrategy<Value> {
    let least = usize::try_from(size.minimum.unwrap_or(0)).unwrap_or(usize::MAX).min(100);
    let (value, room) = match additional {
        Additional::Of(id) => {
            (of_id(schemas, id, depth.deeper(), level + 1), if depth.is_spent() { 0 } else { 2 })
        }
        _ => (any_value(), 0),
    };
    let most = size.maximum.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let extra = proptest::collection::vec(value, least..=least + room);
    (members, extra)
        .prop_map(move |(mut map, extra)| {
            for (index, value) in extra.into_iter().enumerate() {
                let needed = map.len() < least || room > 0;
                if needed && map.len() < most && !matches!(additional, Additional::Refused) {
                    map.insert(format!("key{index}"), value);
                }
            }
            Value::Object(map)
        })
        .boxed()
}

/// Whether a client sends that member.
pub(super) fn is_sent(schemas: &Schemas, property: &Property) -> bool {
    let schema = schemas.get(property.schema);
    let server_only = schema.is_some_and(|schema| schema.read_only);
    let unsupported = property.unsupported || schema.is_some_and(|schema| schema.unsupported);
    !server_only && (property.required || !unsupported)
}

fn of_union(schemas: &Schemas, union: &Union, depth: Depth, level: usize) -> BoxedStrategy<Value> {
    let variants: Vec<_> = union
        .variants
        .iter()
        .map(|id| {
            let value = of_id(schemas, *id, depth, level + 1);
            let tag = union.discriminator.as_ref().and_then(|discriminator| {
                let (tag, _) = discriminator.mapping.iter().find(|(_, target)| target == id)?;
                Some((discriminator.property.clone(), tag.clone()))
            });
            value.prop_map(move |value| tagged(value, tag.as_ref())).boxed()
        })
        .collect();
    if variants.is_empty() {
        return Just(Value::Null).boxed();
    }
    // A value that fits two variants of a oneOf is not valid, and cannot be told here without judging; the
    // checker judges what it made against the document's schema before it sends it.
    proptest::strategy::Union::new(variants).boxed()
}

fn tagged(mut value: Value, tag: Option<&(String, String)>) -> Value {
    if let (Value::Object(map), Some((property, tag))) = (&mut value, tag) {
        map.insert(property.clone(), Value::String(tag.clone()));
    }
    value
}
