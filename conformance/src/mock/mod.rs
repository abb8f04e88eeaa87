//! Servers for tests: of clients, and of the checker itself.
//!
//! Deliberately absent: judgement, and any part in a run against a real server.

mod script;

pub use script::{Act, ScriptServer};
