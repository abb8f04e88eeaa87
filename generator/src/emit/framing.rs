//! Which streams an API has, and which codec each documented answer uses: decided once, for the emitters
//! of codecs and of servers alike. Emits nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{
    Api, Channels, Condition, Content, FrameRule, Layout, LengthPrefixed, Lines, OpeningValue,
    Operation, OperationId, Place, Response, StatusKey, Subject,
};
use crate::diagnostic::Diagnostics;
use crate::name::{Case, Name, Names};

use super::need::speaks_websocket;

/// The streams of an API.
#[derive(Clone, Debug, Default)]
pub struct Framings {
    layouts: Vec<LayoutPlan>,
    contents: BTreeMap<(OperationId, StatusKey, usize), ContentFraming>,
}

/// A layout that needs code of its own.
#[derive(Clone, Debug)]
pub struct LayoutPlan {
    /// The operation that uses it first.
    pub operation: OperationId,
    /// The type that stands for the streams, lines or channels.
    pub marker: Name,
    /// The type of one frame, for a layout with frames; for channels that of what the server sends.
    pub frame: Name,
    /// The codec; for channels the type of what the client sends.
    pub codec: Name,
    /// The layout.
    pub kind: LayoutKind,
}

/// The layouts that need code of their own.
#[derive(Clone, Debug, PartialEq)]
pub enum LayoutKind {
    /// A header that states the length, then the payload.
    LengthPrefixed(LengthPrefixed),
    /// One JSON document a line.
    Lines(Lines),
    /// Numbered channels over WebSocket.
    Channels(Channels),
    /// Channels in pairs over WebSocket.
    Pairs(PairsLayout),
}

/// Channels in pairs: subprotocols, and what opens each.
#[derive(Clone, Debug, PartialEq)]
pub struct PairsLayout {
    /// Subprotocol name to encoding, and the number of a close channel.
    pub protocols: BTreeMap<String, (String, Option<u8>)>,
    /// What the first message of each channel carries.
    pub opens_with: Option<OpeningValue>,
}

/// How the body of one answer is framed.
#[derive(Clone, Debug)]
pub struct ContentFraming {
    /// What the server sends.
    pub output: Codec,
    /// What the client sends, after a takeover.
    pub input: Codec,
    /// For [`Codec::Switched`]: the rules in order, and whether each asks for frames.
    pub rules: Vec<(Vec<Condition>, bool)>,
    /// Whether the answer may as well be a plain body, because no rule need hold.
    pub plain: bool,
}

/// A codec, with the number of its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Bytes as they are.
    Raw,
    /// Frames.
    Framed(usize),
    /// Frames or bytes as they are, as the request decides.
    Switched(usize),
    /// JSON documents, one a line.
    Lines(usize),
    /// Numbered channels over WebSocket.
    Channels(usize),
    /// Channels in pairs over WebSocket.
    Pairs(usize),
}

impl Framings {
    /// Decides the streams of `api`. What is not emitted is told.
    #[must_use]
    pub fn of(api: &Api, names: &Names, diagnostics: &mut Diagnostics) -> Self {
        let mut plan =
            Planner { names, diagnostics, found: Self::default(), taken: BTreeSet::new() };
        for operation in &api.operations {
            plan.operation(operation);
        }
        plan.found
    }

    /// Every layout, by its number.
    #[must_use]
    pub fn layouts(&self) -> &[LayoutPlan] {
        &self.layouts
    }

    /// The layout of that number.
    #[must_use]
    pub fn layout(&self, number: usize) -> Option<&LayoutPlan> {
        self.layouts.get(number)
    }

    /// How the content of that number of an answer is framed; `None` for a plain body.
    #[must_use]
    pub fn content(
        &self,
        operation: &OperationId,
        status: StatusKey,
        content: usize,
    ) -> Option<&ContentFraming> {
        self.contents.get(&(operation.clone(), status, content))
    }
}

struct Planner<'a> {
    names: &'a Names,
    diagnostics: &'a mut Diagnostics,
    found: Framings,
    taken: BTreeSet<Name>,
}

/// A rule whose conditions on the answer are already decided.
struct Rule<'a> {
    when: Vec<Condition>,
    rule: &'a FrameRule,
}

