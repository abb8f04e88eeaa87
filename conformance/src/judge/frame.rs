//! The chapter `frame`, as far as the bytes of one answer tell: headers, lengths, lines, items, media type.
//!
//! What a stream should have carried is not known here. A stream that this side ended, or whose time ran out, is
//! judged by what came; what is missing from it is nobody's fault.

use std::collections::BTreeSet;

use generator::contract::{
    Content, FieldRole, FrameRule, Layout, LengthPrefixed, Lines, Location, Operation, Place,
    Pointer, Watch,
};
use serde_json::Value;

use super::body::matching;
use super::conditions;
use super::schema::{Validators, Validity};
use super::websocket;
use crate::call::Call;
use crate::frame::{Decoder, Event, Mark, Violation, hexdump};
use crate::probe::Until;
use crate::rule::Rule;
use crate::transcript::{BodyFraming, End, Head, Transcript};
use crate::verdict::Judgement;

/// How the stream of that answer is framed; `None` for an answer that is no stream.
///
/// A rule with conditions that hold says more than a media type does, since a media type may stand for several
/// framings. Without a media type, or with an undocumented one, the conditions decide alone.
#[must_use]
pub fn framing<'o>(
    validators: &Validators,
    operation: &'o Operation,
    call: &Call,
    head: &Head,
) -> Option<&'o FrameRule> {
    let contents = contents(operation, head)?;
    let applies = |rule: &&FrameRule| {
        rule.when
            .iter()
            .all(|condition| conditions::holds(validators, operation, call, head, condition))
    };
    let stated = stated(contents, head);
    if stated.is_some_and(|content| rules(operation, content).is_empty()) {
        return None;
    }
    let own = || stated.map(|content| rules(operation, content)).into_iter().flatten();
    let all = || contents.iter().flat_map(|content| rules(operation, content));
    let conditional = own().chain(all()).filter(|rule| !rule.when.is_empty()).find(applies);
    conditional.or_else(|| match stated {
        Some(_) => own().find(applies),
        None if contents.is_empty() => operation.frames.iter().find(applies),
        None => all().find(applies),
    })
}

/// Judges the stream of an answer.
pub(super) fn judge(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    transcript: &Transcript,
) -> Vec<Judgement> {
    let Some(head) = &transcript.head else { return Vec::new() };
    let Some(rule) = framing(validators, operation, call, head) else { return Vec::new() };
    let mut found = Vec::new();
    found.extend(media_type(validators, operation, call, head, rule));
    // A file of lines has a length; only what is declared to be a stream may not.
    if !rule.inferred && !is_bounded(call, rule) {
        found.extend(unbounded(transcript, rule));
    }
    if let Layout::Channels(_) | Layout::ChannelPairs { .. } = &rule.framing.receive {
        found.extend(websocket::judge(validators, operation, call, transcript, rule));
        return found;
    }
    let stream = Received::new(transcript, &rule.framing.receive);
    match &rule.framing.receive {
        Layout::LengthPrefixed(layout) => found.extend(prefixed(layout, &stream, &rule.place)),
        Layout::Lines(lines) => {
            let watch = operation.watch.as_ref();
            found.extend(self::lines(validators, (lines, watch), &stream, &rule.place));
        }
        Layout::Raw | Layout::TextLines(_) | Layout::Channels(_) | Layout::ChannelPairs { .. } => {}
    }
    found
}

/// The documented contents of a success; `None` if the answer is none.
fn contents<'o>(operation: &'o Operation, head: &Head) -> Option<&'o [Content]> {
    if head.status != 101 && !(200..300).contains(&head.status) {
        return None;
    }
    Some(operation.responses.get(head.status).map_or(&[], |(_, response)| &response.content))
}

fn stated<'o>(contents: &'o [Content], head: &Head) -> Option<&'o Content> {
    let media_type = head.fields("content-type").next()?.text()?;
    matching(contents, media_type)
}

/// The rules of a content: its own, else those of its operation.
fn rules<'o>(operation: &'o Operation, content: &'o Content) -> &'o [FrameRule] {
    if content.frames.is_empty() { &operation.frames } else { &content.frames }
}

/// A media type that stands for another framing than the one the request asked for misleads a client.
fn media_type(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    head: &Head,
    rule: &FrameRule,
) -> Option<Judgement> {
    let media_type = head.fields("content-type").next()?.text()?;
    let contents = contents(operation, head).filter(|contents| !contents.is_empty())?;
    let stated = matching(contents, media_type);
    // An undocumented media type of an ordinary body is judged as such.
    if stated.is_none() && head.status != 101 {
        return None;
    }
    let its_rule = stated.and_then(|content| {
        rules(operation, content).iter().find(|rule| {
            rule.when
                .iter()
                .all(|condition| conditions::holds(validators, operation, call, head, condition))
        })
    });
    let agrees = its_rule.is_some_and(|its| its.framing.receive == rule.framing.receive);
    let message =
        || format!("{media_type} is not documented for the framing that this request gets");
    Some(Judgement::of(Rule::FrameMediaType, agrees, message, Some(&rule.place)))
}

