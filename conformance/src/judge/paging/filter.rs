//! Filtered lists: part of the whole, of what matches, of all that matches, the same in pages as at once.

use generator::contract::{Filter, FilterMatch, Paging};
use serde_json::Value;

use super::page::{Answer, Item, named};
use super::ruling::Ruling;
use super::walk::{Keys, Survey, Walk};
use crate::rule::Rule;

/// A list walked under a filter.
#[derive(Clone, Copy, Debug)]
pub struct Filtered<'w> {
    /// How the list is walked.
    pub paging: &'w Paging,
    /// The filter.
    pub filter: &'w Filter,
    /// What it was to match.
    pub value: &'w str,
    /// The unfiltered list, before and after.
    pub survey: &'w Survey,
    /// The filtered list at once.
    pub walk: &'w Walk,
}

impl Filtered<'_> {
    /// The filtered list is part of the unfiltered one.
    #[must_use]
    pub fn subset(&self) -> Ruling {
        let rule = Rule::PagingFilterSubset;
        if !self.survey.whole.is_finished() {
            let why = format!("{} did not reach the end", self.survey.whole);
            return Ruling::inconclusive(rule, why);
        }
        let (has, known) = (self.walk.keys(), self.survey.known());
        if let Some(first) = has.difference(&known).next() {
            let item = named(self.paging, *first);
            let message = format!(
                "{} has {item}, which the unfiltered list, {}, lacks",
                self.walk, self.survey.whole
            );
            let pages = self.survey.whole.last().into_iter().chain(self.walk.page_of(*first));
            return Ruling::broken(rule, self.paging, message, pages)
                .unless_changed(self.survey.is_changed());
        }
        self.shown(rule, Ruling::pass(rule))
    }

    /// Every item matches. `None` where the filter promises nothing of the kind.
    #[must_use]
    pub fn matching(&self) -> Option<Ruling> {
        let rule = Rule::PagingFilterMatch;
        let field = self.filter.field.as_ref()?;
        let is_match =
            |item: &Item| holds(&self.filter.matches, field.get(&item.value), self.value);
        self.promise()?;
        let wrong = self.walk.items().find(|(_, _, item)| is_match(item) == Some(false));
        if let Some((page, list, item)) = wrong {
            let key = item.key.as_deref().unwrap_or("an item without an identity");
            let has = field.get(&item.value).map_or_else(|| "nothing".to_owned(), told);
            let message = format!(
                "{page} has {}, which has {has} at {field}",
                named(self.paging, (list, key))
            );
            // Documents say "contains" where the source leaves open how texts are compared.
            let open = self.filter.matches == FilterMatch::Contains;
            return Some(Ruling::broken(rule, self.paging, message, [page]).softened(open));
        }
        Some(self.shown(rule, Ruling::pass(rule)))
    }

    /// Every item that matches is there. `None` where the filter promises nothing of the kind.
    #[must_use]
    pub fn complete(&self) -> Option<Ruling> {
        let rule = Rule::PagingFilterComplete;
        let field = self.filter.field.as_ref()?;
        self.promise()?;
        // A filter that looks for a part may still want the whole: only what is equal has to be there.
        let (meaning, open) = match &self.filter.matches {
            FilterMatch::Contains => (&FilterMatch::Equals, true),
            other => (other, false),
        };
        let lasting = self.survey.lasting();
        let wanted: Keys<'_> = self
            .survey
            .whole
            .items()
            .filter(|(_, _, item)| holds(meaning, field.get(&item.value), self.value) == Some(true))
            .filter_map(|(_, list, item)| Some((list, item.key.as_deref()?)))
            .filter(|key| lasting.contains(key))
            .collect();
        if wanted.is_empty() {
            return Some(Ruling::inconclusive(rule, "no item that lasted matches the filter"));
        }
        let has = self.walk.keys();
        let Some(lost) = wanted.difference(&has).next() else { return Some(Ruling::pass(rule)) };
        let message = format!(
            "{} lacks {}, which matches {:?}",
            self.walk,
            named(self.paging, *lost),
            self.value
        );
        let pages = self.survey.whole.page_of(*lost).into_iter().chain(self.walk.last());
        Some(Ruling::broken(rule, self.paging, message, pages).softened(open))
    }

    /// The filtered list in pages is the filtered list at once.
    #[must_use]
    pub fn in_pages(&self, paged: &Walk) -> Ruling {
        let rule = Rule::PagingFilterWalk;
        let (once, pages) = (self.walk.keys(), paged.keys());
        let lost = once.difference(&pages).next().map(|key| (*key, paged, self.walk));
        let more = pages.difference(&once).next().map(|key| (*key, self.walk, paged));
        if let Some((key, lacks, has)) = lost.or(more) {
            let message = format!("{lacks} lacks {}, which {has} has", named(self.paging, key));
            let decisive = has.page_of(key).into_iter().chain(lacks.last());
            let unordered = self.paging.sort.is_none() && !self.survey.is_orderly();
            return Ruling::broken(rule, self.paging, message, decisive)
                .unless_changed(self.survey.is_changed())
                .softened(unordered);
        }
        if paged.filled() < 2 {
            return Ruling::inconclusive(rule, "the filtered list fits one page");
        }
        Ruling::pass(rule)
    }

    /// Whether the filter says what its items have.
    fn promise(&self) -> Option<()> {
        let says = matches!(
            self.filter.matches,
            FilterMatch::Equals | FilterMatch::Contains | FilterMatch::LabelSelector
        );
        says.then_some(())
    }

    fn shown(&self, rule: Rule, otherwise: Ruling) -> Ruling {
        if self.walk.count() == 0 {
            Ruling::inconclusive(rule, format!("{} has no items", self.walk))
        } else if self.walk.has_nameless() && rule == Rule::PagingFilterSubset {
            Ruling::inconclusive(
                rule,
                "items that have nothing of their identity cannot be told apart",
            )
        } else {
            otherwise
        }
    }
}

