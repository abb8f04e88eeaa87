//! One walk through a workflow. What it finds is gathered and recorded by whoever started it.

use std::collections::BTreeMap;
use std::rc::Rc;

use generator::contract::{MediaType, Operation, Place};
use serde_json::Value;

use super::script::Play;
use super::session::{Exchange, Session};
use super::stream::Talk;
use super::walked::Walked;
use crate::call::{ArgumentValue, Call, CallBody, Intent, is_websocket};
use crate::rule::{Level, Rule};
use crate::transcript::Transcript;
use crate::verdict::{Judgement, Outcome};
use crate::workflow::{
    Action, Message, Observed, Outputs, Scope, Step, Stream, Unresolved, Workflow,
};

/// How many streams may be open inside one another.
const DEPTH: usize = 4;

/// A walk under way.
pub(super) struct Walk<'w, 'a> {
    session: &'w Session<'a>,
    workflow: &'w Workflow,
    inputs: BTreeMap<String, Value>,
    outputs: Outputs,
    beside: bool,
    depth: usize,
    walked: Walked,
    /// Streams that were left open, as long as no step has shown what that did.
    left: Vec<Rc<Transcript>>,
}

impl<'w, 'a> Walk<'w, 'a> {
    /// A walk that has not begun; `beside` others, if they run at the same time.
    pub(super) fn new(
        session: &'w Session<'a>,
        workflow: &'w Workflow,
        inputs: BTreeMap<String, Value>,
        beside: bool,
    ) -> Self {
        Self {
            session,
            workflow,
            inputs,
            outputs: Outputs::new(),
            beside,
            depth: 0,
            walked: Walked::default(),
            left: Vec::new(),
        }
    }

    /// Takes every step until one fails, then those that clean up.
    pub(super) async fn run(mut self) -> Walked {
        let workflow = self.workflow;
        for step in workflow.ordinary() {
            if self.session.is_stopped() || !self.take(step).await {
                break;
            }
        }
        self.left.clear();
        for step in workflow.cleanup() {
            self.take(step).await;
        }
        if workflow.level == Level::Should {
            self.walked.soften_all();
        }
        self.walked
    }

    /// Takes a step; false if the ones after it make no sense.
    async fn take(&mut self, step: &'w Step) -> bool {
        let Some(operation) = self.session.api.operation(&step.operation) else { return false };
        let call = match self.call(step, operation) {
            Ok(call) => call,
            // What was never made need not be removed.
            Err(_) if step.cleanup => return true,
            Err(why) => {
                self.look(step, Judgement::inconclusive(Rule::WorkflowStep, why.to_string()), &[]);
                return false;
            }
        };
        match &step.stream {
            Some(stream) => self.play(step, operation, &call, stream).await,
            None => self.ask(step, operation, &call).await,
        }
    }

    /// A step without a stream.
    async fn ask(&mut self, step: &'w Step, operation: &'a Operation, call: &Call) -> bool {
        let exchange = self.session.attempt(operation, call).await;
        let transcript = Rc::clone(&exchange.transcript);
        let observed = self.observe(operation, call, &exchange);
        self.walked.exchanged(operation, &exchange);
        let held = self.criteria(step, &observed, &transcript);
        self.after_leaving(step, held, &transcript);
        self.gather_outputs(step, &observed);
        held
    }

    /// A step with a stream, played by its script.
    async fn play(
        &mut self,
        step: &'w Step,
        operation: &'a Operation,
        call: &Call,
        stream: &'w Stream,
    ) -> bool {
        let session = self.session;
        let talk = Talk::open(session, operation, call, stream).await;
        let mut play = Play::new(talk, stream, &self.scope(), session);
        play.beside = self.beside;
        let held = self.follow(step, stream, &mut play).await;
        let is_last = self.workflow.ordinary().last().is_some_and(|last| last.id == step.id);
        let leaves = held && stream.is_left() && play.talk.is_framed() && !is_last;
        let is_open = play.talk.end().is_none();
        let transcript = Rc::new(play.talk.leave().await);
        for judgement in play.judgements {
            self.look(step, judgement, std::slice::from_ref(&transcript));
        }
        let exchange = session.judged(operation, call, Rc::clone(&transcript));
        let observed = self.observe(operation, call, &exchange);
        self.walked.exchanged(operation, &exchange);
        let held = self.criteria(step, &observed, &transcript) && held;
        self.after_leaving(step, held, &transcript);
        self.gather_outputs(step, &observed);
        match (leaves, is_open) {
            (true, true) => self.left.push(transcript),
            (true, false) => {
                let why = "the stream was over before it could be left";
                let judgement = Judgement::inconclusive(Rule::FrameAbort, why);
                self.look(step, judgement, &[transcript]);
            }
            (false, _) => {}
        }
        held
    }

