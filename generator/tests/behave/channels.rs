//! Channels over WebSocket: the handshake, the subprotocols, what goes each way, and how it ends.

mod connection;

use bytes::Bytes;
use connection::{Answer, Server};
use emitted::channels::models::Verdict;
use emitted::channels::server::join_lines::{JoinLinesRequest, JoinLinesResponse};
use emitted::channels::server::open_console::{OpenConsoleRequest, OpenConsoleResponse};
use emitted::channels::server::{Api, router};
use emitted::channels::streams::{OpenConsoleInput, OpenConsoleOutput};
use emitted::support::server::{Outcome, PairMessage, Refused};
use futures_util::{SinkExt, StreamExt};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

struct Switchboard;

impl Api for Switchboard {
    async fn open_console(&self, request: OpenConsoleRequest) -> Outcome<OpenConsoleResponse> {
        let offer = request.upgrade.ok_or_else(Refused::not_implemented)?;
        let protocol = offer.protocol();
        let (response, output, mut input) = OpenConsoleResponse::switching_protocols(offer);
        tokio::spawn(async move {
            output.send(OpenConsoleOutput::Screen(Bytes::from(protocol))).await.unwrap();
            let mut told = Vec::new();
            while let Some(message) = input.next().await {
                match message {
                    Ok(OpenConsoleInput::Keys(bytes)) => {
                        output.send(OpenConsoleOutput::Screen(bytes)).await.unwrap();
                        if request.id == "short" {
                            break;
                        }
                    }
                    Ok(OpenConsoleInput::Size(size)) => told.push(format!("size {}", size.width)),
                    Ok(OpenConsoleInput::KeysEnd) => break,
                    Ok(OpenConsoleInput::SizeEnd) => told.push("size ended".to_owned()),
                    Err(wrong) => told.push(wrong.to_string()),
                }
            }
            let text = Some(told.join("; "));
            let verdict = Verdict { passed: Some(true), text, ..Verdict::default() };
            let _ = output.send(OpenConsoleOutput::Verdict(Box::new(verdict))).await;
        });
        Ok(response)
    }

    async fn join_lines(&self, request: JoinLinesRequest) -> Outcome<JoinLinesResponse> {
        let Some(offer) = request.upgrade else { return Ok(JoinLinesResponse::NoContent) };
        let lines: Vec<u64> = request.lines.iter().map(|line| u64::try_from(line.get()).unwrap()).collect();
        let (response, output, mut input) = JoinLinesResponse::switching_protocols(offer, lines);
        tokio::spawn(async move {
            while let Some(Ok(message)) = input.next().await {
                output.send(PairMessage::error(message.pair, "heard")).await.unwrap();
                output.send(message).await.unwrap();
            }
        });
        Ok(response)
    }
}

const KEY: &str = "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
const OFFER: &str = "Connection: keep-alive, Upgrade\nUpgrade: websocket";

async fn refused(head: &str) -> (u16, Option<String>) {
    let server = Server::start(router(Switchboard)).await;
    let answer = server.ask(head, b"").await;
    assert!(answer.json().is_object());
    (answer.status, answer.header("sec-websocket-version").map(str::to_owned))
}

