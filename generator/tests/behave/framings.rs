//! Streams over a real connection: framed or not, one way and both, and what breaks them off.

mod connection;

use bytes::{Bytes, BytesMut};
use connection::{Answer, Server};
use emitted::framings::models::{Reading, ResultType};
use emitted::framings::server::exchange_samples::{
    ExchangeSamplesRequest, ExchangeSamplesResponse,
};
use emitted::framings::server::export_all::{ExportAllRequest, ExportAllResponse};
use emitted::framings::server::link_probe::{LinkProbeRequest, LinkProbeResponse};
use emitted::framings::server::list_readings::{ListReadingsRequest, ListReadingsResponse};
use emitted::framings::server::read_journal::{ReadJournalRequest, ReadJournalResponse};
use emitted::framings::server::read_tape::{ReadTapeRequest, ReadTapeResponse};
use emitted::framings::server::{Api, router};
use emitted::framings::streams::{
    LinkProbeCodec, LinkProbeFrame, LinkProbeStream, ReadTapeCodec, ReadTapeStream,
};
use emitted::support::decode::from_value;
use emitted::support::server::{FrameSender, Outcome, Outgoing};
use emitted::support::stream::Layout;
use futures_util::StreamExt;
use futures_util::stream::iter;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::Decoder;

struct Observatory;

fn reading(value: f64) -> Reading {
    from_value(&json!({ "value": value })).unwrap()
}

fn result(value: serde_json::Value) -> ResultType {
    from_value(&value).unwrap()
}

async fn report(output: FrameSender<LinkProbeFrame>) {
    output.send(LinkProbeStream::Dish.frame("left")).await.unwrap();
    output.send(LinkProbeStream::Log.frame("")).await.unwrap();
    output.send(LinkProbeStream::Dish.frame("right")).await.unwrap();
}

impl Api for Observatory {
    async fn link_probe(&self, request: LinkProbeRequest) -> Outcome<LinkProbeResponse> {
        if request.id == "none" {
            return Ok(LinkProbeResponse::NotFound);
        }
        if request.id == "idle" {
            let (output, body) = Outgoing::channel();
            tokio::spawn(async move { output.disconnected().await });
            return Ok(LinkProbeResponse::Ok(body));
        }
        let Some(offer) = request.upgrade else {
            let (output, body) = Outgoing::channel();
            tokio::spawn(report(output));
            return Ok(LinkProbeResponse::Ok(body));
        };
        assert_eq!(offer.protocol(), "telemetry");
        let (response, output, mut input) = LinkProbeResponse::switching_protocols(offer);
        tokio::spawn(async move {
            if request.id == "mute" {
                drop(input);
                return report(output).await;
            }
            while let Some(Ok(bytes)) = input.next().await {
                output.send(LinkProbeStream::Dish.frame(bytes)).await.unwrap();
            }
            output.send(LinkProbeStream::Log.frame("over")).await.unwrap();
        });
        Ok(response)
    }

    async fn exchange_samples(
        &self,
        request: ExchangeSamplesRequest,
    ) -> Outcome<ExchangeSamplesResponse> {
        let offer = request.upgrade.unwrap();
        let (response, output, mut input) = ExchangeSamplesResponse::switching_protocols(offer);
        tokio::spawn(async move {
            while let Some(Ok(frame)) = input.next().await {
                let value = f64::from(u32::try_from(frame.payload.len()).unwrap());
                output.send(reading(value)).await.unwrap();
            }
            output.send(reading(-1.0)).await.unwrap();
        });
        Ok(response)
    }

    async fn list_readings(&self, request: ListReadingsRequest) -> Outcome<ListReadingsResponse> {
        let readings = [reading(1.0), reading(2.5)];
        Ok(match request.follow {
            true => ListReadingsResponse::OkStream(Outgoing::new(iter(readings))),
            false => ListReadingsResponse::Ok(readings.into()),
        })
    }

