//! The cluster without HTTP, one module per room.

mod channel;
mod kubelet;
mod log;
mod managed;
mod page;
mod patch;
mod pods;
mod selector;
mod status;
mod store;
mod tools;
mod watch;
