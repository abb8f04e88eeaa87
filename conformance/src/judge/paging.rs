//! The chapter `paging`: whether walks through a list, as plain data, are what the document says of it.
//!
//! ```text
//! page → walk → whole, total, window, order, bounds, filter, cursor, equivalent
//! ```
//!
//! Takes no walk itself. What a list that others change meanwhile cannot show is inconclusive, never a failure.

mod bounds;
mod cursor;
mod equivalent;
mod filter;
mod link;
mod order;
mod page;
mod ruling;
mod total;
mod walk;
mod whole;
mod window;

pub use bounds::{Excess, default_page, max_page, out_of_range, zero};
pub use cursor::{
    Expiry, Meanwhile, expired, last_token, limits, progress, remaining, snapshot, version,
};
pub use equivalent::{Own, equivalent, own_subset};
pub use filter::{Filtered, filter_none, holds, scope};
pub use order::{reversed, sort_unknown, sorted};
pub use page::{Answer, Cursor, Item, Page, Refusal, Window, key};
pub use ruling::{Ruling, confirmed, told};
pub use total::{total_constant, total_correct};
pub use walk::{Ended, Keys, Survey, Walk};
pub use whole::{complete, distinct, page_size, size_independent};
pub use window::{past_end, stable, window};
