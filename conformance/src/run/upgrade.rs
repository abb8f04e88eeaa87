//! A valid request that offers to switch protocols, and one that should and does not. What runs on the stream
//! afterwards is for workflows; what a WebSocket owes to any client is tried beside it.

use generator::contract::{Fault, Operation};

use super::conversation;
use super::provide::Provider;
use super::session::Session;
use crate::call::{Call, Intent, is_spoken};
use crate::probe::Until;
use crate::rule::{Rule, applicable};
use crate::verdict::Judgement;

/// Offers every documented protocol, and leaves once the head of the answer is there.
pub(super) async fn offered(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let Some(upgrade) = &operation.upgrade else { return };
    let intent = Intent::Succeed {
        rule: Rule::UpgradeSwitch,
        what: format!("an offer to upgrade to {}", upgrade.protocols.join(" or ")),
    };
    let Ok(call) = provider.call(session, operation, intent).await else { return };
    if !session.may_send(operation, &call) {
        return;
    }
    let call = session.offering(operation, call);
    let probe = session.probe(operation, &call).until(Until::Head);
    let transcript = session.exchange(probe).await;
    let switched = transcript.status() == Some(101);
    session.note(operation, &session.judged(operation, &call, transcript));
    if call.handshake.is_some() && switched {
        conversation::handshakes(session, operation, &call).await;
        conversation::talks(session, operation, &call).await;
    }
}

/// An operation that is nothing without an upgrade refuses a request without one.
pub(super) async fn required(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let Some(upgrade) = operation.upgrade.as_ref().filter(|upgrade| upgrade.required) else {
        return;
    };
    let intent = Intent::Refuse {
        fault: Fault::NotUpgraded,
        rule: Rule::UpgradeRequired,
        what: "a request without an offer to upgrade".to_owned(),
        place: Box::new(upgrade.place.clone()),
    };
    let Ok(call) = provider.call(session, operation, intent).await else { return };
    let call = Call { upgrade: Vec::new(), handshake: None, ..call };
    if session.may_send(operation, &call) {
        session.send(operation, &call).await;
    }
}

/// Says of an operation that upgrades to what is not spoken here that the rest of it is not looked at; whether it is
/// such a one.
pub(super) fn is_foreign(session: &Session<'_>, operation: &Operation) -> bool {
    let Some(upgrade) = operation.upgrade.as_ref().filter(|_| !is_spoken(operation)) else {
        return false;
    };
    let why = format!("upgrades to {}, which is not spoken here", upgrade.protocols.join(" or "));
    let unseen = applicable(session.api, operation).into_iter().filter(|rule| {
        session.with_record(|record| record.verdict(&operation.id.0, *rule).is_none())
    });
    let skipped = unseen.map(|rule| Judgement::skip(rule, why.clone())).collect();
    session.judge(&operation.id.0, skipped, &[]);
    true
}
