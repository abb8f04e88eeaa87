//! The reference server: a stateful, honest implementation of the shipped APIs.
//!
//! ```text
//! pipe -> tty -> process -> exec
//! ```
//! This half depends on no generated code: a process runs inside the server over bounded pipes in memory, and nothing of
//! the host (process, file, environment) is ever touched.

pub mod pipe;
pub mod tty;

pub mod process;

pub mod exec;
