//! Schemas in a few words each. The same schema always gives the same words, and two that differ in what values they
//! take hardly ever do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Number;

use super::Member;
use crate::contract::{
    Additional, Bound, Length, NumberFormat, Property, Schema, SchemaId, Schemas, Shape,
    StringFormat, Union, UnionKind,
};

/// Schemas without a name inside one another; what is deeper is an ellipsis.
const DEEPEST: usize = 8;

/// Fields of one schema.
const MOST_FIELDS: usize = 10_000;

/// Characters of one description; the rest is kept as a checksum.
const LONGEST: usize = 300;

/// Describes the schemas of one API.
pub(super) struct Describe<'a> {
    schemas: &'a Schemas,
}

impl<'a> Describe<'a> {
    pub(super) fn new(schemas: &'a Schemas) -> Self {
        Self { schemas }
    }

    /// What stands where a schema is used: its name, where it has one.
    pub(super) fn mention(&self, id: SchemaId) -> String {
        shortened(self.used(id, 0))
    }

    /// What a schema itself is.
    pub(super) fn definition(&self, id: SchemaId) -> String {
        let is = |schema: &'a Schema| match &schema.shape {
            Shape::Object { additional, size, .. } => {
                let others = self.others(*additional, 0);
                nullable(schema, format!("object{}{others}", counted(*size)))
            }
            _ => self.shape(schema, 0),
        };
        shortened(self.schemas.get(id).map(is).unwrap_or_default())
    }

    /// The fields of an object, those of nameless objects and lists of such inside it included.
    pub(super) fn fields(&self, id: SchemaId) -> BTreeMap<String, Member> {
        let mut fields = BTreeMap::new();
        self.add_fields(id, "", 0, &mut fields);
        fields
    }

    fn add_fields(
        &self,
        id: SchemaId,
        before: &str,
        depth: usize,
        fields: &mut BTreeMap<String, Member>,
    ) {
        for property in self.properties(id) {
            if fields.len() >= MOST_FIELDS {
                return;
            }
            let name = format!("{before}{}", property.name);
            let (held, within) = self.held(property.schema);
            let is_open =
                depth < DEEPEST && !self.properties(held).is_empty() && !self.is_named(held);
            let is = match (is_open, within) {
                (false, _) => self.mention(property.schema),
                (true, "") => "object".to_owned(),
                (true, _) => "list of object".to_owned(),
            };
            fields.insert(name.clone(), Member { is, required: property.required });
            if is_open {
                self.add_fields(held, &format!("{name}{within}."), depth + 1, fields);
            }
        }
    }

    /// What a nameless list has in it, and the sign of that; else the schema itself.
    fn held(&self, id: SchemaId) -> (SchemaId, &'static str) {
        match self.schemas.get(id).map(|schema| &schema.shape) {
            Some(Shape::Array { items, .. }) if !self.is_named(id) => (*items, "[]"),
            _ => (id, ""),
        }
    }

    fn is_named(&self, id: SchemaId) -> bool {
        self.schemas.get(id).is_some_and(|schema| schema.name.is_some())
    }

    fn properties(&self, id: SchemaId) -> &'a [Property] {
        match self.schemas.get(id).map(|schema| &schema.shape) {
            Some(Shape::Object { properties, .. }) => properties,
            _ => &[],
        }
    }

    fn used(&self, id: SchemaId, depth: usize) -> String {
        match self.schemas.get(id) {
            Some(Schema { name: Some(name), .. }) => name.clone(),
            Some(_) if depth > DEEPEST => "…".to_owned(),
            Some(schema) => self.shape(schema, depth),
            None => String::new(),
        }
    }

    fn shape(&self, schema: &Schema, depth: usize) -> String {
        let text = match &schema.shape {
            Shape::Any => "anything".to_owned(),
            Shape::Never => "nothing".to_owned(),
            Shape::Boolean => "boolean".to_owned(),
            Shape::Integer { format, minimum, maximum, multiple_of } => {
                number("integer", *format, minimum, maximum, multiple_of)
            }
            Shape::Number { format, minimum, maximum, multiple_of } => {
                number("number", *format, minimum, maximum, multiple_of)
            }
            Shape::String { format, length, pattern } => {
                let pattern = pattern.iter().map(|pattern| format!(" /{pattern}/"));
                text_format(format) + &counted(*length) + &pattern.collect::<String>()
            }
            Shape::Enumeration(values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                format!("one of {}", values.join(", "))
            }
            Shape::Array { items, length, unique } => {
                let unique = if *unique { " without doubles" } else { "" };
                format!("list of {}{}{unique}", self.used(*items, depth + 1), counted(*length))
            }
            Shape::Object { properties, additional, size } => {
                self.object(properties, *additional, *size, depth)
            }
            Shape::Union(union) => self.union(union, depth),
        };
        nullable(schema, text)
    }

    fn object(
        &self,
        properties: &[Property],
        additional: Additional,
        size: Length,
        depth: usize,
    ) -> String {
        let members = properties.iter().map(|property| {
            let mark = if property.required { "" } else { "?" };
            format!("{}{mark}: {}", property.name, self.used(property.schema, depth + 1))
        });
        let members: Vec<_> = members.collect();
        let others = self.others(additional, depth);
        format!("object {{ {} }}{}{others}", members.join(", "), counted(size))
    }

    fn others(&self, additional: Additional, depth: usize) -> String {
        match additional {
            Additional::Unsaid | Additional::Any => String::new(),
            Additional::Refused => " without others".to_owned(),
            Additional::Of(id) => format!(" with others of {}", self.used(id, depth + 1)),
        }
    }

    fn union(&self, union: &Union, depth: usize) -> String {
        let variants = union.variants.iter().map(|variant| self.used(*variant, depth + 1));
        let word = match union.kind {
            UnionKind::OneOf => " | ",
            UnionKind::AnyOf => " and/or ",
        };
        let told = union.discriminator.iter().map(|by| format!(" by `{}`", by.property));
        variants.collect::<Vec<_>>().join(word) + &told.collect::<String>()
    }
}

