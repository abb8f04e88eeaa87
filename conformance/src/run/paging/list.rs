//! A list that can be asked for pages and walked. Every walk ends, whatever the server does.

use generator::contract::{Location, Operation, Paging, PagingStyle};
use serde_json::Value;

use super::sizes::{Range, range};
use crate::call::{Call, Intent};
use crate::judge::paging::{Answer, Ended, Page, Refusal, Walk, Window};
use crate::run::session::Session;

/// A walk has no more pages than that.
const MOST_PAGES: u64 = 300;
/// A walk has no more items than that.
const MOST_ITEMS: u64 = 10_000;
/// The answers of a walk have no more bytes than that.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// So many equal pages in a row are a walk that goes on for ever.
const EQUAL_PAGES: usize = 3;

/// A list and the call that all its pages share.
#[derive(Debug)]
pub(super) struct List<'r, 'a> {
    /// The run.
    pub(super) session: &'r Session<'a>,
    /// The operation.
    pub(super) operation: &'r Operation,
    /// How its list is walked.
    pub(super) paging: &'r Paging,
    /// The bounds of its limit.
    pub(super) limit: Range,
    /// The bounds of its offset or page number.
    pub(super) position: Range,
    plain: Call,
}

impl<'r, 'a> List<'r, 'a> {
    pub(super) fn new(
        session: &'r Session<'a>,
        operation: &'r Operation,
        paging: &'r Paging,
        base: Call,
    ) -> Self {
        let position = match paging.style {
            PagingStyle::Page => paging.page.as_ref(),
            _ => paging.offset.as_ref(),
        };
        let bounds = |name: Option<&String>| {
            name.map_or_else(Range::default, |name| range(session.api, operation, name))
        };
        let mut plain = base;
        let mode = paging.not_when.as_ref().map(|(name, _)| name.clone());
        let window = [&paging.limit, &paging.offset, &paging.page, &paging.cursor, &mode];
        for name in window.into_iter().flatten() {
            plain = plain.without(Location::Query, name);
        }
        Self {
            session,
            operation,
            paging,
            limit: bounds(paging.limit.as_ref()),
            position: bounds(position),
            plain,
        }
    }

    /// The call of the list in the order that makes it walkable.
    pub(super) fn sorted(&self) -> Call {
        match &self.paging.sort {
            Some(sort) => {
                self.plain.clone().with(Location::Query, &sort.parameter, sort.value.as_str())
            }
            None => self.plain.clone(),
        }
    }

    /// The call of a part of the list.
    pub(super) fn at(&self, base: &Call, window: Window) -> Call {
        let mut call = base.clone();
        if let (Some(name), Some(size)) = (&self.paging.limit, window.size) {
            call = call.with(Location::Query, name, size);
        }
        match self.paging.style {
            PagingStyle::Offset => {
                if let Some(name) = &self.paging.offset {
                    call = call.with(Location::Query, name, window.skip);
                }
            }
            PagingStyle::Page => {
                if let Some(name) = &self.paging.page {
                    let number = window.skip / window.size.unwrap_or(1).max(1);
                    call =
                        call.with(Location::Query, name, self.first_page().saturating_add(number));
                }
            }
            PagingStyle::Cursor | PagingStyle::LinkHeader | PagingStyle::None => {}
        }
        call
    }

    /// The number of the first page: the default, else the least, else 1.
    fn first_page(&self) -> u64 {
        let number = self.position.default.or(self.position.minimum);
        number.and_then(|number| u64::try_from(number).ok()).unwrap_or(1)
    }

    /// The call of the page that a token leads to.
    pub(super) fn following(&self, base: &Call, token: &str, window: Window) -> Call {
        let call = self.at(base, window);
        match &self.paging.cursor {
            Some(name) => call.with(Location::Query, name, token),
            None => Call { target: Some(token.to_owned()), ..call },
        }
    }

    /// Asks for one page.
    pub(super) async fn page(&self, base: &Call, window: Window) -> Answer {
        self.ask(&self.at(base, window), window).await
    }

    /// Asks for what is to be a page, by a call that may be odd.
    pub(super) async fn ask(&self, call: &Call, window: Window) -> Answer {
        let call = call.clone().meant(Intent::Valid);
        let exchange = self.session.send(self.operation, &call).await;
        Page::read(self.paging, &call, window, &exchange.transcript)
    }

    /// Walks the list in pages of that size to its end, or until it is plain that there is none. A walk of a list
    /// whose length is known is given up soon after that.
    ///
    /// # Errors
    /// What came instead of the first page.
    pub(super) async fn walk(
        &self,
        base: &Call,
        size: Option<u64>,
        known: Option<u64>,
    ) -> Result<Walk, Box<Refusal>> {
        let first = self.page(base, Window { skip: 0, size }).await?;
        Ok(self.walk_on(base, first, known).await)
    }

    /// Walks on from a first page.
    pub(super) async fn walk_on(&self, base: &Call, first: Page, known: Option<u64>) -> Walk {
        let mut bytes = first.transcript.body().len();
        let mut next = self.next(&first);
        let mut walk = Walk { pages: vec![first], ended: Ended::Finished };
        while let Some((window, token)) = next {
            if let Some(ended) = self.end(&walk, bytes, known) {
                walk.ended = ended;
                break;
            }
            let call = match &token {
                Some(token) => self.following(base, token, window),
                None => self.at(base, window),
            };
            match self.ask(&call, window).await {
                Ok(page) => {
                    bytes = bytes.saturating_add(page.transcript.body().len());
                    next = self.next(&page);
                    walk.pages.push(page);
                }
                Err(refusal) => {
                    walk.ended = self.refused(refusal);
                    break;
                }
            }
        }
        if matches!(walk.ended, Ended::TooLong(_)) {
            self.look_far(base, &mut walk).await;
        }
        walk
    }

