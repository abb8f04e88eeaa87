//! The laws of WebSocket and of channels, as far as the bytes of one stream tell.
//!
//! What a channel should have carried is not known here. A stream that the client left, closed or broke on purpose is
//! judged by what came until then.

mod channels;

use generator::contract::{FrameRule, Layout, Location, Operation, Place};
use serde_json::Value;

use super::frame::is_over;
use super::schema::Validators;
use crate::call::{ArgumentValue, Call};
use crate::frame::{
    Mark, MessageKind, Multiplex, Side, Spoken, WebSocketDecoder, WebSocketEvent,
    WebSocketViolation, hexdump,
};
use crate::rule::Rule;
use crate::transcript::{End, Head, Transcript};
use crate::verdict::Judgement;

/// More pairs than this are not told apart by one byte.
const MOST_PAIRS: usize = 128;

/// The subprotocol that an answer agrees on.
#[must_use]
pub fn agreed(head: &Head) -> Option<&str> {
    head.fields("sec-websocket-protocol").next()?.text().filter(|name| !name.is_empty())
}

/// The values of the parameter that asks for channels in pairs: one pair each.
#[must_use]
pub fn pairs(layout: &Layout, call: &Call) -> Vec<String> {
    let Layout::ChannelPairs { parameter, .. } = layout else { return Vec::new() };
    let given = call
        .arguments
        .iter()
        .filter(|given| given.location == Location::Query && given.name == *parameter);
    let texts = given.flat_map(|given| match &given.value {
        ArgumentValue::Raw(text) => vec![text.clone()],
        ArgumentValue::Value(Value::Array(items)) => items.iter().map(plain).collect(),
        ArgumentValue::Value(value) => vec![plain(value)],
    });
    let split = texts.flat_map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>());
    split.take(MOST_PAIRS).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What came on a WebSocket.
pub(super) struct Heard<'t> {
    bytes: bytes::Bytes,
    layout: &'t Layout,
    place: &'t Place,
    events: Vec<WebSocketEvent>,
    violation: Option<WebSocketViolation>,
    /// What is said on channels, where a documented subprotocol was agreed on.
    spoken: Option<Vec<Spoken>>,
    /// Whether the server ended the stream of its own will, so that nothing is missing.
    ended: bool,
}

impl<'t> Heard<'t> {
    fn new(call: &Call, transcript: &Transcript, rule: &'t FrameRule) -> Self {
        let layout = &rule.framing.receive;
        let bytes = transcript.body();
        let ended = is_over(transcript) && !is_broken_off(transcript);
        let (events, violation) = events(&bytes, ended && transcript.end != End::Reset);
        let count = u8::try_from(pairs(layout, call).len()).unwrap_or(u8::MAX);
        let protocol = transcript.head.as_ref().and_then(agreed).unwrap_or_default();
        let spoken = Multiplex::new(layout, protocol, count).map(|reader| spoken(reader, &bytes));
        Self { bytes, layout, place: &rule.place, events, violation, spoken, ended }
    }

    fn broken(&self, rule: Rule, offset: u64, note: String) -> Judgement {
        let message = format!("{note} (at byte {offset} of the stream)");
        let dump = hexdump(&self.bytes, self.layout, &Mark { offset, note });
        Judgement::broken(rule, message, Some(self.place)).showing(dump)
    }
}

/// Judges a stream of channels.
pub(super) fn judge(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    transcript: &Transcript,
    rule: &FrameRule,
) -> Vec<Judgement> {
    if !transcript.is_takeover() {
        return Vec::new();
    }
    let heard = Heard::new(call, transcript, rule);
    let mut found = laws(&heard);
    if let Some(spoken) = &heard.spoken {
        let asked = channels::Asked { validators, operation, call, transcript };
        found.extend(channels::judge(&heard, spoken, &asked));
    }
    found
}

/// Whether the client closed first, or said something that no server must put up with.
fn is_broken_off(transcript: &Transcript) -> bool {
    let mut decoder = WebSocketDecoder::new(Side::Client);
    transcript.sent.iter().for_each(|sent| decoder.push(&sent.bytes));
    let (closes, opens) = (first_close(&mut decoder), closed_by_server(transcript));
    closes && !opens
}

