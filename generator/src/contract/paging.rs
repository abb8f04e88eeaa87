//! `x-pagination`: how a list is walked.

use serde::Serialize;
use serde_json::Value;

use super::{Place, Pointer};

/// How a list is walked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paging {
    /// The style.
    pub style: PagingStyle,
    /// Query parameter: how many items at most. Bounds and default stand in its own schema.
    pub limit: Option<String>,
    /// Query parameter: how many items to skip.
    pub offset: Option<String>,
    /// Query parameter: the token of the next page.
    pub cursor: Option<String>,
    /// Query parameter: the number of the page.
    pub page: Option<String>,
    /// Where the answer has its items; several lists share one window.
    pub items: Vec<Pointer>,
    /// Where the answer has the number of all items.
    pub total: Option<Pointer>,
    /// Where the answer has the token of the next page.
    pub next: Option<Pointer>,
    /// Where an item has the token of the page that begins after it, in lists without tokens of their own.
    pub after: Option<Pointer>,
    /// Where the answer says whether items follow.
    pub more: Option<Pointer>,
    /// Where the answer has the number of items still to come.
    pub remaining: Option<Pointer>,
    /// What makes two items the same item.
    pub identity: Vec<Pointer>,
    /// What a value outside the bounds may get.
    pub out_of_range: Option<OutOfRange>,
    /// At most that many items come, whatever is asked.
    pub max_page: Option<u64>,
    /// That many come when nothing is asked and the parameter has no default.
    pub default_page: Option<u64>,
    /// Whether a limit of 0 means the same as none.
    pub zero_is_absent: bool,
    /// The order that makes a walk stable.
    pub sort: Option<Sort>,
    /// Which parameter narrows by which member.
    pub filters: Vec<Filter>,
    /// What a walk promises while others write.
    pub snapshot: Option<Snapshot>,
    /// What an expired token gets.
    pub expired: Option<Expired>,
    /// The query under which the answer is not a list: name and value.
    pub not_when: Option<(String, Value)>,
    /// Whether it was recognised rather than declared.
    pub inferred: bool,
    /// Where it stands.
    pub place: Place,
}

/// Styles of pagination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PagingStyle {
    /// A limit and an offset in items.
    Offset,
    /// A limit and an opaque token.
    Cursor,
    /// A page number and a page size.
    Page,
    /// `Link: <…>; rel="next"` (RFC 8288).
    LinkHeader,
    /// One answer holds everything.
    None,
}

impl PagingStyle {
    /// Whether each page has what leads to the next one.
    #[must_use]
    pub fn leads_on(self) -> bool {
        matches!(self, Self::Cursor | Self::LinkHeader)
    }
}

/// What a value outside its bounds may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutOfRange {
    /// A refusal.
    Refuse,
    /// The nearest bound is used instead.
    Clamp,
    /// One of the two.
    Either,
}

/// How to ask for a stable order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sort {
    /// The parameter that names the order.
    pub parameter: String,
    /// A value of it that orders all items without ties.
    pub value: String,
    /// The member of an item that is then in byte order.
    pub field: Option<Pointer>,
    /// The boolean parameter that turns the order round.
    pub reversed: Option<String>,
    /// What a made-up order may get.
    pub unknown: Vec<u16>,
}

/// A parameter that narrows a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Filter {
    /// The parameter.
    pub parameter: String,
    /// The member of an item that it is about.
    pub field: Option<Pointer>,
    /// How value and member compare.
    pub matches: FilterMatch,
    /// How a member's value is written into the parameter, `{value}` standing for it; plainly where absent.
    pub syntax: Option<String>,
}

/// How a filter's value and the member compare.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterMatch {
    /// They are equal.
    Equals,
    /// The member holds the value.
    Contains,
    /// The member is a map of labels; the value is `key=value`.
    LabelSelector,
    /// Nothing is promised but a subset.
    Narrows,
    /// That value widens the list to everything.
    Scope(Value),
}

/// What a walk promises while others write.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Snapshot {
    /// Whether all pages show one moment.
    pub consistent: bool,
    /// Where a page has the version of that moment.
    pub version: Option<Pointer>,
}

/// What an expired token gets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expired {
    /// The status.
    pub status: u16,
    /// Where the answer has a fresh token.
    pub next: Option<Pointer>,
}
