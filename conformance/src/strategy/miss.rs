//! Near misses: values that break exactly one constraint, and say which.

use std::collections::VecDeque;
use std::fmt;

use generator::contract::{
    Additional, Bound, Length, NumberFormat, Place, Pointer, Property, SchemaId, Schemas, Shape,
};
use generator::pattern::compile;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::number::{self, integer_range};
use super::valid::{self, Depth, Sender};

/// A constraint that a value can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constraint {
    /// The JSON type.
    Type,
    /// `minimum`.
    Minimum,
    /// `maximum`.
    Maximum,
    /// `multipleOf`.
    MultipleOf,
    /// The width a number's `format` names.
    Format,
    /// `minLength`.
    MinLength,
    /// `maxLength`.
    MaxLength,
    /// `pattern`.
    Pattern,
    /// `enum`.
    Enumeration,
    /// `minItems`.
    MinItems,
    /// `maxItems`.
    MaxItems,
    /// `uniqueItems`.
    UniqueItems,
    /// `required`.
    Required,
    /// `additionalProperties: false`.
    AdditionalProperties,
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Type => "type",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::MultipleOf => "multipleOf",
            Self::Format => "format",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::Pattern => "pattern",
            Self::Enumeration => "enum",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::UniqueItems => "uniqueItems",
            Self::Required => "required",
            Self::AdditionalProperties => "additionalProperties",
        })
    }
}

/// Values that break one constraint.
#[derive(Clone, Debug)]
pub struct Miss {
    /// Where in the value the fault is.
    pub pointer: Pointer,
    /// What is broken.
    pub constraint: Constraint,
    /// Where the constraint stands.
    pub place: Place,
    /// Such values.
    pub values: BoxedStrategy<Value>,
}

/// No schema gives more near misses than this.
const MOST: usize = 200;
/// No schema is looked into at more places than this.
const SITES: usize = 2_000;
/// Near misses are made this many members deep.
const DEEPEST: usize = 5;
/// The longest text that is made to be too long.
const LONGEST: u64 = 40_000;

type Broken = (Constraint, BoxedStrategy<Value>);

/// Every constraint of the schema, broken once: in the value itself, and in each member and item below it, the outer
/// ones first.
#[must_use]
pub fn misses(schemas: &Schemas, id: SchemaId) -> Vec<Miss> {
    let mut maker = Maker { values: valid::Maker::new(schemas, Sender::Client, id) };
    let mut waiting = VecDeque::from([Site { steps: Vec::new(), id }]);
    let mut found = Vec::new();
    for _ in 0..SITES {
        let Some(site) = waiting.pop_front().filter(|_| found.len() < MOST) else { break };
        found.extend(maker.at(&site));
        waiting.extend(maker.below(&site));
    }
    found.truncate(MOST);
    found
}

/// A place inside the value, with the steps that lead there.
#[derive(Clone, Debug)]
struct Site {
    steps: Vec<Step>,
    id: SchemaId,
}

/// One step: the schema that is left, and the member that is entered; none for the first item of a list.
#[derive(Clone, Debug)]
struct Step {
    from: SchemaId,
    member: Option<String>,
}

/// Makes faults with valid values around them.
struct Maker<'s> {
    values: valid::Maker<'s>,
}

