//! Leaving HTTP: after 101 the connection carries a stream each way (RFC 9110 §7.8).
//!
//! One task owns the connection. It writes what the handler sends and hands over what the client sends;
//! bytes that came right behind the request are among those.

use std::fmt;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures_core::Stream;
use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use http::header::{CONNECTION, UPGRADE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::codec::{Decoder, Encoder, FramedRead, FramedWrite};

use super::fault::{Fault, Outcome, Part, Refused};
use super::outgoing::{FrameSender, Received};
use super::reply::Reply;

/// How many pieces of input wait for a slow handler.
const WAITING_INPUT: usize = 16;

/// How long the client may go on sending after the output has ended. Closing earlier could destroy output
/// that is still on its way.
const LINGER: Duration = Duration::from_secs(5);

/// An offer to leave HTTP.
pub struct Upgrade {
    connection: OnUpgrade,
    protocol: &'static str,
}

impl Upgrade {
    pub(super) fn offered(parts: &mut Parts, protocols: &'static [&'static str]) -> Option<Self> {
        if parts.version != Version::HTTP_11
            || !lists(&parts.headers, CONNECTION.as_str(), "upgrade")
        {
            return None;
        }
        let offered = |protocol: &&&str| lists(&parts.headers, UPGRADE.as_str(), protocol);
        let protocol = protocols.iter().find(offered)?;
        let connection = parts.extensions.remove::<OnUpgrade>()?;
        Some(Self { connection, protocol })
    }

    /// The protocol that is offered.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.protocol
    }

    /// Accepts: what to answer with, where to send frames, and where the client's come from.
    /// The stream ends once every sender is gone.
    #[must_use]
    pub fn accept<F, D: Decoder>(self) -> (Takeover<F, D>, FrameSender<F>, Input<D>) {
        let (output, frames) = FrameSender::channel();
        let (received, input) = mpsc::channel(WAITING_INPUT);
        (Takeover { upgrade: self, frames, received }, output, Input(input))
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrade").field("protocol", &self.protocol).finish_non_exhaustive()
    }
}

/// The refusal of a request that must offer one of these protocols, and does not.
#[must_use]
pub fn no_upgrade(protocols: &'static [&'static str]) -> Refused {
    let message = format!("does not offer {}", protocols.join(", "));
    Refused::at(Fault::NotUpgraded, Part::Header, UPGRADE.as_str(), message)
}

/// An accepted offer: the answer that starts the streams.
pub struct Takeover<F, D: Decoder> {
    upgrade: Upgrade,
    frames: mpsc::Receiver<F>,
    received: mpsc::Sender<Result<D::Item, D::Error>>,
}

impl<F, D: Decoder> fmt::Debug for Takeover<F, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Takeover").field("upgrade", &self.upgrade).finish_non_exhaustive()
    }
}

/// What the client sends. It ends when the client ends its direction; the other one may go on.
pub struct Input<D: Decoder>(mpsc::Receiver<Result<D::Item, D::Error>>);

impl<D: Decoder> Stream for Input<D> {
    type Item = Result<D::Item, D::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

impl<D: Decoder> fmt::Debug for Input<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Input(…)")
    }
}

impl Reply {
    /// Ends with a takeover, in which `encoder` writes frames and `decoder` reads the client's.
    ///
    /// # Errors
    /// None; the type is that of its siblings.
    pub fn takeover<F, E, D>(
        mut self,
        media_type: Option<&'static str>,
        takeover: Takeover<F, D>,
        encoder: E,
        decoder: D,
    ) -> Outcome<Response>
    where
        F: Send + 'static,
        E: Encoder<F> + Send + 'static,
        E::Error: Send,
        D: Decoder + Send + 'static,
        D::Item: Send,
        D::Error: Send,
    {
        if let Some(media_type) = media_type {
            self = self.content(media_type);
        }
        let mut response = self.with(Body::empty());
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        if let Ok(protocol) = HeaderValue::from_str(takeover.upgrade.protocol) {
            headers.insert(UPGRADE, protocol);
        }
        tokio::spawn(async move {
            if let Ok(connection) = takeover.upgrade.connection.await {
                let connection = TokioIo::new(connection);
                carry(connection, takeover.frames, takeover.received, encoder, decoder).await;
            }
        });
        Ok(response)
    }
}

/// Carries both directions until the output has ended, or until the connection breaks.
async fn carry<I, F, E, D>(
    connection: I,
    frames: mpsc::Receiver<F>,
    received: mpsc::Sender<Result<D::Item, D::Error>>,
    encoder: E,
    decoder: D,
) where
    I: AsyncRead + AsyncWrite,
    E: Encoder<F>,
    D: Decoder,
{
    let (reader, writer) = tokio::io::split(connection);
    let reader = Watched { reader, is_broken: false };
    let output = pin!(send(FramedWrite::new(writer, encoder), frames));
    let input = pin!(receive(FramedRead::new(reader, decoder), received));
    match select(output, input).await {
        Either::Left(((), input)) => {
            // The end or the deadline: either way the connection is closed now.
            let _ = timeout(LINGER, input).await;
        }
        Either::Right((Ended::OnItsOwn, output)) => output.await,
        Either::Right((Ended::Broken, _)) => {}
    }
}

/// Remembers whether reading failed, which no decoder's error tells apart from a violation.
struct Watched<R> {
    reader: R,
    is_broken: bool,
}

impl<R: AsyncRead + Unpin> AsyncRead for Watched<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.reader).poll_read(context, buffer);
        self.is_broken |= matches!(polled, Poll::Ready(Err(_)));
        polled
    }
}

/// Writes every frame, then ends this direction.
async fn send<W, F, E>(mut sink: FramedWrite<W, E>, frames: mpsc::Receiver<F>)
where
    W: AsyncWrite + Unpin,
    E: Encoder<F>,
{
    let mut frames = pin!(Received(frames).map(Ok));
    // A sink that fails has nobody left to tell: the senders notice that their receiver is gone.
    if sink.send_all(&mut frames).await.is_ok() {
        let _ = sink.close().await;
    }
}

/// How the client's direction ended.
enum Ended {
    /// It was closed, or broke the framing.
    OnItsOwn,
    /// The connection broke.
    Broken,
}

/// Hands over what the client sends, and reads on when nobody wants it.
async fn receive<R, D>(
    mut source: FramedRead<Watched<R>, D>,
    received: mpsc::Sender<Result<D::Item, D::Error>>,
) -> Ended
where
    R: AsyncRead + Unpin,
    D: Decoder,
{
    while let Some(item) = source.next().await {
        // Where nobody listens any more, the input is read on and dropped.
        let _ = received.send(item).await;
    }
    if source.get_ref().is_broken { Ended::Broken } else { Ended::OnItsOwn }
}

/// Whether a comma-separated header field lists that token, without regard to case.
pub(super) fn lists(headers: &HeaderMap, name: &str, token: &str) -> bool {
    let fields = headers.get_all(name).into_iter().filter_map(|field| field.to_str().ok());
    fields.flat_map(|field| field.split(',')).any(|item| item.trim().eq_ignore_ascii_case(token))
}
