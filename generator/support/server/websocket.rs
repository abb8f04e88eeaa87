//! WebSocket (RFC 6455) with numbered channels: after 101 each message begins with the number of its channel.
//!
//! One task owns the connection. It writes what the handler sends, hands over what the client sends, answers pings,
//! and closes with 1000 once every sender is gone. What channels there are, an implementation of [`Channels`] says.

use std::fmt;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{BufMut, Bytes, BytesMut};
use futures_core::Stream;
use futures_util::future::{Either, select};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderValue, Method, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::channels::{Channels, End, Protocol, WrongItem};
use super::fault::{Fault, Outcome, Part, Refused};
use super::outgoing::FrameSender;
use super::reply::Reply;
use super::takeover::lists;

/// How many messages of the client wait for a slow handler.
const WAITING_INPUT: usize = 16;

/// How long the client may take to close after the server has.
const LINGER: Duration = Duration::from_secs(5);

/// No message of the client is longer, in bytes.
const LONGEST_MESSAGE: usize = 4 * 1024 * 1024;

/// The version of the protocol (RFC 6455 §4.1).
const VERSION: &str = "13";

/// An offer to talk over WebSocket.
pub struct WebSocketOffer {
    connection: OnUpgrade,
    accept: String,
    protocol: &'static Protocol,
    is_named: bool,
}

impl WebSocketOffer {
    /// The offer that a request makes, if it makes one: of the subprotocols that it names and that are served, the first
    /// in which input can end, or else the first.
    ///
    /// # Errors
    /// A handshake at fault (RFC 6455 §4.2.2), or no subprotocol that is served.
    pub(super) fn of(parts: &mut Parts, protocols: &'static [Protocol]) -> Outcome<Option<Self>> {
        let is_offer = parts.version == Version::HTTP_11
            && parts.method == Method::GET
            && lists(&parts.headers, CONNECTION.as_str(), "upgrade")
            && lists(&parts.headers, UPGRADE.as_str(), "websocket");
        if !is_offer {
            return Ok(None);
        }
        let text = |name| parts.headers.get(name).and_then(|field| field.to_str().ok());
        let wrong = |name: http::HeaderName, message: &str| {
            Refused::at(Fault::NotUpgraded, Part::Header, name.as_str(), message)
        };
        if text(SEC_WEBSOCKET_VERSION).map(str::trim) != Some(VERSION) {
            return Err(wrong(SEC_WEBSOCKET_VERSION, "is not 13"));
        }
        let key = text(SEC_WEBSOCKET_KEY).map(str::trim).unwrap_or_default();
        if STANDARD.decode(key).ok().is_none_or(|bytes| bytes.len() != 16) {
            return Err(wrong(SEC_WEBSOCKET_KEY, "is not 16 bytes in base64"));
        }
        let accept = derive_accept_key(key.as_bytes());
        let (protocol, is_named) = chosen(parts, protocols)?;
        let Some(connection) = parts.extensions.remove::<OnUpgrade>() else { return Ok(None) };
        Ok(Some(Self { connection, accept, protocol, is_named }))
    }

    /// The name of the subprotocol that will be spoken.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.protocol.name
    }

    /// Accepts: what to answer with, where to send, and where what the client sends comes from.
    /// The connection is closed once every sender is gone.
    #[must_use]
    pub fn accept<M: Channels>(
        self,
        channels: M,
    ) -> (ChannelTakeover<M>, FrameSender<M::Output>, ChannelInput<M::Input>) {
        let (output, frames) = FrameSender::channel();
        let (received, input) = mpsc::channel(WAITING_INPUT);
        (ChannelTakeover { offer: self, channels, frames, received }, output, ChannelInput(input))
    }
}

impl fmt::Debug for WebSocketOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketOffer")
            .field("protocol", &self.protocol.name)
            .finish_non_exhaustive()
    }
}

