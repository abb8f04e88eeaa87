//! Decoders against every split, against garbage, and against what they encode.

use std::collections::BTreeMap;

use bytes::Bytes;
use conformance::frame::{
    Decoded, Decoder, Event, Mark, Outgoing, Violation, decode, encode, hexdump,
};
use generator::contract::{
    FieldRole, HeaderField, HeaderType, Layout, LengthPrefixed, Lines, Pointer, Terminated,
    TextLines,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const U32: HeaderType = HeaderType::U32 { big_endian: true };

fn field(name: &str, kind: HeaderType, role: FieldRole) -> HeaderField {
    HeaderField { name: name.to_owned(), kind, role }
}

fn streams() -> BTreeMap<u64, String> {
    ["stdin", "stdout", "stderr"].iter().zip(0..).map(|(name, n)| (n, (*name).to_owned())).collect()
}

/// A stream number, three constant bytes, a length.
fn prefixed() -> Layout {
    Layout::LengthPrefixed(LengthPrefixed {
        header: vec![
            field("stream", HeaderType::U8, FieldRole::Stream(streams())),
            field("reserved", HeaderType::Bytes(3), FieldRole::Constant(0)),
            field("size", U32, FieldRole::PayloadLength { includes_header: false }),
        ],
        max_frame: None,
    })
}

fn lines(last: Option<&str>, terminated: Terminated) -> Layout {
    Layout::Lines(Lines {
        item: None,
        last: last.and_then(Pointer::parse),
        alternatives: Vec::new(),
        identity: Vec::new(),
        terminated,
    })
}

fn strict_lines() -> Layout {
    lines(None, Terminated::All)
}

fn whole(layout: &Layout, bytes: &[u8]) -> Decoded {
    decode(layout, [bytes])
}

fn payloads(decoded: &Decoded) -> Vec<(&str, &[u8])> {
    decoded.events.iter().map(|event| (event.stream(), event.payload().as_ref())).collect()
}

/// Neighbouring pieces of raw data say the same as one piece.
fn merged(decoded: Decoded) -> Decoded {
    let mut events: Vec<Event> = Vec::new();
    for event in decoded.events {
        match (events.last_mut(), event) {
            (Some(Event::Data { bytes, .. }), Event::Data { bytes: more, .. }) => {
                *bytes = [bytes.as_ref(), more.as_ref()].concat().into();
            }
            (_, event) => events.push(event),
        }
    }
    Decoded { events, ..decoded }
}

fn in_two(layout: &Layout, bytes: &[u8], at: usize) -> Decoded {
    decode(layout, [&bytes[..at], &bytes[at..]])
}

const THREE_FRAMES: &[u8] =
    b"\x01\0\0\0\0\0\0\x04out\n\x02\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\x08\x01\0\0\0\0\0\0\x04";

#[test]
fn three_frames_at_every_split() {
    let expected: Vec<(&str, &[u8])> =
        vec![("stdout", b"out\n"), ("stderr", b""), ("stdout", b"\x01\0\0\0\0\0\0\x04")];
    for at in 0..=THREE_FRAMES.len() {
        let decoded = in_two(&prefixed(), THREE_FRAMES, at);
        assert_eq!(payloads(&decoded), expected, "split at {at}");
        assert_eq!(decoded.violation, None, "split at {at}");
        assert_eq!(decoded.stream("stdout"), Bytes::from_static(b"out\n\x01\0\0\0\0\0\0\x04"));
    }
}

#[test]
fn a_cut_at_every_byte_is_told_unless_a_frame_ends_there() {
    for end in 0..THREE_FRAMES.len() {
        let decoded = whole(&prefixed(), &THREE_FRAMES[..end]);
        let expected = match end {
            0 | 12 | 20 => None,
            1..8 => Some((0, end, 8)),
            8..12 => Some((8, end - 8, 4)),
            13..20 => Some((12, end - 12, 8)),
            21..28 => Some((20, end - 20, 8)),
            _ => Some((28, end - 28, 8)),
        };
        let found = decoded.violation.map(|violation| match violation {
            Violation::TruncatedHeader { offset, received, expected } => {
                (offset, received, expected)
            }
            Violation::TruncatedPayload { offset, received, declared } => {
                (offset, received, declared)
            }
            other => panic!("{other}"),
        });
        assert_eq!(found, expected.map(|(o, r, d)| (o, r as u64, d)), "cut at {end}");
    }
}

#[test]
fn a_declared_size_allocates_nothing() {
    let mut decoder = Decoder::new(&prefixed());
    decoder.push(b"\x01\0\0\0\xff\xff\xff\xffab");
    assert_eq!(decoder.next(), Ok(None));
    assert_eq!(decoder.waiting(), 10);
    let violation =
        Violation::TruncatedPayload { offset: 8, received: 2, declared: u64::from(u32::MAX) };
    assert_eq!(decoder.finish(), Err(violation.clone()));
    assert_eq!(violation.offset(), 10);
    decoder.push(b"more");
    assert_eq!(decoder.next(), Err(violation), "nothing mends a broken stream");
}

#[test]
fn the_first_broken_field_is_told_and_what_came_before_stays() {
    let unknown = whole(&prefixed(), b"\x01\0\0\0\0\0\0\x01a\x03\0\0\x01\0\0\0\0");
    assert_eq!(payloads(&unknown), [("stdout", b"a".as_ref())]);
    assert_eq!(
        unknown.violation,
        Some(Violation::UnknownStream { offset: 9, field: "stream".to_owned(), number: 3 })
    );
    let constant = whole(&prefixed(), b"\x01\0\x07\0\0\0\0\0").violation.unwrap();
    assert_eq!(constant.to_string(), "`reserved` must be 00 00 00, found 00 07 00");
    assert_eq!(constant.offset(), 1);
}

#[test]
fn a_free_field_may_be_anything() {
    let Layout::LengthPrefixed(mut layout) = prefixed() else { panic!("no frames") };
    layout.header[1].role = FieldRole::Free;
    let decoded = whole(&Layout::LengthPrefixed(layout), b"\x01\0\x07\0\0\0\0\0");
    assert_eq!(decoded.violation, None);
}

#[test]
fn lengths_keep_to_the_header_and_the_cap() {
    let layout = Layout::LengthPrefixed(LengthPrefixed {
        header: vec![field(
            "size",
            HeaderType::U16 { big_endian: false },
            FieldRole::PayloadLength { includes_header: true },
        )],
        max_frame: Some(3),
    });
    let decoded = whole(&layout, b"\x05\0abc\x02\0");
    assert_eq!(payloads(&decoded), [("data", b"abc".as_ref()), ("data", b"")]);
    assert!(matches!(
        whole(&layout, b"\x01\0").violation,
        Some(Violation::LengthBelowHeader { offset: 0, declared: 1, header: 2, .. })
    ));
    assert!(matches!(
        whole(&layout, b"\x06\0abcd").violation,
        Some(Violation::OversizeFrame { offset: 0, declared: 4, limit: 3, .. })
    ));
    assert!(encode(&layout, Outgoing::Frame { stream: 0, payload: b"abcd" }).is_err());
}

#[test]
fn lines_in_pieces_of_every_size() {
    let text = "{\"a\":\"é😀\"}\r\n[1]\n \"x\" \n";
    for size in 1..=text.len() {
        let decoded = decode(&strict_lines(), text.as_bytes().chunks(size));
        assert_eq!(decoded.violation, None, "pieces of {size}");
        let values: Vec<&Value> = decoded
            .events
            .iter()
            .map(|event| match event {
                Event::Item { value, terminated: true, .. } => value,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(values, [&json!({ "a": "é😀" }), &json!([1]), &json!("x")], "pieces of {size}");
    }
}

#[test]
fn a_long_line_costs_no_more_than_its_length() {
    let item = json!("x".repeat(1 << 20));
    let bytes = encode(&strict_lines(), Outgoing::Item(&item)).unwrap();
    let decoded = decode(&strict_lines(), bytes.chunks(7));
    assert_eq!(decoded.violation, None);
    assert!(matches!(&decoded.events[..], [Event::Item { value, .. }] if *value == item));
}

#[test]
fn broken_lines_are_told_with_their_place() {
    let cases: [(&[u8], Violation); 6] = [
        (b"1\n\n", Violation::BlankLine { offset: 2, line: 2 }),
        (b"1\n\r\n", Violation::BlankLine { offset: 2, line: 2 }),
        (b"1\n  ", Violation::UnterminatedLine { offset: 4, line: 2 }),
        (b"1\n{\"a\":2}", Violation::UnterminatedLine { offset: 9, line: 2 }),
        (
            b"1\n2 3\n",
            Violation::NotJson { offset: 4, line: 2, reason: "trailing characters".to_owned() },
        ),
        (b"\xff\n", Violation::NotJson { offset: 0, line: 1, reason: "expected value".to_owned() }),
    ];
    for (bytes, violation) in cases {
        assert_eq!(whole(&strict_lines(), bytes).violation, Some(violation), "{bytes:?}");
    }
    assert_eq!(whole(&strict_lines(), b""), Decoded::default(), "no lines are lines too");
}

#[test]
fn nothing_follows_the_last_item() {
    let layout = lines(Some("/error"), Terminated::ExceptFinal);
    let last = b"{\"result\":1}\n{\"error\":{}}";
    let decoded = whole(&layout, last);
    assert_eq!(decoded.violation, None);
    assert!(matches!(decoded.events[1], Event::Item { last: true, terminated: false, .. }));
    let more = [last.as_ref(), b"\n{\"result\":2}\n"].concat();
    assert_eq!(whole(&layout, &more).violation, Some(Violation::AfterLast { offset: 26, line: 3 }));
    assert_eq!(
        whole(&layout, b"{\"error\":null}").violation,
        Some(Violation::UnterminatedLine { offset: 14, line: 1 }),
        "null is no error, so the item is not the last"
    );
    let strict = lines(Some("/error"), Terminated::All);
    assert!(matches!(whole(&strict, last).violation, Some(Violation::UnterminatedLine { .. })));
}

#[test]
fn text_lines_are_any_bytes() {
    let layout = Layout::TextLines(TextLines::default());
    let decoded = whole(&layout, b"one\n\n\xff\r\nrest");
    assert_eq!(
        decoded.events.iter().map(|event| event.payload().as_ref()).collect::<Vec<&[u8]>>(),
        [b"one".as_ref(), b"", b"\xff\r", b"rest"]
    );
    assert!(matches!(decoded.events[3], Event::Line { terminated: false, offset: 8, .. }));
    assert_eq!(decoded.violation, None);
}

fn kinds() -> impl Strategy<Value = HeaderType> {
    prop_oneof![
        Just(HeaderType::U8),
        any::<bool>().prop_map(|big_endian| HeaderType::U16 { big_endian }),
        any::<bool>().prop_map(|big_endian| HeaderType::U32 { big_endian }),
        any::<bool>().prop_map(|big_endian| HeaderType::U64 { big_endian }),
        (0..10_u8).prop_map(HeaderType::Bytes),
    ]
}

fn length_kinds() -> impl Strategy<Value = HeaderType> {
    any::<(bool, u8)>().prop_map(|(big_endian, which)| match which % 3 {
        0 => HeaderType::U16 { big_endian },
        1 => HeaderType::U32 { big_endian },
        _ => HeaderType::U64 { big_endian },
    })
}

fn layouts() -> impl Strategy<Value = Layout> {
    let constants = || {
        let field = |(kind, value): (HeaderType, u64)| {
            let low =
                if kind.width() < 8 { value & ((1 << (8 * kind.width())) - 1) } else { value };
            let value = if matches!(kind, HeaderType::Bytes(_)) { value & 0xff } else { low };
            field("constant", kind, FieldRole::Constant(value))
        };
        proptest::collection::vec((kinds(), any::<u64>()).prop_map(field), 0..2)
    };
    let stream = prop_oneof![
        Just(None),
        Just(Some(FieldRole::Stream(streams()))),
        Just(Some(FieldRole::Stream(BTreeMap::new()))),
        Just(Some(FieldRole::Free)),
    ];
    let framed = (constants(), stream, length_kinds(), any::<bool>(), constants(), any::<bool>());
    let framed = framed.prop_map(|(before, stream, kind, includes_header, after, swap)| {
        let mut header = before;
        header.extend(stream.map(|role| field("stream", HeaderType::U8, role)));
        header.push(field("size", kind, FieldRole::PayloadLength { includes_header }));
        header.extend(after);
        if swap {
            header.reverse();
        }
        Layout::LengthPrefixed(LengthPrefixed { header, max_frame: None })
    });
    prop_oneof![
        4 => framed,
        1 => Just(strict_lines()),
        1 => Just(Layout::TextLines(TextLines::default())),
        1 => Just(Layout::Raw),
    ]
}

/// What a layout of that kind can carry, from any bytes.
fn outgoing<'a>(layout: &Layout, stream: u64, bytes: &'a [u8], item: &'a Value) -> Outgoing<'a> {
    match layout {
        Layout::LengthPrefixed(_) => Outgoing::Frame { stream, payload: bytes },
        Layout::Lines(_) => Outgoing::Item(item),
        Layout::TextLines(_) => Outgoing::Line(bytes),
        _ => Outgoing::Data(bytes),
    }
}

/// The pieces between the given places.
fn pieces<'b>(bytes: &'b [u8], cuts: &[proptest::sample::Index]) -> Vec<&'b [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

proptest! {
    #[test]
    fn what_is_encoded_comes_back_on_any_split(
        layout in layouts(),
        units in proptest::collection::vec((0..3_u64, any::<Vec<u8>>(), "\\PC*"), 0..6),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8),
    ) {
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        for (stream, payload, text) in &units {
            let payload: Vec<u8> = match layout {
                Layout::TextLines(_) => payload.iter().copied().filter(|&byte| byte != b'\n').collect(),
                _ => payload.clone(),
            };
            let item = json!({ "text": text });
            let unit = outgoing(&layout, *stream, &payload, &item);
            bytes.extend_from_slice(&encode(&layout, unit).unwrap());
            expected.push(match unit {
                Outgoing::Item(value) => value.to_string().into_bytes(),
                _ => payload,
            });
        }
        let decoded = merged(decode(&layout, pieces(&bytes, &cuts)));
        prop_assert_eq!(&decoded.violation, &None);
        let found: Vec<Vec<u8>> = decoded.events.iter().map(|event| event.payload().to_vec()).collect();
        if matches!(layout, Layout::Raw) {
            prop_assert_eq!(found.concat(), expected.concat());
        } else {
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn garbage_says_the_same_on_any_split_and_is_never_outgrown(
        layout in layouts(),
        bytes in proptest::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(b'\n'), any::<u8>()], 0..200),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8),
    ) {
        let all = merged(whole(&layout, &bytes));
        prop_assert_eq!(&merged(decode(&layout, pieces(&bytes, &cuts))), &all);
        let mut decoder = Decoder::new(&layout);
        for byte in &bytes {
            decoder.push(&[*byte]);
            while let Ok(Some(_)) = decoder.next() {}
            prop_assert!(decoder.waiting() as u64 + decoder.offset() <= bytes.len() as u64);
        }
        if let Some(violation) = &all.violation {
            prop_assert!(violation.offset() <= bytes.len() as u64);
            let drawn = hexdump(&bytes, &layout, &violation.into());
            prop_assert!(drawn.contains(&violation.to_string()), "{}", drawn);
        }
    }

    #[test]
    fn a_hexdump_can_point_anywhere(
        layout in layouts(),
        bytes: Vec<u8>,
        offset in 0..300_u64,
    ) {
        let mark = Mark { offset, note: "here".to_owned() };
        let drawn = hexdump(&bytes, &layout, &mark);
        prop_assert_eq!(drawn.matches("^ here").count(), 1, "{}", drawn);
    }
}

