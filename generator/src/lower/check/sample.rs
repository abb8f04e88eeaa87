//! Whether a sample is what the contract says it is. Judges documents, never answers of a server.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Number, Value};
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

use crate::contract::{
    Additional, Length, NumberFormat, Property, Schema, SchemaId, Schemas, Shape, StringFormat,
    Union, UnionKind,
};

use crate::lower::bounds;
use crate::lower::draft::Kind;
use crate::pattern::compile;

/// Below this, everything fits: samples are not worth more.
const DEEPEST: usize = 64;

/// So many values are held against so many schemas for one sample.
const MOST_STEPS: usize = 100_000;

/// Checks that `value` fits the schema.
///
/// # Errors
/// A sentence fragment: what does not fit, and where in the value.
pub(crate) fn fits(schemas: &Schemas, id: SchemaId, value: &Value) -> Result<(), String> {
    Check { schemas, fuel: Cell::new(MOST_STEPS) }.schema(id, value, "", DEEPEST)
}

/// Whether a value is of that type.
pub(in crate::lower) fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Boolean => value.is_boolean(),
        Kind::Integer => is_whole(value),
        Kind::Number => value.is_number(),
        Kind::String => value.is_string(),
        Kind::Array => value.is_array(),
        Kind::Object => value.is_object(),
    }
}

/// Whether a value fits a shape, as far as that can be told without other schemas.
pub(in crate::lower) fn fits_scalar(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Array { .. } | Shape::Object { .. } | Shape::Union(_) => true,
        scalar => Check { schemas: &Schemas::default(), fuel: Cell::new(MOST_STEPS) }
            .shape(scalar, value, "", DEEPEST)
            .is_ok(),
    }
}

fn is_whole(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| value.is_i64() || value.is_u64() || number.fract() == 0.0)
}

struct Check<'s> {
    schemas: &'s Schemas,
    /// Steps that are left; once there are none, everything fits.
    fuel: Cell<usize>,
}

impl Check<'_> {
    fn schema(&self, id: SchemaId, value: &Value, at: &str, depth: usize) -> Result<(), String> {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(1));
        let affordable = depth > 0 && left > 0;
        let Some(schema) = self.schemas.get(id).filter(|_| affordable) else { return Ok(()) };
        if value.is_null() && schema.nullable {
            return Ok(());
        }
        self.shape(&schema.shape, value, at, depth - 1)
    }

    fn shape(&self, shape: &Shape, value: &Value, at: &str, depth: usize) -> Result<(), String> {
        match shape {
            Shape::Any => Ok(()),
            Shape::Never => Err(format!("no value fits{}", seat(at))),
            Shape::Boolean => expect(value.is_boolean(), "a boolean", value, at),
            Shape::Integer { format, minimum, maximum, multiple_of } => {
                expect(is_whole(value), "an integer", value, at)?;
                let number = number_of(value);
                let fits = bounds::holds(&number, minimum.as_ref(), maximum.as_ref())
                    && multiple_of.as_ref().is_none_or(|divisor| bounds::divides(divisor, &number))
                    && (*format != NumberFormat::Int32
                        || number.as_i64().is_none_or(|number| i32::try_from(number).is_ok()));
                expect(fits, "within the bounds", value, at)
            }
            Shape::Number { minimum, maximum, multiple_of, .. } => {
                expect(value.is_number(), "a number", value, at)?;
                let number = number_of(value);
                let fits = bounds::holds(&number, minimum.as_ref(), maximum.as_ref())
                    && multiple_of.as_ref().is_none_or(|divisor| bounds::divides(divisor, &number));
                expect(fits, "within the bounds", value, at)
            }
            Shape::String { length, pattern, format } => {
                text(value, *length, pattern.as_deref(), at)?;
                let fits = value.as_str().is_none_or(|text| is_in_format(format, text));
                expect(fits, "a text of that format", value, at)
            }
            Shape::Enumeration(values) => {
                let listed = values.iter().any(|known| same(known, value));
                expect(listed, "one of the listed values", value, at)
            }
            Shape::Array { items, length, unique } => {
                self.array(value, *items, *length, *unique, at, depth)
            }
            Shape::Object { properties, additional, size } => {
                self.object(value, properties, *additional, *size, at, depth)
            }
            Shape::Union(union) => self.union(union, value, at, depth),
        }
    }

    fn array(
        &self,
        value: &Value,
        items: SchemaId,
        length: Length,
        unique: bool,
        at: &str,
        depth: usize,
    ) -> Result<(), String> {
        let list = value.as_array().ok_or_else(|| unlike("an array", value, at))?;
        expect(counts(length, list.len()), "a list of that length", value, at)?;
        let repeats = || {
            list.iter()
                .enumerate()
                .any(|(i, item)| list.iter().take(i).any(|other| same(item, other)))
        };
        expect(
            !unique || list.len() > 1000 || !repeats(),
            "a list without repetitions",
            value,
            at,
        )?;
        list.iter()
            .enumerate()
            .try_for_each(|(index, item)| self.schema(items, item, &format!("{at}/{index}"), depth))
    }

    fn object(
        &self,
        value: &Value,
        properties: &[Property],
        additional: Additional,
        size: Length,
        at: &str,
        depth: usize,
    ) -> Result<(), String> {
        let map = value.as_object().ok_or_else(|| unlike("an object", value, at))?;
        expect(counts(size, map.len()), "an object of that size", value, at)?;
        for property in properties {
            let name = &property.name;
            match map.get(name) {
                Some(member) => {
                    self.schema(property.schema, member, &format!("{at}/{name}"), depth)?;
                }
                None if property.required && !self.is_one_sided(property) => {
                    return Err(format!("the required `{at}/{name}` is missing"));
                }
                None => {}
            }
        }
        let known: BTreeSet<_> = properties.iter().map(|property| &*property.name).collect();
        let others = map.iter().filter(|(name, _)| !known.contains(name.as_str()));
        for (name, member) in others {
            match additional {
                Additional::Unsaid | Additional::Any => {}
                Additional::Refused => {
                    return Err(format!("`{at}/{name}` is not among the properties"));
                }
                Additional::Of(id) => self.schema(id, member, &format!("{at}/{name}"), depth)?,
            }
        }
        Ok(())
    }

    /// Whether only one side sends the member, so that a sample of the other side lacks it.
    fn is_one_sided(&self, property: &Property) -> bool {
        self.schemas
            .get(property.schema)
            .is_some_and(|schema: &Schema| schema.read_only || schema.write_only)
    }

    fn union(&self, union: &Union, value: &Value, at: &str, depth: usize) -> Result<(), String> {
        let outcomes: Vec<_> =
            union.variants.iter().map(|id| self.schema(*id, value, at, depth)).collect();
        let fitting = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        match (union.kind, fitting, outcomes.as_slice()) {
            (_, 1, _) | (UnionKind::AnyOf, 1.., _) => Ok(()),
            (_, 0, [only]) => only.clone(),
            (_, 0, _) => Err(format!("no variant fits{}", seat(at))),
            _ => Err(format!("{fitting} variants fit{}", seat(at))),
        }
    }
}

