//! The keywords of one schema object, without those of the schemas inside it.
//!
//! Each dialect has its own table of those whose values are plain; the others are read from the tree.

use serde::Deserialize;
use serde_json::{Number, Value};

use crate::contract::{Bound, Length};
use crate::document::{Node, Scalar, Value as NodeValue};
use crate::resolve::Cursor;

use super::bounds;
use super::context::{Lowering, is_set};
use super::draft::{Kind, Nullness};

/// Keywords whose values are pieces of their own, or plain data.
const CUT: [&str; 11] = [
    "properties",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "enum",
    "default",
    "example",
    "xml",
];

/// The keywords of one schema object.
#[derive(Debug, Default)]
pub(super) struct Keywords {
    /// The stated types but `null`; `None` where no type is stated.
    pub(super) kinds: Option<Vec<Kind>>,
    /// Whether `null` is among the stated types.
    pub(super) takes_null: bool,
    pub(super) format: Option<String>,
    pub(super) minimum: Option<Bound>,
    pub(super) maximum: Option<Bound>,
    /// Bounds of a text's length.
    pub(super) text: Length,
    pub(super) pattern: Option<String>,
    /// Bounds of the number of items.
    pub(super) count: Length,
    pub(super) unique: Option<bool>,
    /// Bounds of the number of members.
    pub(super) size: Length,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
}

/// The keywords of JSON Schema 2020-12 whose values are plain.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Plain {
    format: Option<String>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<String>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    unique_items: Option<bool>,
    min_properties: Option<usize>,
    max_properties: Option<usize>,
    read_only: bool,
    write_only: bool,
}

/// The keywords of OpenAPI 3.0 whose values are plain.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Earlier {
    #[serde(rename = "type")]
    kind: Option<String>,
    format: Option<String>,
    exclusive_minimum: Option<bool>,
    exclusive_maximum: Option<bool>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<String>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    unique_items: Option<bool>,
    min_properties: Option<usize>,
    max_properties: Option<usize>,
    read_only: bool,
    write_only: bool,
}

