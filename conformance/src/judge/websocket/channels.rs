//! What is said on channels, against what the layout says of them.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use generator::contract::{Channel, Channels, Layout, Operation};
use serde_json::Value;

use super::super::conditions;
use super::super::schema::{Validators, Validity};
use super::{Heard, pairs};
use crate::call::Call;
use crate::frame::{ChannelViolation, Spoken};
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::Judgement;

/// The code for a normal end (RFC 6455 §7.4.1).
const NORMAL: u16 = 1000;

/// What was asked for.
pub(super) struct Asked<'a> {
    pub(super) validators: &'a Validators,
    pub(super) operation: &'a Operation,
    pub(super) call: &'a Call,
    pub(super) transcript: &'a Transcript,
}

impl Asked<'_> {
    /// Whether a channel was asked for; one that need not be asked for always is.
    fn has(&self, channel: &Channel) -> bool {
        let (Some(condition), Some(head)) = (&channel.asked, &self.transcript.head) else {
            return true;
        };
        conditions::holds(self.validators, self.operation, self.call, head, condition)
    }
}

/// Judges what was said on channels.
pub(super) fn judge(heard: &Heard<'_>, spoken: &[Spoken], asked: &Asked<'_>) -> Vec<Judgement> {
    let mut found = breaches(heard, spoken);
    if let Layout::Channels(layout) = heard.layout {
        found.extend(unasked(heard, layout, spoken, asked));
        found.extend(last(heard, layout, spoken));
        for channel in layout.channels.values().filter(|channel| !channel.to_server) {
            found.extend(documents(heard, channel, spoken, asked));
        }
    }
    found.extend(opening(heard, spoken, asked));
    found.extend(closed(heard, spoken));
    found
}

/// Bytes on a channel: where, which, what. Empty messages carry nothing.
fn data(spoken: &[Spoken]) -> impl Iterator<Item = (u64, &str, &Bytes)> {
    spoken.iter().filter_map(|spoken| match spoken {
        Spoken::Data { offset, name, payload } if !payload.is_empty() => {
            Some((*offset, name.as_ref(), payload))
        }
        _ => None,
    })
}

/// The first breach of each rule, and a pass for those that none was of.
fn breaches(heard: &Heard<'_>, spoken: &[Spoken]) -> Vec<Judgement> {
    let mut first = BTreeMap::new();
    for spoken in spoken {
        if let Spoken::Breach { offset, violation } = spoken {
            first.entry(breached(violation)).or_insert((*offset, violation));
        }
    }
    let came = spoken.iter().any(|spoken| {
        matches!(spoken, Spoken::Data { .. } | Spoken::Opened { .. } | Spoken::Breach { .. })
    });
    let looked_at = [Rule::FrameChannelMessage, Rule::FrameChannelNumber];
    let passed = looked_at.into_iter().filter(|rule| came && !first.contains_key(rule));
    let mut found: Vec<_> = passed.map(Judgement::pass).collect();
    found.extend(
        first
            .iter()
            .map(|(rule, (offset, violation))| heard.broken(*rule, *offset, violation.to_string())),
    );
    found
}

fn breached(violation: &ChannelViolation) -> Rule {
    match violation {
        ChannelViolation::WrongKind { .. }
        | ChannelViolation::Empty { .. }
        | ChannelViolation::NotBase64 { .. } => Rule::FrameChannelMessage,
        ChannelViolation::UnknownChannel { .. }
        | ChannelViolation::WrongDirection { .. }
        | ChannelViolation::BadClose { .. } => Rule::FrameChannelNumber,
        ChannelViolation::BadOpening { .. } => Rule::FramePairOpening,
    }
}

fn unasked(
    heard: &Heard<'_>,
    layout: &Channels,
    spoken: &[Spoken],
    asked: &Asked<'_>,
) -> Option<Judgement> {
    let rule = Rule::FrameChannelAsked;
    let channels = layout.channels.values().filter(|channel| !channel.to_server);
    let silent: Vec<_> = channels.filter(|channel| !asked.has(channel)).collect();
    if silent.is_empty() || spoken.is_empty() {
        return None;
    }
    let stray =
        data(spoken).find(|(_, name, _)| silent.iter().any(|channel| channel.name == *name));
    Some(match stray {
        Some((offset, name, payload)) => {
            let note = format!("{name} was not asked for and carries {} bytes", payload.len());
            heard.broken(rule, offset, note)
        }
        None => Judgement::pass(rule),
    })
}

fn last(heard: &Heard<'_>, layout: &Channels, spoken: &[Spoken]) -> Option<Judgement> {
    let rule = Rule::FrameChannelLast;
    let last = layout.channels.values().find(|channel| channel.last)?;
    let mut after = data(spoken).skip_while(|(_, name, _)| *name != last.name);
    after.next()?;
    Some(match after.find(|(_, name, _)| *name != last.name) {
        Some((offset, name, _)) => {
            heard.broken(rule, offset, format!("{name} goes on after {}", last.name))
        }
        None => Judgement::pass(rule),
    })
}

