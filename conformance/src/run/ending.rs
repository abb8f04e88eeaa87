//! How a stream ended: in order or not, with which close, with what document.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::script::Play;
use super::stream::Waited;
use crate::judge::{holds, quoted};
use crate::rule::Rule;
use crate::transcript::End;
use crate::verdict::Judgement;
use crate::workflow::{Ending, Expectation, Reach, Scope, Template};

impl Play<'_> {
    /// Waits for a document that holds what it must.
    pub(super) async fn document(
        &mut self,
        expectation: &Expectation,
        part: &Template,
        scope: &Scope<'_>,
    ) {
        let rule = Rule::FrameChannelOutcome;
        let part = match part.evaluate(scope) {
            Ok(part) => part,
            Err(why) => {
                return self.judgements.push(Judgement::inconclusive(rule, why.to_string()));
            }
        };
        let patience = match expectation.reach {
            Reach::Within(time) => time,
            Reach::First | Reach::Whole => self.talk.silence(),
        };
        let deadline = Instant::now() + patience;
        let from = Some(expectation.from.as_str());
        while Instant::now() < deadline && !self.is_stopped() {
            if self.talk.documents(from).iter().any(|document| holds(document, &part))
                || self.talk.wait(deadline).await == Waited::Over
            {
                break;
            }
        }
        let judgement = self.outcome(from, &part);
        self.judgements.push(judgement);
    }

    /// Whether a document that came holds what it must.
    fn outcome(&self, from: Option<&str>, part: &Value) -> Judgement {
        let rule = Rule::FrameChannelOutcome;
        let documents = self.talk.documents(from);
        if documents.iter().any(|document| holds(document, part)) {
            return Judgement::pass(rule);
        }
        let came = documents.iter().map(Value::to_string).collect::<Vec<_>>().join(" and ");
        let message = match documents.as_slice() {
            _ if self.talk.is_broken() => {
                return Judgement::inconclusive(rule, "the framing is broken before it could come");
            }
            [] if !self.talk.was_ended() => {
                return Judgement::inconclusive(rule, "no document has come yet");
            }
            [] => format!("no document came; one that holds {part} was to come"),
            _ => format!("{} came where {part} was to come", quoted(came.as_bytes())),
        };
        Judgement::broken(rule, message, None).showing(self.talk.dump(None, "the stream so far"))
    }

    /// Waits for the end of the stream, and looks at how it ended.
    pub(super) async fn ends(&mut self, ending: &Ending, scope: &Scope<'_>) {
        self.over(ending.clean).await;
        if let Some(wanted) = ending.close_code {
            let judgement = self.close_code(wanted);
            self.judgements.push(judgement);
        }
        if let Some(part) = &ending.status {
            let judgement = match part.evaluate(scope) {
                Ok(part) => self.outcome(None, &part),
                Err(why) => Judgement::inconclusive(Rule::FrameChannelOutcome, why.to_string()),
            };
            self.judgements.push(judgement);
        }
    }

    fn close_code(&self, wanted: u16) -> Judgement {
        let rule = Rule::FrameChannelClose;
        let message = match self.talk.close_code() {
            Some(Some(code)) if code == wanted => return Judgement::pass(rule),
            Some(Some(code)) => format!("the close has the code {code}, not {wanted}"),
            _ if self.talk.is_broken() || !self.talk.was_ended() => {
                return Judgement::inconclusive(rule, "no close that can be told has come yet");
            }
            Some(None) => format!("the close has no code; {wanted} was to come"),
            None => format!("the connection ends without a close; {wanted} was to come"),
        };
        Judgement::broken(rule, message, None).showing(self.talk.dump(None, "the stream ends"))
    }

    async fn over(&mut self, clean: bool) {
        let rule = Rule::FrameEnds;
        let silence = self.wait_for_end().await;
        let judgement = match self.talk.end() {
            None => {
                let message = format!("still open {} ms after the last byte", silence.as_millis());
                let dump = self.talk.dump(None, "the stream goes on");
                Judgement::broken(rule, message, None).showing(dump)
            }
            Some(End::Deadline | End::Capped | End::Dropped) => {
                Judgement::inconclusive(rule, "the stream was longer than it was waited for")
            }
            Some(End::Complete | End::Closed) => Judgement::pass(rule),
            Some(_) if !clean => Judgement::pass(rule),
            Some(end) => {
                let dump = self.talk.dump(None, "the stream ends");
                Judgement::broken(rule, format!("the stream ends badly: {end}"), None).showing(dump)
            }
        };
        self.judgements.push(judgement);
    }

    async fn wait_for_end(&mut self) -> Duration {
        let silence = if self.waited { Duration::ZERO } else { self.talk.silence() };
        let mut deadline = Instant::now() + silence;
        while Instant::now() < deadline && !self.is_stopped() {
            match self.talk.wait(deadline).await {
                Waited::Came => deadline = Instant::now() + silence,
                Waited::Quiet => {}
                Waited::Over => break,
            }
        }
        self.talk.silence()
    }
}
