//! The bytes of a connection between a client and the honest server, with a fault in between.
//!
//! The honest server closes after each answer here, so that a connection carries one request, one answer, and then
//! perhaps a stream.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{sleep, timeout};

use super::Fault;
use super::breach::Breach;
use super::frames::{Tamper, Tampered};
use super::head::{self, Head};
use super::memory::Memory;
use super::scenes;
use super::sockets::{Messages, Side};

/// How many bytes are read at a time.
const READ: usize = 16 * 1024;
/// How long a stream that never ends is kept.
pub(super) const FOR_EVER: Duration = Duration::from_secs(120);
/// How long a stream may say nothing before it is closed.
const IDLE: Duration = Duration::from_millis(1500);
/// How long a stream's output lags behind.
const LAG: Duration = Duration::from_millis(100);
/// How long a client may go on sending after everything was said.
const LINGER: Duration = Duration::from_secs(1);
/// What ends a chunked body.
const FINAL_CHUNK: &[u8] = b"0\r\n\r\n";

/// A way to treat a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conduct {
    /// A stream that carried nothing does not end.
    NeverEnds,
    /// The end of the client's direction ends the other one too; what is under way is lost.
    ClosesAtHalfClose,
    /// A stream that says nothing for a while is closed.
    ClosesWhenIdle,
    /// A chunked body has no final chunk.
    LosesFinalChunk,
    /// A request with a body nested beyond all measure is hung up on.
    HangsUpOnDepth,
    /// It is noted which process's stream a client has left.
    NotesLeavers,
}

/// Carries bytes both ways.
pub(crate) async fn carry(
    client: impl AsyncRead + AsyncWrite,
    server: impl AsyncRead + AsyncWrite,
    fault: &'static Fault,
    memory: Memory,
) -> io::Result<()> {
    let (client_reader, client_writer) = tokio::io::split(client);
    let (server_reader, server_writer) = tokio::io::split(server);
    let line = Line { fault, memory, request: Mutex::default(), switched: AtomicBool::new(false) };
    let up = pin!(line.up(client_reader, server_writer));
    let down = pin!(line.down(server_reader, client_writer));
    match select(up, down).await {
        // The client has ended its direction, and the answer goes on.
        Either::Left((Ok(Up::Ended), down)) => down.await,
        Either::Left((Ok(Up::HungUp), _)) => Ok(()),
        Either::Left((Err(error), _)) => Err(error),
        Either::Right((ended, up)) => {
            // What the client still sends is read, for a close that leaves it unread may destroy the answer.
            let _ = timeout(LINGER, up).await;
            ended
        }
    }
}

/// How the client's direction ended.
enum Up {
    Ended,
    HungUp,
}

/// One connection.
struct Line {
    fault: &'static Fault,
    memory: Memory,
    /// The beginning of what the client sent.
    request: Mutex<Vec<u8>>,
    /// Whether the answer switched protocols.
    switched: AtomicBool,
}

impl Line {
    async fn up(
        &self,
        mut client: impl AsyncRead + Unpin,
        mut server: impl AsyncWrite + Unpin,
    ) -> io::Result<Up> {
        let mut buffer = vec![0; READ];
        let mut head = Some(Vec::new());
        let mut messages = None;
        loop {
            let count = client.read(&mut buffer).await?;
            let bytes = buffer.get(..count).unwrap_or_default();
            self.remember(bytes);
            if bytes.is_empty() {
                break;
            }
            if self.has(Conduct::HangsUpOnDepth) && self.is_deep() {
                return Ok(Up::HungUp);
            }
            if self.is_switched() && messages.is_none() {
                messages = self.messages(Side::Client);
            }
            match (self.with_request_head(&mut head, bytes), &mut messages) {
                (Some(ready), _) => server.write_all(&ready).await?,
                (None, Some(messages)) => server.write_all(&messages.pass(bytes)).await?,
                (None, None) => server.write_all(bytes).await?,
            }
        }
        if self.is_switched() {
            if self.has(Conduct::ClosesAtHalfClose) {
                return Ok(Up::HungUp);
            }
            if self.has(Conduct::NotesLeavers) {
                scenes::left(&self.memory, &self.process());
            }
        }
        server.shutdown().await?;
        Ok(Up::Ended)
    }

    /// What goes to the server instead of these bytes while the head of the request is changed.
    fn with_request_head(&self, held: &mut Option<Vec<u8>>, bytes: &[u8]) -> Option<Vec<u8>> {
        let change = self.fault.breaches.iter().find_map(|breach| match breach {
            Breach::RequestHead(change) => Some(change),
            _ => None,
        })?;
        let mut so_far = held.take()?;
        so_far.extend_from_slice(bytes);
        let Some(length) = head::length(&so_far).or((so_far.len() > head::LONGEST).then_some(0))
        else {
            *held = Some(so_far);
            return Some(Vec::new());
        };
        let (written, rest) = so_far.split_at(length);
        let changed = Head::read(written).map(|mut head| {
            change(&mut head);
            head.write()
        });
        Some([changed.unwrap_or_else(|| written.to_vec()).as_slice(), rest].concat())
    }

