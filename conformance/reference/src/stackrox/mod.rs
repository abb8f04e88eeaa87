//! StackRox Central: pods in pages, sorted and searched, and the same pods as a stream.

mod content;
mod handler;
mod order;
mod search;
mod store;

pub(crate) use handler::router;
pub use order::{Order, UnknownField};
pub use search::Search;
pub use store::{Page, Store};

/// The token that the server accepts.
pub const TOKEN: &str = "reference-token";
