//! WebSocket frames: what breaks which law, whatever the pieces in which the bytes come. The cases are data.

use bytes::Bytes;
use conformance::frame::{
    MessageKind, Multiplex, Opcode, Outlet, Side, Spoken, WebSocketDecoder, WebSocketEvent,
    encode_frame,
};
use generator::contract::{Channel, Channels, HeaderType, Layout, OpeningValue};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    hex: String,
    #[serde(default)]
    client: bool,
    gives: Vec<String>,
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text
        .chars()
        .filter(|digit| !digit.is_whitespace())
        .map(|digit| digit.to_digit(16).unwrap())
        .collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

/// Everything that pieces give, in words.
fn heard<'p>(side: Side, pieces: impl IntoIterator<Item = &'p [u8]>) -> Vec<String> {
    let mut decoder = WebSocketDecoder::new(side);
    let mut found = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next() {
                Ok(Some(event)) => found.push(told(&event)),
                Ok(None) => break,
                Err(violation) => {
                    found.push(format!("@{} {violation}", violation.offset()));
                    return found;
                }
            }
        }
    }
    found.extend(decoder.finish().err().map(|it| format!("@{} {it}", it.offset())));
    found
}

fn told(event: &WebSocketEvent) -> String {
    let quoted = |bytes: &Bytes| String::from_utf8_lossy(bytes).into_owned();
    match event {
        WebSocketEvent::Message { offset, kind, payload, frames } => {
            let kind = if *kind == MessageKind::Text { "text" } else { "binary" };
            format!("@{offset} {kind} `{}` in {frames}", quoted(payload))
        }
        WebSocketEvent::Ping { offset, payload } => format!("@{offset} ping `{}`", quoted(payload)),
        WebSocketEvent::Pong { offset, payload } => format!("@{offset} pong `{}`", quoted(payload)),
        WebSocketEvent::Close { offset, code: Some(code) } => format!("@{offset} close {code}"),
        WebSocketEvent::Close { offset, code: None } => format!("@{offset} close"),
    }
}

#[test]
fn laws_are_told_whatever_the_split() {
    let cases: Vec<Case> =
        serde_yaml::from_str(include_str!("../data/websocket/frames.yaml")).unwrap();
    for case in cases {
        let bytes = from_hex(&case.hex);
        let side = if case.client { Side::Client } else { Side::Server };
        assert_eq!(heard(side, [bytes.as_slice()]), case.gives, "{}", case.name);
        assert_eq!(heard(side, bytes.chunks(1)), case.gives, "{} byte by byte", case.name);
        for at in 0..bytes.len() {
            let (one, other) = bytes.split_at(at);
            assert_eq!(heard(side, [one, other]), case.gives, "{} cut at {at}", case.name);
        }
    }
}

fn channels() -> Layout {
    let channel = |name: &str, to_server| Channel {
        name: name.to_owned(),
        to_server,
        item: None,
        times: None,
        asked: None,
        last: false,
    };
    Layout::Channels(Channels {
        protocols: BTreeMap::from([
            ("plain".to_owned(), ("binary".to_owned(), Some(255))),
            ("text".to_owned(), ("base64".to_owned(), None)),
        ]),
        channels: BTreeMap::from([(0, channel("input", true)), (1, channel("output", false))]),
        first_may_be_empty: true,
    })
}

/// What the client says in these frames.
fn said(frames: &[u8]) -> Vec<(MessageKind, Vec<u8>, u64)> {
    let mut decoder = WebSocketDecoder::new(Side::Client);
    decoder.push(frames);
    let mut found = Vec::new();
    while let Some(event) = decoder.next().unwrap() {
        if let WebSocketEvent::Message { kind, payload, frames, .. } = event {
            found.push((kind, payload.to_vec(), frames));
        }
    }
    decoder.finish().unwrap();
    found
}