impl Planner<'_> {
    fn operation(&mut self, operation: &Operation) {
        for (status, response) in operation.responses.iter() {
            let none: &[Option<&Content>] = &[None];
            let contents: Vec<Option<&Content>> = response.content.iter().map(Some).collect();
            let contents = if contents.is_empty() { none } else { &contents };
            for (number, content) in (0..).zip(contents) {
                if let Some(framing) = self.content(operation, status, response, *content) {
                    self.found.contents.insert((operation.id.clone(), status, number), framing);
                }
            }
        }
    }

    fn content(
        &mut self,
        operation: &Operation,
        status: StatusKey,
        response: &Response,
        content: Option<&Content>,
    ) -> Option<ContentFraming> {
        let own = content.map(|content| content.frames.as_slice()).unwrap_or_default();
        let takes_over = status == StatusKey::Code(101);
        let succeeds = matches!(status, StatusKey::Code(200..=299) | StatusKey::Range(2));
        let rules = match own {
            [] if takes_over || (succeeds && content.is_some()) => operation.frames.as_slice(),
            _ => own,
        };
        let mut rules = self.decided(status, content, rules);
        let on_socket = takes_over && speaks_websocket(operation);
        rules.retain(|rule| self.is_known(rule, on_socket));
        if rules.is_empty() {
            let raw = ContentFraming {
                output: Codec::Raw,
                input: Codec::Raw,
                rules: Vec::new(),
                plain: false,
            };
            return takes_over.then_some(raw);
        }
        self.framing(operation, &rules, content.map_or(&response.place, |content| &content.place))
    }

    /// The rules that may hold for this answer, without what the answer itself decides.
    fn decided<'r>(
        &mut self,
        status: StatusKey,
        content: Option<&Content>,
        rules: &'r [FrameRule],
    ) -> Vec<Rule<'r>> {
        let mut decided = Vec::new();
        for rule in rules {
            let verdicts =
                rule.when.iter().map(|condition| (condition, decide(condition, status, content)));
            let verdicts: Vec<_> = verdicts.collect();
            if verdicts.iter().any(|(_, verdict)| *verdict == Verdict::Unknown) {
                self.diagnostics.warning(
                    "condition-not-emitted",
                    &rule.place,
                    "this framing depends on a header or status that is known only later",
                    "let it depend on the request",
                );
            }
            if verdicts
                .iter()
                .all(|(_, verdict)| matches!(verdict, Verdict::Holds | Verdict::Request))
            {
                let open = verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Request);
                decided.push(Rule { when: open.map(|(it, _)| (*it).clone()).collect(), rule });
            }
        }
        decided
    }

    /// Whether there is code for a rule: channels need WebSocket.
    fn is_known(&mut self, rule: &Rule<'_>, on_socket: bool) -> bool {
        let layouts = [&rule.rule.framing.receive, &rule.rule.framing.send.layout];
        let known = on_socket
            || !layouts
                .iter()
                .any(|layout| matches!(layout, Layout::Channels(_) | Layout::ChannelPairs { .. }));
        if !known {
            self.diagnostics.warning(
                "framing-not-emitted",
                &rule.rule.place,
                "these channels do not stand on a 101 that switches to WebSocket",
                "add `x-upgrade: { protocols: [websocket] }` and the response 101",
            );
        }
        known
    }

    fn framing(
        &mut self,
        operation: &Operation,
        rules: &[Rule<'_>],
        place: &Place,
    ) -> Option<ContentFraming> {
        let outputs: Vec<Codec> =
            rules.iter().map(|rule| self.codec(operation, &rule.rule.framing.receive)).collect();
        let inputs: Vec<Codec> = rules
            .iter()
            .map(|rule| self.codec(operation, &rule.rule.framing.send.layout))
            .collect();
        let always = rules.iter().any(|rule| rule.when.is_empty());
        let (output, plain) = match unify(&outputs) {
            Some(Codec::Framed(layout)) if !always => (Codec::Switched(layout), false),
            Some(output) => (output, !always && output != Codec::Raw && !is_switched(output)),
            None => {
                self.tell_mixed(place);
                (Codec::Raw, false)
            }
        };
        let input = unify(&inputs).filter(|input| !is_switched(*input));
        let input = input.unwrap_or_else(|| {
            self.tell_mixed(place);
            Codec::Raw
        });
        let is_framed = |codec: &Codec| matches!(codec, Codec::Framed(_));
        let rules = rules.iter().zip(&outputs);
        let rules = rules.map(|(rule, output)| (rule.when.clone(), is_framed(output))).collect();
        Some(ContentFraming { output, input, rules, plain })
    }

    fn tell_mixed(&mut self, place: &Place) {
        self.diagnostics.warning(
            "framings-mixed",
            place,
            "framings of several kinds for one answer are not yet emitted",
            "the answer is a stream of plain bytes",
        );
    }

    fn codec(&mut self, operation: &Operation, layout: &Layout) -> Codec {
        match layout {
            Layout::LengthPrefixed(layout) => {
                Codec::Framed(self.layout(operation, LayoutKind::LengthPrefixed(layout.clone())))
            }
            Layout::Lines(layout) => {
                Codec::Lines(self.layout(operation, LayoutKind::Lines(layout.clone())))
            }
            Layout::Channels(layout) => {
                Codec::Channels(self.layout(operation, LayoutKind::Channels(layout.clone())))
            }
            Layout::ChannelPairs { protocols, opens_with, .. } => {
                let (protocols, opens_with) = (protocols.clone(), opens_with.clone());
                let kind = LayoutKind::Pairs(PairsLayout { protocols, opens_with });
                Codec::Pairs(self.layout(operation, kind))
            }
            // Lines of text may be no UTF-8, and the last one may be cut: whoever writes them knows best.
            Layout::TextLines(_) | Layout::Raw => Codec::Raw,
        }
    }

    fn layout(&mut self, operation: &Operation, kind: LayoutKind) -> usize {
        if let Some(known) = self.found.layouts.iter().position(|plan| plan.kind == kind) {
            return known;
        }
        let base = self.names.operation(&operation.id).map(|names| names.type_base.clone());
        let base = base.unwrap_or_else(|| Name::new(&operation.id.0, Case::Type));
        let (what, frame, codec) = match kind {
            LayoutKind::LengthPrefixed(_) => ("stream", "frame", "codec"),
            LayoutKind::Lines(_) => ("lines", "frame", "codec"),
            LayoutKind::Channels(_) | LayoutKind::Pairs(_) => ("channels", "output", "input"),
        };
        let number = (1..).find_map(|number: u32| {
            let number = if number == 1 { String::new() } else { number.to_string() };
            let is_free =
                !self.taken.contains(&base.join(&format!("{codec} {number}"), Case::Type));
            is_free.then_some(number)
        });
        let number = number.unwrap_or_default();
        let name = |what: &str| base.join(&format!("{what} {number}"), Case::Type);
        let plan = LayoutPlan {
            operation: operation.id.clone(),
            marker: name(what),
            frame: name(frame),
            codec: name(codec),
            kind,
        };
        self.taken.insert(plan.codec.clone());
        self.found.layouts.push(plan);
        self.found.layouts.len() - 1
    }
}

