//! Follows references, inside a document and across files.
//!
//! Nothing is copied: a reference leads to the one place where a thing is defined, and that place is its identity.
//! What stands there is none of this room's business.

mod cursor;
mod documents;
mod reference;

pub use cursor::Cursor;
pub use documents::{Document, Documents};
pub(crate) use reference::Resolver;
