//! Where a watch begins: a table of version and initial events.

use crate::cluster::{options::ListOptions, status::Status, store::Version};

/// Where a watch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// With everything that is there.
    State {
        /// Whether a bookmark marks the end of it.
        marked: bool,
    },
    /// With the changes from now on.
    Changes,
    /// With the changes after a version.
    After(Version),
}

impl Start {
    pub(super) fn read(options: &ListOptions) -> Result<Self, Status> {
        let version = match options.version() {
            "" => Version::ZERO,
            text => Version::parse(text).map_err(|bad| Status::unexplained(bad.to_string()))?,
        };
        Ok(match options.initial_events {
            Some(true) => Self::State { marked: true },
            None if version == Version::ZERO => Self::State { marked: false },
            Some(false) if version == Version::ZERO => Self::Changes,
            _ => Self::After(version),
        })
    }
}