/// Whether a close, or a breach of the laws, is among it.
fn first_close(decoder: &mut WebSocketDecoder) -> bool {
    loop {
        match decoder.next() {
            Ok(Some(WebSocketEvent::Close { .. })) | Err(_) => return true,
            Ok(Some(_)) => {}
            Ok(None) => return false,
        }
    }
}

/// A close that answers one of the server's is no breaking off: then the server's stands before it in time.
fn closed_by_server(transcript: &Transcript) -> bool {
    let mut decoder = WebSocketDecoder::new(Side::Server);
    let last = transcript.sent.last().map(|sent| sent.at).unwrap_or_default();
    let before = transcript.body.chunks.iter().take_while(|chunk| chunk.at <= last);
    before.for_each(|chunk| decoder.push(&chunk.bytes));
    loop {
        match decoder.next() {
            Ok(Some(WebSocketEvent::Close { code, .. })) => return code != Some(1002),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return false,
        }
    }
}

fn events(bytes: &[u8], whole: bool) -> (Vec<WebSocketEvent>, Option<WebSocketViolation>) {
    let mut decoder = WebSocketDecoder::new(Side::Server);
    decoder.push(bytes);
    let mut found = Vec::new();
    loop {
        match decoder.next() {
            Ok(Some(event)) => found.push(event),
            Ok(None) => break,
            Err(violation) => return (found, Some(violation)),
        }
    }
    let cut = if whole { decoder.finish().err() } else { None };
    (found, cut)
}

fn spoken(mut reader: Multiplex, bytes: &[u8]) -> Vec<Spoken> {
    reader.push(bytes);
    let mut found = Vec::new();
    while let Ok(Some(spoken)) = reader.next() {
        found.push(spoken);
    }
    found
}

/// The breach, if there is one, and a pass for every other law that there was something to look at for.
fn laws(heard: &Heard<'_>) -> Vec<Judgement> {
    let breached = heard.violation.as_ref().map(breached);
    let came = !heard.events.is_empty();
    let is_message = |event: &WebSocketEvent| matches!(event, WebSocketEvent::Message { .. });
    let is_close = |event: &WebSocketEvent| matches!(event, WebSocketEvent::Close { .. });
    let is_text = |event: &WebSocketEvent| {
        matches!(event, WebSocketEvent::Message { kind: MessageKind::Text, .. })
    };
    let any = |wanted: &dyn Fn(&WebSocketEvent) -> bool| heard.events.iter().any(wanted);
    let looked_at = [
        (Rule::FrameSocketUnmasked, came),
        (Rule::FrameSocketReserved, came),
        (Rule::FrameSocketLength, came),
        (Rule::FrameSocketControl, any(&|event| !is_message(event))),
        (Rule::FrameSocketFragments, any(&is_message) && heard.ended),
        (Rule::FrameSocketText, any(&is_text)),
        (Rule::FrameSocketClose, any(&is_close)),
    ];
    let mut found: Vec<_> = looked_at
        .iter()
        .filter(|(rule, seen)| *seen && breached != Some(*rule))
        .map(|(rule, _)| Judgement::pass(*rule))
        .collect();
    if let (Some(rule), Some(violation)) = (breached, &heard.violation) {
        found.push(heard.broken(rule, violation.offset(), violation.to_string()));
    }
    found
}

/// Which rule a breach is of.
fn breached(violation: &WebSocketViolation) -> Rule {
    match violation {
        WebSocketViolation::Masked { .. } | WebSocketViolation::Unmasked { .. } => {
            Rule::FrameSocketUnmasked
        }
        WebSocketViolation::ReservedBits { .. } | WebSocketViolation::ReservedOpcode { .. } => {
            Rule::FrameSocketReserved
        }
        WebSocketViolation::LongLength { .. }
        | WebSocketViolation::CutShort { of_frame: true, .. } => Rule::FrameSocketLength,
        WebSocketViolation::LongControl { .. } | WebSocketViolation::FragmentedControl { .. } => {
            Rule::FrameSocketControl
        }
        WebSocketViolation::StrayContinuation { .. }
        | WebSocketViolation::Interleaved { .. }
        | WebSocketViolation::CutShort { of_frame: false, .. } => Rule::FrameSocketFragments,
        WebSocketViolation::NotText { .. } => Rule::FrameSocketText,
        WebSocketViolation::BadClose { .. } | WebSocketViolation::AfterClose { .. } => {
            Rule::FrameSocketClose
        }
    }
}
