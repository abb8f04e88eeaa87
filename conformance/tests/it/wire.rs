//! The wire against servers that play scripted parts: splits, silence, nonsense, takeovers.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use conformance::mock::{Act, ScriptServer};
use conformance::probe::{Probe, Request, Step, Until};
use conformance::transcript::{BodyFraming, End, Irregularity, Transcript};
use conformance::wire::{Limits, Read, Wire};
use serde::Deserialize;
use tokio::time::Instant;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const SWITCH: &str = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

fn quick() -> Limits {
    Limits {
        head: Duration::from_millis(400),
        body: Duration::from_millis(400),
        overall: Duration::from_millis(800),
        ..Limits::default()
    }
}

async fn serve(parts: Vec<Vec<Act>>) -> (ScriptServer, Wire) {
    let server = ScriptServer::start(parts).await.unwrap();
    let wire = Wire::new(server.url().parse().unwrap(), quick());
    (server, wire)
}

/// A part that answers one request with these bytes and closes.
fn answers(bytes: impl Into<Bytes>) -> Vec<Act> {
    vec![Act::ReadRequest, Act::write(bytes)]
}

/// A part that answers one request with these bytes and keeps the connection.
fn answers_and_stays(bytes: impl Into<Bytes>) -> Vec<Act> {
    vec![Act::ReadRequest, Act::write(bytes), Act::ReadToEnd]
}

fn get() -> Probe {
    Probe::new(Request::new("GET", "/things"))
}

fn start() -> Probe {
    Probe::new(Request::new("POST", "/start").body("{}")).upgrade("tcp")
}

async fn exchange(bytes: impl Into<Bytes>, probe: &Probe) -> Transcript {
    let (_server, wire) = serve(vec![answers(bytes)]).await;
    wire.exchange(probe).await
}

#[tokio::test]
async fn an_ordinary_exchange_is_told_whole() {
    let (server, wire) = serve(vec![answers_and_stays(OK)]).await;
    let transcript = wire.exchange(&get()).await;
    assert_eq!(transcript.status(), Some(200));
    assert_eq!(transcript.header("content-length"), Some("2"));
    assert_eq!(transcript.body(), "ok");
    assert_eq!(transcript.body.framing, BodyFraming::ContentLength(2));
    assert_eq!(transcript.end, End::Complete);
    assert_eq!(transcript.irregularities, []);
    assert!(transcript.round_trip.is_some());
    assert_eq!(transcript.request_head, server.heard(0));
    assert!(transcript.request_head.starts_with(b"GET /things HTTP/1.1\r\nHost: 127.0.0.1:"));
}

#[tokio::test]
async fn interim_answers_are_skipped_and_kept() {
    let bytes =
        format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n{OK}");
    let transcript = exchange(bytes, &get()).await;
    let interim: Vec<u16> = transcript.interim.iter().map(|head| head.status).collect();
    assert_eq!(interim, [100, 103]);
    assert_eq!((transcript.status(), &transcript.end), (Some(200), &End::Complete));
}

#[tokio::test]
async fn a_head_in_pieces_is_one_head() {
    let mut part = vec![Act::ReadRequest];
    for piece in OK.as_bytes().chunks(5) {
        part.extend([Act::write(Bytes::from_static(piece)), Act::Pause(Duration::from_millis(3))]);
    }
    let (_server, wire) = serve(vec![part]).await;
    let transcript = wire.exchange(&get()).await;
    assert_eq!((transcript.body(), transcript.end), ("ok".into(), End::Complete));
}

#[tokio::test]
async fn connections_are_used_again() {
    let part =
        vec![Act::ReadRequest, Act::write(OK), Act::ReadRequest, Act::write(OK), Act::ReadToEnd];
    let (server, wire) = serve(vec![part]).await;
    let first = wire.exchange(&get()).await;
    let second = wire.exchange(&Probe::new(Request::new("POST", "/things"))).await;
    assert!(first.fresh_connection);
    assert!(!second.fresh_connection);
    assert_eq!(second.end, End::Complete);
    assert_eq!(server.connections(), 1);
    assert!(wire.exchange(&get().on_fresh_connection()).await.fresh_connection);
}

