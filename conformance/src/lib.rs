//! The checker.

pub mod probe;
pub mod transcript;
