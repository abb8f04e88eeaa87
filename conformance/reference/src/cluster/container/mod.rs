//! Running containers: their processes, what they write, and who is connected to them.
//!
//! A container is a process of this server or, without a command, something that waits to be stopped. Logs, attached
//! clients and processes beside the main one are here; which pod a container belongs to is not known.

mod connection;
mod run;

pub use self::{
    connection::{Connection, End, Input, Output},
    run::{Run, RunConfig},
};
