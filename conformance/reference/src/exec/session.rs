//! One client and one process: bytes in, events out, and an end.
//!
//! The session knows its process; whoever drops the output ends the process. Frames are made elsewhere.

use std::{
    io,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{ExecConfig, Streams};
use crate::{
    pipe::{Reader, Writer, pipe},
    process::{ExitCode, Killer, Process, Stdio},
    tty::{self, Master, Terminal, WindowSize},
};

/// How many bytes of a client are read at a time.
const READ_SIZE: usize = 16 * 1024;

/// Bytes from the process, at most [`MAX_CHUNK`](crate::pipe::MAX_CHUNK) and at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Written to standard output.
    Stdout(Bytes),
    /// Written to standard error.
    Stderr(Bytes),
    /// Written to the terminal by the process or its echo, to be sent as it is.
    Terminal(Bytes),
}

impl Output {
    /// The bytes, wherever they were written.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        match self {
            Self::Stdout(bytes) | Self::Stderr(bytes) | Self::Terminal(bytes) => bytes,
        }
    }
}

/// A started process and its client's two directions.
#[derive(Debug)]
pub struct Session {
    /// From the client to the process.
    pub input: SessionInput,
    /// From the process to the client.
    pub output: SessionOutput,
}

/// Starts the process of an exec object. `on_exit` hears of its end before the output ends.
pub(super) fn start(
    config: ExecConfig,
    on_exit: impl FnOnce(ExitCode) + Send + 'static,
) -> (Session, Handles) {
    let Wiring { target, events, stdio } = if config.streams.terminal {
        on_terminal(config.streams)
    } else {
        on_pipes(config.streams)
    };
    let terminal = stdio.terminal.clone();
    let process = Process::spawn_then(config.program, stdio, on_exit);
    let handles = Handles { terminal, killer: process.killer() };
    let output = SessionOutput { events, process, code: None };
    (Session { input: SessionInput { target }, output }, handles)
}

/// What the registry keeps of a running process.
#[derive(Debug)]
pub(super) struct Handles {
    pub(super) terminal: Option<Terminal>,
    pub(super) killer: Killer,
}

/// What stands between a client and a process.
struct Wiring {
    target: Target,
    events: BoxStream<'static, Output>,
    stdio: Stdio,
}

fn on_pipes(streams: Streams) -> Wiring {
    let (stdin_writer, stdin) = pipe();
    let (stdout, stdout_reader) = attached(streams.stdout);
    let (stderr, stderr_reader) = attached(streams.stderr);
    // When stdin is not attached, its writer is dropped here, and the process finds the end of its input.
    let target = if streams.stdin { Target::Pipe(stdin_writer) } else { Target::Drained };
    let events =
        stream::select(stdout_reader.map(Output::Stdout), stderr_reader.map(Output::Stderr))
            .boxed();
    Wiring { target, events, stdio: Stdio { stdin, stdout, stderr, terminal: None } }
}

fn on_terminal(streams: Streams) -> Wiring {
    let (output, reader) = attached(streams.stdout);
    let (master, slave) = tty::open(WindowSize::default(), output);
    let target = if streams.stdin { Target::Terminal(master) } else { Target::Drained };
    Wiring { target, events: reader.map(Output::Terminal).boxed(), stdio: slave.into() }
}

/// A pipe to the client, or nothing.
fn attached(attach: bool) -> (Writer, Reader) {
    if attach { pipe() } else { (Writer::discard(), Reader::empty()) }
}

/// From the client to the process. Dropping it closes the process's input.
#[derive(Debug)]
pub struct SessionInput {
    target: Target,
}

/// Where the client's bytes go.
#[derive(Debug)]
enum Target {
    Pipe(Writer),
    Terminal(Master),
    /// Nowhere: stdin is not attached, or nobody reads it any more.
    Drained,
}

impl SessionInput {
    /// Passes bytes on, waiting while the process does not keep up. What no process can read is drained.
    pub async fn send(&mut self, bytes: Bytes) {
        let sent = match &mut self.target {
            Target::Pipe(writer) => writer.write(bytes).await,
            Target::Terminal(master) => master.send(&bytes).await,
            Target::Drained => return,
        };
        if sent.is_err() {
            self.target = Target::Drained;
        }
    }

    /// The client will send nothing more: the process reads what is left, then finds the end of its input.
    pub async fn close(self) {
        if let Target::Terminal(master) = self.target {
            master.hang_up().await;
        }
    }

    /// Passes on everything that `client` sends, then closes.
    ///
    /// # Errors
    /// What reading from the client gives.
    pub async fn forward(mut self, client: impl AsyncRead) -> io::Result<()> {
        let mut client = pin!(client);
        let mut buffer = BytesMut::new();
        loop {
            buffer.reserve(READ_SIZE);
            if client.read_buf(&mut buffer).await? == 0 {
                break;
            }
            self.send(buffer.split().freeze()).await;
        }
        self.close().await;
        Ok(())
    }
}

/// From the process to the client: a stream of events that ends when the process has ended and everything was read.
/// Dropping it kills the process.
pub struct SessionOutput {
    events: BoxStream<'static, Output>,
    process: Process,
    code: Option<ExitCode>,
}

impl std::fmt::Debug for SessionOutput {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SessionOutput")
            .field("process", &self.process)
            .finish_non_exhaustive()
    }
}

impl SessionOutput {
    /// How the process ended; known once the stream has ended.
    #[must_use]
    pub fn exit_code(&self) -> Option<ExitCode> {
        self.code
    }
}

impl Stream for SessionOutput {
    type Item = Output;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Output>> {
        if self.code.is_some() {
            return Poll::Ready(None);
        }
        if let Some(event) = ready!(self.events.poll_next_unpin(context)) {
            return Poll::Ready(Some(event));
        }
        let code = ready!(Pin::new(&mut self.process).poll(context));
        self.code = Some(code);
        Poll::Ready(None)
    }
}

impl Session {
    /// Serves both directions over a connection until the process has ended: everything `client` sends goes in, every
    /// event goes to `sink` as `encode` writes it. The sink is shut down at the end.
    ///
    /// # Errors
    /// What the connection or the encoder gives; the process is killed then.
    pub async fn serve(
        self,
        client: impl AsyncRead,
        sink: impl AsyncWrite,
        encode: impl FnMut(Output) -> io::Result<Bytes>,
    ) -> io::Result<ExitCode> {
        let mut input = pin!(self.input.forward(client));
        let mut output = pin!(deliver(self.output, sink, encode));
        tokio::select! {
            code = &mut output => return code,
            forwarded = &mut input => forwarded?,
        }
        output.await
    }
}

async fn deliver(
    mut output: SessionOutput,
    sink: impl AsyncWrite,
    mut encode: impl FnMut(Output) -> io::Result<Bytes>,
) -> io::Result<ExitCode> {
    let mut sink = pin!(sink);
    while let Some(event) = output.next().await {
        sink.write_all(&encode(event)?).await?;
        sink.flush().await?;
    }
    sink.shutdown().await?;
    Ok(output.exit_code().unwrap_or(ExitCode::KILLED))
}
