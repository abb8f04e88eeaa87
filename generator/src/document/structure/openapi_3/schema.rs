//! The schema object of OpenAPI 3.0.3 and what belongs to it: sections 4.7.24 to 4.7.26; in OpenAPI 3.1 that of JSON
//! Schema 2020-12 (<https://json-schema.org/draft/2020-12/json-schema-validation>).

use super::EXTERNAL_DOCS;
use crate::document::structure::kind::Kind::{
    Any, Choice, Count, Flag, FlagOr, List, Map, Newer, Number, OneOrMore, Referable, Text,
};
use crate::document::structure::kind::Need::{Earlier, Later, Optional, Required};
use crate::document::structure::kind::{Key, Kind, Law, OBJECT, Object};

/// A schema; from OpenAPI 3.1 on `true` and `false` are schemas, too.
pub(super) const ANY_SCHEMA: Kind = Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG);

static A_SCHEMA: Kind = Referable(&SCHEMA);
static A_SCHEMA_OR_FLAG: Kind = FlagOr(&A_SCHEMA);
/// The same, for lists and mappings of such.
pub(super) static EACH_SCHEMA: Kind = Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG);

const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

const TYPES_AND_NULL: &[&str] =
    &["array", "boolean", "integer", "null", "number", "object", "string"];

pub(crate) static SCHEMA: Object = Object {
    name: "a schema",
    section: Some("schemas"),
    fields: &[
        ("title", Optional, Text),
        ("multipleOf", Optional, Number),
        ("maximum", Optional, Number),
        ("exclusiveMaximum", Optional, Newer(&Flag, &Number)),
        ("minimum", Optional, Number),
        ("exclusiveMinimum", Optional, Newer(&Flag, &Number)),
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
        ("type", Optional, Newer(&Choice(TYPES), &OneOrMore(&Choice(TYPES_AND_NULL)))),
        ("allOf", Optional, List(&EACH_SCHEMA)),
        ("oneOf", Optional, List(&EACH_SCHEMA)),
        ("anyOf", Optional, List(&EACH_SCHEMA)),
        ("not", Optional, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("items", Optional, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("properties", Optional, Map(Key::Any, &EACH_SCHEMA)),
        ("additionalProperties", Optional, FlagOr(&A_SCHEMA)),
        ("description", Optional, Text),
        ("format", Optional, Text),
        ("default", Optional, Any),
        ("nullable", Earlier, Flag),
        ("discriminator", Optional, Kind::Object(&DISCRIMINATOR)),
        ("readOnly", Optional, Flag),
        ("writeOnly", Optional, Flag),
        ("xml", Optional, Kind::Object(&XML)),
        ("externalDocs", Optional, Kind::Object(&EXTERNAL_DOCS)),
        ("example", Optional, Any),
        ("deprecated", Optional, Flag),
        ("$anchor", Later, Text),
        ("$comment", Later, Text),
        ("$defs", Later, Map(Key::Any, &EACH_SCHEMA)),
        ("$dynamicAnchor", Later, Text),
        ("$dynamicRef", Later, Text),
        ("$id", Later, Text),
        ("$schema", Later, Text),
        ("const", Later, Any),
        ("contains", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("contentEncoding", Later, Text),
        ("contentMediaType", Later, Text),
        ("contentSchema", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("dependentRequired", Later, Map(Key::Any, &List(&Text))),
        ("dependentSchemas", Later, Map(Key::Any, &EACH_SCHEMA)),
        ("else", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("examples", Later, List(&Any)),
        ("if", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("maxContains", Later, Count),
        ("minContains", Later, Count),
        ("patternProperties", Later, Map(Key::Any, &EACH_SCHEMA)),
        ("prefixItems", Later, List(&EACH_SCHEMA)),
        ("propertyNames", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("then", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("unevaluatedItems", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
        ("unevaluatedProperties", Later, Newer(&A_SCHEMA, &A_SCHEMA_OR_FLAG)),
    ],
    // Keywords of older drafts of JSON Schema.
    foreign: &["additionalItems", "definitions", "dependencies", "id"],
    law: Some(Law::Schema),
    ..OBJECT
};

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
