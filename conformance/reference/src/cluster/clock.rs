//! The time of day, driven by tokio's clock, so that a test that pauses it also decides what a timestamp says.

use std::time::Duration;

use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use tokio::time::Instant;

/// A time of day that goes on with tokio's clock. Copies tell the same time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: OffsetDateTime,
    started: Instant,
}

impl Clock {
    /// A clock that shows this time now.
    #[must_use]
    pub fn starting_at(wall: OffsetDateTime) -> Self {
        Self { wall, started: Instant::now() }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.wall + self.started.elapsed()
    }
}

impl Default for Clock {
    /// The host's time.
    fn default() -> Self {
        Self::starting_at(OffsetDateTime::now_utc())
    }
}

/// A time in whole seconds, as `2026-11-21T04:41:45Z` (RFC 3339).
#[must_use]
pub fn seconds(time: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    time.to_offset(time::UtcOffset::UTC).format(&form).unwrap_or_default()
}

/// A time with exactly nine fraction digits (RFC 3339), as in front of the lines of a log.
#[must_use]
pub fn nanoseconds(time: OffsetDateTime) -> String {
    let form =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:9]Z");
    time.to_offset(time::UtcOffset::UTC).format(&form).unwrap_or_default()
}

/// The time that a text says (RFC 3339).
#[must_use]
pub fn parse(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

/// So many seconds after a time, which may be negative; the time itself where the calendar ends.
#[must_use]
pub fn after(time: OffsetDateTime, seconds: i64) -> OffsetDateTime {
    let span = Duration::from_secs(seconds.unsigned_abs());
    let moved = time::Duration::try_from(span)
        .ok()
        .and_then(|span| if seconds < 0 { time.checked_sub(span) } else { time.checked_add(span) });
    moved.unwrap_or(time)
}
