//! A TCP server that plays written parts byte by byte, for what no HTTP library would send: broken heads,
//! split messages, takeovers, half-closes, resets, silence.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One act on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Reads one request: its head, and the body that `Content-Length` announces.
    ReadRequest,
    /// Reads so many bytes, beyond what was asked for before.
    Read(usize),
    /// Reads until the client ends its direction.
    ReadToEnd,
    /// Writes bytes at once.
    Write(Bytes),
    /// Writes everything read since the last request, and goes on so until the client ends its direction.
    Echo,
    /// Writes the same bytes again and again until the client goes away.
    Flood(Bytes),
    /// Waits.
    Pause(Duration),
    /// Ends the own direction.
    HalfClose,
    /// Resets the connection.
    Reset,
}

impl Act {
    /// Writes bytes at once.
    #[must_use]
    pub fn write(bytes: impl Into<Bytes>) -> Self {
        Self::Write(bytes.into())
    }
}

/// A server on a loopback port of its own; it ends when it is dropped.
#[derive(Debug)]
pub struct ScriptServer {
    address: SocketAddr,
    heard: Heard,
    task: JoinHandle<()>,
}

/// What came in, one entry a connection.
type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

impl ScriptServer {
    /// Starts a server that plays one part a connection, in the order in which they come in; when the parts are
    /// used up, the last is played again. A connection is closed at the end of its part.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start(parts: Vec<Vec<Act>>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let heard = Heard::default();
        let task = tokio::spawn(accept(listener, parts, heard.clone()));
        Ok(Self { address, heard, task })
    }

    /// The URL of the server.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections there were.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.heard).len()
    }

    /// What came in on a connection, counted from 0.
    #[must_use]
    pub fn heard(&self, connection: usize) -> Vec<u8> {
        lock(&self.heard).get(connection).cloned().unwrap_or_default()
    }
}

impl Drop for ScriptServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, parts: Vec<Vec<Act>>, heard: Heard) {
    for index in 0.. {
        let Ok((stream, _)) = listener.accept().await else { return };
        lock(&heard).push(Vec::new());
        let part = parts.get(index).or(parts.last()).cloned().unwrap_or_default();
        tokio::spawn(Player { stream, heard: heard.clone(), index, seen: 0 }.play(part));
    }
}

struct Player {
    stream: TcpStream,
    heard: Heard,
    index: usize,
    /// How much of what was heard belongs to acts that are over.
    seen: usize,
}

impl Player {
    /// An error is the client's going away, which ends the part.
    async fn play(mut self, part: Vec<Act>) {
        if self.stream.set_nodelay(true).is_err() {
            return;
        }
        for act in part {
            if self.act(act).await.is_err() {
                return;
            }
        }
    }

    async fn act(&mut self, act: Act) -> io::Result<()> {
        match act {
            Act::ReadRequest => {
                self.read_while(|heard| request_length(heard).is_none()).await?;
                self.seen += self.unseen(|heard| request_length(heard).unwrap_or_default());
            }
            Act::Read(count) => {
                self.read_while(|heard| heard.len() < count).await?;
                self.seen += count;
            }
            Act::ReadToEnd => while self.read().await? > 0 {},
            Act::Write(bytes) => self.stream.write_all(&bytes).await?,
            Act::Echo => self.echo().await?,
            Act::Flood(bytes) => loop {
                self.stream.write_all(&bytes).await?;
            },
            Act::Pause(time) => tokio::time::sleep(time).await,
            Act::HalfClose => self.stream.shutdown().await?,
            Act::Reset => {
                self.stream.set_zero_linger()?;
                return Err(io::ErrorKind::ConnectionReset.into());
            }
        }
        Ok(())
    }

    async fn echo(&mut self) -> io::Result<()> {
        loop {
            let unseen = self.unseen(<[u8]>::to_vec);
            self.seen += unseen.len();
            self.stream.write_all(&unseen).await?;
            if self.read().await? == 0 {
                return Ok(());
            }
        }
    }

    /// Reads until the bytes that no act has seen yet will do.
    async fn read_while(&mut self, wanting: impl Fn(&[u8]) -> bool) -> io::Result<()> {
        while self.unseen(&wanting) {
            if self.read().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(())
    }

    async fn read(&mut self) -> io::Result<usize> {
        let mut piece = vec![0; 16 * 1024];
        let length = self.stream.read(&mut piece).await?;
        if let Some(heard) = lock(&self.heard).get_mut(self.index) {
            heard.extend_from_slice(piece.get(..length).unwrap_or_default());
        }
        Ok(length)
    }

    fn unseen<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        let heard = lock(&self.heard);
        let all = heard.get(self.index).map(Vec::as_slice).unwrap_or_default();
        look(all.get(self.seen..).unwrap_or_default())
    }
}

/// The length of the request at the start of `bytes`, if all of it is there.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut fields);
    let httparse::Status::Complete(head) = request.parse(bytes).ok()? else { return None };
    let length =
        request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("Content-Length"));
    let length = length.and_then(|field| std::str::from_utf8(field.value).ok()?.parse().ok());
    let all = head + length.unwrap_or(0);
    (all <= bytes.len()).then_some(all)
}

fn lock(heard: &Heard) -> MutexGuard<'_, Vec<Vec<u8>>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}
