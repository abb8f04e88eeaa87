//! What a WebSocket server owes to whatever a client says: pongs, closes, patience with nonsense, none with breaches.
//!
//! Each talk is on a stream of its own that a valid request opened, or on that of a script. A stream that ends by
//! itself in the meantime proves nothing.

use std::rc::Rc;

use generator::contract::Operation;
use tokio::time::Instant;

use super::session::Session;
use super::stream::{Talk, Waited};
use crate::call::{Call, Intent};
use crate::judge::wrong_handshake;
use crate::probe::Until;
use crate::rule::Rule;
use crate::verdict::Judgement;
use crate::workflow::Stream as Script;

/// What a ping carries that no script chose.
const STILL_THERE: &[u8] = b"still there";
/// A version that nobody speaks (RFC 6455 §11.6).
const OTHER_VERSION: &str = "99";
/// A subprotocol that nobody has.
const OTHER_PROTOCOL: &str = "conformance-of-no-meaning";

/// Handshakes that are wrong in one way each, where a right one is known to be answered with 101.
pub(super) async fn handshakes(session: &Session<'_>, operation: &Operation, call: &Call) {
    let (Some(upgrade), Some(right)) = (&operation.upgrade, &call.handshake) else { return };
    for rule in [
        Rule::UpgradeVersion,
        Rule::UpgradeKey,
        Rule::UpgradeUnknownSubprotocol,
        Rule::UpgradeMethod,
    ] {
        if session.is_stopped()
            || rule == Rule::UpgradeUnknownSubprotocol && right.protocols.is_empty()
        {
            continue;
        }
        let mut wrong = Call { intent: Intent::Part, ..call.clone() };
        let mut handshake = right.clone();
        match rule {
            Rule::UpgradeVersion => handshake.version = OTHER_VERSION.to_owned(),
            Rule::UpgradeKey => handshake.key = None,
            Rule::UpgradeMethod => wrong.method = Some("POST".to_owned()),
            _ => handshake.protocols = vec![OTHER_PROTOCOL.to_owned()],
        }
        wrong.handshake = Some(handshake);
        if !session.may_send(operation, &wrong) {
            continue;
        }
        let probe = session.probe(operation, &wrong).until(Until::Head);
        let transcript = session.exchange(probe).await;
        let judgement = wrong_handshake(rule, upgrade, &transcript);
        session.judge(&operation.id.0, vec![judgement], &[transcript]);
    }
}

/// Talks of one question each, on streams of their own.
pub(super) async fn talks(session: &Session<'_>, operation: &Operation, call: &Call) {
    let script = Script {
        upgrade: None,
        protocols: Vec::new(),
        script: Vec::new(),
        place: operation.place.clone(),
    };
    for rule in [
        Rule::FrameSocketPong,
        Rule::FrameSocketCloseEcho,
        Rule::FrameSocketMaskRequired,
        Rule::FrameChannelIgnored,
    ] {
        if session.is_stopped() {
            return;
        }
        let call = Call { intent: Intent::Part, ..session.offering(operation, call.clone()) };
        let mut talk = Talk::open(session, operation, &call, &script).await;
        if !talk.has_socket() {
            return;
        }
        let judgement = match rule {
            Rule::FrameSocketPong => pong(&mut talk, STILL_THERE).await,
            Rule::FrameSocketCloseEcho => close_echo(&mut talk, 1000).await,
            Rule::FrameSocketMaskRequired => mask_required(&mut talk).await,
            _ => ignored(&mut talk).await,
        };
        let transcript = Rc::new(talk.leave().await);
        session.note(operation, &session.judged(operation, &call, Rc::clone(&transcript)));
        session.judge(&operation.id.0, vec![judgement], &[transcript]);
    }
}

/// A ping is answered.
pub(super) async fn pong(talk: &mut Talk, payload: &[u8]) -> Judgement {
    let rule = Rule::FrameSocketPong;
    talk.say(|socket| socket.outlet.ping(payload)).await;
    match until(talk, |talk| talk.was_answered(payload)).await {
        Waited::Came => Judgement::pass(rule),
        Waited::Over => Judgement::inconclusive(rule, "the stream ended before a pong could come"),
        Waited::Quiet if talk.is_broken() => untold(rule),
        Waited::Quiet => {
            let wait = talk.silence().as_millis();
            let message = format!("no pong with the same {} bytes in {wait} ms", payload.len());
            Judgement::broken(rule, message, None).showing(talk.dump(None, "no pong"))
        }
    }
}

/// A close is returned.
pub(super) async fn close_echo(talk: &mut Talk, code: u16) -> Judgement {
    let rule = Rule::FrameSocketCloseEcho;
    if talk.close_code().is_some() {
        return Judgement::inconclusive(rule, "the server closed first");
    }
    talk.say(|socket| socket.close(code)).await;
    let missing = match until(talk, |talk| talk.close_code().is_some()).await {
        Waited::Came => return Judgement::pass(rule),
        _ if talk.is_broken() => return untold(rule),
        Waited::Over => "the connection ends without a close".to_owned(),
        Waited::Quiet => format!("no close in {} ms", talk.silence().as_millis()),
    };
    Judgement::broken(rule, missing, None).showing(talk.dump(None, "no close"))
}

/// A frame that is not masked ends everything.
pub(super) async fn mask_required(talk: &mut Talk) -> Judgement {
    let rule = Rule::FrameSocketMaskRequired;
    if talk.close_code().is_some() {
        return Judgement::inconclusive(rule, "the server closed first");
    }
    talk.say(|socket| socket.outlet.unmasked()).await;
    match until(talk, |talk| talk.close_code().is_some()).await {
        Waited::Came | Waited::Over => Judgement::pass(rule),
        Waited::Quiet => {
            let wait = talk.silence().as_millis();
            let message = format!("still open {wait} ms after a frame without a mask");
            Judgement::broken(rule, message, None).showing(talk.dump(None, "the stream goes on"))
        }
    }
}

/// Messages that mean nothing change nothing: the stream goes on, which a ping shows.
pub(super) async fn ignored(talk: &mut Talk) -> Judgement {
    let rule = Rule::FrameChannelIgnored;
    if talk.close_code().is_some() {
        return Judgement::inconclusive(rule, "the server closed first");
    }
    talk.say(|socket| socket.outlet.odd()).await;
    talk.say(|socket| socket.outlet.ping(STILL_THERE)).await;
    match until(talk, |talk| talk.was_answered(STILL_THERE)).await {
        Waited::Came => Judgement::pass(rule),
        _ if talk.is_broken() => untold(rule),
        Waited::Over if talk.has_documents() => {
            Judgement::inconclusive(rule, "the stream ended by itself")
        }
        Waited::Over => {
            let message = "the stream ends at a message that means nothing";
            Judgement::broken(rule, message, None).showing(talk.dump(None, "the stream ends"))
        }
        Waited::Quiet => Judgement::inconclusive(rule, "pings are not answered"),
    }
}

/// What comes on a stream whose framing is broken cannot be told apart.
fn untold(rule: Rule) -> Judgement {
    Judgement::inconclusive(rule, "the framing is broken before it could come")
}

/// Waits until something holds, within the silence that tells something.
async fn until(talk: &mut Talk, holds: impl Fn(&Talk) -> bool) -> Waited {
    let deadline = Instant::now() + talk.silence();
    loop {
        if holds(talk) {
            return Waited::Came;
        }
        if deadline <= Instant::now() {
            return Waited::Quiet;
        }
        if talk.wait(deadline).await == Waited::Over {
            return if holds(talk) { Waited::Came } else { Waited::Over };
        }
    }
}
