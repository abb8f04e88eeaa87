//! A cluster in memory, without HTTP: pods as JSON objects, and everything that happens to them.
//!
//! ```text
//! name, clock, object → status → store → selector → options → page → watch ┐
//!                                          patch → managed → pod ← ─ ─ ─ ─ ┘
//!                       log → container → kubelet → channel, echo, table
//! ```
//! Each room is a part of what the servers of the two large APIs share. What a path, a header or a query parameter looks
//! like is the business of those servers; a refusal is always a [`Status`](status::Status).

pub mod clock;
pub mod name;
pub mod object;
pub mod status;

pub mod store;

pub mod selector;

pub mod options;

pub mod page;

pub mod watch;

pub mod patch;

pub mod managed;

pub mod pod;

pub mod log;

pub mod container;

pub mod kubelet;

pub mod channel;
pub mod echo;
pub mod table;