fn nullable(schema: &Schema, text: String) -> String {
    if schema.nullable { format!("{text} or null") } else { text }
}

fn number(
    word: &str,
    format: NumberFormat,
    minimum: &Option<Bound>,
    maximum: &Option<Bound>,
    multiple_of: &Option<Number>,
) -> String {
    let mut text = word.to_owned();
    // Writing to a string does not fail.
    let _ = match format {
        NumberFormat::Unsaid => Ok(()),
        NumberFormat::Int32 => write!(text, " of 32 bits"),
        NumberFormat::Int64 => write!(text, " of 64 bits"),
        NumberFormat::Float => write!(text, " of single precision"),
        NumberFormat::Double => write!(text, " of double precision"),
    };
    for (bound, open, closed) in [(minimum, ">", ">="), (maximum, "<", "<=")] {
        if let Some(Bound { value, exclusive }) = bound {
            let _ = write!(text, " {} {value}", if *exclusive { open } else { closed });
        }
    }
    if let Some(divisor) = multiple_of {
        let _ = write!(text, " in steps of {divisor}");
    }
    text
}

fn text_format(format: &StringFormat) -> String {
    let word = match format {
        StringFormat::Unsaid => return "text".to_owned(),
        StringFormat::Byte => "base64",
        StringFormat::Binary => "bytes",
        StringFormat::Date => "date",
        StringFormat::DateTime => "date and time",
        StringFormat::Uuid => "UUID",
        StringFormat::Ipv4 => "IPv4 address",
        StringFormat::Ipv6 => "IPv6 address",
        StringFormat::Password => "password",
        StringFormat::Other(other) => return format!("text ({other})"),
    };
    word.to_owned()
}

fn counted(length: Length) -> String {
    match (length.minimum, length.maximum) {
        (None, None) => String::new(),
        (Some(least), None) => format!(" [{least}..]"),
        (None, Some(most)) => format!(" [..{most}]"),
        (Some(least), Some(most)) => format!(" [{least}..{most}]"),
    }
}

/// A long description by its beginning, with the 64-bit FNV-1a hash of the whole.
fn shortened(text: String) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return text };
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}… #{hash:016x}", text.get(..end).unwrap_or_default())
}
