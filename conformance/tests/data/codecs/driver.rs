//! Reads cases from standard input, a JSON array `[layout, [piece, …]]` a line, and writes what the emitted codec of
//! that layout makes of the bytes: `{"events": […], "broken": …}` a line.

use std::io::{BufRead as _, Write as _};

use bytes::{Bytes, BytesMut};
use codecs::api::streams;
use codecs::support::stream::{Layout as _, LengthPrefixed, TextLines};
use serde_json::{Value, json};
use tokio_util::codec::{Decoder, Encoder as _};

/// Every layout by its name.
macro_rules! by_name {
    ($name:expr, $pieces:expr; $($frames:literal => $stream:ident),+; $($lines:literal => $codec:ident),+) => {
        match $name {
            $($frames => run(LengthPrefixed::<streams::$stream>::new(), $pieces, |frame| {
                json!([frame.stream.number(), frame.payload.to_vec(), again(frame)])
            }),)+
            $($lines => run(streams::$codec::new(), $pieces, |item| json!(item)),)+
            "text" => run(TextLines::new(), $pieces, |line| json!(line)),
            other => json!({ "unknown": other }),
        }
    };
}

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: (String, Vec<Vec<u8>>) = serde_json::from_str(&line.unwrap()).unwrap();
        let answer = by_name!(case.0.as_str(), &case.1;
            "u8Size" => U8SizeStream, "u16Big" => U16BigStream, "u16Little" => U16LittleStream,
            "u32Big" => U32BigStream, "u32Little" => U32LittleStream, "u64Big" => U64BigStream,
            "u64Little" => U64LittleStream, "named" => NamedStream, "sizeFirst" => SizeFirstStream,
            "wholeSize" => WholeSizeStream, "marked" => MarkedStream, "littleMark" => LittleMarkStream,
            "bounded" => BoundedStream;
            "lines" => LinesCodec, "linesFinal" => LinesFinalCodec, "linesEither" => LinesEitherCodec);
        writeln!(out, "{answer}").unwrap();
    }
}

/// What a codec makes of the pieces, up to the first break.
fn run<C: Decoder>(mut codec: C, pieces: &[Vec<u8>], told: impl Fn(C::Item) -> Value) -> Value {
    let mut buffer = BytesMut::new();
    let mut events = Vec::new();
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match codec.decode(&mut buffer) {
                Ok(Some(item)) => events.push(told(item)),
                Ok(None) => break,
                Err(_) => return json!({ "events": events, "broken": true }),
            }
        }
    }
    loop {
        match codec.decode_eof(&mut buffer) {
            Ok(Some(item)) => events.push(told(item)),
            Ok(None) => return json!({ "events": events, "broken": false }),
            Err(_) => return json!({ "events": events, "broken": true }),
        }
    }
}

/// The frame as the emitted codec writes it.
fn again<L: codecs::support::stream::Layout>(frame: codecs::support::stream::Frame<L>) -> Vec<u8> {
    let mut written = BytesMut::new();
    LengthPrefixed::<L>::new().encode(frame, &mut written).unwrap();
    Bytes::from(written).to_vec()
}
