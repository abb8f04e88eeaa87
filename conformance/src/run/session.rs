//! Sends calls, judges the answers and records both. The only door of the chapters to the wire.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use generator::contract::{Api, Method, Operation};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::clock::Clock;
use super::record::Record;
use super::removal::{Removal, Removals};
use super::settings::{Settings, Writes};
use crate::call::{Call, Handshake, compose, is_websocket};
use crate::judge::{self, Inferred, Validators};
use crate::probe::{Caps, Probe, Until};
use crate::rule::Rule;
use crate::transcript::Transcript;
use crate::verdict::{Judgement, Outcome};
use crate::wire::{Stream, Wire};

/// A run under way.
#[derive(Debug)]
pub struct Session<'a> {
    /// The contract.
    pub api: &'a Api,
    /// The document's own schemas.
    pub validators: &'a Validators,
    /// The sockets.
    pub wire: &'a Wire,
    /// What the user asked for.
    pub settings: &'a Settings,
    record: RefCell<Record>,
    stopped: Rc<Cell<bool>>,
    counter: Cell<u64>,
    removals: Removals,
    clock: Rc<Clock>,
    inferred: Inferred,
}

/// An answer and what it showed.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What happened.
    pub transcript: Rc<Transcript>,
    /// What was concluded.
    pub judgements: Vec<Judgement>,
}

impl Exchange {
    /// Whether the answer is a success, or a switch of protocols.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.transcript.status().is_some_and(|status| status == 101 || (200..300).contains(&status))
    }

    fn worst(&self) -> Outcome {
        self.judgements.iter().map(|judgement| judgement.outcome).max().unwrap_or(Outcome::Skip)
    }
}

/// How often a server that asks for patience is given it.
const RETRIES: u32 = 3;
/// The longest wait that a server can ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

impl<'a> Session<'a> {
    /// A run that has seen nothing yet; setting `stopped` ends it soon.
    #[must_use]
    pub fn new(
        api: &'a Api,
        validators: &'a Validators,
        wire: &'a Wire,
        settings: &'a Settings,
        stopped: Rc<Cell<bool>>,
    ) -> Self {
        Self {
            api,
            validators,
            wire,
            settings,
            record: RefCell::default(),
            stopped,
            counter: Cell::new(0),
            removals: Removals::default(),
            clock: Rc::default(),
            inferred: Inferred::of(api),
        }
    }

    /// What was seen.
    #[must_use]
    pub fn into_record(self) -> Record {
        self.record.into_inner()
    }

    /// Looks at what was seen so far.
    pub fn with_record<T>(&self, look: impl FnOnce(&Record) -> T) -> T {
        look(&self.record.borrow())
    }

