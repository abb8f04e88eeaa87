//! The chapter `log`: lines of text that grow, of which parts are asked for, and which are followed to their end.
//!
//! What lines there are is learned from the whole log first; nothing is known of what they say. Judges nothing.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use generator::contract::{Fault, Layout, Location, Operation, Place};
use serde_json::Value;

use super::feed::Feed;
use super::lasting::frames;
use super::provide::{Provider, removable};
use super::session::Session;
use super::thing::Thing;
use super::validation::refuse;
use crate::call::{Call, Intent};
use crate::judge::log::{self as judge, Followed, Part};
use crate::judge::paging::{Ruling, confirmed, told};
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::Judgement;

/// How often, and after which pause, a log is looked at that has nothing yet.
const LOOKS: u32 = 12;
const PAUSE: Duration = Duration::from_millis(200);
/// Longer ago than anything, in seconds: a year.
const EVER: u32 = 31_536_000;
/// More lines than a log that is worth looking at has.
const MANY: u32 = 1_000_000;

/// Everything the chapter says of an operation that gives lines of text.
pub(super) async fn run(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let Some((options, place)) = options(operation) else { return };
    let is_wanted = Rule::TABLE.iter().any(|entry| {
        entry.rule.chapter() == Rule::LogTail.chapter()
            && session.covers(&operation.id.0, entry.rule)
    });
    // The call is made of the operation of the contract itself, which outlives the run.
    let operation = session.api.operation(&operation.id).filter(|_| is_wanted);
    let Some(operation) = operation.filter(|operation| operation.method.is_safe()) else { return };
    if session.is_stopped() {
        return;
    }
    let log = Log { session, operation, options, place };
    let first = log.look(provider).await;
    let any = first.iter().any(|ruling| ruling.judgement.outcome.is_finding());
    let found = if any { confirmed(first, &log.look(provider).await) } else { first };
    if session.is_stopped() {
        return;
    }
    for ruling in told(found) {
        session.judge(&operation.id.0, vec![ruling.judgement], &ruling.evidence);
    }
}

/// The parameters that cut or mark the lines of an operation, and where they stand.
fn options(operation: &Operation) -> Option<(&BTreeMap<String, String>, &Place)> {
    frames(operation).find_map(|rule| match &rule.framing.receive {
        Layout::TextLines(lines) if !lines.options.is_empty() => {
            Some((&lines.options, &rule.place))
        }
        _ => None,
    })
}

/// A log.
struct Log<'r, 'a> {
    session: &'r Session<'a>,
    operation: &'a Operation,
    options: &'r BTreeMap<String, String>,
    place: &'r Place,
}

/// A text, and the exchange that it came with.
type Text = (String, Rc<Transcript>);

