//! Requests without a credential, with an empty and with a made-up one.

use generator::contract::{Fault, Operation, Place, Provenance};

use super::provide::Provider;
use super::session::Session;
use super::success::one;
use super::validation::refuse;
use crate::call::{Call, Credential};
use crate::rule::Rule;
use crate::verdict::Judgement;

/// The three ways, and their rules.
const WAYS: [(Credential, Rule, &str); 3] = [
    (Credential::Absent, Rule::AuthMissing, "no credential"),
    (Credential::Empty, Rule::AuthEmpty, "an empty credential"),
    (Credential::Wrong, Rule::AuthWrong, "a made-up credential"),
];

/// Each way for a credential to be at fault.
pub(super) async fn credentials(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let required = !operation.security.is_empty()
        && operation.security.iter().all(|requirement| !requirement.schemes.is_empty());
    if !required {
        return;
    }
    let conventional = schemes(session, operation)
        .all(|(_, provenance)| provenance.is_some_and(Provenance::is_convention));
    let place = schemes(session, operation).next().map_or(&operation.place, |(place, _)| place);
    for (credential, rule, what) in WAYS {
        if session.settings.credentials.headers.is_empty() {
            let why = "no credential was given, so that its absence shows nothing";
            session.judge(&operation.id.0, vec![Judgement::skip(rule, why)], &[]);
            continue;
        }
        let with = |mut call: Call| {
            call.credential = credential;
            call
        };
        if conventional {
            soft(session, provider, operation, (rule, what, place), with).await;
        } else {
            let intent = refuse(Fault::Unauthenticated, rule, what, place);
            one(session, provider, operation, intent, with).await;
        }
    }
}

/// The same where only a convention asks for a credential: an acceptance is a warning.
async fn soft(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
    (rule, what, place): (Rule, &str, &Place),
    with: impl FnOnce(Call) -> Call,
) {
    let intent = refuse(Fault::Unauthenticated, rule, what, place);
    let Ok(call) = provider.call(session, operation, intent).await else { return };
    let call = with(call);
    if !session.may_send(operation, &call) {
        return;
    }
    let mut exchange = session.attempt(operation, &call).await;
    exchange.judgements = exchange
        .judgements
        .into_iter()
        .map(|judgement| {
            let own = judgement.rule == rule;
            judgement.softened(own)
        })
        .collect();
    session.note(operation, &exchange);
}

fn schemes<'s>(
    session: &'s Session<'_>,
    operation: &'s Operation,
) -> impl Iterator<Item = (&'s Place, Option<&'s Provenance>)> {
    operation
        .security
        .iter()
        .flat_map(|requirement| &requirement.schemes)
        .filter_map(|(name, _)| session.api.security_schemes.get(name))
        .map(|scheme| (&scheme.place, scheme.provenance.as_ref()))
}
