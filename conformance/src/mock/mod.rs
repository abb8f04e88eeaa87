//! Servers for tests: of clients, and of the checker itself.
//!
//! [`Server`] plays a whole API, made from its contract alone: documented examples first, then values of the
//! documented schemas. It knows what it takes (credentials, parameters, bodies), refuses the rest as documented,
//! remembers what is created, and cuts its lists as `x-pagination` says.
//!
//! ```no_run
//! use conformance::mock::{Server, Settings};
//! use generator::source::{NoFiles, Source};
//!
//! # async fn start() -> Option<()> {
//! let text = std::fs::read_to_string("openapi.yaml").ok()?;
//! let source = Source::new("openapi.yaml", text);
//! let reading = generator::read(&source, &NoFiles, &generator::Limits::default());
//! let server = Server::start(reading.api.as_ref()?, reading.trees(), Settings::default()).await;
//! for (name, value) in &server.credentials().headers {
//!     println!("send {name}: {value} to {}", server.url());
//! }
//! # Some(())
//! # }
//! ```
//!
//! What wiremock cannot play is left to [`ScriptServer`], byte by byte: streams over time, switches of protocols,
//! messages that break the laws of HTTP. A stream is answered here as a whole: `lines` with their items, any other
//! framing with nothing in it.
//!
//! Deliberately absent: judgement, and any part in a run against a real server.

mod script;
mod server;
mod twin;

pub use script::{Act, ScriptServer};
pub use server::{Server, Settings};
pub use twin::Twin;
