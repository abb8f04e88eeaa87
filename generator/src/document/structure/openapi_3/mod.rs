//! OpenAPI 3.0.3, 3.1.1 and 3.2.0 as a table: one entry for each object of the specification, in its order.
//! <https://spec.openapis.org/oas/v3.0.3>, sections 4.7.1 to 4.7.30; <https://spec.openapis.org/oas/v3.1.1>, section 4.8;
//! <https://spec.openapis.org/oas/v3.2.0>, section 4, of which most new keys are named and not carried.
//! Swagger 2.0 differs in the document alone, since its parts have the form of OpenAPI 3.0 by then.

mod schema;
mod security;

use super::extension;
use super::kind::Kind::{Any, Choice, Flag, List, Map, Referable, Text, Variants};
use super::kind::Need::{Expected, Later, Latest, OnceRequired, Optional, Required};
use super::kind::{Edition, Field, Key, Kind, Law, OBJECT, Object, Table};

pub(super) use schema::SCHEMA;
use schema::{ANY_SCHEMA, EACH_SCHEMA};
pub(super) use security::{API_KEY, HTTP_SCHEME};
use security::{SECURITY_REQUIREMENT, SECURITY_SCHEME};

/// OpenAPI 3.0.
pub(super) static OPENAPI_3_0: Table = Table {
    name: "OpenAPI 3.0",
    edition: Edition::Earlier,
    root: &DOCUMENT,
    sections: SECTIONS,
    extensions: extension::VOCABULARY,
};

/// OpenAPI 3.1.
pub(super) static OPENAPI_3_1: Table =
    Table { name: "OpenAPI 3.1", edition: Edition::Later, ..OPENAPI_3_0 };

/// OpenAPI 3.2.
pub(super) static OPENAPI_3_2: Table =
    Table { name: "OpenAPI 3.2", edition: Edition::Latest, ..OPENAPI_3_0 };

/// Swagger 2.0 in the form of OpenAPI 3.0, with its definitions where they were.
pub(super) static SWAGGER_2_0: Table = Table { name: "Swagger 2.0", root: &SWAGGER, ..OPENAPI_3_0 };

/// The keys of a path item that hold operations.
pub(super) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

pub(super) static DOCUMENT: Object = Object {
    name: "an OpenAPI document",
    fields: &[
        ("openapi", Required, Text),
        ("info", Required, Kind::Object(&INFO)),
        ("servers", Optional, List(&Kind::Object(&SERVER))),
        ("jsonSchemaDialect", Later, Text),
        ("paths", OnceRequired, Kind::Object(&PATHS)),
        ("webhooks", Later, Map(Key::Any, &Referable(&PATH_ITEM))),
        ("components", Optional, Kind::Object(&COMPONENTS)),
        ("security", Optional, List(&Kind::Object(&SECURITY_REQUIREMENT))),
        ("tags", Optional, List(&Kind::Object(&TAG))),
        ("externalDocs", Optional, Kind::Object(&EXTERNAL_DOCS)),
    ],
    foreign: &["$self"],
    ..OBJECT
};

static SWAGGER: Object = Object {
    name: "a Swagger document",
    fields: &[
        ("swagger", Required, Text),
        ("info", Required, Kind::Object(&INFO)),
        ("servers", Optional, List(&Kind::Object(&SERVER))),
        ("paths", Required, Kind::Object(&PATHS)),
        ("definitions", Optional, Map(Key::Any, &Referable(&SCHEMA))),
        ("parameters", Optional, Map(Key::Any, &Referable(&PARAMETER))),
        ("responses", Optional, Map(Key::Any, &Referable(&RESPONSE))),
        ("components", Optional, Kind::Object(&COMPONENTS)),
        ("security", Optional, List(&Kind::Object(&SECURITY_REQUIREMENT))),
        ("tags", Optional, List(&Kind::Object(&TAG))),
        ("externalDocs", Optional, Kind::Object(&EXTERNAL_DOCS)),
    ],
    ..OBJECT
};

static INFO: Object = Object {
    name: "the info of a document",
    fields: &[
        ("title", Required, Text),
        ("summary", Later, Text),
        ("description", Optional, Text),
        ("termsOfService", Optional, Text),
        ("contact", Optional, Kind::Object(&CONTACT)),
        ("license", Optional, Kind::Object(&LICENSE)),
        ("version", Required, Text),
    ],
    ..OBJECT
};

static CONTACT: Object = Object {
    name: "a contact",
    fields: &[("name", Optional, Text), ("url", Optional, Text), ("email", Optional, Text)],
    ..OBJECT
};

