//! Messages on channels, read by hand.

use generator::contract::{Channel, HeaderType};

use super::*;

fn layout() -> Channels {
    let channel = |name: &str, to_server| Channel {
        name: name.to_owned(),
        to_server,
        item: None,
        times: None,
        asked: None,
        last: false,
    };
    Channels {
        protocols: BTreeMap::from([
            ("plain".to_owned(), ("binary".to_owned(), Some(255))),
            ("text".to_owned(), ("base64".to_owned(), None)),
        ]),
        channels: BTreeMap::from([(0, channel("input", true)), (1, channel("output", false))]),
        first_may_be_empty: true,
    }
}

fn output(payload: &'static [u8]) -> ChannelEvent {
    ChannelEvent::Data { channel: 1, name: "output".into(), payload: payload.into() }
}

#[test]
fn binary_messages_begin_with_a_byte() {
    let mut decoder = ChannelDecoder::new(&layout(), "plain").unwrap();
    assert_eq!(decoder.next(b""), Ok(ChannelEvent::Empty));
    assert_eq!(decoder.next(b"\x01abc"), Ok(output(b"abc")));
    assert_eq!(decoder.next(b"\x01"), Ok(output(b"")));
    assert_eq!(decoder.next(b"\xff\x01"), Ok(ChannelEvent::Close { channel: 1 }));
    assert_eq!(decoder.next(b""), Err(ChannelViolation::Empty { message: 4 }));
    assert_eq!(
        decoder.next(b"\x07x"),
        Err(ChannelViolation::UnknownChannel { message: 5, channel: 7 })
    );
    assert_eq!(
        decoder.next(b"\x00x"),
        Err(ChannelViolation::WrongDirection { message: 6, channel: 0 })
    );
    assert_eq!(decoder.next(b"\xff"), Err(ChannelViolation::BadClose { message: 7 }));
    assert_eq!(decoder.next(b"\xff\x09"), Err(ChannelViolation::BadClose { message: 8 }));
}

#[test]
fn base64_messages_begin_with_a_digit() {
    let mut decoder = ChannelDecoder::new(&layout(), "text").unwrap();
    assert_eq!(decoder.next(b"1YWJj"), Ok(output(b"abc")));
    assert_eq!(decoder.next(b"\x01YWJj"), Err(ChannelViolation::NotBase64 { message: 1 }));
    assert_eq!(decoder.next(b"1!"), Err(ChannelViolation::NotBase64 { message: 2 }));
    assert!(ChannelDecoder::new(&layout(), "other").is_none());
}

#[test]
fn pairs_open_with_a_value_in_its_own_byte_order() {
    let opening =
        OpeningValue { kind: HeaderType::U16 { big_endian: false }, value: "port".to_owned() };
    let protocols = layout().protocols;
    let mut decoder = PairDecoder::new(&protocols, Some(&opening), "plain", 1).unwrap();
    assert_eq!(
        decoder.next(b"\x00\x50\x00"),
        Ok(PairEvent::Opened { pair: 0, error: false, value: 80 })
    );
    assert_eq!(
        decoder.next(b"\x01\x50\x00"),
        Ok(PairEvent::Opened { pair: 0, error: true, value: 80 })
    );
    assert_eq!(
        decoder.next(b"\x01no"),
        Ok(PairEvent::Data { pair: 0, error: true, payload: "no".into() })
    );
    assert_eq!(decoder.next(b"\xff\x00"), Ok(PairEvent::Close { channel: 0 }));
    assert_eq!(
        decoder.next(b"\x02\x50\x00"),
        Err(ChannelViolation::UnknownChannel { message: 4, channel: 2 })
    );
    let mut decoder = PairDecoder::new(&protocols, Some(&opening), "plain", 1).unwrap();
    assert_eq!(
        decoder.next(b"\x00\x50"),
        Err(ChannelViolation::BadOpening {
            message: 0,
            value: "port".to_owned(),
            expected: 2,
            found: 1
        })
    );
}
