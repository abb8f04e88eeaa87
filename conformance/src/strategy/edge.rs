//! Values on the very edge of what a schema accepts.

use generator::contract::{Length, SchemaId, Schemas, Shape, StringFormat};
use serde_json::Value;

use super::number::{integer_range, whole_number};

/// A value on an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The edge, in words: `minimum 10`.
    pub what: String,
    /// The value on it.
    pub value: Value,
}

/// The longest text an edge is tried with; longer ones are bounds of principle, which no transport carries.
const LONGEST: u64 = 4096;

/// Documented edges of a scalar: both bounds of a number, the shortest and longest text, each listed value.
/// A schema that documents none has none.
#[must_use]
pub fn edges(schemas: &Schemas, id: SchemaId) -> Vec<Edge> {
    let Some(schema) = schemas.get(id) else { return Vec::new() };
    match &schema.shape {
        Shape::Integer { format, minimum, maximum, multiple_of: None } => {
            let (low, high) = integer_range(*format, minimum.as_ref(), maximum.as_ref());
            let low = minimum
                .as_ref()
                .map(|_| Edge { what: format!("minimum {low}"), value: whole_number(low) });
            let high = maximum
                .as_ref()
                .map(|_| Edge { what: format!("maximum {high}"), value: whole_number(high) });
            low.into_iter().chain(high).collect()
        }
        Shape::String { format: StringFormat::Unsaid, length, pattern: None } => lengths(*length),
        Shape::Enumeration(values) => values
            .iter()
            .map(|value| Edge { what: format!("listed value {value}"), value: value.clone() })
            .collect(),
        Shape::Boolean => [true, false]
            .map(|flag| Edge { what: flag.to_string(), value: Value::Bool(flag) })
            .to_vec(),
        _ => Vec::new(),
    }
}

fn lengths(length: Length) -> Vec<Edge> {
    let of = |what: &str, count: u64| {
        let text = "a".repeat(usize::try_from(count).unwrap_or_default());
        Edge { what: format!("{what} {count}"), value: Value::String(text) }
    };
    let shortest =
        length.minimum.filter(|least| *least <= LONGEST).map(|least| of("shortest length", least));
    let longest =
        length.maximum.filter(|most| *most <= LONGEST).map(|most| of("longest length", most));
    shortest.into_iter().chain(longest).collect()
}
