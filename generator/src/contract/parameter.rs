//! Parameters and path templates.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{Content, Example, Place, Provenance, SchemaId};

/// A parameter; (name, location) is its identity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// The name as it stands on the wire.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether a request without it is at fault.
    pub required: bool,
    /// Prose.
    pub description: Option<String>,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// The schema of its value. For `content` parameters, that of the decoded content.
    pub schema: SchemaId,
    /// How the value is written; the location's default where the document says nothing.
    pub style: Style,
    /// Whether each item or member is written apart.
    pub explode: bool,
    /// Whether reserved characters stay unescaped (query only).
    pub allow_reserved: bool,
    /// The media type its value is written in, instead of a style.
    pub content: Option<Content>,
    /// Whether its value may hold slashes, and so spans segments of the path (`x-multi-segment`). Such a parameter is
    /// alone in its segment, and the only one of its path.
    pub multi_segment: bool,
    /// Samples.
    pub examples: Vec<Example>,
    /// Values that mean the same as leaving it out (`x-same-as-absent`, and the schema's default).
    pub same_as_absent: Vec<Value>,
    /// Its values must exist on the target and cannot be made up (`x-known`).
    pub known: bool,
    /// Named as not supported by the source document (`x-unsupported`).
    pub unsupported: bool,
    /// Where it comes from, when not where its operation does.
    pub provenance: Option<Provenance>,
    /// Where it stands.
    pub place: Place,
}

impl Parameter {
    /// Whether its text tells an object from a single value: every member is then written under the parameter's name
    /// with its own in brackets.
    #[must_use]
    pub fn tells_objects(&self) -> bool {
        self.style == Style::DeepObject
    }
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header field.
    Header,
    /// In a cookie.
    Cookie,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// How a parameter's value is written (OpenAPI 3.0.3, style values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Style {
    /// `;name=value`, path.
    Matrix,
    /// `.value`, path.
    Label,
    /// `value`, path and header.
    Simple,
    /// `name=value`, query and cookie.
    Form,
    /// `a b`, query arrays.
    SpaceDelimited,
    /// `a|b`, query arrays.
    PipeDelimited,
    /// `name[member]=value`, query objects.
    DeepObject,
}

/// A path of segments, each of literals and placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathTemplate {
    /// The segments after the leading slash; a trailing slash gives a last empty one.
    pub segments: Vec<PathSegment>,
}

/// What stands between two slashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PathSegment(pub Vec<PathPart>);

/// A piece of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PathPart {
    /// Text that must stand there.
    Literal(String),
    /// The value of the path parameter of that name.
    Parameter(String),
}

impl PathTemplate {
    /// The names of the path parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|segment| &segment.0).filter_map(|part| match part {
            PathPart::Parameter(name) => Some(name.as_str()),
            PathPart::Literal(_) => None,
        })
    }

    /// The number of the segment, counted from 0, in which the parameter of that name stands.
    #[must_use]
    pub fn segment_of(&self, name: &str) -> Option<usize> {
        let has_it = |part: &PathPart| matches!(part, PathPart::Parameter(own) if own == name);
        self.segments.iter().position(|segment| segment.0.iter().any(has_it))
    }
}

impl PathTemplate {
    /// Whether the two differ in the names of their parameters at most, which makes them the same path
    /// (OpenAPI 3.0.3, Paths Object).
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        let parts = |template: &Self| -> Vec<Vec<Option<String>>> {
            let part = |part: &PathPart| match part {
                PathPart::Literal(text) => Some(text.clone()),
                PathPart::Parameter(_) => None,
            };
            template.segments.iter().map(|segment| segment.0.iter().map(part).collect()).collect()
        };
        parts(self) == parts(other)
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            f.write_str("/")?;
            for part in &segment.0 {
                match part {
                    PathPart::Literal(text) => f.write_str(text)?,
                    PathPart::Parameter(name) => write!(f, "{{{name}}}")?,
                }
            }
        }
        Ok(())
    }
}
