//! A line of a recording, as the call and the transcript that it tells of.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use conformance::call::{Argument, ArgumentValue, Call, CallBody, Handshake, Intent};
use conformance::frame::{Opcode, encode_frame};
use conformance::probe::{Header, Probe, Request};
use conformance::transcript::{Body, BodyFraming, Chunk, End, Head, Transcript};
use generator::contract::{Api, Location, MediaType, Operation, PathPart, Shape};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;

/// A line of a recording; which members there are depends on who recorded it.
#[derive(Debug, Deserialize)]
pub(super) struct Row {
    pub(super) name: String,
    request: Option<Asked>,
    /// The request line and fields, where they were written by hand.
    #[serde(alias = "request_headers")]
    raw_request: Option<Vec<String>>,
    status: Option<u16>,
    status_line: Option<String>,
    #[serde(default)]
    headers: Vec<Field>,
    body_json: Option<Value>,
    /// Whether the JSON body ends in a newline.
    #[serde(default)]
    body_raw_tail_newline: bool,
    body: Option<String>,
    body_b64: Option<String>,
    body_hex: Option<String>,
    #[serde(default)]
    frames: Vec<Frame>,
    #[serde(default)]
    sent: Vec<(f64, String, Value)>,
    end: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Asked {
    method: String,
    path: String,
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
    body: Option<Value>,
}

/// A header field, whole or in two.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Field {
    Pair(String, String),
    Line(String),
}

/// A frame of WebSocket; of a long one the recording has the beginning.
#[derive(Debug, Deserialize)]
struct Frame {
    t: f64,
    fin: u8,
    rsv: u8,
    op: u8,
    masked: u8,
    len: usize,
    hex: String,
}

/// What a line tells of, with the operation that it is of.
pub(super) struct Exchange<'a> {
    pub(super) operation: &'a Operation,
    pub(super) call: Call,
    pub(super) transcript: Transcript,
}

impl Row {
    /// The exchange, if the document has its operation.
    pub(super) fn exchange<'a>(&self, api: &'a Api) -> Option<Exchange<'a>> {
        let (method, target, headers, body) = self.asked()?;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let candidates = api.operations.iter().filter(|it| it.method.as_str() == method);
        let mut fitting: Vec<_> =
            candidates.filter_map(|it| Some((it, matched(it, path)?))).collect();
        // The path with the fewest parameters says the most.
        fitting.sort_by_key(|(_, arguments)| arguments.len());
        let (operation, arguments) = fitting.into_iter().next()?;
        let mut call = Call::new(operation.id.clone(), Intent::Part);
        call.arguments = arguments;
        call.arguments.extend(read_query(api, operation, query));
        let field = |wanted: &str| {
            let found = headers.iter().find(|header| header.is(wanted));
            found.and_then(Header::text).map(str::to_owned)
        };
        call.upgrade = field("upgrade").into_iter().collect();
        if call.upgrade.iter().any(|it| it.eq_ignore_ascii_case("websocket")) {
            let offered = field("sec-websocket-protocol").unwrap_or_default();
            let offered = offered.split(',').map(str::trim).filter(|it| !it.is_empty());
            call.handshake = Some(Handshake {
                key: field("sec-websocket-key"),
                version: field("sec-websocket-version").unwrap_or_default(),
                protocols: offered.map(str::to_owned).collect(),
            });
        }
        if let Some(value) = &body {
            let media_type = field("content-type").unwrap_or("application/json".to_owned());
            call.body = CallBody::Json(MediaType(media_type), value.clone());
        }
        let mut request = Request::new(method, target);
        request.headers = headers;
        let transcript = self.transcript(request)?;
        Some(Exchange { operation, call, transcript })
    }

    fn asked(&self) -> Option<(String, String, Vec<Header>, Option<Value>)> {
        if let Some(asked) = &self.request {
            let headers =
                asked.headers.iter().map(|(name, value)| Header::new(name.clone(), value.clone()));
            let (method, path) = (asked.method.clone(), asked.path.clone());
            return Some((method, path, headers.collect(), asked.body.clone()));
        }
        let mut lines = self.raw_request.as_ref()?.iter();
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let fields = lines.filter_map(|line| line.split_once(':'));
        let headers =
            fields.map(|(name, value)| Header::new(name.to_owned(), value.trim().to_owned()));
        Some((method, target, headers.collect(), None))
    }

    fn status(&self) -> Option<u16> {
        let line = self.status_line.as_deref();
        self.status.or_else(|| line?.split(' ').nth(1)?.parse().ok())
    }

    fn transcript(&self, request: Request) -> Option<Transcript> {
        let headers: Vec<_> = self
            .headers
            .iter()
            .filter_map(|field| match field {
                Field::Pair(name, value) => Some((name.clone(), value.clone())),
                Field::Line(line) => {
                    let (name, value) = line.split_once(':')?;
                    Some((name.to_owned(), value.trim().to_owned()))
                }
            })
            .map(|(name, value)| Header::new(name, value))
            .collect();
        let head = Head {
            minor_version: 1,
            status: self.status()?,
            reason: String::new(),
            headers,
            at: Duration::ZERO,
        };
        let mut probe = Probe::new(request);
        probe.expect_takeover = head.status == 101;
        let mut transcript = Transcript::unreachable("http://recorded", probe, "");
        transcript.body = self.content(&head);
        transcript.sent = self.sent();
        let left = self.end.as_deref().is_some_and(|end| end != "EOF");
        transcript.end = match (left, transcript.is_takeover()) {
            (true, _) => End::Dropped,
            (false, true) => End::Closed,
            (false, false) => End::Complete,
        };
        transcript.head = Some(head);
        Some(transcript)
    }

    fn content(&self, head: &Head) -> Body {
        if head.status == 101 {
            let chunks = self.frames.iter().map(Frame::chunk).collect();
            return Body { framing: BodyFraming::Takeover, chunks, trailers: Vec::new() };
        }
        let bytes: Bytes = match (&self.body_json, &self.body, &self.body_b64, &self.body_hex) {
            (Some(json), ..) => {
                let end = if self.body_raw_tail_newline { "\n" } else { "" };
                format!("{json}{end}").into()
            }
            (_, _, Some(text), _) => STANDARD.decode(text).unwrap().into(),
            (.., Some(hex)) if !hex.is_empty() => from_hex(hex).into(),
            (_, Some(text), ..) => text.clone().into(),
            _ => Bytes::new(),
        };
        let length = head.fields("content-length").next().and_then(Header::text);
        let framing = match length.and_then(|length| length.parse().ok()) {
            Some(length) => BodyFraming::ContentLength(length),
            None if head.lists("transfer-encoding", "chunked") => {
                BodyFraming::Chunked { ended: true }
            }
            None if bytes.is_empty() => BodyFraming::None,
            None => BodyFraming::UntilClose,
        };
        let chunk = Chunk { at: Duration::ZERO, bytes };
        let chunks = if chunk.bytes.is_empty() { Vec::new() } else { vec![chunk] };
        Body { framing, chunks, trailers: Vec::new() }
    }

    /// What the client said, after the pauses that stand before each of it.
    fn sent(&self) -> Vec<Chunk> {
        let mut at = 0.0;
        let chunk = |(pause, hex, kind): &(f64, String, Value)| {
            at += pause;
            let payload = from_hex(hex);
            let opcode = match kind.as_u64() {
                Some(1) => Opcode::Text,
                Some(8) => Opcode::Close,
                Some(9) => Opcode::Ping,
                _ => Opcode::Binary,
            };
            let bytes = match kind.is_string() {
                true => payload.into(),
                false => encode_frame(opcode, true, &payload, Some([1, 2, 3, 4])),
            };
            Chunk { at: Duration::from_secs_f64(at), bytes }
        };
        self.sent.iter().map(chunk).collect()
    }
}