    async fn export_all(&self, _request: ExportAllRequest) -> Outcome<ExportAllResponse> {
        let results = [
            result(json!({ "reading": { "value": 1.0 } })),
            result(json!({ "error": "out of reach" })),
            result(json!({ "reading": { "value": 2.0 } })),
        ];
        Ok(ExportAllResponse::Ok(Outgoing::new(iter(results))))
    }

    async fn read_journal(&self, _request: ReadJournalRequest) -> Outcome<ReadJournalResponse> {
        let lines = ["one\n\n", "thr", "ee\n"].map(Bytes::from);
        Ok(ReadJournalResponse::Ok(Outgoing::new(iter(lines))))
    }

    async fn read_tape(&self, _request: ReadTapeRequest) -> Outcome<ReadTapeResponse> {
        let frames = [ReadTapeStream(1 << 40).frame("a"), ReadTapeStream(3).frame(vec![0; 70_000])];
        Ok(ReadTapeResponse::Ok(Outgoing::new(iter(frames))))
    }
}

const PLAIN: &str = r#"{"plain":true}"#;
const FRAMED: &str = r#"{"plain":null}"#;
const ABSENT: &str = r#"{"probe": "x"}"#;

fn link(id: &str, more: &str) -> String {
    format!(
        "POST /probes/{id}/link HTTP/1.1\nContent-Type: application/json\nContent-Length: 14{more}"
    )
}

const OFFER: &str = "\nConnection: keep-alive, Upgrade\nUpgrade: other, Telemetry";

fn frames(bytes: &[u8]) -> Vec<LinkProbeFrame> {
    let (mut codec, mut buffer) = (LinkProbeCodec::new(), BytesMut::from(bytes));
    let mut frames = Vec::new();
    while let Some(frame) = codec.decode_eof(&mut buffer).unwrap() {
        frames.push(frame);
    }
    frames
}

#[tokio::test]
async fn the_request_decides_whether_a_body_is_framed() {
    let server = Server::start(router(Observatory)).await;
    let framed = server.send(&link("a", ""), ABSENT.as_bytes()).await;
    assert_eq!((framed.status, framed.header("content-type")), (200, Some("application/x-probe")));
    assert_eq!(framed.header("content-length"), None);
    let expected = [
        LinkProbeStream::Dish.frame("left"),
        LinkProbeStream::Log.frame(""),
        LinkProbeStream::Dish.frame("right"),
    ];
    assert_eq!(frames(&framed.body), expected);
    assert_eq!(framed.body[..7], *b"\x0b\0\0\0\xaa\0\x01");
    assert_eq!(server.send(&link("a", ""), PLAIN.as_bytes()).await.body, b"leftright");
    assert_eq!(server.send(&link("a", ""), FRAMED.as_bytes()).await.status, 400);
}

#[tokio::test]
async fn a_connection_is_taken_over() {
    let server = Server::start(router(Observatory)).await;
    // What is sent right behind the request belongs to the stream.
    let mut stream = server.open(&link("a", OFFER), &[ABSENT.as_bytes(), b"early"].concat()).await;
    stream.write_all(b" late").await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = Answer::read(&mut stream).await;
    assert_eq!((answer.status, answer.header("upgrade")), (101, Some("telemetry")));
    assert_eq!(answer.header("connection"), Some("upgrade"));
    assert_eq!(answer.header("content-type"), Some("application/x-probe"));
    let frames = frames(&answer.body);
    let (last, echoed) = frames.split_last().unwrap();
    let echoed: Vec<u8> = echoed.iter().flat_map(|frame| frame.payload.to_vec()).collect();
    assert_eq!(
        (echoed.as_slice(), last),
        (&b"early late"[..], &LinkProbeStream::Log.frame("over"))
    );
}

#[tokio::test]
async fn a_plain_takeover_has_no_headers() {
    let server = Server::start(router(Observatory)).await;
    let mut stream = server.open(&link("a", OFFER), &[PLAIN.as_bytes(), b"raw"].concat()).await;
    stream.shutdown().await.unwrap();
    assert_eq!(Answer::read(&mut stream).await.body, b"rawover");
}

