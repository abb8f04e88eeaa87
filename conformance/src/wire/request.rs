//! A request as the bytes that go out. Escapes and checks nothing.

use bytes::{Bytes, BytesMut};

use super::target::Target;
use crate::probe::{Header, Request};

/// Methods that usually have a body, so that its absence is said (RFC 9110 §8.6).
const WITH_BODY: [&str; 3] = ["POST", "PUT", "PATCH"];

/// The head and the whole request.
pub(super) struct Encoded {
    pub(super) head: Bytes,
    pub(super) all: Bytes,
}

/// Writes head and body into one piece of memory, so that they leave in one write.
pub(super) fn encode(target: &Target, request: &Request) -> Encoded {
    let mut out = BytesMut::with_capacity(512 + request.body.as_ref().map_or(0, Bytes::len));
    for part in [&request.method, " ", target.base(), &request.target, " HTTP/1.1\r\n"] {
        out.extend_from_slice(part.as_bytes());
    }
    if !request.exact && !request.has("Host") {
        put(&mut out, &Header::new("Host", target.authority()));
    }
    request.headers.iter().for_each(|header| put(&mut out, header));
    if let Some(length) = missing_length(request) {
        put(&mut out, &Header::new("Content-Length", length.to_string()));
    }
    out.extend_from_slice(b"\r\n");
    let head_length = out.len();
    out.extend_from_slice(request.body.as_deref().unwrap_or_default());
    let all = out.freeze();
    Encoded { head: all.slice(..head_length), all }
}

fn missing_length(request: &Request) -> Option<usize> {
    if request.exact || request.has("Content-Length") || request.has("Transfer-Encoding") {
        return None;
    }
    let usual = WITH_BODY.contains(&request.method.as_str()).then_some(0);
    request.body.as_ref().map(Bytes::len).or(usual)
}

fn put(out: &mut BytesMut, header: &Header) {
    out.extend_from_slice(header.name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(&header.value);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(request: &Request) -> String {
        let target = "http://localhost:81/base".parse().unwrap();
        String::from_utf8(encode(&target, request).all.to_vec()).unwrap()
    }

    #[test]
    fn what_a_message_needs_is_added() {
        assert_eq!(
            encoded(&Request::new("GET", "/a?b=c")),
            "GET /base/a?b=c HTTP/1.1\r\nHost: localhost:81\r\n\r\n"
        );
        assert_eq!(
            encoded(&Request::new("POST", "/a")),
            "POST /base/a HTTP/1.1\r\nHost: localhost:81\r\nContent-Length: 0\r\n\r\n"
        );
        assert_eq!(
            encoded(&Request::new("QUERY", "/a").header("X", "1").body("abc")),
            "QUERY /base/a HTTP/1.1\r\nHost: localhost:81\r\nX: 1\r\nContent-Length: 3\r\n\r\nabc"
        );
    }

    #[test]
    fn what_the_probe_says_itself_is_left_alone() {
        assert_eq!(
            encoded(&Request::new("POST", "/a").header("content-length", "9").body("abc")),
            "POST /base/a HTTP/1.1\r\nHost: localhost:81\r\ncontent-length: 9\r\n\r\nabc"
        );
        assert_eq!(
            encoded(&Request::new("POST", "/a").body("abc").exactly()),
            "POST /base/a HTTP/1.1\r\n\r\nabc"
        );
    }
}
