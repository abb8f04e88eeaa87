//! Shapes of values.
//!
//! Schemas live in one arena and refer to each other by id, so that a recursive schema is an ordinary one.
//! `allOf` is already merged and every reference followed when a schema arrives here.

use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use super::{Place, Pointer, Provenance};

/// The number of a schema in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SchemaId(pub u32);

/// The arena of every schema of an API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schemas(Vec<Schema>);

impl Schemas {
    /// Adds a schema and tells its id.
    pub fn push(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(schema);
        id
    }

    /// The schema of that id. Ids come from `push` of the same arena, so there always is one;
    /// a foreign id gives `None`.
    #[must_use]
    pub fn get(&self, id: SchemaId) -> Option<&Schema> {
        self.0.get(id.0 as usize)
    }

    /// The schema of what stands at a pointer in values of another: properties by their names, items by any segment.
    #[must_use]
    pub fn at(&self, schema: SchemaId, pointer: &Pointer) -> Option<SchemaId> {
        pointer.segments().iter().try_fold(schema, |id, segment| match &self.get(id)?.shape {
            Shape::Object { properties, .. } => {
                properties.iter().find(|one| one.name == *segment).map(|one| one.schema)
            }
            Shape::Array { items, .. } => Some(*items),
            _ => None,
        })
    }

    /// The schema of that id, to change it.
    pub fn get_mut(&mut self, id: SchemaId) -> Option<&mut Schema> {
        self.0.get_mut(id.0 as usize)
    }

    /// Every schema with its id, in order of discovery.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        (0..).map(SchemaId).zip(&self.0)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Written as a map of id to schema, so that a reader of a snapshot finds what an id means.
impl Serialize for Schemas {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// One schema.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Schema {
    /// The name under `components/schemas` (or of the shared file), for those that have one.
    pub name: Option<String>,
    /// One line.
    pub title: Option<String>,
    /// Prose.
    pub description: Option<String>,
    /// Whether `null` is a value as well.
    pub nullable: bool,
    /// What its values look like.
    pub shape: Shape,
    /// What stands for an absent value.
    pub default: Option<Value>,
    /// Samples.
    pub examples: Vec<Value>,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// Sent by the server only.
    pub read_only: bool,
    /// Sent by the client only.
    pub write_only: bool,
    /// Named as not supported by the source document (`x-unsupported`).
    pub unsupported: bool,
    /// Where it comes from, when not where its parent does.
    pub provenance: Option<Provenance>,
    /// Where it stands; the place of the definition, not of a reference to it.
    pub place: Place,
}

/// Calls a function with every schema that a shape names, in order: by reference, or with `mut` to change it.
macro_rules! each_schema {
    (mut $shape:expr => $each:ident) => {
        each_schema!(@ $shape, $each, mut)
    };
    ($shape:expr => $each:ident) => {
        each_schema!(@ $shape, $each,)
    };
    (@ $shape:expr, $each:ident, $($mut:tt)?) => {
        match &$($mut)? $shape {
            Shape::Array { items, .. } => $each(items),
            Shape::Object { properties, additional, .. } => {
                for property in properties {
                    $each(&$($mut)? property.schema);
                }
                if let Additional::Of(member) = additional {
                    $each(member);
                }
            }
            Shape::Union(union) => {
                for variant in &$($mut)? union.variants {
                    $each(variant);
                }
                if let Some(found) = &$($mut)? union.discriminator {
                    for (_, schema) in &$($mut)? found.mapping {
                        $each(schema);
                    }
                }
            }
            Shape::Any
            | Shape::Never
            | Shape::Boolean
            | Shape::Integer { .. }
            | Shape::Number { .. }
            | Shape::String { .. }
            | Shape::Enumeration(_) => {}
        }
    };
}

impl Schema {
    /// The schemas that it names, in order.
    #[must_use]
    pub fn inside(&self) -> Vec<SchemaId> {
        let mut named = Vec::new();
        let mut each = |id: &SchemaId| named.push(*id);
        each_schema!(self.shape => each);
        named
    }
}

/// What values look like.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// No value at all (a contradiction, or `not: {}`).
    Never,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer {
        /// Its width.
        format: NumberFormat,
        /// At least.
        minimum: Option<Bound>,
        /// At most.
        maximum: Option<Bound>,
        /// A divisor.
        multiple_of: Option<Number>,
    },
    /// A number.
    Number {
        /// Its width.
        format: NumberFormat,
        /// At least.
        minimum: Option<Bound>,
        /// At most.
        maximum: Option<Bound>,
        /// A divisor.
        multiple_of: Option<Number>,
    },
    /// A text.
    String {
        /// What it is, beyond a text.
        format: StringFormat,
        /// How long, in Unicode code points.
        length: Length,
        /// An ECMA 262 regular expression that matches somewhere in it.
        pattern: Option<String>,
    },
    /// One of the listed values, of any type; `null` is never among them, see [`Schema::nullable`].
    Enumeration(Vec<Value>),
    /// A list.
    Array {
        /// The schema of each item.
        items: SchemaId,
        /// How many.
        length: Length,
        /// No two items alike.
        unique: bool,
    },
    /// An object with known members, others, or both.
    Object {
        /// Known members, in document order.
        properties: Vec<Property>,
        /// What other members may be.
        additional: Additional,
        /// How many members.
        size: Length,
    },
    /// One of several shapes.
    Union(Union),
}

