//! The wiring of a terminal: a master for the client, a slave for the process, and what both share.
//!
//! All rules about bytes are in the discipline; here they only move. Input waits for a process that reads slowly, so
//! nothing that was typed is lost and nothing piles up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use super::discipline::{Discipline, Step};
use crate::pipe::{BrokenPipe, Reader, WeakWriter, Writer, pipe};

/// How many bytes of input are turned into steps at a time.
const INPUT_SLICE: usize = 4096;

/// Opens a terminal whose output (echo included) goes to `output`.
#[must_use]
pub fn open(size: WindowSize, output: Writer) -> (Master, Slave) {
    let terminal = Terminal(Arc::new(Shared {
        state: Mutex::new(State { discipline: Discipline::default(), size }),
        interrupt: Notify::new(),
    }));
    let (input, stdin) = pipe();
    let master = Master { terminal: terminal.clone(), input, echo: output.downgrade() };
    (master, Slave { terminal, stdin, output: output.with_filter(Discipline::output) })
}

/// The size of a terminal's window in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSize {
    /// Lines, the `h` of a resize.
    pub rows: u16,
    /// Characters in a line, the `w` of a resize.
    pub columns: u16,
}

impl Default for WindowSize {
    /// 24 lines of 80 characters.
    fn default() -> Self {
        Self { rows: 24, columns: 80 }
    }
}

/// What master and slave share: settings, window size, the interrupt. Clones are the same terminal.
#[derive(Clone, Debug)]
pub struct Terminal(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    interrupt: Notify,
}

#[derive(Debug)]
struct State {
    discipline: Discipline,
    size: WindowSize,
}

impl Terminal {
    /// The window size now.
    #[must_use]
    pub fn size(&self) -> WindowSize {
        self.state().size
    }

    /// Sets the window size; the process sees it the next time it looks.
    pub fn resize(&self, size: WindowSize) {
        self.state().size = size;
    }

    /// Whether input is echoed from now on.
    pub fn set_echo(&self, echo: bool) {
        self.state().discipline.set_echo(echo);
    }

    /// Waits for the next ^C. One that came while nobody waited is remembered, once.
    pub async fn interrupted(&self) {
        self.0.interrupt.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement, so a panic elsewhere cannot have broken it.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The client's side. Dropping it ends the process's input.
#[derive(Debug)]
pub struct Master {
    terminal: Terminal,
    input: Writer,
    /// Weak, because the output ends with the process, not with the client's input.
    echo: WeakWriter,
}

impl Master {
    /// Takes bytes that the client typed, waiting while the process or the client does not keep up.
    ///
    /// # Errors
    /// [`BrokenPipe`] when no process reads from the terminal any more.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), BrokenPipe> {
        for slice in bytes.chunks(INPUT_SLICE) {
            let steps = self.terminal.state().discipline.input(slice);
            self.apply(steps).await?;
        }
        Ok(())
    }

    /// The client will type nothing more: the process reads what is left, then finds the end of the file.
    pub async fn hang_up(self) {
        let steps = self.terminal.state().discipline.hang_up();
        // When nobody reads any more there is nothing left to tell.
        let _ = self.apply(steps).await;
    }

    async fn apply(&self, steps: Vec<Step>) -> Result<(), BrokenPipe> {
        for step in steps {
            match step {
                Step::Echo(bytes) => self.echo(bytes).await,
                Step::Deliver(bytes) => self.input.write(bytes).await?,
                Step::EndOfFile => self.input.end_of_file().await?,
                Step::Interrupt => self.terminal.0.interrupt.notify_one(),
            }
        }
        Ok(())
    }

    async fn echo(&self, bytes: Vec<u8>) {
        if let Some(echo) = self.echo.upgrade() {
            // An echo that nobody can see is not an error of the one who types.
            let _ = echo.write(Bytes::from(bytes)).await;
        }
    }
}

/// The process's side.
#[derive(Debug)]
pub struct Slave {
    /// The terminal itself, for its size and its interrupt.
    pub terminal: Terminal,
    /// The lines that were typed.
    pub stdin: Reader,
    /// Standard output and standard error; newlines become CR LF on the way.
    pub output: Writer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_reach_the_process_and_an_echo_comes_back() {
        let (output, mut client) = pipe();
        let (mut master, mut slave) = open(WindowSize::default(), output);
        master.send(b"hi\rrest").await.unwrap();
        assert_eq!(slave.stdin.read().await.as_deref(), Some(&b"hi\n"[..]));
        slave.output.write(Bytes::from_static(b"out\n")).await.unwrap();
        master.hang_up().await;
        assert_eq!(slave.stdin.read().await.as_deref(), Some(&b"rest"[..]));
        assert_eq!(slave.stdin.read().await, None);
        drop(slave);
        let mut seen = Vec::new();
        while let Some(bytes) = client.read().await {
            seen.extend_from_slice(&bytes);
        }
        assert_eq!(seen, b"hi\r\nrestout\r\n");
    }

    #[tokio::test]
    async fn an_interrupt_is_remembered_and_eof_is_passed_on() {
        let (mut master, mut slave) = open(WindowSize::default(), Writer::discard());
        master.send(b"\x03\x04after\n").await.unwrap();
        slave.terminal.interrupted().await;
        assert_eq!(slave.stdin.read().await, None);
        assert_eq!(slave.stdin.read().await.as_deref(), Some(&b"after\n"[..]));
    }

    #[tokio::test]
    async fn the_output_ends_with_the_process_and_typing_on_is_refused() {
        let (output, mut client) = pipe();
        let (mut master, slave) = open(WindowSize::default(), output);
        drop(slave);
        assert_eq!(client.read().await, None);
        assert_eq!(master.send(b"x\n").await, Err(BrokenPipe));
    }

    #[test]
    fn both_sides_see_one_size() {
        let (master, slave) = open(WindowSize::default(), Writer::discard());
        master.terminal.resize(WindowSize { rows: 11, columns: 37 });
        assert_eq!(slave.terminal.size(), WindowSize { rows: 11, columns: 37 });
    }
}
