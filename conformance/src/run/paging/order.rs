//! Sorted walks, reversed walks, and an order that does not exist.

use std::rc::Rc;

use generator::contract::Sort;

use super::list::{List, with};
use crate::call::Intent;
use crate::judge::paging::{self as judge, Ended, Ruling, Survey};
use crate::rule::Rule;

/// Everything about the order that a list can be asked for.
pub(super) async fn look(list: &List<'_, '_>, survey: &Survey) -> Vec<Ruling> {
    let Some(sort) = &list.paging.sort else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(field) = &sort.field {
        let walk = survey.paged.first().unwrap_or(&survey.whole);
        found.push(judge::sorted(list.paging, walk, field));
    }
    found.extend(reversed(list, survey, sort).await);
    found.push(unknown(list, sort).await);
    found
}

async fn reversed(list: &List<'_, '_>, survey: &Survey, sort: &Sort) -> Option<Ruling> {
    let base = with(&list.sorted(), sort.reversed.as_deref()?, true);
    let size = survey.whole.pages.first().and_then(|page| page.window.size);
    let known = survey.whole.is_finished().then(|| survey.whole.count());
    Some(match list.walk(&base, size, known).await {
        Ok(walk) if matches!(walk.ended, Ended::Finished) => {
            judge::reversed(list.paging, survey, &walk)
        }
        Ok(walk) => {
            Ruling::inconclusive(Rule::PagingReversed, format!("{walk} did not reach the end"))
        }
        Err(refusal) => {
            Ruling::refused(Rule::PagingReversed, list.paging, refusal.to_string(), &refusal)
        }
    })
}

async fn unknown(list: &List<'_, '_>, sort: &Sort) -> Ruling {
    let made_up = format!("no-such-order-{}", list.session.settings.run_id);
    // A part of something larger: a server error may be what is documented here.
    let call = with(&list.sorted(), &sort.parameter, made_up.as_str()).meant(Intent::Part);
    let exchange = list.session.send(list.operation, &call).await;
    let transcript = &exchange.transcript;
    let judgement =
        judge::sort_unknown(list.operation, list.paging, &sort.unknown, &made_up, transcript);
    Ruling { judgement, evidence: vec![Rc::clone(transcript)] }
}