/// Text that is not followed has an end that the server may know.
fn is_bounded(call: &Call, rule: &FrameRule) -> bool {
    let Layout::TextLines(lines) = &rule.framing.receive else { return false };
    let follow = lines.options.get("follow");
    let asked = follow.and_then(|name| call.argument(Location::Query, name));
    asked.is_none_or(|value| *value != Value::Bool(true))
}

/// A length announced for an empty body announces nothing that could grow.
fn unbounded(transcript: &Transcript, rule: &FrameRule) -> Option<Judgement> {
    if transcript.is_takeover() {
        return None;
    }
    let announced = match transcript.body.framing {
        BodyFraming::ContentLength(length) => length,
        _ => 0,
    };
    let message = || format!("Content-Length announces {announced} bytes of a stream");
    Some(Judgement::of(Rule::FrameUnbounded, announced == 0, message, Some(&rule.place)))
}

/// What came of a stream.
struct Received<'t> {
    bytes: bytes::Bytes,
    layout: &'t Layout,
    events: Vec<Event>,
    violation: Option<Violation>,
    /// Whether the server ended the stream, so that nothing is missing.
    ended: bool,
}

impl<'t> Received<'t> {
    fn new(transcript: &Transcript, layout: &'t Layout) -> Self {
        let mut received = Self {
            bytes: transcript.body(),
            layout,
            events: Vec::new(),
            violation: None,
            ended: is_over(transcript),
        };
        received.violation = received.decode().err();
        received
    }

    fn decode(&mut self) -> Result<(), Violation> {
        let mut decoder = Decoder::new(self.layout);
        decoder.push(&self.bytes);
        while let Some(event) = decoder.next()? {
            self.events.push(event);
        }
        while self.ended {
            let Some(event) = decoder.finish()? else { break };
            self.events.push(event);
        }
        Ok(())
    }

    fn broken(&self, rule: Rule, mark: &Mark, place: &Place) -> Judgement {
        let message = format!("{} (at byte {} of the stream)", mark.note, mark.offset);
        let dump = hexdump(&self.bytes, self.layout, mark);
        Judgement::broken(rule, message, Some(place)).showing(dump)
    }
}

/// Whether the server ended the stream.
pub(super) fn is_over(transcript: &Transcript) -> bool {
    let read_on = transcript.probe.until == Until::End;
    read_on && matches!(transcript.end, End::Complete | End::Closed | End::Truncated | End::Reset)
}

/// Which rule a breach is of.
fn breached(violation: &Violation) -> Rule {
    match violation {
        Violation::TruncatedHeader { .. } => Rule::FrameHeader,
        Violation::TruncatedPayload { .. } | Violation::LengthBelowHeader { .. } => {
            Rule::FramePayload
        }
        Violation::ConstantBroken { .. } => Rule::FrameConstant,
        Violation::UnknownStream { .. } => Rule::FrameStream,
        Violation::OversizeFrame { .. } => Rule::FrameMax,
        Violation::UnterminatedLine { .. } => Rule::FrameLineTerminated,
        Violation::BlankLine { .. } | Violation::NotJson { .. } => Rule::FrameLineJson,
        Violation::AfterLast { .. } => Rule::FrameLineFinal,
    }
}

fn prefixed(layout: &LengthPrefixed, stream: &Received<'_>, place: &Place) -> Vec<Judgement> {
    let has =
        |wanted: fn(&FieldRole) -> bool| layout.header.iter().any(|field| wanted(&field.role));
    let came = !stream.events.is_empty();
    let whole = stream.ended && stream.violation.is_none();
    let names = |role: &FieldRole| matches!(role, FieldRole::Stream(names) if !names.is_empty());
    let looked_at = [
        (Rule::FrameHeader, whole),
        (Rule::FramePayload, whole && came),
        (Rule::FrameConstant, came && has(|role| matches!(role, FieldRole::Constant(_)))),
        (Rule::FrameStream, came && has(names)),
        (Rule::FrameMax, came && layout.max_frame.is_some()),
    ];
    verdicts(&looked_at, stream, place)
}

/// The breach, if there is one, and a pass for every other rule that there was something to look at for.
fn verdicts(looked_at: &[(Rule, bool)], stream: &Received<'_>, place: &Place) -> Vec<Judgement> {
    let violation = stream.violation.as_ref();
    let breached = violation.map(breached);
    let mut found: Vec<_> = looked_at
        .iter()
        .filter(|(rule, seen)| *seen && breached != Some(*rule))
        .map(|(rule, _)| Judgement::pass(*rule))
        .collect();
    if let (Some(rule), Some(violation)) = (breached, violation) {
        found.push(stream.broken(rule, &Mark::from(violation), place));
    }
    found
}

