//! The schema object of OpenAPI 3.0.3 and what belongs to it: sections 4.7.24 to 4.7.26.

use super::EXTERNAL_DOCS;
use crate::document::structure::kind::Kind::{
    Any, Choice, Count, Flag, FlagOr, List, Map, Number, Referable, Text,
};
use crate::document::structure::kind::Need::{Optional, Required};
use crate::document::structure::kind::{Key, Kind, Law, OBJECT, Object};

pub(crate) static SCHEMA: Object = Object {
    name: "a schema",
    section: Some("schemas"),
    fields: &[
        ("title", Optional, Text),
        ("multipleOf", Optional, Number),
        ("maximum", Optional, Number),
        ("exclusiveMaximum", Optional, Flag),
        ("minimum", Optional, Number),
        ("exclusiveMinimum", Optional, Flag),
        ("maxLength", Optional, Count),
        ("minLength", Optional, Count),
        ("pattern", Optional, Text),
        ("maxItems", Optional, Count),
        ("minItems", Optional, Count),
        ("uniqueItems", Optional, Flag),
        ("maxProperties", Optional, Count),
        ("minProperties", Optional, Count),
        ("required", Optional, List(&Text)),
        ("enum", Optional, List(&Any)),
        ("type", Optional, Choice(&["array", "boolean", "integer", "number", "object", "string"])),
        ("allOf", Optional, List(&Referable(&SCHEMA))),
        ("oneOf", Optional, List(&Referable(&SCHEMA))),
        ("anyOf", Optional, List(&Referable(&SCHEMA))),
        ("not", Optional, Referable(&SCHEMA)),
        ("items", Optional, Referable(&SCHEMA)),
        ("properties", Optional, Map(Key::Any, &Referable(&SCHEMA))),
        ("additionalProperties", Optional, FlagOr(&Referable(&SCHEMA))),
        ("description", Optional, Text),
        ("format", Optional, Text),
        ("default", Optional, Any),
        ("nullable", Optional, Flag),
        ("discriminator", Optional, Kind::Object(&DISCRIMINATOR)),
        ("readOnly", Optional, Flag),
        ("writeOnly", Optional, Flag),
        ("xml", Optional, Kind::Object(&XML)),
        ("externalDocs", Optional, Kind::Object(&EXTERNAL_DOCS)),
        ("example", Optional, Any),
        ("deprecated", Optional, Flag),
    ],
    foreign: JSON_SCHEMA_ONLY,
    law: Some(Law::Schema),
    ..OBJECT
};

/// Keywords of JSON Schema that a schema of this dialect does not have.
const JSON_SCHEMA_ONLY: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "additionalItems",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "id",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

static DISCRIMINATOR: Object = Object {
    name: "a discriminator",
    fields: &[("propertyName", Required, Text), ("mapping", Optional, Map(Key::Any, &Text))],
    foreign: &["defaultMapping"],
    ..OBJECT
};

static XML: Object = Object {
    name: "an XML note",
    fields: &[
        ("name", Optional, Text),
        ("namespace", Optional, Text),
        ("prefix", Optional, Text),
        ("attribute", Optional, Flag),
        ("wrapped", Optional, Flag),
    ],
    foreign: &["nodeType"],
    ..OBJECT
};
