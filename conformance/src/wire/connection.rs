//! One connection, over TCP or TLS, and its read buffer. Knows nothing of HTTP.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::{Instant, timeout};
use tokio_rustls::client::TlsStream;

use super::target::Target;
use super::tls::Tls;

/// So much is read at once.
const READ_SIZE: usize = 64 * 1024;

/// A connection.
pub(super) struct Connection {
    stream: Socket,
    buffer: BytesMut,
    last_use: Instant,
}

/// What the bytes run over.
enum Socket {
    Plain(TcpStream),
    Secured(Box<TlsStream<TcpStream>>),
}

/// What moved on a connection.
pub(super) enum Moved {
    /// So many bytes went out.
    Out(io::Result<usize>),
    /// So many bytes came in, and wait in [`Connection::incoming`]; zero means that the peer ended its direction.
    In(io::Result<usize>),
}

impl Connection {
    /// Connects, with a receive buffer of `window` bytes if one is given; the error is a sentence fragment for the
    /// user.
    pub(super) async fn open(
        target: &Target,
        tls: Option<&Tls>,
        within: Duration,
        window: Option<u32>,
    ) -> Result<Self, String> {
        let opened = async {
            let stream = connect(target, window).await?;
            // Requests leave in one write, so waiting for more to send only costs time.
            stream.set_nodelay(true)?;
            io::Result::Ok(match tls {
                None => Socket::Plain(stream),
                Some(tls) => {
                    let (host, _) = target.address();
                    Socket::Secured(Box::new(tls.secure(&host, stream).await?))
                }
            })
        };
        let stream = timeout(within, opened)
            .await
            .map_err(|_| format!("no connection within {} ms", within.as_millis()))?
            .map_err(|error| error.to_string())?;
        Ok(Self { stream, buffer: BytesMut::new(), last_use: Instant::now() })
    }

    /// Waits for bytes.
    pub(super) async fn read(&mut self) -> io::Result<usize> {
        make_room(&mut self.buffer);
        match &mut self.stream {
            Socket::Plain(stream) => stream.read_buf(&mut self.buffer).await,
            Socket::Secured(stream) => ended(stream.read_buf(&mut self.buffer).await),
        }
    }

    /// Waits for whichever direction moves first. Losing the race loses no bytes.
    pub(super) async fn write_or_read(&mut self, outgoing: &[u8]) -> Moved {
        make_room(&mut self.buffer);
        match &mut self.stream {
            Socket::Plain(stream) => {
                let (mut reader, mut writer) = stream.split();
                tokio::select! {
                    biased;
                    out = writer.write(outgoing) => Moved::Out(out),
                    read = reader.read_buf(&mut self.buffer) => Moved::In(read),
                }
            }
            Socket::Secured(stream) => {
                let (mut reader, mut writer) = tokio::io::split(stream.as_mut());
                tokio::select! {
                    biased;
                    out = writer.write(outgoing) => Moved::Out(out),
                    read = reader.read_buf(&mut self.buffer) => Moved::In(ended(read)),
                }
            }
        }
    }

    /// Sends what encryption still holds back. Nothing is held back without.
    pub(super) async fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Socket::Plain(_) => Ok(()),
            Socket::Secured(stream) => stream.flush().await,
        }
    }

    /// What the last read brought.
    pub(super) fn incoming(&self) -> &[u8] {
        &self.buffer
    }

    /// Ends the own direction.
    pub(super) async fn half_close(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Socket::Plain(stream) => stream.shutdown().await,
            Socket::Secured(stream) => stream.shutdown().await,
        }
    }

    /// How long nobody used it.
    pub(super) fn idle(&self) -> Duration {
        self.last_use.elapsed()
    }

    /// Marks it as used just now.
    pub(super) fn touch(&mut self) {
        self.last_use = Instant::now();
    }

    /// Whether the peer has neither closed it nor sent what nobody asked for.
    pub(super) fn is_quiet(&self) -> bool {
        let stream = match &self.stream {
            Socket::Plain(stream) => stream,
            Socket::Secured(stream) => stream.get_ref().0,
        };
        let nothing = stream.try_read(&mut [0; 1]);
        matches!(nothing, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }
}

/// A server that ends the connection without saying so in TLS has ended it all the same.
fn ended(read: io::Result<usize>) -> io::Result<usize> {
    match read {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
        read => read,
    }
}

/// The buffer is set before there is a connection, since the window is agreed on at its start.
async fn connect(target: &Target, window: Option<u32>) -> io::Result<TcpStream> {
    let (host, port) = target.address();
    let Some(window) = window else { return TcpStream::connect((host.as_str(), port)).await };
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in lookup_host((host.as_str(), port)).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_recv_buffer_size(window)?;
        match socket.connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn make_room(buffer: &mut BytesMut) {
    buffer.clear();
    buffer.reserve(READ_SIZE);
}
