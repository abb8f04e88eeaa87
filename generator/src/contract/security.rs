//! Credentials: what a caller presents, and where.

use serde::Serialize;

use super::{Length, Place, Provenance};

/// A named way to present a credential.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecurityScheme {
    /// The kind.
    pub kind: SecuritySchemeKind,
    /// Prose.
    pub description: Option<String>,
    /// Bounds of the credential's length (`x-length`).
    pub length: Length,
    /// Where it comes from, when not where the document as a whole does.
    pub provenance: Option<Provenance>,
    /// Where it stands.
    pub place: Place,
}

/// The kinds of OpenAPI 3.0.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecuritySchemeKind {
    /// A key in a header, the query or a cookie.
    ApiKey {
        /// Where.
        place: CredentialPlace,
        /// The name there.
        name: String,
    },
    /// `Authorization` of that scheme (RFC 9110 §11.6.2), in lower case: `basic`, `bearer` …
    Http {
        /// The scheme.
        scheme: String,
    },
    /// OAuth 2; on the wire a bearer token.
    OAuth2,
    /// OpenID Connect; on the wire a bearer token.
    OpenIdConnect,
}

/// Where an API key travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CredentialPlace {
    /// A header field.
    Header,
    /// The query.
    Query,
    /// A cookie.
    Cookie,
}

/// One alternative: every scheme named in it must be satisfied.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecurityRequirement {
    /// Scheme name and scopes.
    pub schemes: Vec<(String, Vec<String>)>,
}
