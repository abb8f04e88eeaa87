//! The automation of this workspace: `cargo xtask <command>`. The only crate that writes into the tree.

mod conformance;
mod specs;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The automation of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the reference server on loopback and check every shipped API against it.
    Conformance {
        /// Where every random choice comes from.
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        /// Only that API, by the name of its folder under `specs`.
        #[arg(long, value_name = "NAME")]
        api: Option<String>,
    },
    /// Run every rule against every mutant of the reference server and print which rule killed which.
    KillMatrix,
}

fn main() -> ExitCode {
    let asked = match Arguments::parse().command {
        Command::Conformance { seed, api } => conformance::all(seed, api.as_deref()),
        Command::KillMatrix => conformance::kill_matrix(),
    };
    asked.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
