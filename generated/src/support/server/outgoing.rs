//! Streams towards the client. What is sent is typed; how it is written, a codec says.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::Response;
use bytes::BytesMut;
use futures_core::Stream;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_util::codec::Encoder;

use super::fault::Outcome;
use super::reply::Reply;

/// How many frames wait for a slow client.
const WAITING_FRAMES: usize = 16;

/// A body made of frames.
pub struct Outgoing<F>(Pin<Box<dyn Stream<Item = F> + Send>>);

impl<F: Send + 'static> Outgoing<F> {
    /// The body that `frames` makes.
    pub fn new(frames: impl Stream<Item = F> + Send + 'static) -> Self {
        Self(Box::pin(frames))
    }

    /// A body that is fed from elsewhere. It ends once every sender is gone.
    #[must_use]
    pub fn channel() -> (FrameSender<F>, Self) {
        let (sender, receiver) = mpsc::channel(WAITING_FRAMES);
        (FrameSender(sender), Self::new(Received(receiver)))
    }
}

impl<F> fmt::Debug for Outgoing<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outgoing(…)")
    }
}

/// Feeds a stream towards the client.
#[derive(Debug)]
pub struct FrameSender<F>(mpsc::Sender<F>);

impl<F> FrameSender<F> {
    /// A sender, and the end at which what it sends comes out.
    pub(super) fn channel() -> (Self, mpsc::Receiver<F>) {
        let (sender, receiver) = mpsc::channel(WAITING_FRAMES);
        (Self(sender), receiver)
    }

    /// Sends a frame, waiting while the client is slow.
    ///
    /// # Errors
    /// [`Disconnected`] when the client is gone.
    pub async fn send(&self, frame: F) -> Result<(), Disconnected> {
        self.0.send(frame).await.map_err(|_| Disconnected)
    }

    /// Waits until the client is gone.
    pub async fn disconnected(&self) {
        self.0.closed().await;
    }
}

impl<F> Clone for FrameSender<F> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The client is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disconnected;

impl fmt::Display for Disconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client is gone")
    }
}

impl std::error::Error for Disconnected {}

/// What comes out of a channel, as a stream.
pub(super) struct Received<F>(pub(super) mpsc::Receiver<F>);

impl<F> Stream for Received<F> {
    type Item = F;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<F>> {
        self.0.poll_recv(context)
    }
}

impl Reply {
    /// Ends with a stream, each frame of which `codec` writes. A frame that it refuses breaks the body off,
    /// so that the client can tell that it is not whole.
    ///
    /// # Errors
    /// None; the type is that of its siblings.
    pub fn stream<F, C>(
        self,
        media_type: &'static str,
        frames: Outgoing<F>,
        mut codec: C,
    ) -> Outcome<Response>
    where
        F: Send + 'static,
        C: Encoder<F> + Send + 'static,
        C::Error: std::error::Error + Send + Sync + 'static,
    {
        let chunks = frames.0.then(move |frame| {
            let mut buffer = BytesMut::new();
            let encoded = codec.encode(frame, &mut buffer);
            async move {
                if encoded.is_err() {
                    // Lets what was sent before go out first.
                    tokio::task::yield_now().await;
                }
                encoded.map(|()| buffer.freeze())
            }
        });
        Ok(self.content(media_type).with(Body::from_stream(chunks)))
    }
}
