//! Security schemes and requirements of OpenAPI 3.0.3: sections 4.7.27 to 4.7.30.

use crate::document::structure::kind::Kind::{Choice, List, Map, Text};
use crate::document::structure::kind::Need::{Optional, Required};
use crate::document::structure::kind::{Key, Kind, Law, OBJECT, Object, Variants as Alternatives};

pub(crate) static SECURITY_SCHEME: Alternatives = Alternatives {
    name: "a security scheme",
    key: "type",
    objects: &[
        ("apiKey", &API_KEY),
        ("http", &HTTP_SCHEME),
        ("oauth2", &OAUTH2),
        ("openIdConnect", &OPEN_ID_CONNECT),
        ("mutualTLS", &MUTUAL_TLS),
    ],
    lenient: Some("it is taken for a bearer token"),
    common: &[("type", Required, Text), ("description", Optional, Text)],
};

pub(crate) static API_KEY: Object = Object {
    name: "an `apiKey` security scheme",
    section: Some("securitySchemes"),
    fields: &[("name", Required, Text), ("in", Required, Choice(&["query", "header", "cookie"]))],
    ..OBJECT
};

pub(crate) static HTTP_SCHEME: Object = Object {
    name: "an `http` security scheme",
    section: Some("securitySchemes"),
    fields: &[("scheme", Required, Text), ("bearerFormat", Optional, Text)],
    ..OBJECT
};

static OAUTH2: Object = Object {
    name: "an `oauth2` security scheme",
    section: Some("securitySchemes"),
    fields: &[("flows", Required, Kind::Object(&OAUTH_FLOWS))],
    foreign: &["oauth2MetadataUrl"],
    ..OBJECT
};

static OPEN_ID_CONNECT: Object = Object {
    name: "an `openIdConnect` security scheme",
    section: Some("securitySchemes"),
    fields: &[("openIdConnectUrl", Required, Text)],
    ..OBJECT
};

static MUTUAL_TLS: Object =
    Object { name: "a `mutualTLS` security scheme", section: Some("securitySchemes"), ..OBJECT };

static OAUTH_FLOWS: Object = Object {
    name: "the OAuth flows of a security scheme",
    fields: &[
        ("implicit", Optional, Kind::Object(&IMPLICIT_FLOW)),
        ("password", Optional, Kind::Object(&TOKEN_FLOW)),
        ("clientCredentials", Optional, Kind::Object(&TOKEN_FLOW)),
        ("authorizationCode", Optional, Kind::Object(&CODE_FLOW)),
    ],
    foreign: &["deviceAuthorization"],
    ..OBJECT
};

static IMPLICIT_FLOW: Object = Object {
    name: "an implicit flow",
    fields: &[
        ("authorizationUrl", Required, Text),
        ("refreshUrl", Optional, Text),
        ("scopes", Required, Map(Key::Any, &Text)),
    ],
    ..OBJECT
};

static TOKEN_FLOW: Object = Object {
    name: "a flow without authorization URL",
    fields: &[
        ("tokenUrl", Required, Text),
        ("refreshUrl", Optional, Text),
        ("scopes", Required, Map(Key::Any, &Text)),
    ],
    ..OBJECT
};

static CODE_FLOW: Object = Object {
    name: "an authorization code flow",
    fields: &[
        ("authorizationUrl", Required, Text),
        ("tokenUrl", Required, Text),
        ("refreshUrl", Optional, Text),
        ("scopes", Required, Map(Key::Any, &Text)),
    ],
    ..OBJECT
};

pub(crate) static SECURITY_REQUIREMENT: Object = Object {
    name: "a security requirement",
    others: Some((Key::Any, List(&Text))),
    extensible: false,
    law: Some(Law::SecurityRequirement),
    ..OBJECT
};