#[tokio::test]
async fn output_goes_on_while_the_client_may_still_write() {
    let server = Server::start(router(Observatory)).await;
    let mut stream = server.open(&link("mute", OFFER), ABSENT.as_bytes()).await;
    // Nobody reads this on the other side; it must not harm what comes back.
    stream.write_all(&vec![7; 100_000]).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert!(bytes.ends_with(b"right"), "{}", bytes.escape_ascii());
}

#[tokio::test]
async fn refusals_come_before_any_stream() {
    let server = Server::start(router(Observatory)).await;
    for (head, body, status) in [
        (link("none", OFFER), ABSENT, 404),
        (link("a", OFFER), "{\"plain\": tru ", 400),
        (link("a", "\nConnection: Upgrade\nUpgrade: other"), ABSENT, 200),
        (link("a", "\nUpgrade: telemetry"), ABSENT, 200),
        ("POST /probes/a/samples HTTP/1.1".to_owned(), "", 400),
    ] {
        assert_eq!(server.send(&head, body.as_bytes()).await.status, status, "{head}");
    }
}

#[tokio::test]
async fn both_directions_may_be_framed() {
    let server = Server::start(router(Observatory)).await;
    let head = "POST /probes/a/samples HTTP/1.1\nConnection: Upgrade\nUpgrade: samples";
    let mut stream = server.open(head, b"\x03abc\0\x01").await;
    stream.write_all(b"x").await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = Answer::read(&mut stream).await;
    let text = String::from_utf8(answer.body).unwrap();
    assert_eq!(text, "{\"value\":3.0}\n{\"value\":0.0}\n{\"value\":1.0}\n{\"value\":-1.0}\n");
}

#[tokio::test]
async fn a_violation_ends_the_input() {
    let server = Server::start(router(Observatory)).await;
    let head = "POST /probes/a/samples HTTP/1.1\nConnection: Upgrade\nUpgrade: samples";
    let mut stream = server.open(head, b"\x01a\x09cut").await;
    stream.shutdown().await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("{\"value\":1.0}\n{\"value\":-1.0}\n"));
}

#[tokio::test]
async fn lines_are_chosen_by_the_query() {
    let server = Server::start(router(Observatory)).await;
    let whole = server.ask("GET /readings HTTP/1.1", b"").await;
    assert_eq!(whole.json(), json!([{ "value": 1.0 }, { "value": 2.5 }]));
    let lines = server.ask("GET /readings?follow=true HTTP/1.1", b"").await;
    assert_eq!(lines.body, b"{\"value\":1.0}\n{\"value\":2.5}\n");
    let journal = server.ask("GET /journal HTTP/1.1", b"").await;
    assert_eq!(journal.body, b"one\n\nthree\n");
}

#[tokio::test]
async fn what_may_not_be_sent_breaks_the_body_off() {
    let server = Server::start(router(Observatory)).await;
    // An item after the last one, and a payload that its length field cannot state.
    let export = server.ask("GET /export HTTP/1.1", b"").await;
    assert_eq!(export.body, b"{\"reading\":{\"value\":1.0}}\n{\"error\":\"out of reach\"}\n");
    let tape = server.ask("GET /tape HTTP/1.1", b"").await;
    let mut buffer = BytesMut::from(tape.body.as_slice());
    let frame = ReadTapeCodec::new().decode(&mut buffer).unwrap().unwrap();
    assert_eq!((frame.stream, frame.payload), (ReadTapeStream(1 << 40), Bytes::from_static(b"a")));
    assert!(buffer.is_empty());
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed() {
    let server = Server::start(router(Observatory)).await;
    let mut stream = server.open(&link("idle", ""), ABSENT.as_bytes()).await;
    let mut byte = [0];
    stream.read_exact(&mut byte).await.unwrap();
    drop(stream);
    assert_eq!(server.send(&link("a", ""), PLAIN.as_bytes()).await.status, 200);
}