impl Maker<'_> {
    fn whole(&mut self, id: SchemaId) -> BoxedStrategy<Value> {
        self.values.value(id, Depth(1))
    }

    /// Every constraint of that place itself.
    fn at(&mut self, site: &Site) -> Vec<Miss> {
        let Some(schema) = self.values.schemas().get(site.id) else { return Vec::new() };
        let own = self.own(site.id, &schema.shape);
        let mut found: Vec<_> = own
            .into_iter()
            .map(|broken| self.miss(site, None, broken, schema.place.clone()))
            .collect();
        for property in
            sent(self.values.schemas(), &schema.shape).filter(|property| property.required)
        {
            let name = property.name.clone();
            let without = self.whole(site.id).prop_map(move |value| without_member(value, &name));
            let broken = (Constraint::Required, without.boxed());
            found.push(self.miss(site, Some(&property.name), broken, property.place.clone()));
        }
        found
    }

    /// A fault with everything around it.
    fn miss(
        &mut self,
        site: &Site,
        member: Option<&str>,
        (constraint, values): Broken,
        place: Place,
    ) -> Miss {
        let steps = site.steps.iter().map(|step| step.member.as_deref().unwrap_or("0"));
        let pointer = Pointer::from_segments(steps.chain(member).map(str::to_owned));
        let values = site.steps.iter().rev().fold(values, |values, step| {
            let member = step.member.clone();
            (self.whole(step.from), values)
                .prop_map(move |(whole, value)| match &member {
                    Some(member) => with_member(whole, member, value),
                    None => with_first(whole, value),
                })
                .boxed()
        });
        Miss { pointer, constraint, place, values }
    }

    /// The places one step further in.
    fn below(&self, site: &Site) -> Vec<Site> {
        let Some(schema) = self.values.schemas().get(site.id) else { return Vec::new() };
        let step = |id: SchemaId, member: Option<String>| {
            let step = Step { from: site.id, member };
            Site { steps: site.steps.iter().cloned().chain([step]).collect(), id }
        };
        match &schema.shape {
            _ if site.steps.len() >= DEEPEST => Vec::new(),
            Shape::Array { items, .. } => vec![step(*items, None)],
            shape => sent(self.values.schemas(), shape)
                .map(|property| step(property.schema, Some(property.name.clone())))
                .collect(),
        }
    }

    /// Constraints of the value itself.
    fn own(&mut self, id: SchemaId, shape: &Shape) -> Vec<Broken> {
        let mut found = Vec::new();
        found.extend(wrong_type(shape).map(|values| (Constraint::Type, values)));
        match shape {
            Shape::Integer { format, minimum, maximum, multiple_of } => {
                found.extend(outside(*format, minimum.as_ref(), maximum.as_ref()));
                found.extend(between(multiple_of.as_ref()));
            }
            Shape::Number { minimum, maximum, .. } => {
                found.extend(
                    minimum.as_ref().map(|bound| (Constraint::Minimum, beyond(bound, -1.0))),
                );
                found.extend(
                    maximum.as_ref().map(|bound| (Constraint::Maximum, beyond(bound, 1.0))),
                );
            }
            Shape::String { length, pattern, .. } => {
                found.extend(text_lengths(*length, pattern.is_some()));
                found.extend(pattern.as_deref().and_then(unlike));
            }
            Shape::Enumeration(values) => found.extend(unlisted(values)),
            Shape::Array { items, length, unique } => {
                found.extend(counts(&self.whole(*items), *length, *unique));
            }
            Shape::Object { additional: Additional::Refused, .. } => {
                let values = self
                    .whole(id)
                    .prop_map(|value| with_member(value, "unknownMember", Value::Bool(true)));
                found.push((Constraint::AdditionalProperties, values.boxed()));
            }
            _ => {}
        }
        found
    }
}

/// The members that a client sends.
fn sent<'s>(schemas: &'s Schemas, shape: &'s Shape) -> impl Iterator<Item = &'s Property> {
    let properties = match shape {
        Shape::Object { properties, .. } => properties.as_slice(),
        _ => &[],
    };
    valid::sent(schemas, properties, Sender::Client)
}

/// A list whose first item is that one.
fn with_first(whole: Value, value: Value) -> Value {
    let rest = match whole {
        Value::Array(items) => items,
        _ => Vec::new(),
    };
    Value::Array(std::iter::once(value).chain(rest.into_iter().skip(1)).collect())
}

