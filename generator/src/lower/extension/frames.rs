//! `x-frames`: which framing applies when.

use serde_json::Value;

use crate::contract::{Condition, FrameRule, Framing, Layout, Sends, Subject};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

/// The names of layouts.
const LAYOUTS: [(&str, &str); 6] = [
    ("raw", "raw"),
    ("length-prefixed", "length-prefixed"),
    ("lines", "lines"),
    ("text-lines", "text-lines"),
    ("channels", "channels"),
    ("channel-pairs", "channel-pairs"),
];

/// What a condition may look at.
const SUBJECTS: [&str; 5] = ["body", "query", "header", "response-header", "status"];

impl<'d> Lowering<'d, '_> {
    /// The framings of the streams of a media type or an operation.
    pub(in crate::lower) fn frames(&mut self, owner: &Cursor<'d>) -> Vec<FrameRule> {
        let Some(cursor) = owner.get("x-frames") else { return Vec::new() };
        if cursor.node().sequence().is_some() {
            return cursor.items().filter_map(|rule| self.frame_rule(rule)).collect();
        }
        self.frame_rule(cursor).into_iter().collect()
    }

    fn frame_rule(&mut self, cursor: Cursor<'d>) -> Option<FrameRule> {
        let cursor = self.mapping(cursor)?;
        let when = self.conditions(&cursor)?;
        let framing = if cursor.get("layout").is_some() {
            both_ways(self.layout(&cursor)?)
        } else {
            self.directions(&cursor)?
        };
        Some(FrameRule { when, framing, inferred: false, place: cursor.place() })
    }

    /// A layout for each direction; one that is not named is raw.
    fn directions(&mut self, cursor: &Cursor<'d>) -> Option<Framing> {
        let (receive, send) = (cursor.get("receive"), cursor.get("send"));
        if receive.is_none() && send.is_none() {
            self.needed(cursor, "receive")?;
        }
        let receive = match receive {
            Some(receive) => self.needed_layout(receive)?,
            None => Layout::Raw,
        };
        let send = match send {
            Some(send) => Sends {
                half_close: self.flag(&send, "half-close").unwrap_or_default(),
                layout: self.needed_layout(send)?,
            },
            None => Sends { layout: Layout::Raw, half_close: false },
        };
        Some(Framing { receive, send })
    }

    fn needed_layout(&mut self, cursor: Cursor<'d>) -> Option<Layout> {
        let cursor = self.mapping(cursor)?;
        self.needed(&cursor, "layout")?;
        self.layout(&cursor)
    }

    fn layout(&mut self, cursor: &Cursor<'d>) -> Option<Layout> {
        Some(match self.word(cursor, "layout", &LAYOUTS)? {
            "length-prefixed" => Layout::LengthPrefixed(self.length_prefixed(cursor)?),
            "lines" => Layout::Lines(self.lines(cursor)?),
            "text-lines" => Layout::TextLines(self.text_lines(cursor)?),
            "channels" => Layout::Channels(self.channels(cursor)?),
            "channel-pairs" => self.channel_pairs(cursor)?,
            _ => Layout::Raw,
        })
    }

    /// Every condition of a rule; `None`, after a diagnostic, where one cannot be read: without it, the rule
    /// would apply where it should not.
    fn conditions(&mut self, rule: &Cursor<'d>) -> Option<Vec<Condition>> {
        let Some(when) = rule.get("when") else { return Some(Vec::new()) };
        if when.node().sequence().is_some() {
            return when.items().map(|condition| self.condition(condition)).collect();
        }
        Some(vec![self.condition(when)?])
    }

    fn condition(&mut self, cursor: Cursor<'d>) -> Option<Condition> {
        let cursor = self.mapping(cursor)?;
        let Some(key) = SUBJECTS.into_iter().find(|key| cursor.get(key).is_some()) else {
            self.error(
                "missing-key",
                &cursor.place(),
                "the condition does not say what it looks at",
                format_args!("add one of {}", SUBJECTS.join(", ")),
            );
            return None;
        };
        let subject = match key {
            "body" => Subject::Body(self.pointer(&cursor, key)?),
            "query" => Subject::Query(self.text(&cursor, key)?),
            "header" => Subject::Header(self.text(&cursor, key)?),
            "response-header" => Subject::ResponseHeader(self.text(&cursor, key)?),
            _ => {
                let status = self.status_of(&cursor.get(key)?)?;
                return Some(Condition { subject: Subject::Status, equals: Value::from(status) });
            }
        };
        Some(Condition { subject, equals: self.needed_value(&cursor, "equals")? })
    }
}

/// One layout without a direction: what the server sends, and for channels what the client sends as well.
fn both_ways(layout: Layout) -> Framing {
    let send = match &layout {
        Layout::Channels(_) | Layout::ChannelPairs { .. } => layout.clone(),
        _ => Layout::Raw,
    };
    Framing { receive: layout, send: Sends { layout: send, half_close: false } }
}
