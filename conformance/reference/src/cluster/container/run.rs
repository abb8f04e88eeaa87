//! One run of a container, from its start to its end.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::{
    sync::{Mutex, broadcast, watch},
    time::sleep,
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::connection::{Connection, ContainerInput, Input, Output, Target};
use crate::{
    cluster::{
        clock::Clock,
        log::{Log, Source},
        object,
    },
    exec::{Output as Chunk, Streams},
    pipe::{Reader, pipe},
    process::{ExitCode, Process, Program, Stdio},
    tty::{self, Terminal, WindowSize},
};

/// How many chunks a client may be behind before it misses some.
const BEHIND: usize = 64;

/// How a container ends whose command does not exist.
const START_ERROR: u8 = 128;

/// The longest that a container sleeps: a day. A command beside it sleeps far less.
const LONGEST_SLEEP: Duration = Duration::from_secs(24 * 3600);

/// What a container runs, as its spec says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunConfig {
    /// The command and its arguments; empty when the image decides.
    pub command: Vec<String>,
    /// Whether there is a terminal.
    pub terminal: bool,
    /// Whether clients can write to it.
    pub stdin: bool,
    /// Whether the first client that goes ends its input.
    pub stdin_once: bool,
}

impl RunConfig {
    /// Reads what a container of a spec runs.
    #[must_use]
    pub fn read(container: &Value) -> Self {
        let words =
            ["/command", "/args"].into_iter().flat_map(|list| object::list(container, list));
        Self {
            command: words.map(|word| word.as_str().unwrap_or_default().to_owned()).collect(),
            terminal: object::flag(container, "/tty"),
            stdin: object::flag(container, "/stdin"),
            stdin_once: object::flag(container, "/stdinOnce"),
        }
    }

    /// How long it does nothing and then ends well, if that is all it does.
    fn idles(&self) -> Option<Duration> {
        let words: Vec<&str> = self.command.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] => Some(Duration::MAX),
            ["sleep" | "/bin/sleep", "infinity" | "inf"] => Some(LONGEST_SLEEP),
            ["sleep" | "/bin/sleep", time] => {
                let seconds: f64 = time.strip_suffix('s').unwrap_or(time).parse().ok()?;
                Some(Duration::try_from_secs_f64(seconds).ok()?.min(LONGEST_SLEEP))
            }
            _ => None,
        }
    }
}

/// One run of a container. Clones are the same run; it is killed with the last of them.
#[derive(Clone, Debug)]
pub struct Run {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    log: Log,
    /// Open until the process has ended and everything was read.
    output: broadcast::WeakSender<Chunk>,
    input: Arc<Mutex<Option<Target>>>,
    stdin_once: bool,
    terminal: Option<Terminal>,
    has_terminal: bool,
    stop: CancellationToken,
    end: watch::Receiver<Option<ExitCode>>,
    _task: AbortOnDropHandle<()>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Nobody is left to wait for its end, but its log may still be followed.
        self.log.end();
    }
}

/// What a process is connected to.
struct Wiring {
    stdio: Stdio,
    outputs: Vec<(Source, bool, Reader)>,
    target: Option<Target>,
}

impl Run {
    /// Starts a container on the current tokio runtime.
    #[must_use]
    pub fn start(config: &RunConfig, clock: Clock) -> Self {
        let log = Log::new(clock);
        let (sender, _) = broadcast::channel(BEHIND);
        let output = sender.downgrade();
        let stop = CancellationToken::new();
        let (done, end) = watch::channel(None);
        let wiring = wire(config);
        let terminal = wiring.stdio.terminal.clone();
        let input = Arc::new(Mutex::new(wiring.target));
        let work = supervise(
            config.clone(),
            wiring.stdio,
            wiring.outputs,
            log.clone(),
            sender,
            stop.clone(),
        );
        let task = tokio::spawn(async move {
            let code = work.await;
            done.send_replace(Some(code));
        });
        let shared = Shared {
            log,
            output,
            input,
            stdin_once: config.stdin_once,
            has_terminal: config.terminal,
            terminal,
            stop,
            end,
            _task: AbortOnDropHandle::new(task),
        };
        Self { shared: Arc::new(shared) }
    }

