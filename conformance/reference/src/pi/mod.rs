//! hyper.sh Pi: pods that are created, listed, read and deleted, and processes in their containers.

mod handler;
mod name;
mod process;
mod selector;
mod store;
mod stream;

pub(crate) use handler::router;
pub use name::{InvalidName, PodName};
pub use selector::{Malformed, Selector};
pub use store::{CreateError, Store};
