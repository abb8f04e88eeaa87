//! The chapter `watch`: whether the events of a watch, as plain data, are what the document says of them.
//!
//! Opens no watch itself. What comes late is inconclusive, never a failure.

mod event;
mod story;
mod stream;

pub use event::{Event, Kind, inner};
pub use story::{begins, replayed, selected, told_of};
pub use stream::{Began, bookmarks, expired, head, stream, timeout};
