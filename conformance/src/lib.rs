//! Checks any HTTP server against its OpenAPI document.
//!
//! ```text
//! rule → frame → workflow → strategy → probe → transcript → wire → judge → run → ledger → report → cli
//! ```
//!
//! `wire` is the only room with sockets; `judge` is pure and reads transcripts.

pub mod call;
pub mod cli;
pub mod frame;
pub mod judge;
#[cfg(feature = "mock")]
pub mod mock;
pub mod probe;
pub mod report;
pub mod rule;
pub mod run;
pub mod strategy;
pub mod transcript;
pub mod verdict;
pub mod wire;
pub mod workflow;
