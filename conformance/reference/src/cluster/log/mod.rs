//! Logs of containers: what they wrote, line by line with the time of each, and every way to read it.
//!
//! A log is bounded and forgets its oldest lines. Which container's log is meant follows from the pod alone; who writes
//! into a log is not known here.

mod options;
mod record;
mod target;

pub use self::{
    options::{LogOptions, LogQuery},
    record::{Log, Reading, Source},
    target::{Target, container_of, target},
};
