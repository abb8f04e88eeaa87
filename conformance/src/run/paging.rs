//! The chapter `paging`: takes the walks that show how a list is cut into pages, sorted and narrowed.
//!
//! ```text
//! list → sizes, create → survey, bounds, order, filter, equivalent
//! ```
//!
//! Sends nothing but GET, apart from items made where a list has too few to show anything. Judges nothing.

mod bounds;
mod create;
mod equivalent;
mod filter;
mod list;
mod order;
mod sizes;
mod survey;

use generator::contract::{Method, Operation, Paging, PagingStyle};

use super::provide::Provider;
use super::session::Session;
use crate::call::Intent;
use crate::judge::paging::{Ruling, Survey, confirmed};
use crate::rule::Rule;
use crate::verdict::Judgement;
use list::List;

/// Everything the chapter says of an operation that lists something, or that is equivalent to one that does.
pub(super) async fn run(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    if let Some(paging) = &operation.paging {
        paged(session, provider, operation, paging).await;
    }
    if let Some(equivalent) = &operation.equivalent {
        equivalent::run(session, provider, operation, equivalent).await;
    }
}

async fn paged(session: &Session<'_>, provider: &Provider, operation: &Operation, paging: &Paging) {
    let unwalked = match paging.style {
        _ if operation.method != Method::Get => {
            Some("only lists that GET gives are walked".to_owned())
        }
        PagingStyle::Cursor | PagingStyle::LinkHeader => {
            Some(format!("walks of style {:?} are not taken yet", paging.style))
        }
        PagingStyle::Offset | PagingStyle::Page | PagingStyle::None => None,
    };
    let skip = |why: String| {
        session.judge(&operation.id.0, vec![Judgement::skip(Rule::PagingComplete, why)], &[]);
    };
    if let Some(why) = unwalked {
        return skip(why);
    }
    match provider.call(session, operation, Intent::Valid).await {
        Ok(base) => walked(&List::new(session, operation, paging, base), provider).await,
        Err(why) => skip(why.to_string()),
    }
}

async fn walked(list: &List<'_, '_>, provider: &Provider) {
    create::fill(list, provider).await;
    let look = survey::look(list).await;
    let again = async || survey::look(list).await.rulings;
    record(list, look.rulings, again).await;
    let Some(survey) = look.survey else { return };
    if list.paging.limit.is_some() {
        let first = bounds::look(list, &survey).await;
        record(list, first, async || bounds::look(list, &survey).await).await;
    }
    let first = order::look(list, &survey).await;
    record(list, first, async || order::look(list, &survey).await).await;
    filtered(list, &survey).await;
}

async fn filtered(list: &List<'_, '_>, survey: &Survey) {
    for filter in &list.paging.filters {
        let first = filter::look(list, survey, filter).await;
        // The unfiltered list is walked anew, so that what changed since is not taken for a breach.
        let again = async || match survey::brief(list).await {
            Some(survey) => filter::look(list, &survey, filter).await,
            None => Vec::new(),
        };
        record(list, first, again).await;
    }
}

async fn record(list: &List<'_, '_>, first: Vec<Ruling>, again: impl AsyncFnOnce() -> Vec<Ruling>) {
    settle(list.session, list.operation, list.paging.inferred, first, again).await;
}

/// Records rulings; findings are looked for once more first. What was only recognised and not declared binds no
/// more than a recommendation.
async fn settle(
    session: &Session<'_>,
    operation: &Operation,
    inferred: bool,
    first: Vec<Ruling>,
    again: impl AsyncFnOnce() -> Vec<Ruling>,
) {
    let any = first.iter().any(|ruling| ruling.judgement.outcome.is_finding());
    let rulings = if any { confirmed(first, &again().await) } else { first };
    if session.is_stopped() {
        return;
    }
    for ruling in rulings {
        let ruling = ruling.softened(inferred);
        session.judge(&operation.id.0, vec![ruling.judgement], &ruling.evidence);
    }
}
