//! From a draft to a schema: what the definitions come to.

use serde_json::Value;

use crate::contract::{Bound, NumberFormat, Place, Pointer, Schema, SchemaId, Shape, StringFormat};
use crate::resolve::Cursor;

use super::bounds;
use super::check::sample;
use super::context::{Lowering, is_set};
use super::draft::{Draft, Kind, Nullness};
use super::schema::{Origin, Without, placeholder};

impl<'d> Lowering<'d, '_> {
    /// The schema that satisfies all of `origins`.
    pub(super) fn define_merged(&mut self, origins: &[Origin<'d>]) -> Schema {
        let draft = self.gather(origins);
        let mut schema = self.described(origins);
        let (shape, takes_null) = self.shape(&draft, &schema.place.clone());
        schema.shape = shape;
        // Of a type among several, `null` is a value of the whole and not of the part.
        let is_part = origins.iter().any(|origin| origin.without.other_kinds_than.is_some());
        schema.nullable = takes_null || draft.nullness == Nullness::Allowed && !is_part;
        schema.read_only = draft.read_only;
        schema.write_only = draft.write_only;
        schema
    }

    /// A schema that adds a flag to another one and leaves it what it is.
    pub(super) fn define_wrapper(&mut self, outer: &Cursor<'d>, inner: &Cursor<'d>) -> Schema {
        let mut schema = self.described(&[Origin::whole(outer.clone())]);
        schema.nullable = self.is_nullable(outer);
        schema.read_only = is_set(outer, "readOnly");
        schema.write_only = is_set(outer, "writeOnly");
        schema.shape = self.alias(inner);
        schema
    }

    /// Place, words and samples: those of the first definition that has some. A definition whose choice has been
    /// made describes the choice, not what was chosen.
    fn described(&mut self, origins: &[Origin<'d>]) -> Schema {
        let is_whole = |origin: &&Origin<'d>| origin.without == Without::default();
        let mut telling: Vec<_> = origins.iter().filter(is_whole).collect();
        if telling.is_empty() {
            telling.extend(origins);
        }
        let Some(first) = telling.first() else { return placeholder_of_nothing() };
        let plain = placeholder(&first.cursor);
        let one_whole = origins.len() == 1 && is_whole(first);
        let cursors: Vec<_> = telling
            .iter()
            .map(|origin| {
                self.follow_schema(&origin.cursor).unwrap_or_else(|| origin.cursor.clone())
            })
            .collect();
        let text =
            |key: &str| cursors.iter().find_map(|cursor| cursor.text(key)).map(str::to_owned);
        let value = |key: &str| {
            cursors.iter().find_map(|cursor| cursor.get(key)).map(|value| value.node().to_json())
        };
        let is_part = origins.iter().any(|origin| origin.without.other_kinds_than.is_some());
        let mut schema = Schema {
            name: plain.name.clone().filter(|_| one_whole),
            title: text("title"),
            description: text("description"),
            default: value("default").filter(|_| !is_part),
            examples: if is_part { Vec::new() } else { self.samples(&cursors) },
            deprecated: cursors.iter().any(|cursor| is_set(cursor, "deprecated")),
            ..plain
        };
        for cursor in &cursors {
            schema.unsupported |= self.flag(cursor, "x-unsupported").unwrap_or_default();
        }
        schema.provenance = cursors.iter().find_map(|cursor| self.provenance(cursor));
        schema
    }

    /// The samples of the first definition that has some; several in a list from OpenAPI 3.1 on.
    fn samples(&self, cursors: &[Cursor<'d>]) -> Vec<Value> {
        let single = cursors.iter().find_map(|cursor| cursor.get("example"));
        let listed = cursors
            .iter()
            .find_map(|cursor| cursor.get("examples"))
            .filter(|_| self.dialect.has_json_schemas());
        let listed: Vec<_> = listed.iter().flat_map(Cursor::items).collect();
        single.into_iter().chain(listed).map(|value| value.node().to_json()).collect()
    }

    /// What values look like, and whether `null` is one because of what was folded away.
    pub(super) fn shape(&mut self, draft: &Draft<'d>, place: &Place) -> (Shape, bool) {
        if draft.refused {
            return (Shape::Never, false);
        }
        if let Some((at, message)) = draft.conflicts.first() {
            self.contradiction(at, message);
            return (Shape::Never, false);
        }
        if let Some(choice) = draft.choices.first()
            && let Some(shape) = self.choice(draft, choice)
        {
            return shape;
        }
        if let Some(kinds) = draft.several_kinds() {
            return (self.of_several_kinds(draft, kinds, place), false);
        }
        let Some(kind) = draft.settled_kind() else {
            return (self.untyped(draft, place), false);
        };
        let shape = self.typed(draft, kind, place);
        match &draft.values {
            Some(values) => (self.listed(values, kind, &shape, place), false),
            None => (shape, false),
        }
    }

    pub(super) fn contradiction(&mut self, place: &Place, message: &str) {
        if !self.is_combined {
            let help = "no value satisfies this; change one of the statements";
            self.warning("contradiction", place, message, help);
        }
    }

    fn untyped(&mut self, draft: &Draft<'d>, place: &Place) -> Shape {
        if let Some(values) = &draft.values {
            let is_void = values.is_empty();
            return if is_void { Shape::Never } else { Shape::Enumeration(values.clone()) };
        }
        if !draft.implied.is_empty() {
            self.warning(
                "ambiguous-type",
                place,
                "keywords of several types are used and no type is stated",
                "state the type",
            );
        }
        Shape::Any
    }

    /// The shape of values of that type, listed values aside.
    fn typed(&mut self, draft: &Draft<'d>, kind: Kind, place: &Place) -> Shape {
        match kind {
            Kind::Boolean => Shape::Boolean,
            Kind::Integer => integer(draft),
            Kind::Number => number(draft),
            Kind::String => Shape::String {
                format: string_format(draft.format.as_deref()),
                length: draft.text,
                pattern: draft.pattern.clone(),
            },
            Kind::Array => {
                let items = self.items(draft, place);
                Shape::Array { items, length: draft.count, unique: draft.unique }
            }
            Kind::Object => self.object(draft),
        }
    }

    fn items(&mut self, draft: &Draft<'d>, place: &Place) -> SchemaId {
        if let Some(tuple) = draft.tuples.first() {
            return self.items_of_tuple(tuple);
        }
        if !draft.items.is_empty() {
            return self.conjunction(&draft.items).id;
        }
        self.warning(
            "missing-items",
            place,
            "an array must say what its items are",
            "add `items`, or `items: {}` where they may be anything",
        );
        self.anything(place)
    }

    /// A schema that accepts anything, for a statement that is silent.
    pub(super) fn anything(&mut self, place: &Place) -> SchemaId {
        let schema = Schema { place: place.clone(), ..placeholder_of_nothing() };
        self.push(schema)
    }

    /// The listed values of those types.
    pub(super) fn listed_of(&mut self, values: &[Value], kinds: &[Kind], place: &Place) -> Shape {
        let mut kept = values.to_vec();
        kept.retain(|value| kinds.iter().any(|kind| sample::is_of(*kind, value)));
        if kept.len() < values.len() {
            let message = "some of the listed values are of none of the stated types";
            self.warning("impossible-value", place, message, "remove them, or state their types");
        }
        if kept.is_empty() { Shape::Never } else { Shape::Enumeration(kept) }
    }

    /// The listed values that the rest of the schema lets through.
    fn listed(&mut self, values: &[Value], kind: Kind, shape: &Shape, place: &Place) -> Shape {
        let mut kept = Vec::new();
        for value in values {
            if sample::is_of(kind, value) && sample::fits_scalar(shape, value) {
                kept.push(value.clone());
                continue;
            }
            self.warning(
                "impossible-value",
                place,
                format_args!("the listed value {value} does not satisfy the rest of the schema"),
                "remove the value, or loosen the schema",
            );
        }
        if kept.is_empty() { Shape::Never } else { Shape::Enumeration(kept) }
    }
}

pub(super) fn placeholder_of_nothing() -> Schema {
    let place = Place { source: "".into(), pointer: Pointer::root(), line: 1, column: 1 };
    Schema {
        name: None,
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
        place,
    }
}

fn integer(draft: &Draft<'_>) -> Shape {
    let whole =
        |bound: &Option<Bound>, round| bound.clone().map(|bound| bounds::whole(bound, round));
    let divisor = draft.multiple_of.clone();
    Shape::Integer {
        format: number_format(draft.format.as_deref()),
        minimum: whole(&draft.minimum, f64::ceil),
        maximum: whole(&draft.maximum, f64::floor),
        multiple_of: divisor.map(|divisor| {
            divisor
                .as_f64()
                .and_then(bounds::integer)
                .filter(|_| divisor.as_i128().is_none())
                .unwrap_or(divisor)
        }),
    }
}

fn number(draft: &Draft<'_>) -> Shape {
    Shape::Number {
        format: number_format(draft.format.as_deref()),
        minimum: draft.minimum.clone(),
        maximum: draft.maximum.clone(),
        multiple_of: draft.multiple_of.clone(),
    }
}

fn number_format(format: Option<&str>) -> NumberFormat {
    match format {
        Some("int32") => NumberFormat::Int32,
        Some("int64") => NumberFormat::Int64,
        Some("float") => NumberFormat::Float,
        Some("double") => NumberFormat::Double,
        _ => NumberFormat::Unsaid,
    }
}

fn string_format(format: Option<&str>) -> StringFormat {
    match format {
        None => StringFormat::Unsaid,
        Some("byte") => StringFormat::Byte,
        Some("binary") => StringFormat::Binary,
        Some("date") => StringFormat::Date,
        Some("date-time") => StringFormat::DateTime,
        Some("uuid") => StringFormat::Uuid,
        Some("ipv4") => StringFormat::Ipv4,
        Some("ipv6") => StringFormat::Ipv6,
        Some("password") => StringFormat::Password,
        Some(other) => StringFormat::Other(other.to_owned()),
    }
}
