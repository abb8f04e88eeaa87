//! Tests of the generator from outside: documents in, diagnostics and Rust text out.

mod compile;
mod emit;
mod fixture;
mod safety;
