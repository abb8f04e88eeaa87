//! A terminal between a client and a process: a line discipline, a window size, an interrupt.
//!
//! [`Discipline`] is a pure state machine over bytes; [`open`] wires it to pipes. No device of the host is used, and of
//! the many modes of a real terminal only the canonical one is here, with or without echo.

mod discipline;
mod terminal;

pub use self::{
    discipline::{Discipline, LINE_LIMIT, Step},
    terminal::{Master, Slave, Terminal, WindowSize, open},
};
