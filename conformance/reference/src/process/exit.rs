//! The exit code of a process, and the codes that have a meaning of their own.

use std::fmt;

/// How a process ended: 0 is success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitCode(u8);

impl ExitCode {
    /// 0.
    pub const SUCCESS: Self = Self(0);
    /// 1: the command ran and failed.
    pub const FAILURE: Self = Self(1);
    /// 2: the command or script was written wrongly.
    pub const USAGE: Self = Self(2);
    /// 127: there is no such command (POSIX.1-2024, 2.8.2).
    pub const NOT_FOUND: Self = Self(127);
    /// 130: ended by ^C (128 + SIGINT).
    pub const INTERRUPTED: Self = Self(130);
    /// 137: killed (128 + SIGKILL), which is also what becomes of a process whose client went away.
    pub const KILLED: Self = Self(137);
    /// 141: wrote into a pipe that nobody reads (128 + SIGPIPE).
    pub const BROKEN_PIPE: Self = Self(141);

    /// An exit code by its number.
    #[must_use]
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Whether this is 0.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == 0
    }

    /// Success for failure and the other way round, as `!` does in a script.
    pub(super) const fn negated(self) -> Self {
        if self.is_success() { Self::FAILURE } else { Self::SUCCESS }
    }
}

impl fmt::Display for ExitCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