impl Frame {
    fn chunk(&self) -> Chunk {
        let mut payload = from_hex(&self.hex);
        payload.resize(self.len, b'x');
        let frame =
            encode_frame(Opcode::Binary, true, &payload, (self.masked == 1).then_some([0; 4]));
        let mut bytes = frame.to_vec();
        bytes[0] = self.fin << 7 | self.rsv << 4 | self.op;
        Chunk { at: Duration::from_secs_f64(self.t), bytes: bytes.into() }
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The path's arguments, if it is one of that operation.
fn matched(operation: &Operation, path: &str) -> Option<Vec<Argument>> {
    let mut found = Vec::new();
    let mut rest: Vec<_> = path.strip_prefix('/')?.split('/').collect();
    rest.reverse();
    for segment in &operation.path.segments {
        let [part] = segment.0.as_slice() else { return None };
        let text = rest.pop()?;
        match part {
            PathPart::Parameter(_) if text.is_empty() => return None,
            PathPart::Literal(literal) if literal == text => {}
            PathPart::Literal(_) => return None,
            PathPart::Parameter(name) => {
                let parameter = operation
                    .parameters
                    .iter()
                    .find(|it| it.location == Location::Path && it.name == *name)?;
                let mut whole = text.to_owned();
                while parameter.multi_segment && !rest.is_empty() {
                    whole = format!("{whole}/{}", rest.pop()?);
                }
                found.push(argument(Location::Path, name, Value::from(decoded(&whole))));
            }
        }
    }
    rest.is_empty().then_some(found)
}

fn read_query(api: &Api, operation: &Operation, query: &str) -> Vec<Argument> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name), decoded(value));
            let parameter = operation
                .parameters
                .iter()
                .find(|it| it.location == Location::Query && it.name == name);
            let schema = parameter.and_then(|parameter| api.schemas.get(parameter.schema));
            let value = match schema.map(|schema| &schema.shape) {
                // The server takes anything but these for true.
                Some(Shape::Boolean) => Value::from(value != "false" && value != "0"),
                _ => Value::from(value),
            };
            argument(Location::Query, &name, value)
        })
        .collect()
}

fn argument(location: Location, name: &str, value: Value) -> Argument {
    Argument { location, name: name.to_owned(), value: ArgumentValue::Value(value) }
}
