//! Faults of a harbour: each changes requests, answers, or what is sent over a stream, and knows of no rule.

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::Value;

/// One frame of the radio.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) channel: u8,
    pub(crate) payload: Vec<u8>,
}

/// What is different about a harbour.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) request: fn(Request<Bytes>) -> Request<Bytes>,
    pub(crate) answer: fn(&Request<Bytes>, Response<Bytes>) -> Response<Bytes>,
    pub(crate) log: fn(Vec<Vec<u8>>) -> Vec<Vec<u8>>,
    pub(crate) radio: fn(Vec<Frame>) -> Vec<Frame>,
    pub(crate) frame: fn(&Frame) -> Vec<u8>,
}

/// No fault at all.
pub(crate) const HONEST: Fault = Fault {
    name: "honest",
    request: |request| request,
    answer: |_, answer| answer,
    log: |lines| lines,
    radio: |frames| frames,
    frame: |frame| header(frame, u16::to_le_bytes(size(frame) + 4), 90),
};

/// Every fault.
pub(crate) const FAULTS: &[Fault] = &[
    Fault { name: "noted-is-ok", answer: |_, answer| swapped(answer, 202, 200), ..HONEST },
    Fault {
        name: "berths-without-mark",
        answer: |_, answer| edited(answer, "/result/berths", without_mark),
        ..HONEST
    },
    Fault {
        name: "berths-as-text",
        answer: |_, answer| retyped(answer, "/result", "text/plain"),
        ..HONEST
    },
    Fault {
        name: "trouble-is-zero",
        answer: |_, answer| edited(answer, "/trouble/code", |code| *code = 0.into()),
        ..HONEST
    },
    Fault { name: "nobody-on-watch", answer: |_, answer| lost(answer, "harbour-watch"), ..HONEST },
    Fault { name: "eighth-watch", answer: |_, answer| set(answer, "harbour-watch", "8"), ..HONEST },
    Fault { name: "allows-nothing", answer: |_, answer| lost(answer, "allow"), ..HONEST },
    Fault { name: "no-pass-needed", request: |request| passed(request, false), ..HONEST },
    Fault { name: "any-pass-will-do", request: |request| passed(request, true), ..HONEST },
    Fault { name: "one-row-more", answer: doubled, ..HONEST },
    Fault {
        name: "always-from-the-start",
        request: |request| ignoring(request, "after"),
        ..HONEST
    },
    Fault { name: "all-classes", request: |request| ignoring(request, "depth-class"), ..HONEST },
    Fault { name: "never-backwards", request: |request| ignoring(request, "backwards"), ..HONEST },
    Fault {
        name: "one-berth-too-many",
        answer: |_, answer| edited(answer, "/result/in-all", plus_one),
        ..HONEST
    },
    Fault { name: "one-sheet-for-all", request: |request| ignoring(request, "sheet"), ..HONEST },
    Fault { name: "any-draught", request: sunk, ..HONEST },
    Fault { name: "never-struck", request: spared, answer: unstruck, ..HONEST },
    Fault {
        name: "all-ships-are-one",
        answer: |_, answer| edited(answer, "/ship", |ship| *ship = "Ship".into()),
        ..HONEST
    },
    Fault {
        name: "cranes-are-forgotten",
        log: |lines| lines.into_iter().skip(1).collect(),
        ..HONEST
    },
    Fault { name: "cranes-twice", log: |lines| [lines.clone(), lines].concat(), ..HONEST },
    Fault { name: "cranes-on-one-line", log: |lines| vec![joined(&lines)], ..HONEST },
    Fault {
        name: "big-endian",
        frame: |frame| header(frame, u16::to_be_bytes(size(frame) + 4), 90),
        ..HONEST
    },
    Fault {
        name: "header-not-counted",
        frame: |frame| header(frame, u16::to_le_bytes(size(frame)), 90),
        ..HONEST
    },
    Fault {
        name: "broken-seal",
        frame: |frame| header(frame, u16::to_le_bytes(size(frame) + 4), 91),
        ..HONEST
    },
    Fault { name: "fifth-channel", radio: |frames| on(frames, |_| 5), ..HONEST },
    Fault {
        name: "channels-swapped",
        radio: |frames| on(frames, |channel| 10 - channel),
        ..HONEST
    },
    Fault {
        name: "last-frame-lost",
        radio: |frames| frames.split_last().map_or(Vec::new(), |(_, rest)| rest.to_vec()),
        ..HONEST
    },
];

fn size(frame: &Frame) -> u16 {
    u16::try_from(frame.payload.len()).unwrap()
}

fn header(frame: &Frame, length: [u8; 2], seal: u8) -> Vec<u8> {
    [&length[..], &[frame.channel, seal], &frame.payload].concat()
}

fn on(frames: Vec<Frame>, channel: fn(u8) -> u8) -> Vec<Frame> {
    frames.into_iter().map(|frame| Frame { channel: channel(frame.channel), ..frame }).collect()
}