impl<'a> Log<'_, 'a> {
    async fn look(&self, provider: &Provider) -> Vec<Ruling> {
        let thing = match self.producer() {
            Some(producer) => Thing::make(self.session, provider, producer, |_| ()).await,
            None => None,
        };
        let base =
            match thing.as_ref().and_then(|thing| thing.call_of(self.session, self.operation)) {
                Some(call) => call,
                None => match provider.call(self.session, self.operation, Intent::Part).await {
                    Ok(call) => call,
                    Err(why) => return vec![Ruling::inconclusive(Rule::LogTail, why.to_string())],
                },
            };
        if self.filled(&base).await.is_none() {
            return vec![Ruling::inconclusive(Rule::LogTail, "no log with any line could be had")];
        }
        let mut found = self.followed(&base, thing.as_ref()).await;
        if let Some(thing) = &thing {
            thing.remove(self.session).await;
        }
        found.retain(|ruling| self.session.covers(&self.operation.id.0, ruling.judgement.rule));
        found
    }

    /// The removable creation that leads here.
    fn producer(&self) -> Option<&'a Operation> {
        let here = |target: &&Operation| target.id == self.operation.id;
        removable(self.session, |_, targets| targets.iter().any(here))
    }

    /// A call with an option.
    fn with(&self, base: &Call, option: &str, value: impl Into<Value>) -> Option<Call> {
        Some(base.clone().with(Location::Query, self.options.get(option)?, value))
    }

    async fn text(&self, call: &Call) -> Option<Text> {
        let exchange = self.session.attempt(self.operation, call).await;
        self.session.note(self.operation, &exchange);
        let whole = exchange.succeeded() && exchange.transcript.is_whole();
        let text = String::from_utf8(exchange.transcript.body().to_vec()).ok();
        text.filter(|_| whole).map(|text| (text, exchange.transcript))
    }

    /// The whole log, once it has a line.
    async fn filled(&self, base: &Call) -> Option<String> {
        for _ in 0..LOOKS {
            if let Some((text, _)) = self.text(base).await.filter(|(text, _)| !text.is_empty()) {
                return Some(text);
            }
            if self.session.is_stopped() {
                return None;
            }
            self.session.pause(PAUSE).await;
        }
        None
    }

    /// A part, between two looks at the whole.
    async fn part(
        &self,
        base: &Call,
        call: Option<Call>,
        judged: impl FnOnce(&Part<'_>) -> Judgement,
        rule: Rule,
    ) -> Option<Ruling> {
        let call = call?;
        let (before, _) = self.text(base).await?;
        let part = self.text(&call).await;
        let (after, _) = self.text(base).await?;
        let Some((text, transcript)) = part else {
            let why = "the part of the log could not be had";
            return Some(Ruling::inconclusive(rule, why));
        };
        let part = Part { before: &before, text: &text, after: &after, place: self.place };
        Some(Ruling { judgement: judged(&part), evidence: vec![transcript] })
    }

    /// Asks for parts while the log is followed.
    async fn followed(&self, base: &Call, thing: Option<&Thing<'a>>) -> Vec<Ruling> {
        let Some(call) = self.with(base, "follow", true) else { return self.parts(base).await };
        let patience = self.session.settings.patience;
        let mut feed =
            Feed::open(self.session, self.operation, call, patience.saturating_mul(4)).await;
        let whole = self.text(base).await;
        let mut found = self.parts(base).await;
        let later = self.text(base).await;
        let (Some((whole, _)), Some((later, _))) = (whole, later) else {
            feed.leave().await;
            return found;
        };
        if !feed.is_open() {
            feed.leave().await;
            found.push(Ruling::inconclusive(Rule::LogFollow, "the answer is no log"));
            return found;
        }
        feed.until(|seen| seen.bytes.len() >= later.len()).await;
        let ended_early = feed.is_over();
        let ended = match thing {
            Some(thing) if thing.remove(self.session).await.is_some() => {
                feed.read_out(feed.silence).await;
                Some(feed.is_over())
            }
            _ => ended_early.then_some(true),
        };
        let left = feed.leave().await;
        let text = String::from_utf8_lossy(&left.seen.bytes).into_owned();
        let place = self.place;
        let (whole, later, text) = (&*whole, &*later, &*text);
        let seen = Followed { text, ended_early, ended, whole, later, place };
        let judgement = judge::followed(&seen);
        found.push(Ruling { judgement, evidence: vec![left.transcript] });
        found
    }

    /// Everything that can be cut out of a log.
    async fn parts(&self, base: &Call) -> Vec<Ruling> {
        let mut found = Vec::new();
        for count in [2, 0, MANY] {
            let call = self.with(base, "tail", count);
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            found.extend(self.part(base, call, |part| part.tail(count), Rule::LogTail).await);
        }
        let length = self.text(base).await.map_or(0, |(text, _)| text.len());
        for count in [length / 2, length.saturating_add(1)] {
            let call = self.with(base, "bytes", count.max(1));
            let judged = |part: &Part<'_>| part.bytes(count.max(1));
            found.extend(self.part(base, call, judged, Rule::LogBytes).await);
        }
        let times = self.with(base, "timestamps", true);
        found.extend(self.part(base, times, |part| part.timestamps(), Rule::LogTimestamps).await);
        let ever = self.with(base, "since", EVER);
        found.extend(self.part(base, ever, |part| part.since_ever(), Rule::LogSince).await);
        found.extend(self.since(base).await);
        found.extend(self.ends(base).await);
        self.conflict(base).await;
        found
    }

    /// The lines of the last second.
    async fn since(&self, base: &Call) -> Option<Ruling> {
        let times = self.with(base, "timestamps", true)?;
        let (before, _) = self.text(&times).await?;
        let (part, transcript) = self.text(&self.with(&times, "since", 1)?).await?;
        let judgement = judge::since(&before, &part, 1, self.place);
        Some(Ruling { judgement, evidence: vec![transcript] })
    }

    /// A log that is expressly not followed.
    async fn ends(&self, base: &Call) -> Option<Ruling> {
        let call = self.with(base, "follow", false)?;
        let exchange = self.session.attempt(self.operation, &call).await;
        let judgement = judge::ends(&exchange.transcript, self.place);
        Some(Ruling { judgement, evidence: vec![exchange.transcript] })
    }

    /// A span and a time at once.
    async fn conflict(&self, base: &Call) {
        let call = self.with(base, "since", 60);
        let both = call.and_then(|call| self.with(&call, "since-time", "2020-01-01T00:00:00Z"));
        let Some(call) = both else { return };
        let what = "a span and a time at once";
        let intent = refuse(Fault::Invalid, Rule::LogConflict, what, self.place);
        let exchange = self.session.attempt(self.operation, &call.meant(intent)).await;
        self.session.note(self.operation, &exchange);
    }
}
