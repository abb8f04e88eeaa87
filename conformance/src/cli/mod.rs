//! The command line: what was asked, the files it names, and what is printed.
//!
//! The edge of the crate: only here are files read and written and the clock looked at.

mod arguments;
mod files;
mod kubeconfig;
mod list;
mod reach;
mod replay;
mod run;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// Exit code for a command or a document that cannot be used.
const USAGE: u8 = 2;

/// Does what the command line asks.
#[must_use]
pub fn main() -> ExitCode {
    let asked = match Arguments::parse().command {
        Command::Run(asked) => run::run(asked),
        Command::List(asked) => list::list(&asked),
        Command::Replay(asked) => replay::replay(&asked),
    };
    match asked {
        Ok(code) => ExitCode::from(code),
        Err(why) => {
            eprintln!("conformance: {why}");
            ExitCode::from(USAGE)
        }
    }
}
