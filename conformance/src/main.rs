//! The checker as a program.

fn main() {}