/// A line that is a document.
#[derive(Clone, Copy)]
struct Item<'e> {
    offset: u64,
    value: &'e Value,
    last: bool,
}

fn lines(
    validators: &Validators,
    (lines, watch): (&Lines, Option<&Watch>),
    stream: &Received<'_>,
    place: &Place,
) -> Vec<Judgement> {
    let items: Vec<_> = stream.events.iter().filter_map(item).collect();
    let came = !items.is_empty();
    let met_last = items.iter().any(|item| item.last);
    let looked_at = [
        (Rule::FrameLineJson, came),
        (Rule::FrameLineTerminated, came && stream.ended),
        (Rule::FrameLineFinal, met_last),
    ];
    let mut found = verdicts(&looked_at, stream, place);
    if lines.last.is_some() && !met_last {
        found.push(Judgement::skip(Rule::FrameLineFinal, "no final item came"));
    }
    if came {
        let typed: Vec<_> = items.iter().copied().filter(|item| is_typed(watch, item)).collect();
        found.extend(schemas(validators, lines, &typed, stream, place));
        found.extend(alternatives(lines, &items, stream, place));
        found.extend(distinct(lines, &items, stream, place));
    }
    found
}

fn item(event: &Event) -> Option<Item<'_>> {
    match event {
        Event::Item { offset, value, last, .. } => {
            Some(Item { offset: *offset, value, last: *last })
        }
        _ => None,
    }
}

/// Whether the object of an event is of the item's schema; outside a watch everything is.
fn is_typed(watch: Option<&Watch>, item: &Item<'_>) -> bool {
    let Some(watch) = watch else { return true };
    let kind = watch.kind.get(item.value).and_then(Value::as_str);
    kind.is_none_or(|kind| !watch.untyped.iter().any(|untyped| untyped == kind))
}

/// The first item that is not of its schema is told.
fn schemas(
    validators: &Validators,
    lines: &Lines,
    items: &[Item<'_>],
    stream: &Received<'_>,
    place: &Place,
) -> Option<Judgement> {
    let rule = Rule::FrameLineSchema;
    let schema = &validators.schema(lines.item?)?.place;
    for item in items {
        match validators.check(schema, item.value) {
            Validity::Valid => {}
            Validity::Invalid(faults) => {
                let note = format!("this item is not of its schema: {}", faults.join("; "));
                return Some(stream.broken(rule, &Mark { offset: item.offset, note }, place));
            }
            Validity::Unknown(why) => return Some(Judgement::inconclusive(rule, why)),
        }
    }
    Some(Judgement::pass(rule))
}

fn alternatives(
    lines: &Lines,
    items: &[Item<'_>],
    stream: &Received<'_>,
    place: &Place,
) -> Option<Judgement> {
    let rule = Rule::FrameLineAlternatives;
    if lines.alternatives.is_empty() {
        return None;
    }
    for item in items {
        let there: Vec<_> = lines
            .alternatives
            .iter()
            .filter(|pointer| pointer.get(item.value).is_some_and(|value| !value.is_null()))
            .map(Pointer::to_string)
            .collect();
        if there.len() != 1 {
            let there = if there.is_empty() { "none".to_owned() } else { there.join(" and ") };
            let note = format!("of the alternatives, this item has {there}");
            return Some(stream.broken(rule, &Mark { offset: item.offset, note }, place));
        }
    }
    Some(Judgement::pass(rule))
}

/// Final items say how the stream ended, and stand for no item of the set.
fn distinct(
    lines: &Lines,
    items: &[Item<'_>],
    stream: &Received<'_>,
    place: &Place,
) -> Option<Judgement> {
    let rule = Rule::FrameLineDistinct;
    if lines.identity.is_empty() {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut nameless = false;
    for item in items.iter().filter(|item| !item.last) {
        let identity = identity(&lines.identity, item.value);
        nameless |= identity.is_none();
        let Some(identity) = identity else { continue };
        if let Some(identity) = seen.replace(identity) {
            let note = format!("this item came before: {identity}");
            return Some(stream.broken(rule, &Mark { offset: item.offset, note }, place));
        }
    }
    if nameless {
        return Some(Judgement::inconclusive(rule, "an item has nothing that tells it apart"));
    }
    Some(Judgement::pass(rule))
}

/// What makes an item the one it is, in words; `None` if it has none of it.
fn identity(pointers: &[Pointer], value: &Value) -> Option<String> {
    let there: Vec<_> = pointers
        .iter()
        .filter_map(|pointer| Some(format!("{pointer} {}", pointer.get(value)?)))
        .collect();
    (!there.is_empty()).then(|| there.join(", "))
}
