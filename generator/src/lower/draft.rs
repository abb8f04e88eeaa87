//! A schema in the making: what several definitions say, held together until it can be told what they come to.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Number, Value};

use crate::contract::{Bound, Length, Place, Pointer, UnionKind};
use crate::resolve::Cursor;

use super::schema::Origin;

/// The types of OpenAPI but `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// The type of that name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// The name of the type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The types of values that are of one type of each list.
    pub(super) fn both(one: &[Self], other: &[Self]) -> Vec<Self> {
        let mut both = Vec::new();
        for kind in one.iter().flat_map(|one| other.iter().filter_map(|other| one.and(*other))) {
            if !both.contains(&kind) {
                both.push(kind);
            }
        }
        both
    }

    /// Their names, for a message.
    pub(super) fn listed(kinds: &[Self]) -> String {
        kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ")
    }

    /// The type of values that are of both types.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Some(Self::Integer),
            _ => (self == other).then_some(self),
        }
    }
}

/// What a definition says of `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Nullness {
    /// Nothing.
    #[default]
    Unsaid,
    /// It is a value.
    Allowed,
    /// It is none.
    Refused,
}

impl Nullness {
    /// What two definitions together say.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Refused, _) | (_, Self::Refused) => Self::Refused,
            (Self::Unsaid, other) => other,
            (Self::Allowed, _) => Self::Allowed,
        }
    }
}

/// What definitions say together.
#[derive(Debug, Default)]
pub(super) struct Draft<'d> {
    /// The definitions, one by one, without their `allOf`.
    pub(super) parts: Vec<Origin<'d>>,
    /// Definitions met, with what they say of `null`.
    pub(super) met: BTreeMap<(Arc<str>, Pointer), Nullness>,
    /// The stated types; a value is of one of them.
    pub(super) kinds: Option<Vec<Kind>>,
    /// Types whose keywords are used.
    pub(super) implied: Vec<Kind>,
    /// Whether no value is meant to fit.
    pub(super) refused: bool,
    /// Why no value fits.
    pub(super) conflicts: Vec<(Place, String)>,
    pub(super) nullness: Nullness,
    pub(super) format: Option<String>,
    pub(super) minimum: Option<Bound>,
    pub(super) maximum: Option<Bound>,
    pub(super) multiple_of: Option<Number>,
    /// Bounds of a text's length.
    pub(super) text: Length,
    pub(super) pattern: Option<String>,
    /// The listed values but `null`.
    pub(super) values: Option<Vec<Value>>,
    /// What every item must satisfy.
    pub(super) items: Vec<Cursor<'d>>,
    /// Definitions that say what stands where in a list (`prefixItems`).
    pub(super) tuples: Vec<Cursor<'d>>,
    /// Bounds of the number of items.
    pub(super) count: Length,
    pub(super) unique: bool,
    pub(super) objects: Vec<ObjectPart<'d>>,
    /// Whether members that no definition names are refused (`unevaluatedProperties: false`).
    pub(super) closed: bool,
    /// Names of required members, and where that is said first.
    pub(super) required: BTreeMap<&'d str, Cursor<'d>>,
    /// Bounds of the number of members.
    pub(super) size: Length,
    pub(super) choices: Vec<Choice<'d>>,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
}

/// What one definition says of members.
#[derive(Debug)]
pub(super) struct ObjectPart<'d> {
    pub(super) cursor: Cursor<'d>,
    pub(super) properties: Option<Cursor<'d>>,
    pub(super) others: Others<'d>,
}

/// What one definition says of members that it does not name.
#[derive(Debug)]
pub(super) enum Others<'d> {
    Unsaid,
    Any,
    Refused,
    Of(Cursor<'d>),
}

/// A `oneOf` or `anyOf`.
#[derive(Debug)]
pub(super) struct Choice<'d> {
    pub(super) kind: UnionKind,
    pub(super) variants: Vec<Cursor<'d>>,
    pub(super) discriminator: Option<Cursor<'d>>,
    /// The definition it stands in.
    pub(super) owner: (Arc<str>, Pointer),
    pub(super) place: Place,
}

impl Draft<'_> {
    /// The type that is stated, or the only one whose keywords are used.
    pub(super) fn settled_kind(&self) -> Option<Kind> {
        let implied = match self.implied.as_slice() {
            [only] => Some(*only),
            [Kind::Number, Kind::Integer] | [Kind::Integer, Kind::Number] => Some(Kind::Integer),
            _ => None,
        };
        match self.kinds.as_deref() {
            Some([only]) => Some(*only),
            Some(_) => None,
            None => implied,
        }
    }

    /// The stated types, where they are more than one.
    pub(super) fn several_kinds(&self) -> Option<&[Kind]> {
        self.kinds.as_deref().filter(|kinds| kinds.len() > 1)
    }

    /// Whether the types are all that is said.
    pub(super) fn says_nothing_but_kinds(&self) -> bool {
        self.has_only_kind() && self.choices.is_empty() && self.objects.is_empty()
    }

    /// Notes that a keyword of that type is used.
    pub(super) fn imply(&mut self, kind: Kind) {
        if !self.implied.contains(&kind) {
            self.implied.push(kind);
        }
    }

    /// Whether nothing but a type constrains values, choices aside.
    pub(super) fn has_only_kind(&self) -> bool {
        let counts = [self.text, self.count, self.size];
        self.implied.is_empty()
            && self.conflicts.is_empty()
            && self.values.is_none()
            && !self.unique
            && counts.into_iter().all(|length| length == Length::default())
    }
}
