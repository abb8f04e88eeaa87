//! A valid request that offers to switch protocols. What runs on the stream afterwards is for workflows.

use generator::contract::Operation;

use super::provide::Provider;
use super::session::Session;
use crate::call::{Call, Intent};
use crate::probe::Until;
use crate::rule::Rule;

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
    let call = Call { upgrade: upgrade.protocols.clone(), ..call };
    let probe = session.probe(operation, &call).until(Until::Head);
    let transcript = session.exchange(probe).await;
    session.note(operation, &session.judged(operation, &call, transcript));
}