#[test]
fn a_client_says_what_its_subprotocol_has_words_for() {
    let mut plain = Outlet::new(&channels(), "plain", 0).unwrap();
    let message = plain.message("input", b"ab").unwrap();
    assert_eq!(said(&message), [(MessageKind::Binary, b"\0ab".to_vec(), 1)]);
    let parts = plain.fragmented("input", b"abcde", 3).unwrap();
    assert_eq!(said(&parts), [(MessageKind::Binary, b"\0abcde".to_vec(), 3)]);
    let end = plain.end("input").unwrap();
    assert_eq!(said(&end), [(MessageKind::Binary, vec![255, 0], 1)]);
    assert_eq!(plain.message("output", b"ab"), None);
    let odd: Vec<_> = said(&plain.odd()).into_iter().map(|(_, payload, _)| payload).collect();
    assert_eq!(odd, [b"".to_vec(), b"\x09nothing".to_vec(), b"\x01nothing".to_vec()]);
    let mut text = Outlet::new(&channels(), "text", 0).unwrap();
    let message = text.message("input", b"abc").unwrap();
    assert_eq!(said(&message), [(MessageKind::Text, b"0YWJj".to_vec(), 1)]);
    assert_eq!(text.end("input"), None);
    assert!(Outlet::new(&channels(), "other", 0).is_none());
}

#[test]
fn pairs_have_names_of_their_own() {
    let layout = Layout::ChannelPairs {
        parameter: "gates".to_owned(),
        protocols: BTreeMap::from([("plain".to_owned(), ("binary".to_owned(), None))]),
        opens_with: Some(OpeningValue {
            kind: HeaderType::U16 { big_endian: false },
            value: "gate".to_owned(),
        }),
    };
    let mut outlet = Outlet::new(&layout, "plain", 2).unwrap();
    assert_eq!(said(&outlet.message("data-1", b"x").unwrap())[0].1, b"\x02x");
    assert_eq!(outlet.message("error-0", b"x"), None);
    assert_eq!(outlet.message("data-2", b"x"), None);
    let mut multiplex = Multiplex::new(&layout, "plain", 2).unwrap();
    for message in [b"\x02\x50\x00".as_slice(), b"\x02yes", b"\x03\x50\x00", b"\x03no"] {
        multiplex.push(&encode_frame(Opcode::Binary, true, message, None));
    }
    let mut names = Vec::new();
    while let Some(spoken) = multiplex.next().unwrap() {
        match spoken {
            Spoken::Opened { name, value, .. } => names.push(format!("{name} opens with {value}")),
            Spoken::Data { name, payload, .. } => {
                names.push(format!("{name} {}", String::from_utf8_lossy(&payload)));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        names,
        ["data-1 opens with 80", "data-1 yes", "error-1 opens with 80", "error-1 no"]
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        payload in prop::collection::vec(any::<u8>(), 0..70_000),
        mask in any::<Option<[u8; 4]>>(),
        parts in 1..5usize,
    ) {
        let side = if mask.is_some() { Side::Client } else { Side::Server };
        let size = payload.len().div_ceil(parts).max(1);
        let pieces: Vec<_> = match payload.is_empty() {
            true => vec![payload.as_slice()],
            false => payload.chunks(size).collect(),
        };
        let mut decoder = WebSocketDecoder::new(side);
        for (index, piece) in pieces.iter().enumerate() {
            let opcode = if index == 0 { Opcode::Binary } else { Opcode::Continuation };
            decoder.push(&encode_frame(opcode, index + 1 == pieces.len(), piece, mask));
        }
        let Some(WebSocketEvent::Message { payload: read, frames, .. }) = decoder.next().unwrap() else {
            return Err(TestCaseError::fail("no message"));
        };
        prop_assert_eq!(read, payload.clone());
        prop_assert_eq!(frames, pieces.len() as u64);
    }

    #[test]
    fn no_bytes_make_it_panic_or_go_on(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let whole = heard(Side::Server, [bytes.as_slice()]);
        prop_assert_eq!(whole, heard(Side::Server, bytes.chunks(1)));
    }
}