#[tokio::test]
async fn a_connection_that_must_not_last_is_not_used_again() {
    let close = "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n";
    let surplus = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore";
    let old = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n";
    for bytes in [close, surplus, old] {
        let (server, wire) = serve(vec![answers_and_stays(bytes)]).await;
        wire.exchange(&get()).await;
        wire.exchange(&get()).await;
        assert_eq!(server.connections(), 2, "{bytes:?}");
    }
}

#[tokio::test]
async fn a_stale_connection_costs_a_safe_request_nothing() {
    let stale = vec![Act::ReadRequest, Act::write(OK), Act::Read(1), Act::Reset];
    let (server, wire) = serve(vec![stale, answers(OK)]).await;
    wire.exchange(&get()).await;
    let again = wire.exchange(&get()).await;
    assert_eq!((again.status(), again.fresh_connection), (Some(200), true));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_stale_connection_is_told_of_an_unsafe_request() {
    let stale = vec![Act::ReadRequest, Act::write(OK), Act::Read(1), Act::Reset];
    let (server, wire) = serve(vec![stale, answers(OK)]).await;
    wire.exchange(&get()).await;
    let unsafe_request = Probe::new(Request::new("POST", "/things"));
    let again = wire.exchange(&unsafe_request).await;
    assert_eq!((again.head, again.fresh_connection), (None, false));
    assert_eq!(server.connections(), 1, "an unsafe request is not repeated");
}

#[tokio::test]
async fn a_pooled_connection_that_was_closed_is_not_taken() {
    let (server, wire) = serve(vec![answers(OK)]).await;
    wire.exchange(&get()).await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    let second = wire.exchange(&Probe::new(Request::new("DELETE", "/things"))).await;
    assert_eq!((second.status(), second.fresh_connection), (Some(200), true));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn chunks_and_trailers_are_undone() {
    let bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                 3;name=value\r\none\r\nA\r\n0123456789\r\n0\r\nX-Sum: 13\r\n\r\n";
    let transcript = exchange(bytes, &get()).await;
    assert_eq!(transcript.body(), "one0123456789");
    assert_eq!(transcript.body.framing, BodyFraming::Chunked { ended: true });
    assert_eq!(transcript.body.trailers[0].name, "X-Sum");
    assert_eq!((transcript.end, transcript.irregularities), (End::Complete, vec![]));
}

#[tokio::test]
async fn a_body_without_framing_ends_with_the_connection() {
    let transcript = exchange("HTTP/1.1 200 OK\r\n\r\nall there is", &get()).await;
    assert_eq!(transcript.body(), "all there is");
    assert_eq!(transcript.body.framing, BodyFraming::UntilClose);
    assert_eq!((transcript.end, transcript.irregularities), (End::Closed, vec![]));
}

/// A case of `tests/data/breaches.yaml`.
#[derive(Deserialize)]
struct Breach {
    answer: String,
    end: End,
    #[serde(default)]
    irregularities: Vec<Irregularity>,
}

#[tokio::test]
async fn breaches_are_data() {
    // By way of JSON, so that the cases are written as transcripts are.
    let cases: serde_json::Value =
        serde_yaml::from_str(include_str!("../data/breaches.yaml")).unwrap();
    let cases: BTreeMap<String, Breach> = serde_json::from_value(cases).unwrap();
    for (name, breach) in cases {
        let transcript = exchange(breach.answer, &get()).await;
        let found = (transcript.end, transcript.irregularities);
        assert_eq!(found, (breach.end, breach.irregularities), "{name}");
    }
}

#[tokio::test]
async fn heads_beyond_the_caps_are_not_read() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(70_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(200));
    for (bytes, breach) in
        [(long, Irregularity::OversizeHead(64 * 1024)), (many, Irregularity::TooManyHeaders(128))]
    {
        let transcript = exchange(bytes, &get()).await;
        assert_eq!(transcript.irregularities, [breach]);
        assert_eq!(transcript.end, End::Unreadable);
    }
}

#[tokio::test]
async fn a_body_after_head_is_surplus_even_when_it_comes_late() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
    let part = vec![Act::ReadRequest, Act::write(head), Act::write("body"), Act::ReadToEnd];
    let (_server, wire) = serve(vec![part, answers_and_stays(head)]).await;
    let probe = Probe::new(Request::new("HEAD", "/things"));
    let transcript = wire.exchange(&probe).await;
    assert_eq!(transcript.irregularities, [Irregularity::BodyWhereNone]);
    assert_eq!(transcript.surplus, "body");
    assert_eq!(wire.exchange(&probe).await.irregularities, []);
}

