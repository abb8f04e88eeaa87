//! Operations and the bodies they take.

use std::fmt;

use serde::Serialize;

use super::{
    FrameRule, Paging, Parameter, PathTemplate, Place, Pointer, Provenance, Refusals, Responses,
    SchemaId, SecurityRequirement, StatusKey, Upgrade, Watch,
};

/// The id of an operation: `operationId`, or one derived from method and path where the document gives none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct OperationId(pub String);

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The methods OpenAPI 3.0 knows (RFC 9110 §9.3, RFC 5789).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// PUT.
    Put,
    /// POST.
    Post,
    /// DELETE.
    Delete,
    /// OPTIONS.
    Options,
    /// HEAD.
    Head,
    /// PATCH.
    Patch,
    /// TRACE.
    Trace,
}

impl Method {
    /// Every method, in the order in which OpenAPI lists them.
    pub const ALL: [Self; 8] = [
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
    ];

    /// The name as it stands in a request line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }

    /// Whether the method promises to change nothing (RFC 9110 §9.2.1).
    #[must_use]
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options | Self::Trace)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A media type, or a range of them, as the document spells it, in lower case and without parameters kept apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MediaType(pub String);

impl MediaType {
    /// Type and subtype without parameters, in lower case.
    #[must_use]
    pub fn essence(&self) -> String {
        self.0.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Whether bodies of this type are JSON documents (`application/json`, or a `+json` suffix, RFC 6839 §3.1).
    #[must_use]
    pub fn is_json(&self) -> bool {
        let essence = self.essence();
        essence == "application/json" || essence.ends_with("+json")
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One operation: a method on a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operation {
    /// The id, unique in the API.
    pub id: OperationId,
    /// The method.
    pub method: Method,
    /// The path.
    pub path: PathTemplate,
    /// The tags, in document order.
    pub tags: Vec<String>,
    /// One line.
    pub summary: Option<String>,
    /// Prose.
    pub description: Option<String>,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// Parameters, those of the path first; unique by (name, location).
    pub parameters: Vec<Parameter>,
    /// The body it takes.
    pub body: Option<Body>,
    /// What it answers.
    pub responses: Responses,
    /// Alternatives of what a caller must present; empty when nothing is needed.
    pub security: Vec<SecurityRequirement>,
    /// How its list is walked.
    pub paging: Option<Paging>,
    /// The framing of every stream of this operation whose media type says none of its own.
    pub frames: Vec<FrameRule>,
    /// What 101 switches to.
    pub upgrade: Option<Upgrade>,
    /// How the events of a watch read.
    pub watch: Option<Watch>,
    /// Another operation that tells the same truth.
    pub equivalent: Option<Equivalent>,
    /// Where the body has the version that a write rests on (`x-version`); an older one is a conflict.
    pub version: Option<Pointer>,
    /// How to ask that nothing be kept.
    pub dry_run: Option<DryRun>,
    /// What a request at fault may get: the document's table with this operation's entries laid over it.
    pub refusals: Refusals,
    /// Requests that the API sends because of this one, in document order.
    pub callbacks: Vec<Outgoing>,
    /// Where the operation comes from, when not where the document as a whole does.
    pub provenance: Option<Provenance>,
    /// Where it stands.
    pub place: Place,
}

impl Operation {
    /// The media types in which its successes come, without parameters, in document order.
    #[must_use]
    pub fn success_media_types(&self) -> Vec<MediaType> {
        let mut found: Vec<MediaType> = Vec::new();
        let is_success =
            |key: &StatusKey| matches!(key, StatusKey::Code(200..=299) | StatusKey::Range(2));
        let successes = self.responses.iter().filter(|(key, _)| is_success(key));
        for content in successes.flat_map(|(_, response)| &response.content) {
            let essence = MediaType(content.media_type.essence());
            if !found.contains(&essence) {
                found.push(essence);
            }
        }
        found
    }
}

/// A request that the API sends and somebody else answers: a webhook, or a callback.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outgoing {
    /// Its name.
    pub name: String,
    /// Where a callback goes: a URL with runtime expressions (OpenAPI 3.0.3, Callback Object).
    pub target: Option<String>,
    /// What is sent, seen from who answers it; their paths are empty.
    pub operations: Vec<Operation>,
    /// Where it stands.
    pub place: Place,
}

/// A request body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Body {
    /// Whether a request without one is at fault.
    pub required: bool,
    /// Prose.
    pub description: Option<String>,
    /// The media types it may have, in document order.
    pub content: Vec<Content>,
    /// Where it stands.
    pub place: Place,
}

/// One media type of a body.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Content {
    /// The media type.
    pub media_type: MediaType,
    /// The schema of the body.
    pub schema: Option<SchemaId>,
    /// The schema of each item of a body that is a sequence of them (OpenAPI 3.2, `itemSchema`).
    pub item_schema: Option<SchemaId>,
    /// Samples.
    pub examples: Vec<Example>,
    /// What the document means, where it describes a change to something else (`x-patch`).
    pub patch: Option<PatchKind>,
    /// How a stream of this type is framed; the first rule whose conditions hold applies. Empty: a plain body.
    pub frames: Vec<FrameRule>,
    /// Where it stands.
    pub place: Place,
}

/// A sample body or parameter value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The value.
    pub value: serde_json::Value,
}

/// `x-equivalent`: this operation's items and another's list are the same set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Equivalent {
    /// The other operation.
    pub operation: OperationId,
    /// Where the other's body has its items.
    pub items: Pointer,
    /// Where one of this operation's items has the thing that the other lists.
    pub each: Pointer,
    /// Where it stands.
    pub place: Place,
}

/// `x-dry-run`: the query under which an operation answers as ever and keeps nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryRun {
    /// The query parameter.
    pub parameter: String,
    /// Its value.
    pub value: serde_json::Value,
    /// Where it stands.
    pub place: Place,
}

/// `x-patch`: what a document that describes a change means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PatchKind {
    /// A list of operations (RFC 6902).
    JsonPatch,
    /// Members to set, null to remove (RFC 7396).
    MergePatch,
    /// As a merge patch, with lists merged by key.
    StrategicMergePatch,
    /// What its sender wants to own; members that it no longer names are given up.
    Apply,
}

impl PatchKind {
    /// Every kind with its word under `x-patch`.
    pub const ALL: [(&'static str, Self); 4] = [
        ("json-patch", Self::JsonPatch),
        ("merge-patch", Self::MergePatch),
        ("strategic-merge-patch", Self::StrategicMergePatch),
        ("apply", Self::Apply),
    ];
}
