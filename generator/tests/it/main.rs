//! Tests of the generator from outside: documents in, diagnostics and Rust text out.

mod compile;
mod diagnostics;
mod emit;
mod fixture;
mod reading;
mod safety;