    /// What it wrote.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.shared.log
    }

    /// Whether it still runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.shared.end.borrow().is_none()
    }

    /// Waits for its end.
    pub async fn ended(&self) -> ExitCode {
        let mut end = self.shared.end.clone();
        let code = end.wait_for(Option::is_some).await.ok().and_then(|code| *code);
        code.unwrap_or(ExitCode::KILLED)
    }

    /// Ends it.
    pub fn kill(&self) {
        self.shared.stop.cancel();
    }

    /// Connects a client to it: what it writes from now on, and its input.
    #[must_use]
    pub fn attach(&self, streams: Streams) -> Connection {
        let receiver = self.shared.output.upgrade().map(|sender| sender.subscribe());
        let input = if streams.stdin {
            let target = Arc::clone(&self.shared.input);
            Input::Container(ContainerInput { target, once: self.shared.stdin_once })
        } else {
            Input::Nothing
        };
        let live = stream::unfold(receiver, |receiver| async move {
            let mut receiver = receiver?;
            loop {
                match receiver.recv().await {
                    Ok(chunk) => return Some((chunk, Some(receiver))),
                    // A client that was too slow goes on with what is there.
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        });
        let wanted = live.filter(move |chunk| {
            let wanted = match chunk {
                Chunk::Stdout(_) | Chunk::Terminal(_) => streams.stdout,
                Chunk::Stderr(_) => streams.stderr,
            };
            async move { wanted }
        });
        let terminal = self.shared.terminal.clone().filter(|_| self.shared.has_terminal);
        let resize = move |size: WindowSize| {
            if let Some(terminal) = &terminal {
                terminal.resize(size);
            }
        };
        Connection::new(input, Output::Container(wanted.boxed()), resize)
    }
}

/// Wires a process to pipes or to a terminal.
fn wire(config: &RunConfig) -> Wiring {
    let (output, reader) = pipe();
    if config.terminal {
        let (master, slave) = tty::open(WindowSize::default(), output);
        let target = config.stdin.then_some(Target::Terminal(master));
        return Wiring {
            stdio: slave.into(),
            outputs: vec![(Source::Stdout, true, reader)],
            target,
        };
    }
    let (stderr, stderr_reader) = pipe();
    let (writer, stdin) = pipe();
    let target = config.stdin.then_some(Target::Pipe(writer));
    let outputs = vec![(Source::Stdout, false, reader), (Source::Stderr, false, stderr_reader)];
    Wiring { stdio: Stdio { stdin, stdout: output, stderr, terminal: None }, outputs, target }
}

/// Runs a program to its end, or waits to be stopped when there is none.
async fn supervise(
    config: RunConfig,
    stdio: Stdio,
    outputs: Vec<(Source, bool, Reader)>,
    log: Log,
    sender: broadcast::Sender<Chunk>,
    stop: CancellationToken,
) -> ExitCode {
    let program = Program::new(config.command.clone()).ok().filter(Program::is_found);
    let code = match (config.idles(), program) {
        (Some(Duration::MAX), _) => {
            stop.cancelled().await;
            ExitCode::KILLED
        }
        (Some(time), _) => tokio::select! {
            () = sleep(time) => ExitCode::SUCCESS,
            () = stop.cancelled() => ExitCode::KILLED,
        },
        (None, None) => ExitCode::new(START_ERROR),
        (None, Some(program)) => {
            let process = Process::spawn(program, stdio);
            let killer = process.killer();
            let reading = outputs.into_iter().map(|(source, terminal, reader)| {
                carry(reader, source, terminal, log.clone(), sender.clone())
            });
            let reading = futures_util::future::join_all(reading);
            let killing = async {
                stop.cancelled().await;
                killer.kill();
                std::future::pending::<()>().await;
            };
            let (code, _) = tokio::select! {
                done = futures_util::future::join(process, reading) => done,
                () = killing => (ExitCode::KILLED, Vec::new()),
            };
            code
        }
    };
    log.end();
    code
}

/// Carries what a process writes into its log and to its clients.
async fn carry(
    mut reader: Reader,
    source: Source,
    terminal: bool,
    log: Log,
    sender: broadcast::Sender<Chunk>,
) {
    while let Some(bytes) = reader.read().await {
        log.write(source, &bytes);
        let chunk = match source {
            Source::Stdout if terminal => Chunk::Terminal(bytes),
            Source::Stdout => Chunk::Stdout(bytes),
            Source::Stderr => Chunk::Stderr(bytes),
        };
        // Nobody listening is no failure.
        let _ = sender.send(chunk);
    }
}