    /// Does what a script says, entry by entry; false if the answer is not one that it allows.
    async fn follow(&mut self, step: &'w Step, stream: &'w Stream, play: &mut Play<'w>) -> bool {
        for entry in &stream.script {
            let known = play.judgements.len();
            let goes_on = match &entry.action {
                Action::Status(allowed) => status(play, allowed),
                Action::Send { to, payload, fragments } => {
                    play.send(to, payload, *fragments, &self.scope()).await
                }
                Action::CloseSend(to) => play.close_send(to).await,
                Action::Nonsense | Action::Ping(_) | Action::Close(_) | Action::Unmasked => {
                    play.converse(&entry.action).await
                }
                Action::Expect(expectation) => {
                    play.expect(expectation, &self.scope()).await;
                    true
                }
                Action::Ends(ending) => {
                    play.ends(ending, &self.scope()).await;
                    true
                }
                Action::StaysOpen(time) => {
                    play.stays_open(*time).await;
                    true
                }
                Action::Call(id) => {
                    play.called = true;
                    self.inner(id).await
                }
                Action::Open(id) => {
                    play.beside = true;
                    let outer = std::mem::replace(&mut self.beside, true);
                    let held = self.inner(id).await;
                    self.beside = outer;
                    held
                }
            };
            placed(&mut play.judgements, known, &entry.place);
            if !goes_on || self.session.is_stopped() {
                self.cannot_go_on(step, play, &entry.action);
                return !matches!(
                    entry.action,
                    Action::Status(_) | Action::Call(_) | Action::Open(_)
                );
            }
        }
        true
    }

    /// A step that a script names.
    async fn inner(&mut self, id: &str) -> bool {
        let Some(step) = self.workflow.step(id).filter(|_| self.depth < DEPTH) else {
            return false;
        };
        self.depth += 1;
        let held = Box::pin(self.take(step)).await;
        self.depth -= 1;
        held
    }

    /// An answer that is allowed and yet no conversation leaves the rest of the script open.
    fn cannot_go_on(&mut self, step: &'w Step, play: &Play<'_>, action: &Action) {
        if self.session.is_stopped()
            || matches!(action, Action::Status(_) | Action::Call(_) | Action::Open(_))
        {
            return;
        }
        let why = match play.talk.status() {
            Some(101) => "this subprotocol has no word for it".to_owned(),
            Some(status) => format!("with {status} the client cannot send"),
            None => "there is no answer to send to".to_owned(),
        };
        self.look(step, Judgement::inconclusive(Rule::FrameContent, why), &[]);
    }

    /// The call of a step.
    fn call(&self, step: &Step, operation: &Operation) -> Result<Call, Unresolved> {
        let scope = self.scope();
        let mut call = Call::new(step.operation.clone(), self.intent(step, operation));
        for argument in &step.arguments {
            let value = ArgumentValue::Value(argument.value.evaluate(&scope)?);
            call.set(argument.location, &argument.name, value);
        }
        if let Some(payload) = &step.payload {
            call.body = body(step, operation, payload.evaluate(&scope)?);
        }
        call.upgrade = step.stream.iter().filter_map(|stream| stream.upgrade.clone()).collect();
        if is_websocket(&call.upgrade) {
            let run = self.inputs.get("run").and_then(Value::as_str).unwrap_or_default();
            let name = format!("{run}/{}/{}", self.workflow.id, step.id);
            let mut handshake = self.session.handshake_of(operation, &name);
            let chosen = step.stream.iter().flat_map(|stream| stream.protocols.iter().cloned());
            let chosen: Vec<_> = chosen.collect();
            handshake.protocols = if chosen.is_empty() { handshake.protocols } else { chosen };
            call.handshake = Some(handshake);
        }
        Ok(call)
    }

    /// A script that allows nothing but successes says that the request is a valid one.
    fn intent(&self, step: &Step, operation: &Operation) -> Intent {
        let allowed = step.stream.iter().flat_map(|stream| &stream.script).find_map(|entry| {
            match &entry.action {
                Action::Status(allowed) => Some(allowed),
                _ => None,
            }
        });
        let must_succeed = allowed
            .is_some_and(|allowed| allowed.iter().all(|status| matches!(status, 101 | 200..=299)));
        if !must_succeed || operation.upgrade.is_none() || self.workflow.level == Level::Should {
            return Intent::Part;
        }
        let offered = step.stream.as_ref().is_some_and(|stream| stream.upgrade.is_some());
        let rule = if offered { Rule::UpgradeSwitch } else { Rule::UpgradePlain };
        Intent::Succeed { rule, what: self.name(step) }
    }