#[tokio::test]
async fn a_head_that_cannot_be_read_is_shown() {
    let transcript = exchange("SSH-2.0-thing\r\n", &get()).await;
    assert_eq!(transcript.head, None);
    assert_eq!(transcript.surplus, "SSH-2.0-thing\r\n");
    assert_eq!(transcript.end, End::Unreadable);
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let (_server, wire) =
        serve(vec![vec![Act::ReadRequest, Act::Pause(Duration::from_secs(60))]]).await;
    let began = Instant::now();
    let transcript = wire.exchange(&get()).await;
    assert_eq!((transcript.end, transcript.head), (End::Deadline, None));
    assert!(began.elapsed() < Duration::from_secs(2));
    let soon = wire.exchange(&get().within(Duration::from_millis(20))).await;
    assert!(soon.end == End::Deadline && soon.elapsed < Duration::from_millis(300));
}

#[tokio::test]
async fn a_body_that_drips_ends_at_the_deadline() {
    let mut part = answers("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for _ in 0..1000 {
        part.extend([Act::write("x"), Act::Pause(Duration::from_millis(5))]);
    }
    let (_server, wire) = serve(vec![part]).await;
    let transcript = wire.exchange(&get()).await;
    assert_eq!(transcript.end, End::Deadline);
    assert!(transcript.body.chunks.len() > 3, "each drop has its own time");
    assert!(transcript.elapsed < Duration::from_secs(2));
}

#[tokio::test]
async fn a_body_without_end_ends_at_the_cap() {
    let part = vec![
        Act::ReadRequest,
        Act::write("HTTP/1.1 200 OK\r\n\r\n"),
        Act::Flood(Bytes::from_static(&[b'x'; 8192])),
    ];
    let (_server, wire) = serve(vec![part]).await;
    let transcript = wire.exchange(&get().at_most(100_000)).await;
    assert_eq!((transcript.end.clone(), transcript.body().len()), (End::Capped, 100_000));
}

