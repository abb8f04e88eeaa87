//! Processes that run inside the server: a small set of commands and a shell over pipes in memory.
//!
//! Nothing of the host is used: no process is started, no file, variable or directory exists here. What a script asks
//! beyond that (loops, variables, files) is refused with a text on standard error, never guessed.

mod command;
mod escape;
mod exit;
mod format;
mod program;
mod script;
mod shell;
mod token;

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::task::AbortHandle;
use tokio_util::task::AbortOnDropHandle;

pub use self::{
    exit::ExitCode,
    program::{ARGUMENT_LIMIT, Program, ProgramError},
};
use crate::{
    pipe::{Reader, Writer},
    tty::{Slave, Terminal},
};

/// Where a process reads and writes.
#[derive(Debug)]
pub struct Stdio {
    /// Standard input.
    pub stdin: Reader,
    /// Standard output.
    pub stdout: Writer,
    /// Standard error.
    pub stderr: Writer,
    /// The terminal behind standard input, if there is one.
    pub terminal: Option<Terminal>,
}

impl From<Slave> for Stdio {
    /// All three streams on one terminal.
    fn from(slave: Slave) -> Self {
        Self {
            stdin: slave.stdin,
            stdout: slave.output.clone(),
            stderr: slave.output,
            terminal: Some(slave.terminal),
        }
    }
}

/// A running process. Awaiting it gives its exit code; dropping it kills it.
#[derive(Debug)]
pub struct Process {
    task: AbortOnDropHandle<ExitCode>,
}

impl Process {
    /// Starts a program on the current tokio runtime.
    #[must_use]
    pub fn spawn(program: Program, stdio: Stdio) -> Self {
        Self::spawn_then(program, stdio, |_| ())
    }

    /// As [`Process::spawn`], and calls `on_exit` once when the process has ended, also when it was killed
    /// ([`ExitCode::KILLED`]), before awaiting the process gives its exit code.
    #[must_use]
    pub fn spawn_then(
        program: Program,
        stdio: Stdio,
        on_exit: impl FnOnce(ExitCode) + Send + 'static,
    ) -> Self {
        // Made outside of the task, so that a task which is dropped before its first step reports as well.
        let mut end = End { code: ExitCode::KILLED, on_exit: Some(on_exit) };
        let task = tokio::spawn(async move { end.reached(run(program, stdio).await) });
        Self { task: AbortOnDropHandle::new(task) }
    }

    /// What ends the process from elsewhere.
    #[must_use]
    pub fn killer(&self) -> Killer {
        Killer(self.task.abort_handle())
    }
}

/// Ends a process that somebody else awaits. Clones end the same process.
#[derive(Clone, Debug)]
pub struct Killer(AbortHandle);

impl Killer {
    /// Ends the process as SIGKILL does: awaiting it gives [`ExitCode::KILLED`], unless it had ended before.
    pub fn kill(&self) {
        self.0.abort();
    }
}

impl Future for Process {
    type Output = ExitCode;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<ExitCode> {
        let ended = ready!(Pin::new(&mut self.task).poll(context));
        Poll::Ready(ended.unwrap_or(ExitCode::KILLED))
    }
}

/// Reports the end of a process, however it comes.
struct End<F: FnOnce(ExitCode)> {
    code: ExitCode,
    on_exit: Option<F>,
}

impl<F: FnOnce(ExitCode)> End<F> {
    fn reached(&mut self, code: ExitCode) -> ExitCode {
        self.code = code;
        code
    }
}

impl<F: FnOnce(ExitCode)> Drop for End<F> {
    fn drop(&mut self) {
        if let Some(on_exit) = self.on_exit.take() {
            on_exit(self.code);
        }
    }
}

/// Runs the program in the foreground of its terminal: ^C ends it, unless it is a shell that sees to that itself.
async fn run(program: Program, stdio: Stdio) -> ExitCode {
    let terminal = stdio.terminal.clone().filter(|_| !program.is_interactive());
    let work = command::run(command::Surroundings::new(stdio), program.into_arguments());
    match terminal {
        None => work.await,
        Some(terminal) => tokio::select! {
            biased;
            () = terminal.interrupted() => ExitCode::INTERRUPTED,
            code = work => code,
        },
    }
}
