//! Shapes become proptest strategies: valid values, and near misses that break exactly one constraint and say which.
//!
//! Knows nothing of requests: where a value travels is the caller's business.

mod edge;
mod height;
mod lookaround;
mod miss;
mod number;
mod text;
mod valid;

pub use edge::{Edge, edges};
pub use miss::{Constraint, Miss, misses};
pub use text::Unmatched;
pub use valid::{Depth, Sender, unmatched, valid};
