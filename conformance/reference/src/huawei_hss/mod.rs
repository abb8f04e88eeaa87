//! Huawei Cloud HSS: pods of ordinary and of serverless clusters, behind a token.

mod content;
mod handler;
mod store;

pub(crate) use handler::router;
pub use store::{Page, Query, Scope, Store};

/// The token that the server accepts.
pub const TOKEN: &str = "reference-token";
/// The project that the server knows.
pub const PROJECT: &str = "2b8f6c1d4e5a47b09c3d8e7f6a5b4c3d";
