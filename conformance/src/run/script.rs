//! Plays the script of a stream: sends, waits, compares.
//!
//! Which rule an entry speaks for is said at the top of the room `workflow` beside this one.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::conversation;
use super::session::Session;
use super::stream::{Talk, Waited};
use crate::judge::{Progress, Wanted, belongs, progress, quoted};
use crate::rule::Rule;
use crate::verdict::Judgement;
use crate::workflow::{Action, Content, Expectation, Payload, Reach, Scope, Stream, expected};

/// A script being played on an open stream.
pub(super) struct Play<'p> {
    /// The stream.
    pub(super) talk: Talk,
    /// What was concluded so far.
    pub(super) judgements: Vec<Judgement>,
    /// Whether other streams run at the same time.
    pub(super) beside: bool,
    /// Whether a step was run while this stream was open.
    pub(super) called: bool,
    /// Whether a message was sent in parts.
    fragmented: bool,
    /// What each stream must carry as a whole, by its name.
    whole: BTreeMap<&'p str, Vec<u8>>,
    /// So many bytes had come when the own direction was ended.
    closed: Option<usize>,
    /// Whether a wait for the end was in vain, so that no other one needs to be as long.
    pub(super) waited: bool,
    session: &'p Session<'p>,
}

impl<'p> Play<'p> {
    /// A script about to be played.
    pub(super) fn new(
        talk: Talk,
        stream: &'p Stream,
        scope: &Scope<'_>,
        session: &'p Session<'p>,
    ) -> Self {
        let mut whole: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for entry in &stream.script {
            if let Action::Expect(expectation) = &entry.action
                && let Content::Exactly(payload) = &expectation.content
                && let Ok(bytes) = payload.bytes(scope)
            {
                whole.insert(&expectation.from, bytes);
            }
        }
        Self {
            talk,
            judgements: Vec::new(),
            beside: false,
            called: false,
            fragmented: false,
            whole,
            closed: None,
            waited: false,
            session,
        }
    }

    /// Writes bytes. False where the answer does not let the client send, so that the rest cannot be judged.
    pub(super) async fn send(
        &mut self,
        to: &str,
        payload: &Payload,
        fragments: Option<usize>,
        scope: &Scope<'_>,
    ) -> bool {
        let Ok(bytes) = payload.bytes(scope) else { return false };
        if !self.talk.is_two_way() {
            return false;
        }
        self.fragmented |= fragments.is_some();
        // A stream that the server has ended takes nothing more, and says so where it is judged.
        self.talk.send(to, &bytes, fragments).await;
        true
    }

    /// Ends the own direction. False where the answer does not let the client send, or has no word for the end.
    pub(super) async fn close_send(&mut self, to: &str) -> bool {
        if !self.talk.is_two_way() {
            return false;
        }
        self.closed = Some(self.talk.received());
        self.talk.close_send(to).await || self.talk.end().is_some()
    }

    /// What a WebSocket owes to what the client says. False where the stream is none that can be told apart.
    pub(super) async fn converse(&mut self, action: &Action) -> bool {
        if !self.talk.has_socket() {
            return false;
        }
        let judgement = match action {
            Action::Ping(text) => conversation::pong(&mut self.talk, text.as_bytes()).await,
            Action::Close(code) => conversation::close_echo(&mut self.talk, *code).await,
            Action::Unmasked => conversation::mask_required(&mut self.talk).await,
            Action::Nonsense => conversation::ignored(&mut self.talk).await,
            _ => return true,
        };
        self.judgements.push(judgement);
        true
    }

    /// Waits for what a stream must carry.
    pub(super) async fn expect(&mut self, expectation: &Expectation, scope: &Scope<'_>) {
        if let Content::Item(template) = &expectation.content {
            return self.document(expectation, template, scope).await;
        }
        let payload = match &expectation.content {
            Content::Exactly(payload) | Content::Contains(payload) => payload.bytes(scope),
            Content::Length(_) | Content::Empty | Content::Item(_) => Ok(Vec::new()),
        };
        let bytes = match payload {
            Ok(bytes) => bytes,
            Err(why) => {
                let rule = self.rule(expectation);
                return self.judgements.push(Judgement::inconclusive(rule, why.to_string()));
            }
        };
        let wanted = match &expectation.content {
            Content::Exactly(_) => Wanted::Exactly(&bytes),
            Content::Contains(_) => Wanted::Contains(&bytes),
            Content::Length(length) => Wanted::Length(*length),
            Content::Empty | Content::Item(_) => Wanted::Empty,
        };
        let found = self.gather(expectation, wanted).await;
        let judgements = self.compared(expectation, wanted, found);
        self.judgements.extend(judgements);
    }

    /// The stream must not end for so long.
    pub(super) async fn stays_open(&mut self, time: Duration) {
        let rule = Rule::FrameStaysOpen;
        let until = Instant::now() + time;
        while Instant::now() < until && !self.is_stopped() {
            if self.talk.wait(until).await == Waited::Over {
                let message = format!("ended within {} ms", time.as_millis());
                let dump = self.talk.dump(None, "the stream ends");
                return self.judgements.push(Judgement::broken(rule, message, None).showing(dump));
            }
        }
        if !self.is_stopped() {
            self.judgements.push(Judgement::pass(rule));
        }
    }

    /// The rule that an expectation speaks for.
    pub(super) fn rule(&self, expectation: &Expectation) -> Rule {
        if self.fragmented {
            return Rule::FrameSocketFragmented;
        }
        expected(expectation.content == Content::Empty, self.called, self.beside)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.session.is_stopped()
    }

