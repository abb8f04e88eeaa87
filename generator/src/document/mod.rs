//! A text becomes one marked tree: every node knows its line and column.

mod node;

pub use node::{Entry, Node, Scalar, Value};
