//! What every emitted server needs, whatever its spec: reading requests by table, writing answers, refusing.
//!
//! The emitted half says what a request looks like in tables; how it is read is here.

mod accept;
mod body;
mod channels;
mod condition;
mod cookie;
mod credential;
mod endpoint;
mod fault;
mod form;
mod incoming;
mod methods;
mod operation;
mod outgoing;
mod parameter;
mod query;
mod reader;
mod refuse;
mod reply;
mod route;
mod takeover;
mod template;
#[cfg(feature = "websocket")]
mod websocket;
#[cfg(feature = "yaml")]
mod yaml;

pub use body::BodyKinds;
pub use channels::{Channels, End, PairMessage, Pairs, Protocol, WrongItem, item, read_item};
pub use condition::Condition;
pub use credential::{
    Access, ApiKey, Attempts, Basic, Bearer, Credential, HttpToken, Scheme, SchemeKind,
};
pub use endpoint::{
    DEFAULT_BODY_DEADLINE, DEFAULT_MAX_BODY, Endpoint, Options, Service, handle, unknown_path,
    wrong_method,
};
pub use fault::{Fault, Outcome, Part, Problem, Refused};
pub use form::{Form, Members};
pub use incoming::Incoming;
pub use methods::Methods;
pub use operation::{Answer, Answers, Operation, Piece};
pub use outgoing::{Disconnected, FrameSender, Outgoing};
pub use parameter::{Parameter, Style};
pub use reader::Reader;
pub use refuse::{Documented, Refusal, Refuse};
pub use reply::Reply;
pub use route::Routes;
pub use takeover::{Input, Takeover, Upgrade, no_upgrade};
pub use template::{Segment, Template};
#[cfg(feature = "websocket")]
pub use websocket::{ChannelInput, ChannelTakeover, WebSocketOffer};
