//! Tests of the generator from outside: documents in, diagnostics and Rust text out.

#![cfg(test)]

mod any_text;
mod cli;
mod compile;
mod constructs;
mod contract;
mod diagnostics;
mod emit;
mod fixture;
mod hostile;
mod left_out;
mod lowering;
mod manifest;
mod mutated;
mod overlay;
mod reading;
mod safety;
mod select;
mod template;