    /// What expressions see before there is an answer.
    fn scope(&self) -> Scope<'_> {
        Scope { inputs: &self.inputs, outputs: &self.outputs, observed: None }
    }

    fn name(&self, step: &Step) -> String {
        format!("step {} of workflow {}", step.id, self.workflow.id)
    }

    /// Adds a look at a rule, with the step named and, for what it did not pass, the place of the step.
    fn look(&mut self, step: &Step, mut judgement: Judgement, evidence: &[Rc<Transcript>]) {
        if judgement.outcome != Outcome::Pass {
            judgement.message = format!("{}: {}", self.name(step), judgement.message);
            judgement.place = judgement.place.or_else(|| Some(step.place.clone()));
        }
        self.walked.looked(judgement, evidence);
    }

    fn criteria(&mut self, step: &Step, observed: &Observed, transcript: &Rc<Transcript>) -> bool {
        let rule = Rule::WorkflowStep;
        let evidence = std::slice::from_ref(transcript);
        let Some(status) = observed.status else {
            let why = format!("no answer: {}", transcript.end);
            self.look(step, Judgement::inconclusive(rule, why), evidence);
            return false;
        };
        let scope = Scope { observed: Some(observed), ..self.scope() };
        let failing = step.criteria.iter().find(|criterion| !criterion.holds(&scope));
        match failing {
            Some(criterion) => {
                let message = format!("answered {status}; `{criterion}` does not hold");
                self.look(step, Judgement::broken(rule, message, None), evidence);
            }
            None if !step.criteria.is_empty() => self.look(step, Judgement::pass(rule), evidence),
            None => {}
        }
        failing.is_none()
    }

    /// A step after a stream that was left shows whether that did harm: whatever its answer should have been, a success
    /// shows none.
    fn after_leaving(&mut self, step: &Step, held: bool, transcript: &Rc<Transcript>) {
        if step.cleanup || self.depth > 0 {
            return;
        }
        let served = transcript.status().is_some_and(|status| (200..300).contains(&status));
        for left in std::mem::take(&mut self.left) {
            let message = || "fails after a stream was left in its middle".to_owned();
            let judgement = Judgement::of(Rule::FrameAbort, held || served, message, None);
            self.look(step, judgement, &[left, Rc::clone(transcript)]);
        }
    }

    fn gather_outputs(&mut self, step: &Step, observed: &Observed) {
        let scope = Scope { observed: Some(observed), ..self.scope() };
        let found = step.outputs.iter().filter_map(|(name, expression)| {
            Some((name.clone(), expression.evaluate(&scope).ok()?))
        });
        let found = found.collect();
        self.outputs.insert(step.id.clone(), found);
    }

    /// An exchange as expressions see it.
    fn observe(&self, operation: &Operation, call: &Call, exchange: &Exchange) -> Observed {
        let transcript = &exchange.transcript;
        let request = &transcript.probe.request;
        let headers = |headers: &[crate::probe::Header]| {
            let text = |header: &crate::probe::Header| {
                Some((header.name.clone(), header.text()?.to_owned()))
            };
            headers.iter().filter_map(text).collect()
        };
        let arguments = |location| {
            let given = call.arguments.iter().filter(|given| given.location == location);
            given.map(|given| (given.name.clone(), plain(&given.value))).collect()
        };
        Observed {
            url: self.session.settings.target.url(&request.target),
            method: operation.method.to_string(),
            status: transcript.status(),
            request: Message {
                headers: headers(&request.headers),
                query: arguments(generator::contract::Location::Query),
                path: arguments(generator::contract::Location::Path),
                body: call.json().cloned(),
            },
            response: Message {
                headers: transcript.head.iter().flat_map(|head| headers(&head.headers)).collect(),
                body: transcript.json().ok(),
                ..Message::default()
            },
        }
    }
}

fn plain(value: &ArgumentValue) -> Value {
    match value {
        ArgumentValue::Value(value) => value.clone(),
        ArgumentValue::Raw(text) => Value::from(text.as_str()),
    }
}

/// A text goes out as it is under a media type that is not JSON.
fn body(step: &Step, operation: &Operation, value: Value) -> CallBody {
    let documented = operation.body.iter().flat_map(|body| &body.content);
    let json = documented.map(|content| &content.media_type).find(|known| known.is_json());
    let media_type = match &step.media_type {
        Some(stated) => MediaType(stated.clone()),
        None => json.cloned().unwrap_or_else(|| MediaType("application/json".to_owned())),
    };
    match value {
        Value::String(text) if !media_type.is_json() => {
            CallBody::Bytes(media_type.0, text.into_bytes())
        }
        value => CallBody::Json(media_type, value),
    }
}

/// Judges the status of a stream's answer; false if it is not allowed.
fn status(play: &mut Play<'_>, allowed: &[u16]) -> bool {
    let rule = Rule::WorkflowStep;
    // No answer at all is told with the criteria.
    let Some(status) = play.talk.status() else { return false };
    let holds = allowed.contains(&status);
    let message = || format!("answered {status}; allowed are {allowed:?}");
    play.judgements.push(Judgement::of(rule, holds, message, None));
    holds
}

/// What an entry of a script concludes stands where the entry does.
fn placed(judgements: &mut [Judgement], known: usize, place: &Place) {
    for judgement in judgements.iter_mut().skip(known) {
        if judgement.outcome != Outcome::Pass {
            judgement.place.get_or_insert_with(|| place.clone());
        }
    }
}
