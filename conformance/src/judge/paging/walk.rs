//! A walk through a list as plain data, and what can be read off it without judging.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::page::{Item, Page, Refusal, as_u64, many};

/// How a walk ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// At the end of the list.
    Finished,
    /// It would go on for ever; what shows it.
    Endless(String),
    /// A token came again, so that it would go in circles; what shows it.
    Circles(String),
    /// The list is longer than a walk may be; so many items came.
    TooLong(u64),
    /// It was given up; why.
    GivenUp(String),
    /// A page was refused.
    Refused(Box<Refusal>),
}

/// A walk: pages one after the other from the beginning of a list. It has at least one.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The pages, in the order asked for.
    pub pages: Vec<Page>,
    /// How it ended.
    pub ended: Ended,
}

/// Items by list and key.
pub type Keys<'w> = BTreeSet<(usize, &'w str)>;

impl Walk {
    /// Whether the end of the list was reached.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        matches!(self.ended, Ended::Finished)
    }

    /// Whether the walk would have gone on, but for the server's or the run's lack of time.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        match &self.ended {
            Ended::Finished | Ended::Endless(_) | Ended::Circles(_) => false,
            Ended::TooLong(_) | Ended::GivenUp(_) => true,
            Ended::Refused(refusal) => refusal.is_passing(),
        }
    }

    /// Every item with its page and the number of its list.
    pub fn items(&self) -> impl Iterator<Item = (&Page, usize, &Item)> {
        self.pages.iter().flat_map(|page| {
            page.lists
                .iter()
                .enumerate()
                .flat_map(move |(list, items)| items.iter().map(move |item| (page, list, item)))
        })
    }

    /// The items that can be told apart.
    #[must_use]
    pub fn keys(&self) -> Keys<'_> {
        self.items().filter_map(|(_, list, item)| Some((list, item.key.as_deref()?))).collect()
    }

    /// The items that can be told apart, by what makes them so.
    #[must_use]
    pub fn by_key(&self) -> BTreeMap<(usize, &str), &Item> {
        self.items()
            .filter_map(|(_, list, item)| Some(((list, item.key.as_deref()?), item)))
            .collect()
    }

    /// Whether some item cannot be told from others.
    #[must_use]
    pub fn has_nameless(&self) -> bool {
        self.items().any(|(_, _, item)| item.key.is_none())
    }

    /// How many items it has, list by list; one that comes twice counts once if that can be told.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        let lists = self.pages.iter().map(|page| page.lists.len()).max().unwrap_or_default();
        let keys = self.keys();
        let nameless = self.has_nameless();
        (0..lists)
            .map(|list| {
                let all = || self.items().filter(|(_, of, _)| *of == list).count();
                let distinct = || keys.iter().filter(|(of, _)| *of == list).count();
                as_u64(if nameless { all() } else { distinct() })
            })
            .collect()
    }

    /// How many items it has, over all lists.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts().iter().sum()
    }

    /// How many pages have an item.
    #[must_use]
    pub fn filled(&self) -> usize {
        self.pages.iter().filter(|page| page.count() > 0).count()
    }

    /// The page that has an item.
    #[must_use]
    pub fn page_of(&self, wanted: (usize, &str)) -> Option<&Page> {
        self.items()
            .find(|(_, list, item)| (*list, item.key.as_deref()) == (wanted.0, Some(wanted.1)))
            .map(|(page, _, _)| page)
    }

    /// The last page.
    #[must_use]
    pub fn last(&self) -> Option<&Page> {
        self.pages.last()
    }

    /// Whether another walk has the same items in the same order.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.pages.len() == other.pages.len()
            && self.pages.iter().zip(&other.pages).all(|(own, other)| own.is_like(other))
    }
}

/// A walk is named by its first page.
impl fmt::Display for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.pages.first().map(ToString::to_string).unwrap_or_default();
        let (pages, items) = (self.pages.len(), self.count());
        write!(
            f,
            "the walk from {first} ({}, {})",
            many(as_u64(pages), "page"),
            many(items, "item")
        )
    }
}

/// Walks of different page sizes through one list.
#[derive(Clone, Debug)]
pub struct Survey {
    /// In pages as large as can be, before all others.
    pub whole: Walk,
    /// In smaller pages.
    pub paged: Vec<Walk>,
    /// As the first, after all others.
    pub again: Walk,
}

impl Survey {
    /// Whether the list had other items at the end than at the beginning.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.whole.keys() != self.again.keys() || self.whole.count() != self.again.count()
    }

    /// Whether the same walk gave the same items in the same order.
    #[must_use]
    pub fn is_orderly(&self) -> bool {
        self.whole.is_like(&self.again)
    }

    /// All walks.
    pub fn walks(&self) -> impl Iterator<Item = &Walk> {
        std::iter::once(&self.whole).chain(&self.paged).chain(std::iter::once(&self.again))
    }

    /// The items that were there at the beginning and at the end.
    #[must_use]
    pub fn lasting(&self) -> Keys<'_> {
        let again = self.again.keys();
        self.whole.keys().into_iter().filter(|key| again.contains(key)).collect()
    }

    /// The items that were there at the beginning or at the end.
    #[must_use]
    pub fn known(&self) -> Keys<'_> {
        self.whole.keys().into_iter().chain(self.again.keys()).collect()
    }
}
