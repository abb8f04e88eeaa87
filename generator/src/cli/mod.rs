//! The command line: documents from the disk, code and reports to it.
//!
//! Exit codes: 0 done, or nothing to do; 1 with `--check`, something is not as it would be written; 2 the command or a
//! document cannot be used, or a file is in the way.

mod arguments;
mod job;
mod record;
mod show;

pub use arguments::Arguments;
pub use job::run;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser};

/// Everything is as it should be.
pub const DONE: u8 = 0;

/// With `--check`: something is not as it would be written.
pub const STALE: u8 = 1;

/// The command or a document cannot be used.
pub const USAGE: u8 = 2;

/// Writes Rust models and server stubs for OpenAPI documents, as a crate.
///
/// Reads OpenAPI 3.2, 3.1 and 3.0, and Swagger 2.0. Every problem of a document is told in one run, each with its place.
///
/// The folder is yours as well: files that codegen did not make are never changed or removed, and what you change in
/// Cargo.toml stays. What it made is listed in codegen.json, which belongs under version control.
///
/// Exit codes: 0 done, or nothing to do; 1 with --check, something is not as it would be written; 2 the command or a
/// document cannot be used, or a file is in the way.
#[derive(Debug, Parser)]
#[command(name = "codegen", version, verbatim_doc_comment)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

/// The program `codegen`.
#[must_use]
pub fn main() -> ExitCode {
    let command = Program::command()
        .mut_arg("specs", |argument| argument.required(true))
        .mut_arg("out", |argument| argument.required(true));
    let program = match Program::from_arg_matches(&command.get_matches()) {
        Ok(program) => program,
        Err(error) => error.exit(),
    };
    ExitCode::from(run(&program.arguments, "codegen"))
}