/// What is known of a condition before any request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Holds,
    Fails,
    Request,
    Unknown,
}

fn decide(condition: &Condition, status: StatusKey, content: Option<&Content>) -> Verdict {
    let known = |holds: bool| if holds { Verdict::Holds } else { Verdict::Fails };
    match (&condition.subject, status, content) {
        (Subject::Body(_) | Subject::Query(_) | Subject::Header(_), _, _) => Verdict::Request,
        (Subject::Status, StatusKey::Code(code), _) => {
            known(condition.equals.as_u64() == Some(u64::from(code)))
        }
        (Subject::ResponseHeader(name), _, Some(content))
            if name.eq_ignore_ascii_case("content-type") =>
        {
            known(condition.equals.as_str() == Some(content.media_type.0.as_str()))
        }
        _ => Verdict::Unknown,
    }
}

fn is_switched(codec: Codec) -> bool {
    matches!(codec, Codec::Switched(_))
}

/// One codec that does for all of these, if there is one.
fn unify(codecs: &[Codec]) -> Option<Codec> {
    let mut structured: Vec<Codec> = Vec::new();
    for codec in codecs.iter().filter(|codec| **codec != Codec::Raw) {
        if !structured.contains(codec) {
            structured.push(*codec);
        }
    }
    let some_raw = codecs.contains(&Codec::Raw);
    match (structured.as_slice(), some_raw) {
        ([], _) => Some(Codec::Raw),
        ([only], false) => Some(*only),
        ([Codec::Framed(layout)], true) => Some(Codec::Switched(*layout)),
        _ => None,
    }
}