/// The subprotocol on offer that is served: the first in which input can end, or else the first. Where none is on offer,
/// the plainest one.
fn chosen(parts: &Parts, protocols: &'static [Protocol]) -> Outcome<(&'static Protocol, bool)> {
    let fields = parts.headers.get_all(SEC_WEBSOCKET_PROTOCOL).into_iter();
    let texts: Vec<&str> = fields.filter_map(|field| field.to_str().ok()).collect();
    let offered = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
    let mut offered = offered.filter(|name| !name.is_empty()).peekable();
    let found = match offered.peek() {
        None => protocols.iter().find(|protocol| protocol.is_plain()).map(|plain| (plain, false)),
        Some(_) => {
            let served = |name| protocols.iter().find(|protocol| protocol.name == name);
            let known: Vec<_> = offered.filter_map(served).collect();
            let ending = known.iter().find(|protocol| protocol.close.is_some());
            ending.or(known.first()).map(|protocol| (*protocol, true))
        }
    };
    found.ok_or_else(|| {
        let served: Vec<&str> = protocols.iter().map(|protocol| protocol.name).collect();
        let message = format!("is none of {}", served.join(", "));
        let name = SEC_WEBSOCKET_PROTOCOL.as_str();
        Refused::at(Fault::UnsupportedProtocol, Part::Header, name, message)
    })
}

/// An accepted offer: the answer that starts the channels.
pub struct ChannelTakeover<M: Channels> {
    offer: WebSocketOffer,
    channels: M,
    frames: mpsc::Receiver<M::Output>,
    received: mpsc::Sender<Result<M::Input, WrongItem>>,
}

impl<M: Channels> fmt::Debug for ChannelTakeover<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelTakeover").field("offer", &self.offer).finish_non_exhaustive()
    }
}

/// What the client sends. It ends when the client closes the connection, or when that breaks.
pub struct ChannelInput<T>(mpsc::Receiver<Result<T, WrongItem>>);

impl<T> Stream for ChannelInput<T> {
    type Item = Result<T, WrongItem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

impl<T> fmt::Debug for ChannelInput<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelInput(…)")
    }
}

impl Reply {
    /// Ends with channels over WebSocket.
    ///
    /// # Errors
    /// [`Fault::Failed`] when the handshake cannot be answered.
    pub fn websocket<M: Channels>(self, takeover: ChannelTakeover<M>) -> Outcome<Response> {
        let ChannelTakeover { offer, channels, frames, received } = takeover;
        let WebSocketOffer { connection, accept, protocol, is_named } = offer;
        let accept = HeaderValue::from_str(&accept)
            .map_err(|error| Refused::new(Fault::Failed, error.to_string()))?;
        let mut response = self.with(Body::empty());
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        if is_named {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol.name));
        }
        tokio::spawn(async move {
            if let Ok(upgraded) = connection.await {
                let io = TokioIo::new(upgraded);
                Carrier { channels, protocol }.carry(io, frames, received).await;
            }
        });
        Ok(response)
    }
}

/// How one half of a conversation ended.
enum Ended {
    /// Everything was said, or the other side is gone.
    Quietly,
    /// With that code (RFC 6455 §7.4.1).
    With(CloseCode),
}

/// What the task that owns a connection knows.
struct Carrier<M> {
    channels: M,
    protocol: &'static Protocol,
}

