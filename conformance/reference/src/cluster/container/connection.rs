//! A client connected to a process: its input, its output, the size of its window, and how it ended.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use tokio::sync::Mutex;

use crate::{
    exec::{Output as Chunk, SessionInput, SessionOutput},
    pipe::Writer,
    process::ExitCode,
    tty::{Master, WindowSize},
};

/// A client's two directions, and what else it may do.
pub struct Connection {
    /// From the client.
    pub input: Input,
    /// To the client.
    pub output: Output,
    resize: Box<dyn Fn(WindowSize) + Send + Sync>,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The process ended.
    Exit(ExitCode),
    /// What the client was attached to ended; how is none of its business.
    Detached,
    /// The process could not be started, because of this.
    Failed(String),
}

/// Where a client's bytes go.
#[derive(Debug)]
pub enum Input {
    /// To a process of its own.
    Session(SessionInput),
    /// To the main process of a container.
    Container(ContainerInput),
    /// Nowhere.
    Nothing,
}

/// Where a client's output comes from.
pub enum Output {
    /// A process of its own; it is killed when this is dropped.
    Session(SessionOutput),
    /// The main process of a container.
    Container(BoxStream<'static, Chunk>),
    /// There is none, because of this.
    Failed(String),
}

/// The input of a container's main process, which clients share.
#[derive(Debug)]
pub struct ContainerInput {
    pub(super) target: Arc<Mutex<Option<Target>>>,
    /// Whether the end of this client is the end of the input.
    pub(super) once: bool,
}

/// What stands before a process's input.
#[derive(Debug)]
pub(super) enum Target {
    Pipe(Writer),
    Terminal(Master),
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").field("input", &self.input).finish_non_exhaustive()
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Session(_) => "Session",
            Self::Container(_) => "Container",
            Self::Failed(_) => "Failed",
        };
        formatter.write_str(kind)
    }
}

impl Connection {
    /// Both directions and what changes the size of the window.
    #[must_use]
    pub fn new(
        input: Input,
        output: Output,
        resize: impl Fn(WindowSize) + Send + Sync + 'static,
    ) -> Self {
        Self { input, output, resize: Box::new(resize) }
    }

    /// A connection to a process that could not be started.
    #[must_use]
    pub fn failed(why: impl Into<String>) -> Self {
        Self::new(Input::Nothing, Output::Failed(why.into()), |_| ())
    }

    /// The three parts, for those who run them side by side.
    pub fn split(self) -> (Input, Output, Box<dyn Fn(WindowSize) + Send + Sync>) {
        (self.input, self.output, self.resize)
    }
}

impl Input {
    /// Passes bytes on, waiting while the process does not keep up.
    pub async fn send(&mut self, bytes: Bytes) {
        match self {
            Self::Session(input) => input.send(bytes).await,
            Self::Container(input) => input.send(bytes).await,
            Self::Nothing => {}
        }
    }

    /// The client sends nothing more.
    pub async fn close(&mut self) {
        match std::mem::replace(self, Self::Nothing) {
            Self::Session(input) => input.close().await,
            Self::Container(input) => input.close().await,
            Self::Nothing => {}
        }
    }
}

impl ContainerInput {
    async fn send(&mut self, bytes: Bytes) {
        let mut target = self.target.lock().await;
        let sent = match &mut *target {
            Some(Target::Pipe(writer)) => writer.write(bytes).await,
            Some(Target::Terminal(master)) => master.send(&bytes).await,
            None => return,
        };
        if sent.is_err() {
            *target = None;
        }
    }

    async fn close(self) {
        if !self.once {
            return;
        }
        let target = self.target.lock().await.take();
        if let Some(Target::Terminal(master)) = target {
            master.hang_up().await;
        }
    }
}

impl Output {
    /// The next bytes; nothing at the end.
    pub async fn next(&mut self) -> Option<Chunk> {
        match self {
            Self::Session(output) => output.next().await,
            Self::Container(output) => output.next().await,
            Self::Failed(_) => None,
        }
    }

    /// How it ended; known once nothing more comes.
    #[must_use]
    pub fn end(&self) -> End {
        match self {
            Self::Session(output) => End::Exit(output.exit_code().unwrap_or(ExitCode::KILLED)),
            Self::Container(_) => End::Detached,
            Self::Failed(why) => End::Failed(why.clone()),
        }
    }
}
