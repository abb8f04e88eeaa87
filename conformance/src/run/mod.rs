//! Schedules what is sent: one seed, every chapter in its order, shrinking, cleaning up.
//!
//! Judges nothing: chapters ask `judge`, and what it says is recorded here.

mod provide;
mod record;
mod session;
mod settings;

pub use record::{Cell, Finding, Record, Verdict};
pub use session::{Exchange, Session};
pub use settings::{Settings, Writes};
