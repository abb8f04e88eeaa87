//! OpenAPI documents in, a contract and Rust text out.
//!
//! ```text
//! source → diagnostic → document → overlay → resolve → contract → pattern → lower → select → share → name → emit → layout → tree → disk
//! ```
//!
//! Up to `lower` is the reading half, which the checker uses as well; the rest writes.
//! No room but `disk` and `cli` touches files, and none the network: texts come in, a file tree and diagnostics go out.

#[cfg(feature = "cli")]
pub mod cli;
pub mod contract;
pub mod diagnostic;
pub mod disk;
pub mod document;
pub mod emit;
pub mod generate;
pub mod layout;
mod lower;
pub mod manifest;
pub mod name;
pub mod overlay;
pub mod pattern;
mod reading;
pub mod report;
pub mod resolve;
pub mod select;
pub mod share;
pub mod source;
#[cfg(test)]
#[path = "../support/mod.rs"]
pub mod support;
pub mod surface;
pub mod tree;

pub use generate::{Module, Output, generate, generate_parts, harness};
pub use reading::{Limits, Reading, read, read_overlaid};
