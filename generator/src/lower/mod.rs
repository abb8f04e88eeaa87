//! Resolved documents become a contract. The only room that knows both vocabularies.
//!
//! What cannot be represented is refused or reduced with a diagnostic, and costs no more than itself.
//! Deliberately absent: names of Rust things, and any opinion on what a good API looks like.

mod all_of;
mod api;
mod body;
mod bounds;
mod check;
mod context;
mod draft;
mod extension;
mod field;
mod infer;
mod keywords;
mod later;
mod link;
mod object;
mod operation;
mod outgoing;
mod parameter;
mod path;
mod response;
mod schema;
mod security;
mod shape;
mod union;

pub(crate) use api::lower;
pub(crate) use check::sample::fits;