fn text(value: &Value, length: Length, pattern: Option<&str>, at: &str) -> Result<(), String> {
    let text = value.as_str().ok_or_else(|| unlike("a string", value, at))?;
    expect(counts(length, text.chars().count()), "a text of that length", value, at)?;
    let matches = pattern.is_none_or(|pattern| {
        compile(pattern).ok().and_then(|regex| regex.is_match(text).ok()).unwrap_or(true)
    });
    expect(matches, "a match of the pattern", value, at)
}

/// Whether a text is what emitted code reads as that format.
fn is_in_format(format: &StringFormat, text: &str) -> bool {
    let is_shaped = |lengths: &[usize]| text.split('-').map(str::len).eq(lengths.iter().copied());
    match format {
        StringFormat::Date => {
            is_shaped(&[4, 2, 2]) && time::Date::parse(text, &Iso8601::DATE).is_ok()
        }
        StringFormat::DateTime => OffsetDateTime::parse(text, &Rfc3339).is_ok(),
        StringFormat::Uuid => {
            let is_hex = |char: char| char == '-' || char.is_ascii_hexdigit();
            is_shaped(&[8, 4, 4, 4, 12]) && text.chars().all(is_hex)
        }
        StringFormat::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        StringFormat::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
        StringFormat::Unsaid
        | StringFormat::Byte
        | StringFormat::Binary
        | StringFormat::Password
        | StringFormat::Other(_) => true,
    }
}

fn counts(length: Length, count: usize) -> bool {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    length.minimum.is_none_or(|low| low <= count) && length.maximum.is_none_or(|high| count <= high)
}

/// Equality of JSON values, `1` and `1.0` being the same number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => bounds::compare(a, b).is_eq(),
        _ => a == b,
    }
}

fn number_of(value: &Value) -> Number {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().and_then(bounds::integer);
            whole.filter(|_| number.as_i128().is_none()).unwrap_or_else(|| number.clone())
        }
        _ => 0.into(),
    }
}

fn expect(holds: bool, what: &str, value: &Value, at: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(unlike(what, value, at)) }
}

fn unlike(what: &str, value: &Value, at: &str) -> String {
    let mut shown = value.to_string();
    if shown.chars().count() > 60 {
        shown = shown.chars().take(57).chain("...".chars()).collect();
    }
    format!("{shown}{} is not {what}", seat(at))
}

fn seat(at: &str) -> String {
    if at.is_empty() { String::new() } else { format!(" at `{at}`") }
}