/// A connection that was switched, and the subprotocol that the answer names.
async fn switched(path: &str, offered: &str) -> (WebSocketStream<TcpStream>, Option<String>) {
    let server = Server::start(router(Switchboard)).await;
    let offered = if offered.is_empty() { String::new() } else { format!("\nSec-WebSocket-Protocol: {offered}") };
    let head = format!("GET {path} HTTP/1.1\n{OFFER}\n{KEY}{offered}");
    let mut stream = server.open(&head, b"").await;
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(bytes).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 101"), "{head}");
    // The example of RFC 6455 §1.3.
    assert!(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"), "{head}");
    let protocol = head.lines().find_map(|line| line.strip_prefix("sec-websocket-protocol: "));
    (WebSocketStream::from_raw_socket(stream, Role::Client, None).await, protocol.map(str::to_owned))
}

async fn binary(socket: &mut WebSocketStream<TcpStream>) -> Vec<u8> {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Binary(bytes) => return bytes.to_vec(),
            Message::Text(text) => return text.as_bytes().to_vec(),
            Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// The verdict, after which the server closes with 1000.
async fn verdict(socket: &mut WebSocketStream<TcpStream>) -> String {
    let bytes = binary(socket).await;
    assert_eq!(bytes[0], 3);
    let value: serde_json::Value = serde_json::from_slice(&bytes[1..]).unwrap();
    match socket.next().await.unwrap().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 1000),
        other => panic!("{other:?}"),
    }
    assert!(socket.next().await.is_none());
    value["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn handshakes_at_fault_are_refused() {
    let get = "GET /consoles/a HTTP/1.1";
    assert_eq!(refused(get).await, (400, None));
    assert_eq!(refused(&format!("{get}\nUpgrade: websocket\n{KEY}")).await.0, 400);
    let other = "Sec-WebSocket-Version: 8\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    let server = Server::start(router(Switchboard)).await;
    let heads = [
        (format!("{get}\n{OFFER}\n{other}"), 400, Some("13")),
        (format!("{get}\n{OFFER}\nSec-WebSocket-Version: 13"), 400, None),
        (format!("{get}\n{OFFER}\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: short"), 400, None),
        (format!("{get}\n{OFFER}\n{KEY}\nSec-WebSocket-Protocol: v9, other"), 403, None),
        (format!("GET /lines?lines=1 HTTP/1.1\nX-A: b"), 204, None),
        (format!("GET /lines?lines=0 HTTP/1.1\n{OFFER}\n{KEY}"), 400, None),
    ];
    for (head, status, version) in heads {
        let mut stream = server.open(&head.replace("keep-alive, Upgrade", "close, Upgrade"), b"").await;
        if status == 204 || head.contains("lines=0") {
            drop(stream);
            let answer = server.send(&head.replace(&format!("{OFFER}\n"), ""), b"").await;
            assert_eq!(answer.status, status, "{head}");
            continue;
        }
        let answer = Answer::read(&mut stream).await;
        assert_eq!((answer.status, answer.header("sec-websocket-version")), (status, version), "{head}");
    }
}

#[tokio::test]
async fn channels_carry_both_ways() {
    let (mut socket, protocol) = switched("/consoles/a", "other, v2.console, v1.console").await;
    assert_eq!(protocol.as_deref(), Some("v2.console"));
    assert_eq!(binary(&mut socket).await, b"\x01v2.console");
    for message in [
        &b"\x00ls"[..],
        b"",
        b"\x09nobody",
        b"\x01not yours",
        b"\x04{\"width\":80}\n",
        b"\x04{\"width\":0}",
        b"\xff\x01",
        b"\xff\x04",
    ] {
        socket.send(Message::binary(message.to_vec())).await.unwrap();
    }
    socket.send(Message::Ping(Bytes::from("p"))).await.unwrap();
    assert_eq!(binary(&mut socket).await, b"\x01ls");
    socket.send(Message::binary(b"\xff\x00".to_vec())).await.unwrap();
    let text = verdict(&mut socket).await;
    assert_eq!(text, "size 80; channel 4: /width is less than 1; size ended");
}

#[tokio::test]
async fn texts_carry_base64() {
    let (mut socket, protocol) = switched("/consoles/short", "v1.base64.console").await;
    assert_eq!(protocol.as_deref(), Some("v1.base64.console"));
    assert_eq!(binary(&mut socket).await, b"1djEuYmFzZTY0LmNvbnNvbGU=");
    socket.send(Message::text("0!")).await.unwrap();
    socket.send(Message::text("0aGk=")).await.unwrap();
    assert_eq!(binary(&mut socket).await, b"1aGk=");
    assert!(binary(&mut socket).await.starts_with(b"3"));
}

#[tokio::test]
async fn without_an_offer_the_plain_protocol_is_spoken() {
    let (mut socket, protocol) = switched("/consoles/short", "").await;
    assert_eq!(protocol, None);
    assert_eq!(binary(&mut socket).await, b"\x01v1.console");
    socket.send(Message::text("\0hi")).await.unwrap();
    assert_eq!(binary(&mut socket).await, b"\x01hi");
    assert_eq!(verdict(&mut socket).await, "");
}

#[tokio::test]
async fn an_unknown_channel_cannot_end() {
    let (mut socket, _) = switched("/consoles/a", "v2.console").await;
    assert_eq!(binary(&mut socket).await, b"\x01v2.console");
    socket.send(Message::binary(b"\xff\x07".to_vec())).await.unwrap();
    assert!(matches!(socket.next().await, Some(Ok(Message::Close(Some(frame)))) if u16::from(frame.code) == 1000));
}

#[tokio::test]
async fn a_client_that_closes_is_answered() {
    let (mut socket, _) = switched("/consoles/a", "v1.console").await;
    assert_eq!(binary(&mut socket).await, b"\x01v1.console");
    socket.close(None).await.unwrap();
    while let Some(Ok(message)) = socket.next().await {
        assert!(matches!(message, Message::Close(_)), "{message:?}");
    }
}

#[tokio::test]
async fn pairs_are_announced_and_carry() {
    let (mut socket, protocol) = switched("/lines?lines=80,8080", "v1.lines").await;
    assert_eq!(protocol.as_deref(), Some("v1.lines"));
    for expected in [b"\x00\x50\x00", b"\x01\x50\x00", b"\x02\x90\x1f", b"\x03\x90\x1f"] {
        assert_eq!(binary(&mut socket).await, expected);
    }
    socket.send(Message::binary(b"\x03not yours".to_vec())).await.unwrap();
    socket.send(Message::binary(b"\x02data".to_vec())).await.unwrap();
    assert_eq!(binary(&mut socket).await, b"\x03heard");
    assert_eq!(binary(&mut socket).await, b"\x02data");
}
