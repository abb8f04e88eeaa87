//! Starting servers and programs. Whatever is started is bounded in time, and ends with its test.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader,
};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

/// How long a program may take that should take moments.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A server of its own, with a folder that is home to the programs that talk to it.
pub(crate) struct Server {
    folder: TempDir,
    address: String,
    _process: Child,
}

/// What came of a program.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A program that goes on.
pub(crate) struct Running {
    process: Child,
    pub(crate) stdin: Option<ChildStdin>,
    stdout: Box<dyn AsyncRead + Unpin + Send>,
    seen: String,
}

/// Says why a test did not try anything, past the capture of the harness.
pub(crate) fn skipped(why: &str) {
    let _ = std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes());
}

impl Server {
    /// Starts `reference` over TLS on a free port.
    pub(crate) async fn start(api: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_reference"))
            .args(["--api", api, "--tls-dir"])
            .arg(folder.path().join("tls"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.expect("the server does not start");
        let line = line.unwrap().unwrap_or_default();
        let address = line.split_once(" is ready on https://").expect(&line).1.to_owned();
        Self { folder, address, _process: process }
    }

    /// Its address and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Where files of the test can be written.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.folder().join("tls/kubeconfig")
    }

    /// A program whose home is the folder, and that inherits nothing of this machine's ways to a cluster.
    pub(crate) fn program(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("HOME", self.folder())
            .env("KUBECONFIG", self.kubeconfig())
            .env_remove("HTTPS_PROXY")
            .env_remove("https_proxy")
            .env_remove("KUBECTL_REMOTE_COMMAND_WEBSOCKETS")
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// Runs a program to its end.
pub(crate) async fn ended(mut command: Command, stdin: &str) -> Ended {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let stdin = stdin.to_owned();
    let feeding = tokio::spawn(async move {
        // A program that does not read has its reasons.
        let _ = input.write_all(stdin.as_bytes()).await;
    });
    let output = timeout(PATIENCE, child.wait_with_output()).await;
    let output = output.unwrap_or_else(|_| panic!("{command:?} hangs")).unwrap();
    feeding.abort();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { status: output.status, stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Ended {
    /// What it said, all having gone well.
    pub(crate) fn said(self) -> String {
        assert!(self.status.success(), "{self:?}");
        self.stdout
    }

    /// What it complained of, with that exit code.
    pub(crate) fn complained(self, code: i32) -> String {
        assert_eq!(self.status.code(), Some(code), "{self:?}");
        self.stderr
    }
}

impl Running {
    /// Starts a program that goes on by itself.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut process = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let stdin = process.stdin.take();
        let stdout = Box::new(process.stdout.take().unwrap());
        Self { process, stdin, stdout, seen: String::new() }
    }

    /// Waits until it has said that.
    pub(crate) async fn until(&mut self, text: &str) {
        let reading = async {
            let mut bytes = [0; 4096];
            while !self.seen.contains(text) {
                let length = self.stdout.read(&mut bytes).await.unwrap();
                assert!(length > 0, "it ended before {text:?}, after {:?}", self.seen);
                self.seen.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
            }
        };
        let late = timeout(PATIENCE, reading).await.is_err();
        assert!(!late, "{text:?} does not come, only {:?}", self.seen);
    }

    /// Writes to its standard input.
    pub(crate) async fn tell(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).await.unwrap();
        stdin.flush().await.unwrap();
    }

    /// Ends its standard input and waits for its end; the exit code, and all that it said.
    pub(crate) async fn end(mut self) -> (Option<i32>, String) {
        drop(self.stdin.take());
        let ending = async {
            let mut rest = String::new();
            self.stdout.read_to_string(&mut rest).await.unwrap();
            self.seen.push_str(&rest);
            self.process.wait().await.unwrap()
        };
        let status = timeout(PATIENCE, ending).await.expect("it does not end");
        (status.code(), self.seen)
    }
}
