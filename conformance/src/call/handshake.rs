//! The handshake of WebSocket (RFC 6455 §4.1), and whether an upgrade is one that can be talked on at all.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generator::contract::Operation;

use crate::frame::{WEBSOCKET_VERSION, subprotocols};
use crate::probe::Header;

/// The name of the protocol, in lower case.
const WEBSOCKET: &str = "websocket";

/// What a handshake says beside its offer to upgrade. It can say wrong things on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// What the server must answer to; `None`: nothing.
    pub key: Option<String>,
    /// The version.
    pub version: String,
    /// The subprotocols that are offered.
    pub protocols: Vec<String>,
}

impl Handshake {
    /// A right one, that offers every documented subprotocol.
    #[must_use]
    pub fn of(operation: &Operation, nonce: [u8; 16]) -> Self {
        Self {
            key: Some(STANDARD.encode(nonce)),
            version: WEBSOCKET_VERSION.to_owned(),
            protocols: subprotocols(operation).into_iter().map(str::to_owned).collect(),
        }
    }

    /// Its header fields.
    pub(super) fn headers(&self) -> impl Iterator<Item = Header> {
        let key = self.key.iter().map(|key| Header::new("Sec-WebSocket-Key", key.clone()));
        let version = Header::new("Sec-WebSocket-Version", self.version.clone());
        let offered = (!self.protocols.is_empty())
            .then(|| Header::new("Sec-WebSocket-Protocol", self.protocols.join(", ")));
        key.chain([version]).chain(offered)
    }
}

/// Whether one of the protocols is WebSocket.
#[must_use]
pub fn is_websocket(protocols: &[String]) -> bool {
    protocols.iter().any(|protocol| protocol.eq_ignore_ascii_case(WEBSOCKET))
}

/// Whether an operation that does nothing without an upgrade upgrades to something that is spoken here: WebSocket, or
/// whatever `x-frames` describes.
#[must_use]
pub fn is_spoken(operation: &Operation) -> bool {
    let Some(upgrade) = operation.upgrade.as_ref().filter(|upgrade| upgrade.required) else {
        return true;
    };
    let mut contents = operation.responses.iter().flat_map(|(_, response)| &response.content);
    is_websocket(&upgrade.protocols)
        || !operation.frames.is_empty()
        || contents.any(|content| !content.frames.is_empty())
}