impl<M: Channels> Carrier<M> {
    /// Carries both directions until every sender is gone, or the client is.
    async fn carry<I: AsyncRead + AsyncWrite + Unpin>(
        self,
        io: I,
        frames: mpsc::Receiver<M::Output>,
        received: mpsc::Sender<Result<M::Input, WrongItem>>,
    ) {
        let limits = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_MESSAGE))
            .max_frame_size(Some(LONGEST_MESSAGE));
        let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(limits)).await;
        let (mut sink, mut source) = socket.split();
        let code = {
            let output = pin!(self.send(&mut sink, frames));
            let input = pin!(self.receive(&mut source, received));
            match select(output, input).await {
                Either::Left((Ended::With(code), _)) | Either::Right((Ended::With(code), _)) => {
                    Some(code)
                }
                Either::Left((Ended::Quietly, _)) => Some(CloseCode::Normal),
                Either::Right((Ended::Quietly, _)) => None,
            }
        };
        if let Some(code) = code {
            let close = Message::Close(Some(CloseFrame { code, reason: "".into() }));
            if sink.send(close).await.is_ok() {
                let rest = async { while let Some(Ok(_)) = source.next().await {} };
                let _ = timeout(LINGER, rest).await;
            }
        }
    }

    async fn send<I: AsyncRead + AsyncWrite + Unpin>(
        &self,
        sink: &mut SplitSink<WebSocketStream<I>, Message>,
        mut frames: mpsc::Receiver<M::Output>,
    ) -> Ended {
        for (channel, payload) in self.channels.opening() {
            if sink.send(self.message(channel, &payload)).await.is_err() {
                return Ended::Quietly;
            }
        }
        while let Some(frame) = frames.recv().await {
            let Ok((channel, payload)) = self.channels.write(frame) else {
                return Ended::With(CloseCode::Error);
            };
            if sink.send(self.message(channel, &payload)).await.is_err() {
                return Ended::Quietly;
            }
        }
        Ended::Quietly
    }

    fn message(&self, channel: u8, payload: &Bytes) -> Message {
        if self.protocol.is_base64 {
            let digit = char::from(b'0'.saturating_add(channel));
            return Message::text(format!("{digit}{}", STANDARD.encode(payload)));
        }
        let mut bytes = BytesMut::with_capacity(payload.len().saturating_add(1));
        bytes.put_u8(channel);
        bytes.put_slice(payload);
        Message::Binary(bytes.freeze())
    }

    /// Hands over what the client sends, and reads on when nobody wants it.
    async fn receive<I: AsyncRead + AsyncWrite + Unpin>(
        &self,
        source: &mut SplitStream<WebSocketStream<I>>,
        received: mpsc::Sender<Result<M::Input, WrongItem>>,
    ) -> Ended {
        loop {
            let bytes = match source.next().await {
                None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Io(_))) => {
                    return Ended::Quietly;
                }
                Some(Err(Error::Capacity(_))) => return Ended::With(CloseCode::Size),
                Some(Err(Error::Utf8(_))) => return Ended::With(CloseCode::Invalid),
                Some(Err(_)) => return Ended::With(CloseCode::Protocol),
                Some(Ok(Message::Binary(bytes))) => bytes,
                Some(Ok(Message::Text(text))) => Bytes::from(text),
                Some(Ok(_)) => continue,
            };
            let Some((channel, payload)) = self.split(bytes) else { continue };
            let item = if self.protocol.close == Some(channel) {
                let ended = <[u8; 1]>::try_from(&*payload).map(|[ended]| self.channels.end(ended));
                match ended {
                    Ok(End::Of(input)) => Some(Ok(input)),
                    Ok(End::Ignored) => None,
                    Ok(End::Unknown) | Err(_) => return Ended::With(CloseCode::Normal),
                }
            } else {
                self.channels.read(channel, payload)
            };
            if let Some(item) = item {
                // Where nobody listens any more, the input is read on and dropped.
                let _ = received.send(item).await;
            }
        }
    }

    /// Channel and payload of a message; `None` for an empty one, and for one that is not written as it should be.
    fn split(&self, bytes: Bytes) -> Option<(u8, Bytes)> {
        let mut payload = bytes;
        let first = *payload.first()?;
        let payload = payload.split_off(1);
        if self.protocol.is_base64 {
            let channel = first.checked_sub(b'0').filter(|digit| *digit < 10)?;
            return Some((channel, Bytes::from(STANDARD.decode(&payload).ok()?)));
        }
        Some((first, payload))
    }
}