    /// A token may expire in the middle of a walk, which is not the walk's fault.
    fn refused(&self, refusal: Box<Refusal>) -> Ended {
        let expired = self.paging.expired.as_ref().map(|expired| expired.status);
        if expired.is_some() && refusal.transcript.status() == expired {
            return Ended::GivenUp(format!("a token expired: {refusal}"));
        }
        Ended::Refused(refusal)
    }

    /// The page after this one, and the token that leads there.
    fn next(&self, page: &Page) -> Option<(Window, Option<String>)> {
        if self.paging.style.leads_on() {
            let token = page.cursor.next.clone()?;
            let skip = page.window.skip.saturating_add(page.count());
            return Some((Window { skip, ..page.window }, Some(token)));
        }
        Some((self.next_window(page)?, None))
    }

    /// A page shorter than was asked for is the last, unless its total says otherwise.
    fn next_window(&self, page: &Page) -> Option<Window> {
        let count = page.count();
        if self.paging.style == PagingStyle::None || count == 0 {
            return None;
        }
        let step = match (page.window.size, self.paging.style) {
            (Some(size), _) => size,
            (None, PagingStyle::Page) => 1,
            (None, _) => page.lengths().into_iter().max().unwrap_or(1),
        };
        let skip = page.window.skip.saturating_add(step.max(1));
        let is_full = page.window.size.is_none_or(|size| count >= size);
        let is_short_of_total =
            page.window.size.is_some() && page.total.is_some_and(|total| skip < total);
        (is_full || is_short_of_total).then_some(Window { skip, ..page.window })
    }

    /// Why a walk goes no further, if it does not.
    fn end(&self, walk: &Walk, bytes: usize, known: Option<u64>) -> Option<Ended> {
        if let Some(ended) = circle(walk) {
            return Some(ended);
        }
        let mut last = walk.pages.iter().rev().take(EQUAL_PAGES);
        let newest = last.next()?;
        // Where tokens lead on, a page may be empty and others still follow.
        let tells = newest.count() > 0 || newest.cursor.next.is_none();
        if tells && walk.pages.len() >= EQUAL_PAGES && last.all(|page| page.is_like(newest)) {
            let why =
                format!("{newest} has the same items as the {} pages before it", EQUAL_PAGES - 1);
            return Some(Ended::Endless(why));
        }
        let pages = u64::try_from(walk.pages.len()).unwrap_or(u64::MAX);
        let items: u64 = walk.pages.iter().map(Page::count).sum();
        let size = newest.window.size.unwrap_or(1).max(1);
        if let Some(known) = known.filter(|known| pages > 10 * known.div_ceil(size) + 20) {
            let why =
                format!("{pages} pages of {size}, and in large pages the list has {known} items");
            return Some(Ended::Endless(why));
        }
        if self.session.is_stopped() {
            return Some(Ended::GivenUp("the run was stopped".to_owned()));
        }
        let is_past = |total: u64| newest.window.skip / 10 > total.saturating_add(size);
        let too_long = pages >= MOST_PAGES
            || items >= MOST_ITEMS
            || bytes >= MOST_BYTES
            || newest.total.is_some_and(is_past);
        too_long.then_some(Ended::TooLong(items))
    }

    /// A list without an end has items as far out as can be asked for; one that is only long has not.
    async fn look_far(&self, base: &Call, walk: &mut Walk) {
        let far = self.position.maximum.and_then(|most| u64::try_from(most).ok());
        let skip = far.unwrap_or(u64::from(i32::MAX.unsigned_abs()));
        let (Some(last), PagingStyle::Offset) = (walk.last(), self.paging.style) else { return };
        let window = Window { skip, ..last.window };
        if self.session.is_stopped() || last.window.skip >= skip {
            return;
        }
        if let Ok(page) = self.page(base, window).await
            && page.count() > 0
        {
            walk.ended = Ended::Endless(format!("{page} still has items"));
            walk.pages.push(page);
        }
    }

    /// The parameter that says where a page lies.
    pub(super) fn position_parameter(&self) -> Option<&str> {
        match self.paging.style {
            PagingStyle::Offset => self.paging.offset.as_deref(),
            PagingStyle::Page => self.paging.page.as_deref(),
            PagingStyle::Cursor | PagingStyle::LinkHeader | PagingStyle::None => None,
        }
    }

    /// A value that depends on the seed, this list and the name alone.
    pub(super) fn choice<T: Clone + std::fmt::Debug + 'static>(
        &self,
        name: &str,
        from: Vec<T>,
    ) -> Option<T> {
        use proptest::strategy::{Strategy, ValueTree};
        if from.is_empty() {
            return None;
        }
        let mut runner = self.session.runner(&format!("{}/paging/{name}", self.operation.id));
        let tree = proptest::sample::select(from).new_tree(&mut runner).ok()?;
        Some(tree.current())
    }
}

/// Whether the newest page gives a token that a page before it gave.
fn circle(walk: &Walk) -> Option<Ended> {
    let (newest, before) = walk.pages.split_last()?;
    let token = newest.cursor.next.as_ref()?;
    let other = before.iter().find(|page| page.cursor.next.as_ref() == Some(token))?;
    Some(Ended::Circles(format!("{newest} gives the same token as {other}")))
}

/// The query parameter of an operation.
pub(super) fn parameter<'o>(
    operation: &'o Operation,
    name: &str,
) -> Option<&'o generator::contract::Parameter> {
    operation
        .parameters
        .iter()
        .find(|parameter| parameter.location == Location::Query && parameter.name == name)
}

/// The same call with a query parameter set.
pub(super) fn with(call: &Call, name: &str, value: impl Into<Value>) -> Call {
    call.clone().with(Location::Query, name, value)
}
