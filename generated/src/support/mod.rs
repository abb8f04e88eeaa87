//! What emitted code rests on and no document decides: decoding with the place of every fault,
//! encoding, bounds, and the few types that JSON lacks.
//!
//! These files are copied into the output as they stand; they know nothing outside this folder.

mod arena;
pub mod check;
pub mod decode;
pub mod encode;
mod fault;
mod field;
mod macros;
mod object;
mod pattern;
mod scalar;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod stream;
mod tree;
mod union;

pub use field::Field;
pub use pattern::Pattern;
pub use scalar::{Base64, Date, DateTime, Ipv4, Ipv6, Never, Uuid};
