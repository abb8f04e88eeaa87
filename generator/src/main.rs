//! The program `codegen`.

use std::process::ExitCode;

/// Reading and writing make and drop millions of small values, which takes the allocator of most systems long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    generator::cli::main()
}