    /// Waits until it is settled whether a stream carries what it must, or nothing comes any more.
    async fn gather(&mut self, expectation: &Expectation, wanted: Wanted<'_>) -> Progress {
        let beginning = expectation.reach == Reach::First;
        let bound = match expectation.reach {
            Reach::Within(time) => Some(Instant::now() + time),
            Reach::First | Reach::Whole => None,
        };
        let mut quiet_since = Instant::now();
        // What was searched in vain need not be searched again when more has come.
        let mut searched = 0;
        loop {
            let carried = self.talk.carried(&expectation.from);
            let found = match wanted {
                Wanted::Contains(bytes) => {
                    let rest = carried.get(searched..).unwrap_or_default();
                    searched = carried.len().saturating_sub(bytes.len());
                    progress(wanted, rest, beginning)
                }
                _ => progress(wanted, carried, beginning),
            };
            let patience = if self.waited { Duration::ZERO } else { self.talk.silence() };
            let deadline = bound.unwrap_or(quiet_since + patience);
            let late = deadline <= Instant::now() || self.is_stopped();
            if is_settled(found, wanted, expectation.reach) || self.talk.is_broken() || late {
                self.waited |= late && bound.is_none();
                return found;
            }
            match self.talk.wait(deadline).await {
                Waited::Came => quiet_since = Instant::now(),
                Waited::Quiet => {}
                // What ends with the stream alone is there only now.
                Waited::Over => {
                    let carried = self.talk.carried(&expectation.from);
                    return progress(wanted, carried, beginning);
                }
            }
        }
    }

    fn compared(
        &self,
        expectation: &Expectation,
        wanted: Wanted<'_>,
        found: Progress,
    ) -> Vec<Judgement> {
        let rule = self.rule(expectation);
        match found {
            Progress::Holds => self.held(expectation, rule),
            Progress::Wrong { at } => vec![self.wrong(expectation, wanted, at, rule)],
            Progress::Short if self.talk.is_broken() => {
                vec![Judgement::inconclusive(rule, "the framing is broken before it could come")]
            }
            Progress::Short if !self.talk.is_framed() => {
                vec![Judgement::inconclusive(rule, "the answer is not a documented stream")]
            }
            Progress::Short if self.talk.was_ended() => vec![self.short(expectation, wanted, rule)],
            Progress::Short => {
                let why = format!("{}: {wanted} has not come yet", expectation.from);
                vec![Judgement::inconclusive(rule, why)]
            }
        }
    }

    /// What still came after the own direction was ended was set free by that.
    fn held(&self, expectation: &Expectation, rule: Rule) -> Vec<Judgement> {
        let mut found = vec![Judgement::pass(rule)];
        if self.closed.is_some() && expectation.content != Content::Empty {
            found.push(Judgement::pass(Rule::FrameHalfClose));
        }
        found
    }

    fn wrong(
        &self,
        expectation: &Expectation,
        wanted: Wanted<'_>,
        at: usize,
        rule: Rule,
    ) -> Judgement {
        let name = &expectation.from;
        let carried = self.talk.carried(name);
        let stray = carried.get(at..).unwrap_or_default();
        let owner = self
            .whole
            .iter()
            .find(|(other, bytes)| *other != name && belongs(stray, bytes))
            .map(|(other, _)| *other);
        let message = match owner {
            Some(owner) => format!(
                "{name} carries {}, of which {} was written to {owner}",
                quoted(carried),
                quoted(stray)
            ),
            None => format!(
                "{name} carries {} where {wanted} was to come; byte {at} is the first other one",
                quoted(carried)
            ),
        };
        let rule = match rule {
            Rule::FrameContent if owner.is_some() => Rule::FrameOrigin,
            rule => rule,
        };
        let note = if owner.is_some() { "not of this stream" } else { "not what was to come" };
        Judgement::broken(rule, message, None).showing(self.talk.dump(Some((name, at)), note))
    }

    /// The stream has ended, and something is missing.
    fn short(&self, expectation: &Expectation, wanted: Wanted<'_>, rule: Rule) -> Judgement {
        let name = &expectation.from;
        let carried = self.talk.carried(name);
        let missing = match wanted {
            Wanted::Exactly(bytes) => bytes.get(carried.len()..).unwrap_or_default(),
            Wanted::Contains(bytes) => bytes,
            Wanted::Length(_) | Wanted::Empty => &[],
        };
        let strange =
            |other: &str, bytes: &[u8]| self.whole.get(other).is_none_or(|known| known != bytes);
        let elsewhere = self
            .talk
            .others(name)
            .find(|(other, bytes)| strange(other, bytes) && belongs(bytes, missing))
            .map(|(other, _)| other);
        let nothing_since = self.closed == Some(self.talk.received());
        let (rule, why) = match (rule, elsewhere) {
            (Rule::FrameContent, Some(_)) => (Rule::FrameOrigin, "; what is missing came on "),
            (Rule::FrameContent, None) if nothing_since => {
                (Rule::FrameHalfClose, "; nothing came after the client ended its direction")
            }
            (rule, Some(_)) => (rule, "; what is missing came on "),
            (rule, None) => (rule, ""),
        };
        let message = format!(
            "{name} ended after {} where {wanted} was to come{why}{}",
            quoted(carried),
            elsewhere.unwrap_or_default()
        );
        let dump = self.talk.dump(None, "the stream ends here");
        Judgement::broken(rule, message, None).showing(dump)
    }
}

/// Whether nothing that may still come can change what is found.
fn is_settled(found: Progress, wanted: Wanted<'_>, reach: Reach) -> bool {
    match (found, reach) {
        (Progress::Wrong { .. }, _) | (Progress::Holds, Reach::First) => true,
        (Progress::Holds, Reach::Within(_)) => wanted != Wanted::Empty,
        (Progress::Holds, Reach::Whole) => matches!(wanted, Wanted::Contains(_)),
        (Progress::Short, _) => false,
    }
}
