//! Drives what the generator emits with what the checker makes up: valid requests must reach the handler with equal
//! values, near misses must be refused, and what the handler answers must be written as documented.
//!
//! ```text
//! report → program → wire → make → drive
//! ```
//!
//! The generator and the checker read a document by different code; each is held to the other here.

pub mod drive;
mod make;
pub mod program;
pub mod report;
mod wire;
