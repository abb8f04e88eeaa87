//! What listens in a pod: an HTTP server that says what it was asked, and gives back any other bytes as they come.
//!
//! It knows no host, no file and no other server.

use bytes::{Bytes, BytesMut};
use serde_json::{Value, json};

use crate::{
    cluster::object,
    pipe::{Reader, Writer, pipe},
};

/// The ports that are listened to where no container says so.
const USUAL: [i64; 2] = [80, 8080];

/// The most bytes of a request over a raw connection.
const LIMIT: usize = 64 * 1024;

/// The words that an HTTP request begins with.
const METHODS: [&str; 7] = ["GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS "];

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status: that of a path `/status/<code>` or of a query `status=<code>`, otherwise 200.
    pub code: u16,
    /// A JSON object with `method`, `path`, `query` and `body`.
    pub body: Bytes,
}

/// Answers a request. `path` begins with a slash; `query` has no question mark.
#[must_use]
pub fn answer(method: &str, path: &str, query: &str, body: &[u8]) -> Answer {
    let named = query.split('&').find_map(|pair| pair.strip_prefix("status="));
    let asked = path.strip_prefix("/status/").or(named).and_then(|code| code.parse().ok());
    let code = asked.filter(|code| (200..600).contains(code)).unwrap_or(200);
    let told = json!({
        "method": method,
        "path": path,
        "query": query,
        "body": String::from_utf8_lossy(body),
    });
    let body = if method == "HEAD" { Bytes::new() } else { Bytes::from(told.to_string()) };
    Answer { code, body }
}

/// Whether something listens on a port of a pod: what its containers declare, or the usual ones.
#[must_use]
pub fn listens(pod: &Value, port: u16) -> bool {
    let containers = object::list(pod, "/spec/containers").iter();
    let declared: Vec<i64> = containers
        .flat_map(|container| object::list(container, "/ports"))
        .filter_map(|port| object::number(port, "/containerPort"))
        .collect();
    if declared.is_empty() { USUAL.contains(&port.into()) } else { declared.contains(&port.into()) }
}

/// A raw connection to the server, on the current tokio runtime.
#[must_use]
pub fn connect() -> (Writer, Reader) {
    let (writer, requests) = pipe();
    let (answers, reader) = pipe();
    tokio::spawn(serve(requests, answers));
    (writer, reader)
}

async fn serve(mut requests: Reader, answers: Writer) {
    let mut head = BytesMut::new();
    while let Some(bytes) = requests.read().await {
        if head.is_empty() && !METHODS.iter().any(|method| bytes.starts_with(method.as_bytes())) {
            if answers.write(bytes).await.is_err() {
                return;
            }
            continue;
        }
        head.extend_from_slice(&bytes);
        if head.len() > LIMIT {
            return;
        }
        if let Some(answer) = http(&head) {
            // The client may have gone; either way this is the end.
            let _ = answers.write(answer).await;
            return;
        }
    }
}

/// The answer to a whole request; nothing while some of it is missing.
fn http(request: &[u8]) -> Option<Bytes> {
    let end = request.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(request.get(..end)?).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or("/"));
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.trim().parse::<usize>().ok())
        .unwrap_or_default();
    let body = request.get(end.checked_add(4)?..)?;
    let body = body.get(..length)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Answer { code, body } = answer(method, path, query, body);
    let head = format!(
        "HTTP/1.1 {code} Answer\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut answer = BytesMut::from(head.as_bytes());
    answer.extend_from_slice(&body);
    Some(answer.freeze())
}