fn drawn(layout: &Layout, bytes: &[u8]) -> String {
    let violation = whole(layout, bytes).violation.unwrap();
    hexdump(bytes, layout, &(&violation).into())
}

#[test]
fn hexdumps_name_the_fields() {
    let long = [
        encode(&prefixed(), Outgoing::Frame { stream: 1, payload: b"first" }).unwrap().to_vec(),
        encode(&prefixed(), Outgoing::Frame { stream: 2, payload: &[b'x'; 100] }).unwrap().to_vec(),
        b"\x01\0\x07\0\0\0\0\x03abcdefgh".to_vec(),
    ]
    .concat();
    insta::assert_snapshot!("broken_constant", drawn(&prefixed(), &long));
    insta::assert_snapshot!(
        "truncated_header",
        drawn(&prefixed(), b"\x01\0\0\0\0\0\0\x02hi\x02\0\0")
    );
    insta::assert_snapshot!(
        "truncated_payload",
        drawn(&prefixed(), &[b"\x01\0\0\0\0\0\x01\0".as_ref(), &[0xe9; 70]].concat())
    );
    let items = format!("{{\"a\":1}}\n{{\"b\":\"{}\" oops}}\n1\n", "y".repeat(90));
    insta::assert_snapshot!("line_not_json", drawn(&strict_lines(), items.as_bytes()));
    insta::assert_snapshot!("line_not_terminated", drawn(&strict_lines(), b"1\n{\"a\":2}"));
    let mark = Mark { offset: 40, note: "raw output differs here".to_owned() };
    insta::assert_snapshot!("raw", hexdump(&[b'z'; 200], &Layout::Raw, &mark));
}