#[tokio::test]
async fn interim_answers_without_end_are_cut() {
    let part = vec![Act::ReadRequest, Act::Flood("HTTP/1.1 102 Processing\r\n\r\n".into())];
    let (_server, wire) = serve(vec![part]).await;
    let transcript = wire.exchange(&get()).await;
    assert_eq!(transcript.irregularities, [Irregularity::TooManyInterim(32)]);
    assert_eq!(transcript.end, End::Unreadable);
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_request_is_read() {
    let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
    let part = vec![Act::Read(10), Act::write(refusal), Act::Pause(Duration::from_millis(200))];
    let (_server, wire) = serve(vec![part]).await;
    let big = Request::new("POST", "/things").body(vec![b'x'; 32 << 20]);
    let transcript = wire.exchange(&Probe::new(big)).await;
    assert_eq!((transcript.status(), transcript.end), (Some(413), End::Complete));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let (server, wire) = serve(vec![]).await;
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let transcript = wire.exchange(&get()).await;
    assert!(matches!(transcript.end, End::Unreachable(_)), "{:?}", transcript.end);
}

#[tokio::test]
async fn a_reset_is_told() {
    let (_server, wire) = serve(vec![vec![Act::ReadRequest, Act::Reset]]).await;
    assert_eq!(wire.exchange(&get()).await.end, End::Reset);
}

#[tokio::test]
async fn bytes_behind_the_switch_belong_to_the_stream() {
    let transcript = exchange(format!("{SWITCH}first"), &start()).await;
    assert_eq!(transcript.status(), Some(101));
    assert_eq!(transcript.body(), "first");
    assert!(transcript.is_takeover());
    assert_eq!(transcript.end, End::Closed);
}

#[tokio::test]
async fn the_other_direction_goes_on_after_a_half_close() {
    let part = vec![
        Act::ReadRequest,
        Act::write(SWITCH),
        Act::ReadToEnd,
        Act::write("after"),
        Act::Pause(Duration::from_millis(20)),
        Act::write("wards"),
    ];
    let (server, wire) = serve(vec![part]).await;
    let probe = start().step(Step::Send("input".into())).step(Step::HalfClose);
    let transcript = wire.exchange(&probe).await;
    assert_eq!(transcript.body(), "afterwards");
    assert_eq!(transcript.sent[0].bytes, "input");
    assert!(transcript.half_closed.is_some());
    assert_eq!(transcript.end, End::Closed);
    assert!(server.heard(0).ends_with(b"{}input"));
}

#[tokio::test]
async fn full_pipes_in_both_directions_do_not_block() {
    let (_server, wire) = serve(vec![vec![Act::ReadRequest, Act::write(SWITCH), Act::Echo]]).await;
    let input = Bytes::from(vec![b'e'; 16 << 20]);
    let limits = Limits { overall: Duration::from_secs(20), ..quick() };
    let wire = Wire::new(wire.target().clone(), limits);
    let probe = start().step(Step::Send(input.clone())).step(Step::HalfClose);
    let transcript = wire.exchange(&probe).await;
    assert_eq!(transcript.body(), input);
    assert_eq!(transcript.end, End::Closed);
}

#[tokio::test]
async fn steps_and_stops() {
    let part = || vec![Act::ReadRequest, Act::write(format!("{SWITCH}0123456789")), Act::Echo];
    let (_server, wire) = serve(vec![part()]).await;
    let head = wire.exchange(&start().until(Until::Head)).await;
    assert_eq!((head.status(), head.end), (Some(101), End::Complete));
    let five = wire.exchange(&start().until(Until::Bytes(5))).await;
    assert!(five.received() >= 5 && five.end == End::Complete);
    let quiet = Duration::from_millis(60);
    let silent = wire.exchange(&start().step(Step::ReadFor { quiet }).step(Step::Drop)).await;
    assert_eq!((silent.body(), &silent.end), ("0123456789".into(), &End::Dropped));
    assert!(silent.elapsed >= quiet);
    let echoed = start()
        .step(Step::AwaitBytes(10))
        .step(Step::Send("abc".into()))
        .step(Step::AwaitBytes(13))
        .step(Step::Pause(Duration::from_millis(30)))
        .step(Step::HalfClose);
    let echoed = wire.exchange(&echoed).await;
    assert_eq!((echoed.body(), &echoed.end), ("0123456789abc".into(), &End::Closed));
    assert!(echoed.elapsed >= Duration::from_millis(30));
}

#[tokio::test]
async fn without_a_takeover_nothing_is_written_after_the_request() {
    let (server, wire) = serve(vec![vec![Act::ReadRequest, Act::write(OK), Act::ReadToEnd]]).await;
    let transcript =
        wire.exchange(&start().step(Step::Send("x".into())).step(Step::HalfClose)).await;
    assert_eq!((transcript.status(), transcript.sent.len()), (Some(200), 0));
    assert_eq!(transcript.half_closed, None);
    assert!(server.heard(0).ends_with(b"{}"));
}

#[tokio::test]
async fn a_stream_can_be_talked_on() {
    let part = vec![Act::ReadRequest, Act::write(format!("{SWITCH}> ")), Act::Echo];
    let (_server, wire) = serve(vec![part, answers(OK)]).await;
    let mut stream = wire.open(&start()).await;
    assert!(stream.is_takeover() && stream.end().is_none());
    let soon = || Instant::now() + Duration::from_millis(200);
    assert_eq!(stream.read_some(soon()).await, Read::Bytes("> ".into()));
    assert_eq!(wire.exchange(&get()).await.status(), Some(200), "another exchange in between");
    assert!(stream.send(b"abc").await);
    assert_eq!(stream.read_some(soon()).await, Read::Bytes("abc".into()));
    let shortly = Instant::now() + Duration::from_millis(20);
    assert_eq!(stream.read_some(shortly).await, Read::Quiet);
    stream.half_close().await;
    assert_eq!(stream.read_some(soon()).await, Read::Ended);
    assert!(!stream.send(b"too late").await);
    let transcript = stream.finish().await;
    assert_eq!((transcript.body(), &transcript.end), ("> abc".into(), &End::Closed));
    assert_eq!(transcript.sent.len(), 1);
}

#[tokio::test]
async fn little_is_taken_in_ahead_where_that_is_asked() {
    let body = "x".repeat(60_000);
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let (_server, wire) = serve(vec![answers(answer)]).await;
    let mut probe = get().on_fresh_connection();
    probe.caps.window = Some(2048);
    let stream = wire.open(&probe).await;
    assert_eq!(stream.end(), None);
    assert!(stream.received() < 60_000);
    assert_eq!(stream.finish().await.body().len(), 60_000);
}
