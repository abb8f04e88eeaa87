//! The harbour: the twin of its document answers, and the radio, which no mock plays, is played here byte by byte.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use conformance::mock::Twin;
use http::{Request, Response, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::fault::{Fault, Frame};

/// No frame has a longer payload.
const LONGEST: usize = 44;

/// A harbour on a port of its own; it ends with the test.
pub(super) async fn start(twin: Twin, fault: &'static Fault) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let twin = Arc::new(twin);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&twin), fault));
        }
    });
    address
}

async fn serve(mut stream: TcpStream, twin: Arc<Twin>, fault: &'static Fault) {
    let mut heard = Vec::new();
    loop {
        let request = match read(&mut heard) {
            Read::More => {
                let mut piece = [0; 4096];
                match stream.read(&mut piece).await {
                    Ok(1..) if heard.len() > 1 << 20 => return,
                    Ok(length @ 1..) => heard.extend_from_slice(&piece[..length]),
                    _ => return,
                }
                continue;
            }
            Read::Broken => {
                drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await);
                return;
            }
            Read::Request(request) => (fault.request)(*request),
        };
        let answer = (fault.answer)(&request, twin.answer(&request));
        let is_radio = request.uri().path().ends_with("/radio") && request.method() == "POST";
        let sent = if is_radio && answer.status() == StatusCode::OK {
            return drop(radio(&mut stream, &request, fault).await);
        } else if request.uri().path() == "/cranes/log" && answer.status() == StatusCode::OK {
            return drop(log(&mut stream, &answer, fault).await);
        } else {
            stream.write_all(&written(&request, &answer)).await
        };
        if sent.is_err() {
            return;
        }
    }
}

enum Read {
    More,
    Broken,
    Request(Box<Request<Bytes>>),
}

/// The first request of what was heard, taken out of it.
fn read(heard: &mut Vec<u8>) -> Read {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut fields);
    let head = match parsed.parse(heard) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return Read::More,
        Err(_) => return Read::Broken,
    };
    let mut request = Request::builder().method(parsed.method.unwrap()).uri(parsed.path.unwrap());
    let mut length = 0;
    for field in parsed.headers.iter() {
        request = request.header(field.name, field.value);
        if field.name.eq_ignore_ascii_case("content-length") {
            length = std::str::from_utf8(field.value).unwrap().parse().unwrap();
        }
    }
    let Some(body) = heard.get(head..head + length).map(Bytes::copy_from_slice) else {
        return Read::More;
    };
    let request = request.body(body);
    heard.drain(..head + length);
    request.map_or(Read::Broken, |request| Read::Request(Box::new(request)))
}

fn written(request: &Request<Bytes>, answer: &Response<Bytes>) -> Vec<u8> {
    let status = answer.status();
    let mut head = format!("HTTP/1.1 {} Harbour\r\n", status.as_u16());
    for (name, value) in answer.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    if status != StatusCode::NO_CONTENT {
        head.push_str(&format!("content-length: {}\r\n", answer.body().len()));
    }
    head.push_str("\r\n");
    let body = if request.method() == "HEAD" { &[] } else { answer.body().as_ref() };
    [head.as_bytes(), body].concat()
}

async fn log(
    stream: &mut TcpStream,
    answer: &Response<Bytes>,
    fault: &Fault,
) -> std::io::Result<()> {
    let lines = answer.body().split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let lines = (fault.log)(lines);
    let head =
        "HTTP/1.1 200 Harbour\r\ncontent-type: application/x-ndjson\r\nconnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    for line in lines {
        stream.write_all(&line).await?;
    }
    stream.shutdown().await
}

async fn radio(
    stream: &mut TcpStream,
    request: &Request<Bytes>,
    fault: &Fault,
) -> std::io::Result<()> {
    let asked: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let switches = request.headers().contains_key("upgrade");
    let head = if switches {
        "HTTP/1.1 101 Talk\r\ncontent-type: application/x-harbour-radio\r\nconnection: upgrade\r\nupgrade: harbour-radio\r\n\r\n"
    } else {
        "HTTP/1.1 200 Talk\r\ncontent-type: application/x-harbour-radio\r\nconnection: close\r\n\r\n"
    };
    stream.write_all(head.as_bytes()).await?;
    let is_open = asked["open"] == true;
    if is_open && switches {
        echo(stream).await?;
    } else if !is_open {
        for frame in (fault.radio)(frames(&asked)) {
            stream.write_all(&(fault.frame)(&frame)).await?;
        }
    }
    stream.shutdown().await
}

/// Says what it hears, until it hears no more.
async fn echo(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        stream.write_all(&piece[..length]).await?;
    }
}

fn frames(asked: &Value) -> Vec<Frame> {
    let channel = |name: &str, number: u8| {
        let text = asked[name].as_str().unwrap_or_default().as_bytes().to_vec();
        let pieces: Vec<_> = text.chunks(LONGEST).map(<[u8]>::to_vec).collect();
        pieces.into_iter().map(move |payload| Frame { channel: number, payload })
    };
    channel("bridge", 4).chain(channel("hold", 6)).collect()
}
