//! Starting sessions and reading what they say. No test waits for real time: tokio's clock is paused.

use std::{num::NonZeroUsize, time::Duration};

use bytes::Bytes;
use futures_util::StreamExt;
use reference::{
    exec::{ExecConfig, ExecRegistry, Output, Session, SessionOutput, Streams},
    process::{ExitCode, Program},
};

/// Everything attached, no terminal.
pub(crate) const PIPES: Streams =
    Streams { terminal: false, stdin: true, stdout: true, stderr: true };

/// Everything attached to a terminal.
pub(crate) const TERMINAL: Streams = Streams { terminal: true, ..PIPES };

/// How long a test is patient, on the paused clock.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// All that a process said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) terminal: Vec<u8>,
    pub(crate) code: Option<ExitCode>,
}

impl Said {
    fn take(&mut self, output: &Output) {
        let bytes = output.bytes();
        assert!(!bytes.is_empty() && bytes.len() <= 32 * 1024, "{}", bytes.len());
        match output {
            Output::Stdout(_) => &mut self.stdout,
            Output::Stderr(_) => &mut self.stderr,
            Output::Terminal(_) => &mut self.terminal,
        }
        .extend_from_slice(bytes);
    }
}

pub(crate) fn config(words: &[&str], streams: Streams) -> ExecConfig {
    let words = words.iter().map(ToString::to_string).collect();
    ExecConfig { program: Program::new(words).unwrap(), streams }
}

pub(crate) fn registry(limit: usize) -> ExecRegistry {
    ExecRegistry::new(NonZeroUsize::new(limit).unwrap())
}

pub(crate) fn started(words: &[&str], streams: Streams) -> Session {
    let registry = ExecRegistry::default();
    let id = registry.create(config(words, streams)).unwrap();
    registry.start(id.as_str()).unwrap()
}

/// Reads to the end.
pub(crate) async fn rest(mut output: SessionOutput) -> Said {
    let mut said = Said::default();
    while let Some(event) = next(&mut output).await {
        said.take(&event);
    }
    said.code = output.exit_code();
    said
}

/// The next event, which must come in time.
pub(crate) async fn next(output: &mut SessionOutput) -> Option<Output> {
    tokio::time::timeout(PATIENCE, output.next()).await.expect("the session hangs")
}

/// Reads until the bytes of all streams together end so.
pub(crate) async fn until(output: &mut SessionOutput, end: &str) -> String {
    let mut seen = Vec::new();
    while !seen.ends_with(end.as_bytes()) {
        let text = String::from_utf8_lossy(&seen).into_owned();
        let event = next(output).await.unwrap_or_else(|| panic!("ended after {text:?}"));
        seen.extend_from_slice(event.bytes());
    }
    String::from_utf8(seen).unwrap()
}

/// Runs a command with this on its standard input, to its end.
pub(crate) async fn run_with(words: &[&str], stdin: &[u8]) -> Said {
    let Session { mut input, output } = started(words, PIPES);
    let stdin = Bytes::copy_from_slice(stdin);
    let feeding = async {
        input.send(stdin).await;
        input.close().await;
    };
    tokio::join!(feeding, rest(output)).1
}

/// Runs a command without input, to its end: output, errors, exit code.
pub(crate) async fn run(words: &[&str]) -> (String, String, u8) {
    let said = run_with(words, b"").await;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(said.stdout), text(said.stderr), said.code.unwrap().get())
}
