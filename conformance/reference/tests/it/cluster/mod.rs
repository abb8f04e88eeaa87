//! The cluster without HTTP, one module per room.

mod page;
mod selector;
mod status;
mod store;
mod tools;
mod watch;