fn joined(lines: &[Vec<u8>]) -> Vec<u8> {
    let bare = lines.iter().map(|line| line.strip_suffix(b"\n").unwrap_or(line));
    [&bare.collect::<Vec<_>>().concat()[..], b"\n"].concat()
}

fn swapped(mut answer: Response<Bytes>, from: u16, to: u16) -> Response<Bytes> {
    if answer.status() == from {
        *answer.status_mut() = StatusCode::from_u16(to).unwrap();
    }
    answer
}

fn lost(mut answer: Response<Bytes>, name: &str) -> Response<Bytes> {
    answer.headers_mut().remove(name);
    answer
}

fn set(mut answer: Response<Bytes>, name: &'static str, value: &'static str) -> Response<Bytes> {
    if answer.headers().contains_key(name) {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

fn retyped(answer: Response<Bytes>, pointer: &str, media_type: &'static str) -> Response<Bytes> {
    let is_meant = json(&answer).is_some_and(|body| body.pointer(pointer).is_some());
    if is_meant { set(answer, "content-type", media_type) } else { answer }
}

fn json(answer: &Response<Bytes>) -> Option<Value> {
    serde_json::from_slice(answer.body()).ok()
}

/// Changes a member of a JSON body that has it.
fn edited(mut answer: Response<Bytes>, pointer: &str, edit: fn(&mut Value)) -> Response<Bytes> {
    let Some(mut body) = json(&answer) else { return answer };
    let Some(member) = body.pointer_mut(pointer) else { return answer };
    edit(member);
    *answer.body_mut() = body.to_string().into();
    answer
}

/// One berth has no mark, on whatever page it is.
fn without_mark(berths: &mut Value) {
    for berth in berths.as_array_mut().unwrap() {
        if berth["mark"] == "mark-0006" {
            berth.as_object_mut().unwrap().remove("mark");
        }
    }
}

fn plus_one(number: &mut Value) {
    *number = (number.as_u64().unwrap() + 1).into();
}

/// A full page has its last item once more, under another name.
fn doubled(request: &Request<Bytes>, answer: Response<Bytes>) -> Response<Bytes> {
    let asked = request.uri().query().unwrap_or_default();
    let rows = asked.split('&').find_map(|pair| pair.strip_prefix("rows=")?.parse::<usize>().ok());
    let full =
        json(&answer).and_then(|body| Some(body.pointer("/result/berths")?.as_array()?.len()));
    if rows.is_none() || rows != full {
        return answer;
    }
    edited(answer, "/result/berths", |berths| {
        let berths = berths.as_array_mut().unwrap();
        let mut last = berths.last().unwrap().clone();
        last["mark"] = format!("{}-again", last["mark"].as_str().unwrap()).into();
        berths.push(last);
    })
}

/// Lets a request pass that has no pass, or a wrong one.
fn passed(mut request: Request<Bytes>, even_wrong: bool) -> Request<Bytes> {
    let has_one = request.headers().get("harbour-pass").is_some_and(|pass| !pass.is_empty());
    if has_one == even_wrong {
        request.headers_mut().insert("harbour-pass", HeaderValue::from_static(super::PASS));
    }
    request
}

/// Takes a parameter out of a query.
fn ignoring(mut request: Request<Bytes>, name: &str) -> Request<Bytes> {
    let query = request.uri().query().unwrap_or_default();
    let kept = query.split('&').filter(|pair| pair.split('=').next() != Some(name));
    let target = format!("{}?{}", request.uri().path(), kept.collect::<Vec<_>>().join("&"));
    *request.uri_mut() = target.parse().unwrap();
    request
}

/// Any number is a good draught.
fn sunk(mut request: Request<Bytes>) -> Request<Bytes> {
    let body = serde_json::from_slice::<Value>(request.body()).ok();
    if let Some(mut body) = body.filter(|body| body["draught"].is_number()) {
        body["draught"] = 2.into();
        *request.body_mut() = body.to_string().into();
    }
    request
}

/// The field of a request to strike that became one to look.
const SPARED: &str = "spared";

/// What is to be struck is only looked at.
fn spared(mut request: Request<Bytes>) -> Request<Bytes> {
    let is_a_call =
        request.uri().path().strip_prefix("/calls/").is_some_and(|it| !it.contains('/'));
    if request.method() == "DELETE" && is_a_call {
        *request.method_mut() = http::Method::GET;
        request.headers_mut().insert(SPARED, HeaderValue::from_static("yes"));
    }
    request
}

/// What was only looked at is said to be struck.
fn unstruck(request: &Request<Bytes>, answer: Response<Bytes>) -> Response<Bytes> {
    if !request.headers().contains_key(SPARED) || answer.status() != 200 {
        return answer;
    }
    let mut struck = Response::new(Bytes::new());
    *struck.status_mut() = StatusCode::RESET_CONTENT;
    struck
}
