//! Which page sizes a list allows, and which of them show something.

use generator::contract::{Api, Bound, NumberFormat, Operation, Shape};
use serde_json::Value;

use super::list::{List, parameter};

/// The page size that is taken for large where nothing is documented.
const LARGE: u64 = 100;
/// A small page size cuts a list into about that many pages.
const CUTS: u64 = 8;
/// The seed chooses among so many other sizes.
const CHOICE: u64 = 32;

/// What an integer parameter documents; both bounds inclusive.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Range {
    /// At least.
    pub(super) minimum: Option<i64>,
    /// At most.
    pub(super) maximum: Option<i64>,
    /// What stands for an absent value.
    pub(super) default: Option<i64>,
    /// The largest value that its format carries.
    pub(super) carries: Option<i64>,
}

/// What an integer query parameter of that name documents.
pub(super) fn range(api: &Api, operation: &Operation, name: &str) -> Range {
    let schema = parameter(operation, name).and_then(|found| api.schemas.get(found.schema));
    let Some(schema) = schema else { return Range::default() };
    let Shape::Integer { format, minimum, maximum, .. } = &schema.shape else {
        return Range::default();
    };
    Range {
        minimum: minimum.as_ref().and_then(|bound| inclusive(bound, 1)),
        maximum: maximum.as_ref().and_then(|bound| inclusive(bound, -1)),
        default: schema.default.as_ref().and_then(Value::as_i64),
        carries: (*format == NumberFormat::Int32).then_some(i64::from(i32::MAX)),
    }
}

fn inclusive(bound: &Bound, inward: i64) -> Option<i64> {
    let value = bound.value.as_i64()?;
    if bound.exclusive { value.checked_add(inward) } else { Some(value) }
}

/// The sizes of the pages that a list is walked in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// The smallest that may be asked for.
    pub(super) least: u64,
    /// The largest that gives as many items as it says.
    pub(super) most: u64,
}

impl Sizes {
    /// The sizes that a list allows; `None` where nothing says how long a page is.
    pub(super) fn of(list: &List<'_, '_>) -> Option<Self> {
        list.paging.limit.as_ref()?;
        let positive = |value: Option<i64>| value.and_then(|value| u64::try_from(value).ok());
        let least = positive(list.limit.minimum).unwrap_or(1).max(1);
        let most = match (positive(list.limit.maximum), list.paging.max_page) {
            (Some(bound), Some(page)) => bound.min(page),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => LARGE,
        };
        Some(Self { least, most: most.max(least) })
    }

    /// The size that a list is asked for as a whole with: none where tokens lead on, else the largest.
    pub(super) fn whole(list: &List<'_, '_>) -> Option<u64> {
        match list.paging.style {
            style if style.leads_on() => None,
            _ => Self::of(list).map(|sizes| sizes.most),
        }
    }

    /// Sizes other than the largest that cut a list of so many items into several pages, the smallest one first
    /// that takes few pages. Empty if there are none.
    pub(super) fn cutting(self, items: u64) -> Vec<u64> {
        let largest = items.min(self.most).saturating_sub(1);
        if largest < self.least {
            return Vec::new();
        }
        let small = items.div_ceil(CUTS).clamp(self.least, largest);
        (small..=largest.min(small.saturating_add(CHOICE))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_cut_the_list_and_keep_to_the_bounds() {
        let sizes = Sizes { least: 10, most: 200 };
        assert_eq!(sizes.cutting(107).first(), Some(&14));
        assert_eq!(sizes.cutting(10), [] as [u64; 0]);
        assert_eq!(sizes.cutting(11), [10]);
        assert_eq!(sizes.cutting(0), [] as [u64; 0]);
        assert_eq!(Sizes { least: 1, most: 1 }.cutting(5), [] as [u64; 0]);
        assert_eq!(Sizes { least: 1, most: 100 }.cutting(3), [1, 2]);
        assert!(sizes.cutting(9000).iter().all(|size| (10..200).contains(size)));
    }
}
