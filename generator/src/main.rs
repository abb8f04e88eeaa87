//! The program `codegen`.

use std::process::ExitCode;

fn main() -> ExitCode {
    generator::cli::main()
}
