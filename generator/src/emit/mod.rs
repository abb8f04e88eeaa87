//! Contract and names → files of items. One file here for each kind of item; emitters never import each other.
//!
//! Only `quote!` makes code. Whatever a document says reaches the output as a literal, a doc comment
//! or a name from the table, never as text.

pub mod doc;
mod plan;
mod types;

pub(crate) use plan::path_rank;
pub use plan::{Imports, Item, ItemKind, Planned, PlannedFile};
pub use types::Types;