    async fn down(
        &self,
        mut server: impl AsyncRead + Unpin,
        mut client: impl AsyncWrite + Unpin,
    ) -> io::Result<()> {
        let (head, rest) = read_head(&mut server).await?;
        let status = Head::read(&head).and_then(|head| head.status());
        self.switched.store(status == Some(101), Ordering::Relaxed);
        client.write_all(&self.with_answer_head(head)).await?;
        let mut filter = Filter::new(self);
        client.write_all(&filter.pass(&rest)).await?;
        let mut carried = rest.len();
        let mut buffer = vec![0; READ];
        while let Some(count) = self.next(&mut server, &mut buffer).await? {
            if self.is_switched() && self.has(Conduct::ClosesAtHalfClose) {
                sleep(LAG).await;
            }
            let bytes = buffer.get(..count).unwrap_or_default();
            carried += count;
            client.write_all(&filter.pass(bytes)).await?;
            client.flush().await?;
        }
        client.write_all(&filter.finish()).await?;
        if self.is_switched() && self.has(Conduct::NeverEnds) && carried == 0 {
            sleep(FOR_EVER).await;
        }
        client.shutdown().await
    }

    /// Reads on; nothing at the end.
    async fn next(
        &self,
        server: &mut (impl AsyncRead + Unpin),
        buffer: &mut [u8],
    ) -> io::Result<Option<usize>> {
        let reading = server.read(buffer);
        let count = if self.is_switched() && self.has(Conduct::ClosesWhenIdle) {
            timeout(IDLE, reading).await.unwrap_or(Ok(0))?
        } else {
            reading.await?
        };
        Ok(Some(count).filter(|count| *count > 0))
    }

    fn with_answer_head(&self, bytes: Vec<u8>) -> Vec<u8> {
        let change = self.fault.breaches.iter().find_map(|breach| match breach {
            Breach::AnswerHead(change) => Some(change),
            _ => None,
        });
        match (change, Head::read(&bytes)) {
            (Some(change), Some(mut head)) => {
                change(&self.text(), &mut head);
                head.write()
            }
            _ => bytes,
        }
    }

    fn has(&self, wanted: Conduct) -> bool {
        self.fault
            .breaches
            .iter()
            .any(|breach| matches!(breach, Breach::Conduct(conduct) if *conduct == wanted))
    }

    /// What changes the messages of one side of a socket.
    fn messages(&self, of: Side) -> Option<Messages> {
        let line = self.first_line();
        let path = line.split([' ', '?']).nth(1).unwrap_or_default();
        self.fault.breaches.iter().find_map(|breach| match breach {
            Breach::Messages(side, ending, change) if *side == of && path.ends_with(ending) => {
                Some(Messages::new(*change))
            }
            _ => None,
        })
    }

    fn remember(&self, bytes: &[u8]) {
        let mut request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        if request.len() < head::LONGEST {
            request.extend_from_slice(bytes);
        }
    }

    fn is_switched(&self) -> bool {
        self.switched.load(Ordering::Relaxed)
    }

    fn text(&self) -> String {
        let request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&request).into_owned()
    }

    fn first_line(&self) -> String {
        self.text().lines().next().unwrap_or_default().to_owned()
    }

    /// The process that the request is about.
    fn process(&self) -> String {
        let line = self.first_line();
        let path = line.split(' ').nth(1).unwrap_or_default();
        path.split('/').nth_back(1).unwrap_or_default().to_owned()
    }

    fn is_deep(&self) -> bool {
        self.text().contains(&"[".repeat(200))
    }

    /// Whether the stream has frames: it has none on a terminal.
    fn is_framed(&self) -> bool {
        let text = self.text().replace(char::is_whitespace, "");
        self.is_switched() && !text.contains("\"tty\":true")
    }
}

/// Reads to the end of a head; what came with it, too.
async fn read_head(server: &mut (impl AsyncRead + Unpin)) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let mut read = Vec::new();
    let mut buffer = vec![0; READ];
    loop {
        if let Some(length) = head::length(&read) {
            let rest = read.split_off(length);
            return Ok((read, rest));
        }
        let count = server.read(&mut buffer).await?;
        if count == 0 {
            return Ok((read, Vec::new()));
        }
        read.extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
}

/// What happens to the bytes after a head.
enum Filter {
    Frames(Box<Tampered>),
    Messages(Messages),
    /// The last bytes are held back until it is known whether more come.
    FinalChunk(Vec<u8>),
    None,
}

impl Filter {
    fn new(line: &Line) -> Self {
        if let Some(messages) = line.messages(Side::Server).filter(|_| line.is_switched()) {
            return Self::Messages(messages);
        }
        let tamper = line.fault.breaches.iter().find_map(|breach| match breach {
            Breach::Frames(tamper) => Some(*tamper),
            _ => None,
        });
        match tamper.filter(|_: &Tamper| line.is_framed()) {
            Some(tamper) => Self::Frames(Box::new(Tampered::new(tamper, line.memory.clone()))),
            None if line.has(Conduct::LosesFinalChunk) => Self::FinalChunk(Vec::new()),
            None => Self::None,
        }
    }

    fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Frames(tampered) => tampered.pass(bytes),
            Self::Messages(messages) => messages.pass(bytes),
            Self::FinalChunk(held) => {
                held.extend_from_slice(bytes);
                let keep = held.len().saturating_sub(FINAL_CHUNK.len());
                held.drain(..keep).collect()
            }
            Self::None => bytes.to_vec(),
        }
    }

    fn finish(&mut self) -> Vec<u8> {
        match self {
            Self::Frames(tampered) => tampered.finish(),
            Self::Messages(messages) => messages.finish(),
            Self::FinalChunk(held) if held == FINAL_CHUNK => Vec::new(),
            Self::FinalChunk(held) => std::mem::take(held),
            Self::None => Vec::new(),
        }
    }
}