/// A filter that nothing matches gives an empty list.
#[must_use]
pub fn filter_none(paging: &Paging, answer: &Answer) -> Ruling {
    let rule = Rule::PagingFilterNone;
    match answer {
        Err(refusal) => Ruling::refused(rule, paging, refusal.to_string(), refusal),
        Ok(page) if page.count() > 0 => {
            let message = format!("{page}, which nothing matches, has {} items", page.count());
            Ruling::broken(rule, paging, message, [page])
        }
        Ok(page) => match page.total {
            Some(total) if total > 0 => {
                let message =
                    format!("{page}, which nothing matches, has no items but a total of {total}");
                Ruling::broken(rule, paging, message, [page])
            }
            _ => Ruling::pass(rule),
        },
    }
}

/// The widest scope holds what the default one does.
#[must_use]
pub fn scope(paging: &Paging, survey: &Survey, widest: &Walk) -> Ruling {
    let rule = Rule::PagingScope;
    let has = widest.keys();
    if let Some(lost) = survey.lasting().difference(&has).next() {
        let message =
            format!("{widest} lacks {}, which {} has", named(paging, *lost), survey.whole);
        let pages = survey.whole.page_of(*lost).into_iter().chain(widest.last());
        return Ruling::broken(rule, paging, message, pages).unless_changed(survey.is_changed());
    }
    if survey.whole.count() == 0 {
        return Ruling::inconclusive(rule, "the list is empty");
    }
    Ruling::pass(rule)
}

/// Whether a member matches a value, by the meaning of the filter; `None` where it has none that could be told.
#[must_use]
pub fn holds(matches: &FilterMatch, member: Option<&Value>, value: &str) -> Option<bool> {
    let is_match: &dyn Fn(&str) -> bool = match matches {
        FilterMatch::Equals => &|text| text == value,
        // How texts are compared is open, so letters that differ in case alone are let through.
        FilterMatch::Contains => &|text| text.to_lowercase().contains(&value.to_lowercase()),
        FilterMatch::LabelSelector => {
            let (name, wanted) = value.split_once('=')?;
            let label = member.and_then(|labels| labels.get(name));
            return Some(label.is_some_and(|label| told(label) == wanted));
        }
        FilterMatch::Narrows | FilterMatch::Scope(_) => return None,
    };
    Some(match member {
        None | Some(Value::Null) => false,
        Some(Value::Array(members)) => members.iter().any(|member| is_match(&told(member))),
        Some(member) => is_match(&told(member)),
    })
}

/// A member as a text, as it would stand in a query.
fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