impl<'d> Lowering<'d, '_> {
    /// Reads the keywords at `cursor`; none, after a diagnostic, where they cannot be read.
    pub(super) fn keywords(&mut self, cursor: &Cursor<'d>) -> Keywords {
        let is_later = self.dialect.has_json_schemas();
        if is_later && truth(cursor).is_some() {
            return Keywords::default();
        }
        if cursor.node().mapping().is_none() {
            self.error(
                "wrong-type",
                &cursor.place(),
                "a schema is a mapping of keywords",
                "write `{}` for a schema that accepts anything",
            );
            return Keywords::default();
        }
        if is_later { self.later_keywords(cursor) } else { self.earlier_keywords(cursor) }
    }

    fn earlier_keywords(&mut self, cursor: &Cursor<'d>) -> Keywords {
        let Some(plain) = self.piece::<Earlier>(cursor, "a schema", &CUT) else {
            return Keywords::default();
        };
        let stated = cursor.get("type").filter(|_| plain.kind.is_some());
        let kinds = stated.map(|stated| self.kinds(&[stated]));
        Keywords {
            kinds,
            takes_null: false,
            format: plain.format,
            minimum: bound(cursor, "minimum", plain.exclusive_minimum),
            maximum: bound(cursor, "maximum", plain.exclusive_maximum),
            text: length(plain.min_length, plain.max_length),
            pattern: plain.pattern,
            count: length(plain.min_items, plain.max_items),
            unique: plain.unique_items,
            size: length(plain.min_properties, plain.max_properties),
            read_only: plain.read_only,
            write_only: plain.write_only,
        }
    }

    fn later_keywords(&mut self, cursor: &Cursor<'d>) -> Keywords {
        let Some(plain) = self.piece::<Plain>(cursor, "a schema", &CUT) else {
            return Keywords::default();
        };
        let stated = cursor.get("type").map(|kind| match kind.node().string() {
            Some(_) => vec![kind],
            None => kind.items().collect(),
        });
        let is_null = |kind: &Cursor<'d>| kind.node().string() == Some("null");
        let takes_null = stated.as_ref().is_some_and(|stated| stated.iter().any(is_null));
        let kinds = stated.map(|mut stated| {
            stated.retain(|kind| !is_null(kind));
            self.kinds(&stated)
        });
        Keywords {
            kinds,
            takes_null,
            format: plain.format.or_else(|| self.encoded(cursor)),
            minimum: bounds::higher(
                bound(cursor, "minimum", None),
                bound(cursor, "exclusiveMinimum", Some(true)),
            ),
            maximum: bounds::lower(
                bound(cursor, "maximum", None),
                bound(cursor, "exclusiveMaximum", Some(true)),
            ),
            text: length(plain.min_length, plain.max_length),
            pattern: plain.pattern,
            count: length(plain.min_items, plain.max_items),
            unique: plain.unique_items,
            size: length(plain.min_properties, plain.max_properties),
            read_only: plain.read_only,
            write_only: plain.write_only,
        }
    }

    fn kinds(&mut self, stated: &[Cursor<'d>]) -> Vec<Kind> {
        let mut kinds = Vec::new();
        for stated in stated {
            let name = stated.node().string().unwrap_or_default();
            let Some(kind) = Kind::parse(name) else {
                self.error(
                    "wrong-value",
                    &stated.place(),
                    format_args!("`{name}` is not a type of this version of OpenAPI"),
                    "use boolean, integer, number, string, array or object",
                );
                continue;
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        kinds
    }

    /// The listed values, if there is a list of them, or the only one.
    pub(super) fn enumeration(&self, cursor: &Cursor<'d>) -> Option<Vec<Value>> {
        let only = cursor.node().get("const").filter(|_| self.dialect.has_json_schemas());
        let only = only.map(Node::to_json);
        let listed = cursor.node().get("enum").and_then(Node::sequence);
        let listed = listed.map(|items| items.iter().map(Node::to_json));
        match (listed, only) {
            (Some(listed), Some(only)) => Some(listed.filter(|value| *value == only).collect()),
            (Some(listed), None) => Some(listed.collect()),
            (None, only) => only.map(|only| vec![only]),
        }
    }

    /// Whether `nullable` is said, which is no word of OpenAPI 3.1.
    pub(super) fn is_nullable(&self, cursor: &Cursor<'d>) -> bool {
        !self.dialect.has_json_schemas() && is_set(cursor, "nullable")
    }

    /// What one definition says of `null`: its own word, else what all members of its `allOf` agree on. In JSON Schema
    /// 2020-12 its own word does not overrule that of a member.
    pub(super) fn said_of_null(
        &self,
        cursor: &Cursor<'d>,
        words: &Keywords,
        members: &[Nullness],
    ) -> Nullness {
        let members = members.iter().copied().fold(Nullness::Unsaid, Nullness::and);
        let lists_null = self.enumeration(cursor).map(|values| values.iter().any(Value::is_null));
        let constrains = ["properties", "items", "required", "additionalProperties"];
        let constrains = constrains.iter().any(|key| cursor.get(key).is_some());
        if self.dialect.has_json_schemas() {
            let own = match (&words.kinds, lists_null) {
                (Some(_), listed) if words.takes_null && listed != Some(false) => Nullness::Allowed,
                (None, Some(true)) => Nullness::Allowed,
                (None, None) if !constrains => Nullness::Unsaid,
                _ => Nullness::Refused,
            };
            return own.and(members);
        }
        if self.is_nullable(cursor) || lists_null == Some(true) {
            return Nullness::Allowed;
        }
        if words.kinds.is_some() || lists_null.is_some() || constrains {
            return Nullness::Refused;
        }
        members
    }

    /// The format that says how bytes are written in a text (JSON Schema 2020-12, Validation, section 8.3 and 8.4).
    fn encoded(&mut self, cursor: &Cursor<'d>) -> Option<String> {
        let encoding = cursor.text("contentEncoding");
        let media = cursor.text("contentMediaType");
        match (encoding, media) {
            (Some("base64"), _) => Some("byte".to_owned()),
            (Some(other), _) => {
                let at = cursor.get("contentEncoding").unwrap_or_else(|| cursor.clone());
                self.not_carried(&at, format_args!("the encoding `{other}`"));
                None
            }
            (None, Some("application/octet-stream")) => Some("binary".to_owned()),
            (None, Some(_)) => {
                let at = cursor.get("contentMediaType").unwrap_or_else(|| cursor.clone());
                self.not_carried(&at, "`contentMediaType`");
                None
            }
            (None, None) => None,
        }
    }
}

/// What a schema that is `true` or `false` says (JSON Schema 2020-12, Core, section 4.3.2).
pub(super) fn truth(cursor: &Cursor<'_>) -> Option<bool> {
    match &cursor.node().value {
        NodeValue::Scalar(Scalar::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

/// The number under a key, exactly.
pub(super) fn exact(cursor: &Cursor<'_>, key: &str) -> Option<Number> {
    match &cursor.node().get(key)?.value {
        NodeValue::Scalar(Scalar::Number(number)) => Some(number.clone()),
        _ => None,
    }
}

fn bound(cursor: &Cursor<'_>, key: &str, exclusive: Option<bool>) -> Option<Bound> {
    Some(Bound { value: exact(cursor, key)?, exclusive: exclusive.unwrap_or_default() })
}

fn length(minimum: Option<usize>, maximum: Option<usize>) -> Length {
    let count = |value: Option<usize>| value.and_then(|value| u64::try_from(value).ok());
    Length { minimum: count(minimum).filter(|minimum| *minimum > 0), maximum: count(maximum) }
}
