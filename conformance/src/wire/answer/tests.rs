//! An answer says the same however its bytes are split, and no bytes are too strange for it.

use std::time::Duration;

use proptest::prelude::*;

use super::*;

const CHUNKED: &str = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                       3;name=value\r\none\r\nA\r\n0123456789\r\n0\r\nX-Sum: 13\r\nX: y\r\n\r\nsurplus";
const LENGTH: &str = "\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbodysurplus";
const SWITCH: &str = "HTTP/1.1 101 X\r\nUpgrade: tcp\r\n\r\n\x01\0\0\0\0\0\0\x02ab";

fn limits() -> Limits {
    Limits { head_bytes: 512, header_count: 8, body_bytes: 64, ..Limits::default() }
}

/// The answer that these pieces make, and the content that was handed out on the way.
fn read<'p>(pieces: impl IntoIterator<Item = &'p [u8]>, head: bool) -> (Parts, End, Vec<u8>) {
    let mut answer = Answer::new(Asked { head, upgrade: true }, limits());
    let mut content = Vec::new();
    for piece in pieces {
        answer.push(piece, Duration::ZERO, &mut |bytes| content.extend_from_slice(bytes));
    }
    let end = answer.close();
    (answer.into_parts(), end, content)
}

fn same(left: (Parts, End, Vec<u8>), right: (Parts, End, Vec<u8>)) {
    assert_eq!(left.0.head, right.0.head);
    assert_eq!(left.0.interim, right.0.interim);
    assert_eq!(left.0.body, right.0.body);
    assert_eq!(left.0.irregularities, right.0.irregularities);
    assert_eq!(left.0.surplus, right.0.surplus);
    assert_eq!((left.1, left.2), (right.1, right.2));
}

#[test]
fn every_split_in_three_says_the_same() {
    for text in [CHUNKED, LENGTH, SWITCH] {
        let bytes = text.as_bytes();
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                same(read(pieces, false), read([bytes], false));
            }
        }
    }
}

#[test]
fn the_samples_are_read_as_meant() {
    let (parts, end, content) = read([CHUNKED.as_bytes()], false);
    assert_eq!((end, content.as_slice()), (End::Complete, b"one0123456789".as_ref()));
    assert_eq!((parts.interim.len(), parts.body.trailers.len()), (1, 2));
    assert_eq!(parts.irregularities, [Irregularity::Surplus(7)]);
    let (parts, end, content) = read([LENGTH.as_bytes()], true);
    assert_eq!((end, content.as_slice()), (End::Complete, b"".as_ref()));
    assert_eq!(parts.irregularities, [Irregularity::BodyWhereNone]);
    let (parts, end, content) = read([SWITCH.as_bytes()], false);
    assert_eq!((end, content.len()), (End::Closed, 10));
    assert_eq!(parts.body.framing, BodyFraming::Takeover);
}

#[test]
fn a_close_at_every_byte_is_told() {
    let bytes = CHUNKED.strip_suffix("surplus").unwrap().as_bytes();
    for length in 0..bytes.len() {
        let (parts, end, _) = read([&bytes[..length]], false);
        assert_eq!(end, End::Truncated, "closed after {length} bytes");
        let in_body = parts.head.is_some();
        let expected = if in_body { vec![Irregularity::MissingFinalChunk] } else { Vec::new() };
        assert_eq!(parts.irregularities, expected, "closed after {length} bytes");
    }
}

#[test]
fn drops_of_one_byte_stay_few_chunks() {
    let mut answer = Answer::new(Asked { head: false, upgrade: false }, Limits::default());
    answer.push(b"HTTP/1.1 200 OK\r\n\r\n", Duration::ZERO, &mut |_| ());
    for drop in 1..=100_000_u32 {
        answer.push(b"x", Duration::from_millis(2) * drop, &mut |_| ());
    }
    answer.close();
    let chunks = answer.into_parts().body.chunks;
    assert_eq!(chunks.len(), MAX_CHUNKS + 1);
    assert_eq!(chunks.iter().map(|chunk| chunk.bytes.len()).sum::<usize>(), 100_000);
}

/// Pieces of answers, so that garbage gets past the first line.
fn fragments() -> impl Strategy<Value = Vec<u8>> {
    let known = proptest::sample::select(vec![
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 100 \r\n\r\n",
        "HTTP/1.1 204 \r\n",
        "HTTP/1.1 101 X\r\n",
        "Content-Length: 5\r\n",
        "Content-Length: x\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "\r\n",
        "\n",
        "5\r\nabcde\r\n",
        "fffffffffffffff\r\n",
        "0\r\n\r\n",
        "X: y\r\n",
    ]);
    let fragment = prop_oneof![
        4 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..80),
    ];
    proptest::collection::vec(fragment, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn anything_can_be_read(bytes in fragments(), head: bool, size in 1..40_usize) {
        let (parts, end, content) = read([bytes.as_slice()], head);
        prop_assert!(content.len() <= 64 && parts.surplus.len() <= MAX_SURPLUS);
        prop_assert!(end != End::Complete || parts.head.is_some());
        let in_pieces = read(bytes.chunks(size), head);
        // What lies behind the cap or a breach may be seen or not; what was read is the same.
        prop_assert_eq!(in_pieces.2, content);
        prop_assert_eq!(in_pieces.0.head, parts.head);
    }
}
