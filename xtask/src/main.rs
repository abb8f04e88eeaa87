//! The automation of this workspace: `cargo xtask <command>`. The only crate that writes into the tree.

mod bench;
mod codegen;
mod conformance;
mod corpus;
mod specs;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Reading and writing make and drop millions of small values, which takes the allocator of most systems long.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The automation of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the models and server stubs of the shipped specs into `generated/src`, or a crate for specs of yours.
    ///
    /// With --spec it is the same as the program `codegen`.
    Codegen(Box<generator::cli::Arguments>),
    /// Start the reference server on loopback and check every shipped API against it.
    Conformance {
        /// Where every random choice comes from.
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        /// Only that API, by the name of its folder under `specs`.
        #[arg(long, value_name = "NAME")]
        api: Option<String>,
    },
    /// Compare the generator with others.
    #[command(subcommand)]
    Bench(Bench),
    /// Run a command and say what it cost, as JSON; `bench` starts this for each.
    #[command(hide = true)]
    BenchOne {
        /// The command.
        #[arg(last = true, required = true)]
        words: Vec<String>,
    },
    /// Run the generator over every document of a folder and print one table of what became of each.
    Corpus(corpus::Arguments),
    /// Read one document and say what became of it, as JSON; `corpus` starts this for each.
    #[command(hide = true)]
    CorpusOne {
        /// The document.
        spec: PathBuf,
        /// The folder of the crate to write for it.
        out: PathBuf,
    },
    /// Run every rule against every mutant of the reference server and print which rule killed which.
    KillMatrix,
}

#[derive(Subcommand)]
enum Bench {
    /// Ours, ploidy, progenitor and openapi-generator on the same documents in one run.
    Generators(bench::Arguments),
}

fn main() -> ExitCode {
    let asked = match Arguments::parse().command {
        Command::Codegen(asked) if asked.specs.is_empty() => codegen::shipped(asked.check),
        Command::Codegen(asked) => {
            Ok(ExitCode::from(generator::cli::run(&asked, "cargo xtask codegen")))
        }
        Command::Conformance { seed, api } => conformance::all(seed, api.as_deref()),
        Command::Bench(Bench::Generators(arguments)) => bench::generators(&arguments),
        Command::BenchOne { words } => bench::one(&words),
        Command::Corpus(arguments) => corpus::run(&arguments),
        Command::CorpusOne { spec, out } => corpus::one(&spec, &out),
        Command::KillMatrix => conformance::kill_matrix(),
    };
    asked.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