static LICENSE: Object = Object {
    name: "a license",
    fields: &[("name", Required, Text), ("identifier", Later, Text), ("url", Optional, Text)],
    ..OBJECT
};

static SERVER: Object = Object {
    name: "a server",
    fields: &[
        ("url", Required, Text),
        ("description", Optional, Text),
        ("variables", Optional, Map(Key::Any, &Kind::Object(&SERVER_VARIABLE))),
    ],
    foreign: &["name"],
    law: Some(Law::Server),
    ..OBJECT
};

static SERVER_VARIABLE: Object = Object {
    name: "a server variable",
    fields: &[
        ("enum", Optional, List(&Text)),
        ("default", Required, Text),
        ("description", Optional, Text),
    ],
    ..OBJECT
};

static COMPONENTS: Object = Object {
    name: "the components of a document",
    fields: SECTIONS,
    foreign: &["mediaTypes"],
    ..OBJECT
};

const SECTIONS: &[Field] = &[
    ("schemas", Optional, Map(Key::Component, &EACH_SCHEMA)),
    ("responses", Optional, Map(Key::Component, &Referable(&RESPONSE))),
    ("parameters", Optional, Map(Key::Component, &Referable(&PARAMETER))),
    ("examples", Optional, Map(Key::Component, &Referable(&EXAMPLE))),
    ("requestBodies", Optional, Map(Key::Component, &Referable(&REQUEST_BODY))),
    ("headers", Optional, Map(Key::Component, &Referable(&HEADER))),
    ("securitySchemes", Optional, Map(Key::Component, &Variants(&SECURITY_SCHEME))),
    ("links", Optional, Map(Key::Component, &Referable(&LINK))),
    ("callbacks", Optional, Map(Key::Component, &Referable(&CALLBACK))),
    ("pathItems", Later, Map(Key::Component, &Referable(&PATH_ITEM))),
];

static PATHS: Object = Object {
    name: "the paths of a document",
    others: Some((Key::Path, Referable(&PATH_ITEM))),
    law: Some(Law::Paths),
    ..OBJECT
};

static PATH_ITEM: Object = Object {
    name: "a path item",
    section: Some("pathItems"),
    fields: &[
        ("summary", Optional, Text),
        ("description", Optional, Text),
        ("get", Optional, Kind::Object(&OPERATION)),
        ("put", Optional, Kind::Object(&OPERATION)),
        ("post", Optional, Kind::Object(&OPERATION)),
        ("delete", Optional, Kind::Object(&OPERATION)),
        ("options", Optional, Kind::Object(&OPERATION)),
        ("head", Optional, Kind::Object(&OPERATION)),
        ("patch", Optional, Kind::Object(&OPERATION)),
        ("trace", Optional, Kind::Object(&OPERATION)),
        ("servers", Optional, List(&Kind::Object(&SERVER))),
        ("parameters", Optional, List(&Referable(&PARAMETER))),
    ],
    foreign: &["query", "additionalOperations"],
    ..OBJECT
};

pub(super) static OPERATION: Object = Object {
    name: "an operation",
    fields: &[
        ("tags", Optional, List(&Text)),
        ("summary", Optional, Text),
        ("description", Optional, Text),
        ("externalDocs", Optional, Kind::Object(&EXTERNAL_DOCS)),
        ("operationId", Optional, Text),
        ("parameters", Optional, List(&Referable(&PARAMETER))),
        ("requestBody", Optional, Referable(&REQUEST_BODY)),
        ("responses", OnceRequired, Kind::Object(&RESPONSES)),
        ("callbacks", Optional, Map(Key::Any, &Referable(&CALLBACK))),
        ("deprecated", Optional, Flag),
        ("security", Optional, List(&Kind::Object(&SECURITY_REQUIREMENT))),
        ("servers", Optional, List(&Kind::Object(&SERVER))),
    ],
    foreign: &["consumes", "produces", "schemes"],
    law: Some(Law::Operation),
    ..OBJECT
};

static EXTERNAL_DOCS: Object = Object {
    name: "external documentation",
    fields: &[("description", Optional, Text), ("url", Required, Text)],
    ..OBJECT
};

