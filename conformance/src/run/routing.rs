//! Paths and methods that are not documented.

use generator::contract::{Fault, Method, Operation, PathPart, PathSegment, PathTemplate};

use super::plain::plain;
use super::provide::Provider;
use super::session::Session;
use super::validation::refuse;
use crate::call::{Call, Intent};
use crate::rule::Rule;
use crate::verdict::Judgement;

/// A path below the operation's own that is not documented gets 404.
pub(super) async fn unknown_path(session: &Session<'_>, operation: &Operation) {
    if operation.method != Method::Get {
        return;
    }
    let mut elsewhere = operation.clone();
    let below = PathPart::Literal(format!("undocumented-{}", session.settings.run_id));
    // Another path may have a placeholder just there, and then the one below it is tried; none is longer than the
    // longest path.
    loop {
        elsewhere.path.segments.push(PathSegment(vec![below.clone()]));
        if !session.api.operations.iter().any(|other| may_take(&other.path, &elsewhere.path)) {
            break;
        }
    }
    let call = plain(session, operation, Intent::Part);
    let transcript = session.exchange(session.probe(&elsewhere, &call)).await;
    let Some(status) = transcript.status() else { return };
    let message = || format!("{} is not documented and answered {status}", elsewhere.path);
    let judgement = Judgement::of(Rule::RoutingUnknownPath, status == 404, message, None);
    session.judge(&operation.id.0, vec![judgement], &[transcript]);
}

/// Whether a path of the one template may be one of the other.
fn may_take(known: &PathTemplate, asked: &PathTemplate) -> bool {
    let has_placeholder =
        |segment: &PathSegment| segment.0.iter().any(|part| matches!(part, PathPart::Parameter(_)));
    let mut pairs = known.segments.iter().zip(&asked.segments);
    known.segments.len() == asked.segments.len()
        && pairs.all(|(known, asked)| {
            known == asked || has_placeholder(known) || has_placeholder(asked)
        })
}

/// Methods that the path does not document are refused.
pub(super) async fn unknown_methods(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
) {
    // One of the path's operations speaks for all of them.
    let first = session.api.operations.iter().find(|other| other.path.is_same_as(&operation.path));
    if first.is_none_or(|first| first.id != operation.id) {
        return;
    }
    for method in [Method::Get, Method::Put, Method::Post, Method::Delete, Method::Patch] {
        let documented = session
            .api
            .operations
            .iter()
            .any(|other| other.method == method && other.path.is_same_as(&operation.path));
        if documented {
            continue;
        }
        let intent = refuse(
            Fault::WrongMethod,
            Rule::RoutingUnknownMethod,
            format!("{method} is not documented for {}", operation.path),
            &operation.place,
        );
        // The method is at fault whether or not what the path names is there.
        let call = provider
            .call(session, operation, intent.clone())
            .await
            .unwrap_or_else(|_| plain(session, operation, intent));
        let call = Call {
            method: Some(method.as_str().to_owned()),
            body: crate::call::CallBody::None,
            ..call
        };
        if session.may_send(operation, &call) && !session.is_stopped() {
            session.send(operation, &call).await;
        }
    }
}
