//! Lists, watches and logs: which rules what is said of them gives reason to check.

use generator::contract::{Filter, FilterMatch, Layout, Paging, PagingStyle, Watch};

use super::Facts;
use crate::rule::Rule;

impl Facts<'_> {
    pub(super) fn paging(&self, paging: &Paging, rule: Rule) -> bool {
        let windowed = paging.style != PagingStyle::None;
        let by_token = paging.style.leads_on();
        let filtered = |matching: &dyn Fn(&Filter) -> bool| paging.filters.iter().any(matching);
        let narrowing = |filter: &Filter| {
            filter.field.is_some() && !matches!(filter.matches, FilterMatch::Scope(_))
        };
        match rule {
            Rule::PagingDefaultPage => {
                windowed && (paging.default_page.is_some() || self.limit_default(paging))
            }
            Rule::PagingMaxPage => paging.max_page.is_some(),
            Rule::PagingOutOfRange => windowed && paging.out_of_range.is_some(),
            Rule::PagingTotalConstant | Rule::PagingTotalCorrect => {
                windowed && paging.total.is_some()
            }
            Rule::PagingSorted => paging.sort.as_ref().is_some_and(|sort| sort.field.is_some()),
            Rule::PagingReversed => {
                paging.sort.as_ref().is_some_and(|sort| sort.reversed.is_some())
            }
            Rule::PagingSortUnknown => {
                paging.sort.as_ref().is_some_and(|sort| !sort.unknown.is_empty())
            }
            Rule::PagingFilterSubset => filtered(&narrowing),
            Rule::PagingFilterNone | Rule::PagingFilterMatch | Rule::PagingFilterComplete => {
                filtered(&|filter| narrowing(filter) && filter.matches != FilterMatch::Narrows)
            }
            Rule::PagingFilterWalk => windowed && filtered(&narrowing),
            Rule::PagingScope => {
                filtered(&|filter| matches!(filter.matches, FilterMatch::Scope(_)))
            }
            Rule::PagingEquivalent => false,
            Rule::PagingStable => windowed,
            Rule::PagingWindow | Rule::PagingPastEnd => windowed && !by_token,
            Rule::PagingCursorProgress | Rule::PagingCursorEnd => by_token,
            Rule::PagingCursorRefused => by_token && paging.cursor.is_some(),
            Rule::PagingCursorLimit => {
                by_token && paging.cursor.is_some() && paging.limit.is_some()
            }
            Rule::PagingCursorVersion => {
                by_token
                    && paging.snapshot.as_ref().is_some_and(|snapshot| snapshot.version.is_some())
            }
            Rule::PagingCursorRemaining => by_token && paging.remaining.is_some(),
            Rule::PagingCursorSnapshot => {
                by_token && paging.snapshot.as_ref().is_some_and(|snapshot| snapshot.consistent)
            }
            Rule::PagingCursorExpired => by_token && paging.expired.is_some(),
            Rule::PagingZero => paging.zero_is_absent,
            Rule::PagingFilterMalformed => {
                filtered(&|filter| filter.matches == FilterMatch::LabelSelector)
            }
            _ => windowed,
        }
    }

    fn limit_default(&self, paging: &Paging) -> bool {
        let limit = self
            .operation
            .parameters
            .iter()
            .find(|parameter| paging.limit.as_ref() == Some(&parameter.name));
        limit
            .and_then(|limit| self.api.schemas.get(limit.schema))
            .is_some_and(|schema| schema.default.is_some())
    }

    pub(super) fn watch(&self, watch: &Watch, rule: Rule) -> bool {
        let filters = self.operation.paging.iter().flat_map(|paging| &paging.filters);
        let mut selectors = filters.filter(|one| one.matches == FilterMatch::LabelSelector);
        match rule {
            Rule::WatchObject => self.operation.paging.is_some(),
            Rule::WatchVersion => watch.version.is_some(),
            Rule::WatchOrder | Rule::WatchComplete => watch.identity.is_some(),
            Rule::WatchResume => watch.identity.is_some() && watch.resume.is_some(),
            Rule::WatchInitial => watch.initial.is_some(),
            Rule::WatchError => watch.kinds.contains_key("error"),
            Rule::WatchBookmark => watch.kinds.contains_key("bookmark"),
            Rule::WatchHead | Rule::WatchTimeout => watch.timeout.is_some(),
            Rule::WatchSelector | Rule::WatchRefused => selectors.next().is_some(),
            _ => true,
        }
    }

    pub(super) fn log(&self, rule: Rule) -> bool {
        let options = self.layouts.iter().find_map(|layout| match layout {
            Layout::TextLines(lines) => Some(&lines.options),
            _ => None,
        });
        let has = |name: &str| options.is_some_and(|options| options.contains_key(name));
        match rule {
            Rule::LogTail => has("tail"),
            Rule::LogBytes => has("bytes"),
            Rule::LogSince => has("since"),
            Rule::LogTimestamps => has("timestamps"),
            Rule::LogFollow | Rule::LogEnds => has("follow"),
            Rule::LogConflict => has("since") && has("since-time"),
            _ => false,
        }
    }
}
