//! The chapter `paging`: takes the walks that show how a list is cut into pages, sorted and narrowed.
//!
//! ```text
//! list → sizes, create → survey, bounds, order, filter, cursor, equivalent
//! ```
//!
//! Sends nothing but GET, apart from items made where a list has too few to show anything. Judges nothing.

mod bounds;
mod create;
mod cursor;
mod equivalent;
mod filter;
mod list;
mod order;
mod sizes;
mod survey;

use generator::contract::{Method, Operation, Paging};

use super::provide::Provider;
use super::session::Session;
use crate::call::Intent;
use crate::judge::paging::{Ruling, Survey, confirmed, told};
use crate::rule::Rule;
use crate::verdict::Judgement;
use list::List;

/// Everything the chapter says of an operation that lists something, or that is equivalent to one that does.
pub(super) async fn run(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    let is_wanted = Rule::TABLE.iter().any(|entry| {
        entry.rule.chapter() == Rule::PagingComplete.chapter()
            && session.covers(&operation.id.0, entry.rule)
    });
    if !is_wanted {
        return;
    }
    if let Some(paging) = &operation.paging {
        paged(session, provider, operation, paging).await;
    }
    if let Some(equivalent) = &operation.equivalent {
        equivalent::run(session, provider, operation, equivalent).await;
    }
}

async fn paged(session: &Session<'_>, provider: &Provider, operation: &Operation, paging: &Paging) {
    let skip = |why: String| {
        session.judge(&operation.id.0, vec![Judgement::skip(Rule::PagingComplete, why)], &[]);
    };
    if operation.method != Method::Get {
        return skip("only lists that GET gives are walked".to_owned());
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
    let mut found = settled(look.rulings, again).await;
    if let Some(survey) = look.survey {
        if list.paging.limit.is_some() {
            let first = bounds::look(list, &survey).await;
            found.extend(settled(first, async || bounds::look(list, &survey).await).await);
        }
        let first = order::look(list, &survey).await;
        found.extend(settled(first, async || order::look(list, &survey).await).await);
        found.extend(filtered(list, &survey).await);
        if list.paging.style.leads_on() {
            let first = cursor::look(list, provider, &survey).await;
            let again = async || cursor::look(list, provider, &survey).await;
            found.extend(settled(first, again).await);
        }
    }
    record(list.session, list.operation, found);
}

async fn filtered(list: &List<'_, '_>, survey: &Survey) -> Vec<Ruling> {
    let mut found = Vec::new();
    for filter in &list.paging.filters {
        let first = filter::look(list, survey, filter).await;
        // The unfiltered list is walked anew, so that what changed since is not taken for a breach.
        let again = async || match survey::brief(list).await {
            Some(survey) => filter::look(list, &survey, filter).await,
            None => Vec::new(),
        };
        found.extend(settled(first, again).await);
    }
    found
}

/// Rulings whose findings were looked for once more.
async fn settled(first: Vec<Ruling>, again: impl AsyncFnOnce() -> Vec<Ruling>) -> Vec<Ruling> {
    let any = first.iter().any(|ruling| ruling.judgement.outcome.is_finding());
    if any { confirmed(first, &again().await) } else { first }
}

/// Records rulings.
fn record(session: &Session<'_>, operation: &Operation, rulings: Vec<Ruling>) {
    // What a walk that was cut short seems to show is not worth telling.
    if session.is_stopped() {
        return;
    }
    for ruling in told(rulings) {
        session.judge(&operation.id.0, vec![ruling.judgement], &ruling.evidence);
    }
}