    /// Whether the user asked to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.get()
    }

    /// How long the run did nothing but wait: pauses, and silences that had to be heard out.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.clock.waited()
    }

    /// The clock that waits are measured by.
    pub(super) fn clock(&self) -> &Rc<Clock> {
        &self.clock
    }

    /// Lets time pass.
    pub(super) async fn pause(&self, time: Duration) {
        self.clock.wait(tokio::time::sleep(time)).await;
    }

    /// A name for something the run creates, never given twice in a run and the same in every run of that id.
    #[must_use]
    pub fn fresh_name(&self) -> String {
        let number = self.counter.get() + 1;
        self.counter.set(number);
        format!("conformance-{}-{number}", self.settings.run_id)
    }

    /// Whether the write guard lets that call through.
    #[must_use]
    pub fn may_send(&self, operation: &Operation, call: &Call) -> bool {
        let safe = match call.method.as_deref() {
            Some(method) => matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE"),
            None => operation.method.is_safe(),
        };
        safe || self.settings.writes == Writes::Allowed
    }

    /// Sends a call, judges the answer, and records both.
    pub async fn send(&self, operation: &Operation, call: &Call) -> Exchange {
        let exchange = self.tried(operation, call).await;
        self.note(operation, &exchange);
        exchange
    }

    /// Sends a call and judges the answer, once more where there is a finding, without recording it.
    pub async fn tried(&self, operation: &Operation, call: &Call) -> Exchange {
        let exchange = self.attempt(operation, call).await;
        if exchange.worst().is_finding() {
            self.confirmed(operation, call, exchange).await
        } else {
            exchange
        }
    }

    /// Sends a call and judges the answer, without recording it.
    pub async fn attempt(&self, operation: &Operation, call: &Call) -> Exchange {
        let transcript = self.exchange(self.probe(operation, call)).await;
        self.judged(operation, call, transcript)
    }

    /// Judges the answer to a call by itself.
    #[must_use]
    pub fn judged(
        &self,
        operation: &Operation,
        call: &Call,
        transcript: Rc<Transcript>,
    ) -> Exchange {
        let judgements = if transcript.status().is_none() && transcript.irregularities.is_empty() {
            Vec::new()
        } else {
            judge::exchange(self.validators, operation, call, &transcript)
        };
        self.took_effect(operation, call, &transcript);
        Exchange { transcript, judgements }
    }

    /// Sends the request of a probe, reads the head of the answer, and leaves the rest to the caller.
    pub async fn open(&self, probe: &Probe) -> Stream {
        let stream = self.clock.answer(self.wire.open(probe)).await;
        self.record.borrow_mut().sent(stream.head().is_some());
        stream
    }

    /// Takes in an exchange that may have created or removed something.
    pub fn took_effect(&self, operation: &Operation, call: &Call, transcript: &Transcript) {
        if !transcript.status().is_some_and(|status| (200..300).contains(&status))
            || call.method.is_some()
        {
            return;
        }
        if operation.method == Method::Delete {
            self.removals.forget(call);
        } else {
            self.removals.remember(self, operation, call, transcript);
        }
    }

    /// What was created and not yet removed, the last created first.
    #[must_use]
    pub fn to_remove(&self) -> Vec<Removal> {
        self.removals.left()
    }

    /// A handshake of WebSocket that offers every documented subprotocol. Its key is one of its own, and the same in
    /// every run of that id and seed.
    #[must_use]
    pub fn handshake(&self, operation: &Operation) -> Handshake {
        let number = self.counter.get() + 1;
        self.counter.set(number);
        self.handshake_of(operation, &number.to_string())
    }

    /// The handshake of a place in the run that its name tells from all others, whatever runs beside it.
    #[must_use]
    pub fn handshake_of(&self, operation: &Operation, name: &str) -> Handshake {
        let text = format!("{}/{}/{name}", self.settings.seed, self.settings.run_id);
        let (one, other) = (fnv(text.as_bytes()), fnv(format!("{text}/key").as_bytes()));
        let nonce = u128::from(one) << 64 | u128::from(other);
        Handshake::of(operation, nonce.to_be_bytes())
    }

    /// The same call with an offer to upgrade to every documented protocol.
    #[must_use]
    pub fn offering(&self, operation: &Operation, call: Call) -> Call {
        let Some(upgrade) = &operation.upgrade else { return call };
        let handshake = is_websocket(&upgrade.protocols).then(|| self.handshake(operation));
        Call { upgrade: upgrade.protocols.clone(), handshake, ..call }
    }

    /// The probe of a call.
    #[must_use]
    pub fn probe(&self, operation: &Operation, call: &Call) -> Probe {
        let mut probe = Probe::new(compose(self.api, operation, call, &self.settings.credentials));
        if let Some(reference) = &call.target {
            let request = &mut probe.request;
            request.target = self.settings.target.referred(&request.target, reference);
        }
        probe.expect_takeover = !call.upgrade.is_empty();
        let is_needed = operation.upgrade.as_ref().is_some_and(|upgrade| upgrade.required);
        if is_needed && probe.expect_takeover {
            // What such an operation answers with is a stream, which ends when it likes.
            probe.until = Until::Head;
        }
        probe.caps = Caps { time: Some(self.settings.patience), ..Caps::default() };
        probe
    }

    /// Sends a probe; a server that asks for patience is given some (RFC 9110 §10.2.3).
    pub async fn exchange(&self, probe: Probe) -> Rc<Transcript> {
        let mut left = RETRIES;
        loop {
            let transcript = self.clock.answer(self.wire.exchange(&probe)).await;
            self.record.borrow_mut().sent(transcript.head.is_some());
            let busy = matches!(transcript.status(), Some(429 | 503));
            let wait = transcript
                .header("retry-after")
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs);
            match wait {
                Some(wait) if busy && left > 0 && !self.is_stopped() => {
                    left -= 1;
                    self.pause(wait.min(LONGEST_WAIT)).await;
                }
                _ => return Rc::new(transcript),
            }
        }
    }

    /// Records an exchange: its judgements, and its place in the matrix.
    pub fn note(&self, operation: &Operation, exchange: &Exchange) {
        let mut record = self.record.borrow_mut();
        if let Some(status) = exchange.transcript.status() {
            record.answered(operation, status, !exchange.worst().is_finding());
            // Only an answer to a method of the operation's own is judged so.
            let allowed = |judgement: &Judgement| {
                judgement.rule == Rule::StatusDocumented && judgement.outcome == Outcome::Pass
            };
            if exchange.judgements.iter().any(allowed) {
                record.allowed(operation, status);
            }
        }
        drop(record);
        let evidence = [Rc::clone(&exchange.transcript)];
        self.judge(&operation.id.0, exchange.judgements.clone(), &evidence);
    }

    /// Records judgements that rest on these exchanges.
    pub fn judge(&self, subject: &str, judgements: Vec<Judgement>, evidence: &[Rc<Transcript>]) {
        let judgements = judgements
            .into_iter()
            .filter(|judgement| self.covers(subject, judgement.rule))
            .map(|judgement| self.inferred.tempered(subject, judgement))
            .collect();
        self.record.borrow_mut().add(subject, judgements, evidence, &self.settings.credentials);
    }

    /// Whether the filter lets that rule through.
    #[must_use]
    pub fn covers(&self, subject: &str, rule: Rule) -> bool {
        self.settings.covers(subject, rule.id())
    }

    /// Sends generated calls. A finding is shrunk within a budget; the smallest call that still shows it is recorded.
    pub async fn generated(
        &self,
        operation: &Operation,
        name: &str,
        cases: u32,
        calls: &BoxedStrategy<Call>,
    ) {
        let mut runner = self.runner(&format!("{}/{name}", operation.id));
        for _ in 0..cases {
            let Ok(mut tree) = calls.new_tree(&mut runner) else { return };
            let call = tree.current();
            if self.is_stopped() || !self.may_send(operation, &call) {
                return;
            }
            let exchange = self.attempt(operation, &call).await;
            if !exchange.worst().is_finding() {
                self.note(operation, &exchange);
                continue;
            }
            let (call, exchange) = self.shrunk(operation, &mut *tree, (call, exchange)).await;
            let exchange = self.confirmed(operation, &call, exchange).await;
            self.note(operation, &exchange);
            return;
        }
    }

    /// A source of random choices that depends on the seed and the name alone.
    #[must_use]
    pub fn runner(&self, name: &str) -> TestRunner {
        let mut seed = [0u8; 32];
        let words = [
            self.settings.seed,
            fnv(name.as_bytes()),
            self.settings.seed.rotate_left(32),
            fnv(self.settings.run_id.as_bytes()),
        ];
        for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
    }

    /// Looks for a smaller call that breaks one of the same rules.
    async fn shrunk(
        &self,
        operation: &Operation,
        tree: &mut dyn ValueTree<Value = Call>,
        found: (Call, Exchange),
    ) -> (Call, Exchange) {
        let mut smallest = found;
        let mut more = tree.simplify();
        for _ in 0..self.settings.shrinks {
            if !more || self.is_stopped() {
                break;
            }
            let call = tree.current();
            let exchange = self.attempt(operation, &call).await;
            if shares_finding(&exchange, &smallest.1) {
                smallest = (call, exchange);
                more = tree.simplify();
            } else {
                more = tree.complicate();
            }
        }
        smallest
    }

    /// Sends the same once more: what does not recur is flaky, not failed. A request that changes something cannot be
    /// repeated under the same conditions, and is not.
    async fn confirmed(&self, operation: &Operation, call: &Call, first: Exchange) -> Exchange {
        if !operation.method.is_safe() || call.method.is_some() {
            return first;
        }
        let again = self.attempt(operation, call).await;
        let recurs = |rule| {
            again.judgements.iter().any(|other| other.rule == rule && other.outcome.is_finding())
        };
        let judgements = first
            .judgements
            .into_iter()
            .map(|judgement| match judgement.outcome.is_finding() && !recurs(judgement.rule) {
                true => Judgement { outcome: Outcome::Flaky, ..judgement },
                false => judgement,
            })
            .collect();
        Exchange { transcript: first.transcript, judgements }
    }
}

fn shares_finding(one: &Exchange, other: &Exchange) -> bool {
    one.judgements.iter().filter(|judgement| judgement.outcome.is_finding()).any(|judgement| {
        other
            .judgements
            .iter()
            .any(|known| known.rule == judgement.rule && known.outcome.is_finding())
    })
}

/// FNV-1a: a hash that is the same on every machine and with every compiler.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
