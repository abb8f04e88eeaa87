//! Exec sessions without HTTP: a command is registered, started once, and talks to one client.
//!
//! How a stream is framed, what a refusal looks like and when a connection is taken over belong to the server;
//! here is what they carry.

mod id;
mod registry;
mod session;

pub use self::{
    id::ExecId,
    registry::{ExecRegistry, Inspection, Phase, RegistryFull, ResizeError, StartError},
    session::{Output, Session, SessionInput, SessionOutput},
};
use crate::process::Program;

/// What to run and what to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecConfig {
    /// The command line.
    pub program: Program,
    /// What the client is connected to.
    pub streams: Streams,
}

/// Which streams of the process the client is connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    /// Whether the process runs on a terminal. Its output is then one raw stream, which `stdout` switches.
    pub terminal: bool,
    /// Whether the client's bytes reach the process; otherwise it finds the end of its input at once.
    pub stdin: bool,
    /// Whether the client sees standard output.
    pub stdout: bool,
    /// Whether the client sees standard error. On a terminal it is part of standard output.
    pub stderr: bool,
}