const STYLES: Kind =
    Choice(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"]);

pub(super) static PARAMETER: Object = Object {
    name: "a parameter",
    section: Some("parameters"),
    fields: &[
        ("name", Required, Text),
        ("in", Required, Choice(&["query", "header", "path", "cookie"])),
        ("description", Optional, Text),
        ("required", Optional, Flag),
        ("deprecated", Optional, Flag),
        ("allowEmptyValue", Optional, Flag),
        ("style", Optional, STYLES),
        ("explode", Optional, Flag),
        ("allowReserved", Optional, Flag),
        ("schema", Optional, ANY_SCHEMA),
        ("example", Optional, Any),
        ("examples", Optional, Map(Key::Any, &Referable(&EXAMPLE))),
        ("content", Optional, Map(Key::MediaType, &Kind::Object(&MEDIA_TYPE))),
    ],
    foreign: &["type", "format", "collectionFormat", "enum", "default"],
    law: Some(Law::Parameter),
    ..OBJECT
};

static REQUEST_BODY: Object = Object {
    name: "a request body",
    section: Some("requestBodies"),
    fields: &[
        ("description", Optional, Text),
        ("content", Required, Map(Key::MediaType, &Kind::Object(&MEDIA_TYPE))),
        ("required", Optional, Flag),
    ],
    ..OBJECT
};

pub(super) static MEDIA_TYPE: Object = Object {
    name: "a media type",
    fields: &[
        ("schema", Optional, ANY_SCHEMA),
        ("itemSchema", Latest, ANY_SCHEMA),
        ("example", Optional, Any),
        ("examples", Optional, Map(Key::Any, &Referable(&EXAMPLE))),
        ("encoding", Optional, Map(Key::Any, &Kind::Object(&ENCODING))),
    ],
    foreign: &["itemEncoding", "prefixEncoding"],
    ..OBJECT
};

static ENCODING: Object = Object {
    name: "an encoding",
    fields: &[
        ("contentType", Optional, Text),
        ("headers", Optional, Map(Key::Any, &Referable(&HEADER))),
        ("style", Optional, STYLES),
        ("explode", Optional, Flag),
        ("allowReserved", Optional, Flag),
    ],
    ..OBJECT
};

static RESPONSES: Object = Object {
    name: "the responses of an operation",
    others: Some((Key::Status, Referable(&RESPONSE))),
    law: Some(Law::Responses),
    ..OBJECT
};

pub(super) static RESPONSE: Object = Object {
    name: "a response",
    section: Some("responses"),
    fields: &[
        ("description", Expected, Text),
        ("headers", Optional, Map(Key::Any, &Referable(&HEADER))),
        ("content", Optional, Map(Key::MediaType, &Kind::Object(&MEDIA_TYPE))),
        ("links", Optional, Map(Key::Component, &Referable(&LINK))),
    ],
    foreign: &["schema", "examples", "summary"],
    ..OBJECT
};

static CALLBACK: Object = Object {
    name: "a callback",
    section: Some("callbacks"),
    others: Some((Key::Any, Referable(&PATH_ITEM))),
    ..OBJECT
};

static EXAMPLE: Object = Object {
    name: "an example",
    section: Some("examples"),
    fields: &[
        ("summary", Optional, Text),
        ("description", Optional, Text),
        ("value", Optional, Any),
        ("externalValue", Optional, Text),
    ],
    foreign: &["dataValue", "serializedValue"],
    ..OBJECT
};

static LINK: Object = Object {
    name: "a link",
    section: Some("links"),
    fields: &[
        ("operationRef", Optional, Text),
        ("operationId", Optional, Text),
        ("parameters", Optional, Map(Key::Any, &Any)),
        ("requestBody", Optional, Any),
        ("description", Optional, Text),
        ("server", Optional, Kind::Object(&SERVER)),
    ],
    law: Some(Law::Link),
    ..OBJECT
};

static HEADER: Object = Object {
    name: "a header",
    section: Some("headers"),
    fields: &[
        ("description", Optional, Text),
        ("required", Optional, Flag),
        ("deprecated", Optional, Flag),
        ("allowEmptyValue", Optional, Flag),
        ("style", Optional, Choice(&["simple"])),
        ("explode", Optional, Flag),
        ("allowReserved", Optional, Flag),
        ("schema", Optional, ANY_SCHEMA),
        ("example", Optional, Any),
        ("examples", Optional, Map(Key::Any, &Referable(&EXAMPLE))),
        ("content", Optional, Map(Key::MediaType, &Kind::Object(&MEDIA_TYPE))),
    ],
    foreign: &["type", "format", "name", "in"],
    ..OBJECT
};

static TAG: Object = Object {
    name: "a tag",
    fields: &[
        ("name", Required, Text),
        ("description", Optional, Text),
        ("externalDocs", Optional, Kind::Object(&EXTERNAL_DOCS)),
    ],
    foreign: &["summary", "parent", "kind"],
    ..OBJECT
};
