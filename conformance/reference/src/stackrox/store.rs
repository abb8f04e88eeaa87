//! Pods searched, sorted and cut into pages. Knows nothing of HTTP.

use generated::stackrox::models::StoragePod;

use super::content;
use super::{Order, Search};

/// No page is longer, whatever is asked for.
const LONGEST_PAGE: usize = 1000;

/// Which part of the list is wanted. Nothing negative counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many pods to skip.
    pub offset: i32,
    /// How many pods at most; 0 is as many as a page can hold.
    pub limit: i32,
}

/// All pods.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    pods: Vec<StoragePod>,
}

impl Default for Store {
    fn default() -> Self {
        Self { pods: content::pods() }
    }
}

impl Store {
    /// Everything that a search finds, in no order that anything promises.
    #[must_use]
    pub fn find(&self, search: &Search) -> Vec<StoragePod> {
        self.pods.iter().filter(|pod| search.finds(pod)).cloned().collect()
    }

    /// A page of what a search finds.
    #[must_use]
    pub fn list(&self, search: &Search, order: Option<Order>, page: Page) -> Vec<StoragePod> {
        let mut found = self.find(search);
        if let Some(order) = order {
            found.sort_by(|one, other| order.compare(one, other));
        }
        found.into_iter().skip(page.skipped()).take(page.length()).collect()
    }
}

impl Page {
    fn skipped(self) -> usize {
        usize::try_from(self.offset).unwrap_or_default()
    }

    fn length(self) -> usize {
        match usize::try_from(self.limit) {
            Ok(0) | Err(_) => LONGEST_PAGE,
            Ok(limit) => limit.min(LONGEST_PAGE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(order: Option<Order>, page: Page) -> Vec<String> {
        let pods = Store::default().list(&Search::default(), order, page);
        pods.into_iter().filter_map(|pod| pod.id).collect()
    }

    #[test]
    fn pages_are_parts_of_the_order() {
        let order = Order::by("Pod ID", false).unwrap();
        let all = ids(order, Page::default());
        assert_eq!(all.len(), 23);
        assert!(all.is_sorted());
        assert_ne!(all, ids(None, Page::default()));
        assert_eq!(all[5..9], ids(order, Page { offset: 5, limit: 4 }));
        assert_eq!(all, ids(order, Page { offset: -1, limit: 5000 }));
        assert!(ids(order, Page { offset: 23, limit: 1 }).is_empty());
        let reversed = ids(Order::by("Pod ID", true).unwrap(), Page::default());
        assert!(all.iter().rev().eq(&reversed));
    }

    #[test]
    fn only_known_fields_sort() {
        assert_eq!(Order::by("", true), Ok(None));
        assert!(Order::by("Nope", false).is_err());
    }
}
