//! A text becomes one marked tree: every node knows its line and column.

mod agree;
mod build;
mod json;
mod limits;
mod mapping;
mod node;
mod parse;
mod piece;
mod scalar;
mod structure;
mod surrogate;
mod swagger;
mod trail;

pub use limits::Limits;
pub use mapping::Mapping;
pub use node::{Entry, Node, Scalar, Value};
pub use parse::{parse, read};
pub use piece::piece;
pub use structure::{Dialect, Part, check_part, check_structure, dialect};
pub use swagger::{Media, raise, relocate};
