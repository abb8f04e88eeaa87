//! The contract: what an API promises, as plain data.
//!
//! Everything downstream, the emitted Rust and the checker alike, knows an API through these types only.
//! Deliberately absent: OpenAPI types, tokens, IO, and any judgement of whether a promise is sensible.

mod api;
mod framing;
mod operation;
mod paging;
mod parameter;
mod place;
mod refusal;
mod response;
mod schema;
mod security;

pub use api::{Api, Provenance, Server, ServerVariable, Tag};
pub use framing::{
    Channel, Channels, Condition, FieldRole, FrameRule, Framing, HeaderField, HeaderType, Layout,
    LengthPrefixed, Lines, OpeningValue, Sends, Subject, Terminated, TextLines, Upgrade, Watch,
    WatchInitial,
};
pub use operation::{
    Body, Content, DryRun, Equivalent, Example, MediaType, Method, Operation, OperationId,
    Outgoing, PatchKind,
};
pub use paging::{Expired, Filter, FilterMatch, OutOfRange, Paging, PagingStyle, Snapshot, Sort};
pub use parameter::{Location, Parameter, PathPart, PathSegment, PathTemplate, Style};
pub use place::{Place, Pointer};
pub use refusal::{Fault, Refusals};
pub use response::{Header, Link, LinkValue, Response, Responses, StatusField, StatusKey};
pub use schema::{
    Additional, Bound, Discriminator, Length, ListKind, Merge, MergeStrategy, NumberFormat,
    Property, Schema, SchemaId, Schemas, Shape, StringFormat, Union, UnionKind,
};
pub use security::{CredentialPlace, SecurityRequirement, SecurityScheme, SecuritySchemeKind};
