//! A transcript survives being written down.

use std::time::Duration;

use bytes::Bytes;
use conformance::probe::{Header, Probe, Request, Step, Until};
use conformance::transcript::{Body, BodyFraming, Chunk, End, Head, Irregularity, Transcript};
use proptest::prelude::*;

fn sample() -> Transcript {
    let request = Request::new("POST", "/things?a=b").header("Accept", "*/*").body("{}");
    let probe = Probe::new(request)
        .upgrade("tcp")
        .step(Step::Send(Bytes::from_static(b"\xff\x00")))
        .step(Step::ReadFor { quiet: Duration::from_micros(1500) })
        .step(Step::HalfClose)
        .until(Until::Bytes(7));
    let head = Head {
        minor_version: 1,
        status: 101,
        reason: "UPGRADED".to_owned(),
        headers: vec![Header::new("Upgrade", "tcp"), Header::new("X", Bytes::from_static(b"\xe9"))],
        at: Duration::from_micros(1234),
    };
    Transcript {
        fresh_connection: true,
        request_head: "POST /things?a=b HTTP/1.1\r\n\r\n".into(),
        interim: vec![Head { status: 103, ..head.clone() }],
        head: Some(head),
        body: Body {
            framing: BodyFraming::Takeover,
            chunks: vec![
                Chunk { at: Duration::from_millis(2), bytes: "one\n".into() },
                Chunk { at: Duration::from_millis(3), bytes: Bytes::from_static(b"\x01\x80") },
            ],
            trailers: Vec::new(),
        },
        sent: vec![Chunk { at: Duration::ZERO, bytes: "in".into() }],
        half_closed: Some(Duration::from_millis(4)),
        irregularities: vec![
            Irregularity::BareLineFeed,
            Irregularity::ShortBody { promised: 2, received: 1 },
        ],
        end: End::Closed,
        round_trip: Some(Duration::from_micros(321)),
        elapsed: Duration::from_secs(1),
        ..Transcript::unreachable("http://localhost:1/base", probe, "")
    }
}

#[test]
fn a_transcript_reads_well_and_reads_back() {
    let transcript = sample();
    insta::assert_json_snapshot!(transcript);
    let text = serde_json::to_string(&transcript).unwrap();
    assert_eq!(serde_json::from_str::<Transcript>(&text).unwrap(), transcript);
}

#[test]
fn the_helpers_look_where_they_should() {
    let transcript = sample();
    assert_eq!(transcript.status(), Some(101));
    assert_eq!(transcript.header("upgrade"), Some("tcp"));
    assert_eq!(transcript.header("x"), None, "not UTF-8");
    assert_eq!(transcript.headers("x").count(), 1);
    assert_eq!(transcript.body(), Bytes::from_static(b"one\n\x01\x80"));
    assert!(transcript.json().is_err());
    assert!(transcript.is_takeover());
    assert!(transcript.is_whole());
}

proptest! {
    #[test]
    fn bytes_and_times_come_back_exactly(bytes: Vec<u8>, micros in 0..u64::from(u32::MAX)) {
        let chunk = Chunk { at: Duration::from_micros(micros), bytes: bytes.into() };
        let text = serde_json::to_string(&chunk).unwrap();
        prop_assert_eq!(serde_json::from_str::<Chunk>(&text).unwrap(), chunk);
    }
}