fn with_member(whole: Value, name: &str, value: Value) -> Value {
    let mut map = match whole {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    map.insert(name.to_owned(), value);
    Value::Object(map)
}

fn without_member(whole: Value, name: &str) -> Value {
    match whole {
        Value::Object(mut map) => {
            map.remove(name);
            Value::Object(map)
        }
        other => other,
    }
}

/// Values of every other JSON type. `null` is left out where a server may well read it as absent.
fn wrong_type(shape: &Shape) -> Option<BoxedStrategy<Value>> {
    let text = || Value::from("abc");
    let list = || Value::Array(vec![Value::Bool(true)]);
    let object = || Value::Object(Map::from_iter([("a".to_owned(), Value::Bool(true))]));
    let others = match shape {
        Shape::Boolean => vec![text(), Value::from(12), list()],
        Shape::Integer { .. } => vec![text(), Value::from(1.5), list(), object()],
        Shape::Number { .. } => vec![text(), list(), object()],
        Shape::String { .. } => vec![Value::from(12), Value::Bool(true), list(), object()],
        Shape::Array { .. } => vec![text(), Value::from(12), object()],
        Shape::Object { .. } => vec![text(), Value::from(12), list()],
        Shape::Enumeration(values) if values.iter().all(Value::is_string) => {
            vec![Value::from(12), list()]
        }
        _ => return None,
    };
    Some(proptest::sample::select(others).boxed())
}

fn outside(format: NumberFormat, minimum: Option<&Bound>, maximum: Option<&Bound>) -> Vec<Broken> {
    let (low, high) = integer_range(format, minimum, maximum);
    let side = |bounded: bool, constraint, edge: i128, upwards: bool| {
        let constraint = match (bounded, format) {
            (true, _) => constraint,
            (false, NumberFormat::Int32 | NumberFormat::Int64) => Constraint::Format,
            (false, _) => return None,
        };
        let near = (1i128..=3).prop_map(move |step| number::beyond(edge, upwards, step));
        Some((constraint, near.boxed()))
    };
    side(minimum.is_some(), Constraint::Minimum, low, false)
        .into_iter()
        .chain(side(maximum.is_some(), Constraint::Maximum, high, true))
        .collect()
}

fn between(multiple_of: Option<&Number>) -> Option<Broken> {
    let step = multiple_of?.as_i64().filter(|step| *step > 1)?;
    Some((
        Constraint::MultipleOf,
        (0i64..10).prop_map(move |count| Value::from(count * step + 1)).boxed(),
    ))
}

fn beyond(bound: &Bound, sign: f64) -> BoxedStrategy<Value> {
    let edge = bound.value.as_f64().unwrap_or_default();
    (1u8..10)
        .prop_map(move |step| {
            Number::from_f64(sign.mul_add(f64::from(step), edge)).map_or(Value::Null, Value::Number)
        })
        .boxed()
}

fn text_lengths(length: Length, patterned: bool) -> Vec<Broken> {
    // With a pattern beside it, a text of the wrong length breaks both, which is not a near miss.
    if patterned {
        return Vec::new();
    }
    let letters = |count: u64| {
        Just(Value::String("a".repeat(usize::try_from(count).unwrap_or_default()))).boxed()
    };
    let short = length
        .minimum
        .filter(|least| *least > 0)
        .map(|least| (Constraint::MinLength, letters(least - 1)));
    let long = length
        .maximum
        .filter(|most| *most < LONGEST)
        .map(|most| (Constraint::MaxLength, letters(most + 1)));
    short.into_iter().chain(long).collect()
}

fn unlike(pattern: &str) -> Option<Broken> {
    let expression = compile(pattern).ok()?;
    let tries = [
        "",
        " ",
        "a",
        "A",
        "0",
        "-",
        "é",
        "\u{1F980}",
        "a b",
        "!!",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];
    let unlike: Vec<_> = tries
        .into_iter()
        .filter(|text| {
            !text.is_empty() && expression.is_match(text).is_ok_and(|is_match| !is_match)
        })
        .map(Value::from)
        .collect();
    (!unlike.is_empty()).then(|| (Constraint::Pattern, proptest::sample::select(unlike).boxed()))
}

fn unlisted(values: &[Value]) -> Option<Broken> {
    let texts: Vec<_> = values.iter().filter_map(Value::as_str).collect();
    if texts.len() == values.len() {
        let near = texts.first().map(|text| Value::from(format!("{text}x")))?;
        let others = vec![near, Value::from("NOT_LISTED")];
        return Some((Constraint::Enumeration, proptest::sample::select(others).boxed()));
    }
    let numbers: Vec<_> = values.iter().filter_map(Value::as_i64).collect();
    let highest =
        (numbers.len() == values.len()).then(|| numbers.iter().max().copied()).flatten()?;
    Some((Constraint::Enumeration, Just(Value::from(highest.saturating_add(1))).boxed()))
}

fn counts(item: &BoxedStrategy<Value>, length: Length, unique: bool) -> Vec<Broken> {
    let of = |count: u64| {
        let count = usize::try_from(count).unwrap_or_default();
        proptest::collection::vec(item.clone(), count).prop_map(Value::Array).boxed()
    };
    let few = length
        .minimum
        .filter(|least| (1..=1000).contains(least))
        .map(|least| (Constraint::MinItems, of(least - 1)));
    let many = length
        .maximum
        .filter(|most| !unique && *most < 1000)
        .map(|most| (Constraint::MaxItems, of(most + 1)));
    let twice = unique.then(|| {
        let pair = item.clone().prop_map(|item| Value::Array(vec![item.clone(), item]));
        (Constraint::UniqueItems, pair.boxed())
    });
    few.into_iter().chain(many).chain(twice).collect()
}