impl Shape {
    /// Every schema that it names, in order, to change it.
    pub fn for_each_schema(&mut self, each: &mut dyn FnMut(&mut SchemaId)) {
        each_schema!(mut *self => each);
    }
}

/// A known member of an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Property {
    /// The name on the wire.
    pub name: String,
    /// Whether an object without it is at fault.
    pub required: bool,
    /// The schema of its value.
    pub schema: SchemaId,
    /// Prose at the place of use, where it differs from the schema's own.
    pub description: Option<String>,
    /// What stands for an absent value, where the place of use says it rather than the schema.
    pub default: Option<Value>,
    /// Named as not supported at the place of use (`x-unsupported`).
    pub unsupported: bool,
    /// How a change is merged into it, where that is said.
    pub merge: Option<Merge>,
    /// Where the member is declared.
    pub place: Place,
}

/// How a change is merged into a member (`x-merge-strategy`, `x-merge-key`, `x-list-type`, `x-list-keys`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Merge {
    /// What a patch that knows the schema does; replaces where nothing is said.
    pub strategies: Vec<MergeStrategy>,
    /// The member by which such a patch tells the items of a list apart.
    pub key: Option<String>,
    /// What a list is to those who own parts of it.
    pub list: Option<ListKind>,
    /// The members that tell the items of a [`ListKind::Map`] apart.
    pub list_keys: Vec<String>,
}

/// What a patch that knows the schema does to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MergeStrategy {
    /// Items or members are merged one by one.
    Merge,
    /// The new value takes the place of the old.
    Replace,
    /// Members that the change does not name are removed.
    RetainKeys,
}

/// What a list is to those who own parts of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListKind {
    /// It has one owner.
    Atomic,
    /// Each value has its own.
    Set,
    /// Each item has its own, and is told apart by its keys.
    Map,
}

/// What members other than the known ones may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Additional {
    /// Nothing was said: anything, and it is kept.
    Unsaid,
    /// Anything.
    Any,
    /// None.
    Refused,
    /// Values of that schema.
    Of(SchemaId),
}

/// Bounds of a length or count, both inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Length {
    /// At least.
    pub minimum: Option<u64>,
    /// At most.
    pub maximum: Option<u64>,
}

/// A bound of a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bound {
    /// The bound.
    pub value: Number,
    /// Whether the bound itself is outside.
    pub exclusive: bool,
}

/// The width of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NumberFormat {
    /// Nothing was said.
    Unsaid,
    /// 32-bit signed.
    Int32,
    /// 64-bit signed.
    Int64,
    /// Single precision.
    Float,
    /// Double precision.
    Double,
}

/// What a text is, beyond a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StringFormat {
    /// Nothing was said.
    Unsaid,
    /// Bytes, written in base64 (RFC 4648 §4).
    Byte,
    /// Bytes as they are; in a body only.
    Binary,
    /// `YYYY-MM-DD` (RFC 3339).
    Date,
    /// RFC 3339.
    DateTime,
    /// RFC 4122.
    Uuid,
    /// Four decimal numbers with dots between (RFC 2673 §3.2).
    Ipv4,
    /// RFC 4291 §2.2.
    Ipv6,
    /// Shown as dots.
    Password,
    /// A format that binds nothing here.
    Other(String),
}

/// One of several shapes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Union {
    /// How many may fit.
    pub kind: UnionKind,
    /// The shapes, in document order.
    pub variants: Vec<SchemaId>,
    /// The member that says which.
    pub discriminator: Option<Discriminator>,
}

/// How many shapes of a union a value may fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum UnionKind {
    /// Exactly one.
    OneOf,
    /// At least one.
    AnyOf,
}

/// The member that says which shape of a union a value has.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discriminator {
    /// The member's name.
    pub property: String,
    /// Its value to the shape; implicit entries (component names) are already listed.
    pub mapping: Vec<(String, SchemaId)>,
}