/// How many documents a channel carries, and whether they are of their schema. A document may lie across messages.
fn documents(
    heard: &Heard<'_>,
    channel: &Channel,
    spoken: &[Spoken],
    asked: &Asked<'_>,
) -> Vec<Judgement> {
    let Some(item) = channel.item else { return Vec::new() };
    let own = || data(spoken).filter(|(_, name, _)| *name == channel.name);
    let Some(offset) = own().next().map(|(offset, ..)| offset).or(heard.ended.then_some(0)) else {
        return Vec::new();
    };
    let whole = own().fold(BytesMut::new(), |mut whole, (_, _, payload)| {
        whole.extend_from_slice(payload);
        whole
    });
    let (documents, strange) = read(&whole);
    let mut found = Vec::new();
    if asked.has(channel) {
        found.extend(times(heard, channel, documents.len(), strange, offset));
    }
    found.extend(schema(heard, asked.validators, item, &documents, offset));
    found
}

fn times(
    heard: &Heard<'_>,
    channel: &Channel,
    count: usize,
    strange: Option<String>,
    offset: u64,
) -> Option<Judgement> {
    let (rule, wanted) = (Rule::FrameChannelTimes, channel.times?);
    let count = count as u64;
    let (holds, settled) = (count == wanted && strange.is_none(), heard.ended || count > wanted);
    if !settled || heard.violation.is_some() {
        return None;
    }
    if holds {
        return Some(Judgement::pass(rule));
    }
    let strange = strange.map(|why| format!(", and then what is none: {why}")).unwrap_or_default();
    let name = &channel.name;
    let note = format!("{name} carries {count} documents{strange}; documented is {wanted}");
    Some(heard.broken(rule, offset, note))
}

/// The documents that follow each other in some bytes, and why what follows them is none; a cut one counts as such.
fn read(bytes: &[u8]) -> (Vec<Value>, Option<String>) {
    let mut found = Vec::new();
    for document in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
        match document {
            Ok(document) => found.push(document),
            Err(error) => return (found, Some(error.to_string())),
        }
    }
    (found, None)
}

fn schema(
    heard: &Heard<'_>,
    validators: &Validators,
    item: generator::contract::SchemaId,
    documents: &[Value],
    offset: u64,
) -> Option<Judgement> {
    let rule = Rule::FrameChannelSchema;
    let schema = &validators.schema(item)?.place;
    documents.first()?;
    for document in documents {
        match validators.check(schema, document) {
            Validity::Valid => {}
            Validity::Invalid(faults) => {
                let note = format!("a document is not of its schema: {}", faults.join("; "));
                return Some(heard.broken(rule, offset, note));
            }
            Validity::Unknown(why) => return Some(Judgement::inconclusive(rule, why)),
        }
    }
    Some(Judgement::pass(rule))
}

/// The value with which channels of a pair open is the one that the pair was asked for by.
fn opening(heard: &Heard<'_>, spoken: &[Spoken], asked: &Asked<'_>) -> Option<Judgement> {
    let rule = Rule::FramePairOpening;
    let Layout::ChannelPairs { opens_with: Some(opening), .. } = heard.layout else { return None };
    let wanted = pairs(heard.layout, asked.call);
    let opened = spoken.iter().filter_map(|spoken| match spoken {
        Spoken::Opened { offset, name, pair, value } => Some((*offset, name, *pair, *value)),
        _ => None,
    });
    let mut any = false;
    for (offset, name, pair, value) in opened {
        any = true;
        let expected = wanted.get(usize::from(pair)).map_or("", String::as_str);
        if expected != value.to_string() {
            let what = &opening.value;
            let note = format!("{name} opens with the {what} {value}; asked for was {expected}");
            return Some(heard.broken(rule, offset, note));
        }
    }
    let breached = spoken.iter().any(|spoken| {
        matches!(spoken, Spoken::Breach { violation: ChannelViolation::BadOpening { .. }, .. })
    });
    (any && !breached).then(|| Judgement::pass(rule))
}

/// A server that ends a stream says so, and that it is a normal end.
fn closed(heard: &Heard<'_>, spoken: &[Spoken]) -> Option<Judgement> {
    let rule = Rule::FrameChannelClose;
    if !heard.ended || heard.violation.is_some() {
        return None;
    }
    let close = spoken.iter().find_map(|spoken| match spoken {
        Spoken::Close { offset, code } => Some((*offset, *code)),
        _ => None,
    });
    Some(match close {
        Some((_, Some(NORMAL))) => Judgement::pass(rule),
        Some((offset, Some(code))) => {
            heard.broken(rule, offset, format!("the close has the code {code}, not {NORMAL}"))
        }
        Some((offset, None)) => heard.broken(rule, offset, "the close has no code".to_owned()),
        None => {
            let end = heard.bytes.len() as u64;
            heard.broken(rule, end, "the connection ends without a close".to_owned())
        }
    })
}
