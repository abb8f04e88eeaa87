//! One exchange at a time, over plain HTTP.

use std::time::Duration;

use http::request::Builder;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use reference::{Api, Server};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A user's view of a server.
pub(crate) struct Client {
    server: Server,
    token: Option<&'static str>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Client {
    /// The one who may do everything, at a new server.
    pub(crate) async fn new(api: Api) -> Self {
        let server = Server::start(api, None).await.unwrap();
        Self { server, token: Some("reference-token") }
    }

    /// The same server for whoever has that token, or none.
    pub(crate) fn with_token(self, token: Option<&'static str>) -> Self {
        Self { token, ..self }
    }

    /// What comes of a method and a path.
    pub(crate) async fn ask(&self, method: &str, path: &str) -> Answer {
        self.send(Request::builder().method(method).uri(path), "").await
    }

    /// What comes of a request with a body.
    pub(crate) async fn send(&self, request: Builder, body: &str) -> Answer {
        let address = self.server.url().trim_start_matches("http://").to_owned();
        let mut request = request.header("host", &address);
        if let Some(token) = self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
        let exchange = async {
            let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
            let (mut sender, connection) = http1::handshake(stream).await.unwrap();
            tokio::spawn(connection.with_upgrades());
            let (head, body) = sender.send_request(request).await.unwrap().into_parts();
            let text = match head.status.as_u16() {
                101 => String::new(),
                _ => String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap(),
            };
            Answer { code: head.status.as_u16(), headers: head.headers, text }
        };
        timeout(PATIENCE, exchange).await.expect("no answer comes")
    }
}

impl Answer {
    /// The document that was answered.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_str(&self.text).unwrap()
    }

    /// Code, reason and message of a refusal, which is a `Status`.
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let status = self.json();
        assert_eq!((&status["kind"], &status["code"]), (&"Status".into(), &self.code.into()));
        let text = |name: &str| status[name].as_str().unwrap_or_default().to_owned();
        (self.code, text("reason"), text("message"))
    }
}
