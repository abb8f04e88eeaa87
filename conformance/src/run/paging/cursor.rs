//! Pages that lead on by tokens: limits that change, writes between pages, tokens that nobody gave or that expired.

use generator::contract::{Expired, Fault, PagingStyle};

use super::create::{Made, make};
use super::list::{List, with};
use super::sizes::Sizes;
use super::survey::whole_of;
use crate::call::Intent;
use crate::judge::paging::{
    self as judge, Ended, Expiry, Meanwhile, Page, Refusal, Ruling, Survey, Walk, Window,
};
use crate::rule::Rule;
use crate::run::provide::Provider;
use crate::run::thing::producer;

/// So often an item is made and removed again to make a kept token expire.
const WRITES: usize = 4;
/// No list is filled further to get an item behind the first page.
const MADE: usize = 2;

/// Everything that only tokens show.
pub(super) async fn look(list: &List<'_, '_>, provider: &Provider, survey: &Survey) -> Vec<Ruling> {
    let paging = list.paging;
    let mut found = Vec::new();
    if paging.snapshot.as_ref().is_some_and(|snapshot| snapshot.version.is_some()) {
        found.push(judge::version(paging, survey));
    }
    if paging.remaining.is_some() {
        found.push(judge::remaining(paging, survey));
    }
    // A link says itself how long the page is that it leads to.
    if paging.limit.is_some() && paging.style == PagingStyle::Cursor {
        found.extend(limits(list, survey).await);
    }
    made_up(list).await;
    let kept = first_page(list).await;
    if paging.snapshot.as_ref().is_some_and(|snapshot| snapshot.consistent) {
        found.push(snapshot(list, provider).await);
    }
    if let Some(documented) = &paging.expired {
        found.push(expired(list, provider, documented, kept).await);
    }
    found
}

/// The shortest first page, which gives a token if any does.
async fn first_page(list: &List<'_, '_>) -> Result<Page, Box<Refusal>> {
    let size = Sizes::of(list).map(|sizes| sizes.least);
    list.page(&list.sorted(), Window { skip: 0, size }).await
}

/// A short page, a longer one, and the rest without a limit.
async fn limits(list: &List<'_, '_>, survey: &Survey) -> Option<Ruling> {
    let sizes = Sizes::of(list)?;
    let base = list.sorted();
    let mut pages = vec![first_page(list).await.ok()?];
    let mut ended = Ended::Finished;
    for size in [Some(sizes.least.saturating_add(1).min(sizes.most)), None] {
        let last = pages.last()?;
        let Some(token) = last.cursor.next.clone() else { break };
        let window = Window { skip: last.window.skip.saturating_add(last.count()), size };
        match list.ask(&list.following(&base, &token, window), window).await {
            Ok(page) => pages.push(page),
            Err(refusal) => {
                ended = Ended::Refused(refusal);
                break;
            }
        }
    }
    // A server may cut what it gives without a limit.
    let walk = match (pages.pop(), ended) {
        (Some(last), Ended::Finished) => {
            let rest = list.walk_on(&base, last, Some(survey.whole.count())).await;
            Walk { pages: pages.into_iter().chain(rest.pages).collect(), ended: rest.ended }
        }
        (last, ended) => Walk { pages: pages.into_iter().chain(last).collect(), ended },
    };
    Some(judge::limits(list.paging, survey, &walk))
}

/// A token that no page gave.
async fn made_up(list: &List<'_, '_>) {
    let Some(name) = &list.paging.cursor else { return };
    let token = format!("no-such-token-{}", list.session.settings.run_id);
    let intent = Intent::Refuse {
        fault: Fault::BadCursor,
        rule: Rule::PagingCursorRefused,
        what: format!("{name}={token} is a token that no page gave"),
        place: Box::new(list.paging.place.clone()),
    };
    let call = with(&list.sorted(), name, token.as_str()).meant(intent);
    list.session.send(list.operation, &call).await;
}

/// Makes an item and removes another between the first page and the rest.
async fn snapshot(list: &List<'_, '_>, provider: &Provider) -> Ruling {
    let rule = Rule::PagingCursorSnapshot;
    let untold = |why: &str| Ruling::inconclusive(rule, why);
    let Some(producer) = producer(list.session, list.operation) else {
        return untold("no documented operation makes items of this list that can be removed");
    };
    let mut ours: Vec<Made> = Vec::new();
    for _ in 0..MADE {
        ours.extend(make(list, provider, producer).await);
    }
    let first = match first_page(list).await {
        Ok(page) if page.cursor.next.is_some() => page,
        Ok(_) => return untold("the first page gives no token"),
        Err(refusal) => return untold(&refusal.to_string()),
    };
    let is_behind = |made: &&Made| {
        let key = made.key(list);
        key.is_some() && first.lists.iter().flatten().all(|item| item.key != key)
    };
    let removed = match ours.iter().rev().find(is_behind) {
        Some(made) if made.remove(list, producer).await => made.key(list),
        _ => None,
    };
    let made = make(list, provider, producer).await.and_then(|made| made.key(list));
    let walk = list.walk_on(&list.sorted(), first, None).await;
    match whole_of(list, &list.sorted(), None).await {
        Ok(after) => judge::snapshot(list.paging, &Meanwhile { walk, made, removed, after }),
        Err(refusal) => untold(&refusal.to_string()),
    }
}

/// Uses a token that was kept while the list was written to.
async fn expired(
    list: &List<'_, '_>,
    provider: &Provider,
    documented: &Expired,
    kept: Result<Page, Box<Refusal>>,
) -> Ruling {
    let rule = Rule::PagingCursorExpired;
    let page = match kept {
        Ok(page) => page,
        Err(refusal) => return Ruling::inconclusive(rule, refusal.to_string()),
    };
    let Some(token) = page.cursor.next.clone() else {
        return Ruling::inconclusive(rule, "the first page gives no token");
    };
    if let Some(producer) = producer(list.session, list.operation) {
        for _ in 0..WRITES {
            if let Some(made) = make(list, provider, producer).await {
                made.remove(list, producer).await;
            }
        }
    }
    let base = list.sorted();
    let window = Window { skip: page.count(), size: page.window.size };
    let answer = list.ask(&list.following(&base, &token, window), window).await;
    let mut expiry = Expiry { page, answer, fresh: None, anew: None };
    if let Err(refusal) = &expiry.answer
        && refusal.transcript.status() == Some(documented.status)
    {
        let body = refusal.transcript.json().unwrap_or_default();
        let fresh = documented.next.as_ref().and_then(|next| next.get(&body)?.as_str());
        if let Some(fresh) = fresh.filter(|fresh| !fresh.is_empty()) {
            expiry.fresh = Some(list.ask(&list.following(&base, fresh, window), window).await);
        }
        expiry.anew = Some(first_page(list).await);
    }
    judge::expired(list.paging, documented, &expiry)
}
