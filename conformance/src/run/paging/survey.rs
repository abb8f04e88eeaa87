//! The walks that everything else about a list rests on.

use generator::contract::PagingStyle;

use super::list::List;
use super::sizes::Sizes;
use crate::call::Call;
use crate::judge::paging::{self as judge, Answer, Page, Refusal, Ruling, Survey, Walk, Window};
use crate::rule::Rule;

/// What a survey found, and the survey itself if the list could be walked.
pub(super) struct Look {
    pub(super) rulings: Vec<Ruling>,
    pub(super) survey: Option<Survey>,
}

/// The rules that a survey decides, for a list in pages.
const RULES: [Rule; 6] = [
    Rule::PagingPageSize,
    Rule::PagingComplete,
    Rule::PagingDistinct,
    Rule::PagingSizeIndependent,
    Rule::PagingStable,
    Rule::PagingPastEnd,
];

/// The rules that a survey decides, for a list whose pages lead on by tokens.
const BY_TOKEN: [Rule; 3] =
    [Rule::PagingComplete, Rule::PagingCursorProgress, Rule::PagingCursorEnd];

/// Walks a list in pages of several sizes and judges the walks.
pub(super) async fn look(list: &List<'_, '_>) -> Look {
    match walks(list).await {
        Ok(survey) => Look { rulings: rulings(list, &survey).await, survey: Some(survey) },
        Err(refusal) => {
            let why = format!("the first page could not be had: {refusal}");
            let rules = match list.paging.style {
                PagingStyle::None => &[Rule::PagingComplete][..],
                style if style.leads_on() => &BY_TOKEN,
                _ => &RULES,
            };
            let rulings =
                rules.iter().map(|rule| Ruling::inconclusive(*rule, why.as_str())).collect();
            Look { rulings, survey: None }
        }
    }
}

/// The whole list twice and nothing else.
pub(super) async fn brief(list: &List<'_, '_>) -> Option<Survey> {
    let whole = whole_of(list, &list.sorted(), None).await.ok()?;
    let again = whole_again(list, &whole).await.ok()?;
    Some(Survey { whole, paged: Vec::new(), again })
}

/// The list that a call gives, in pages as large as can be.
pub(super) async fn whole_of(
    list: &List<'_, '_>,
    base: &Call,
    known: Option<u64>,
) -> Result<Walk, Box<Refusal>> {
    list.walk(base, Sizes::whole(list), known).await
}

/// A walk that had an end is expected to end at the same place again.
async fn whole_again(list: &List<'_, '_>, whole: &Walk) -> Result<Walk, Box<Refusal>> {
    if !whole.is_finished() {
        return Ok(whole.clone());
    }
    whole_of(list, &list.sorted(), Some(whole.count())).await
}

async fn walks(list: &List<'_, '_>) -> Result<Survey, Box<Refusal>> {
    let whole = whole_of(list, &list.sorted(), None).await?;
    let mut paged = Vec::new();
    if whole.is_finished() {
        for size in sizes(list, &whole) {
            let walk = list.walk(&list.sorted(), Some(size), Some(whole.count())).await;
            paged.push(walk.or_else(|refusal| refused(&whole, size, refusal))?);
        }
    }
    let again = whole_again(list, &whole).await?;
    Ok(Survey { whole, paged, again })
}

/// A size that is refused altogether though the bounds allow it: no walk, but a finding of the bounds.
fn refused(whole: &Walk, size: u64, refusal: Box<Refusal>) -> Result<Walk, Box<Refusal>> {
    let first = whole.pages.first().ok_or_else(|| refusal.clone())?;
    let page = Page {
        call: refusal.call.clone(),
        transcript: std::rc::Rc::clone(&refusal.transcript),
        window: Window { skip: 0, size: Some(size) },
        lists: vec![Vec::new(); first.lists.len()],
        total: None,
        cursor: judge::Cursor::default(),
    };
    Ok(Walk { pages: vec![page], ended: judge::Ended::Refused(refusal) })
}

/// A small size, and a larger one that depends on the seed.
fn sizes(list: &List<'_, '_>, whole: &Walk) -> Vec<u64> {
    let Some(sizes) = Sizes::of(list) else { return Vec::new() };
    let longest = whole.counts().into_iter().max().unwrap_or_default();
    let cutting = sizes.cutting(longest);
    let larger = list.choice("size", cutting.iter().copied().skip(1).collect());
    cutting.first().copied().into_iter().chain(larger).collect()
}

async fn rulings(list: &List<'_, '_>, survey: &Survey) -> Vec<Ruling> {
    let paging = list.paging;
    let mut found = vec![judge::complete(paging, survey), judge::distinct(paging, survey)];
    if paging.total.is_some() {
        let walks: Vec<_> = survey.walks().collect();
        found.push(judge::total_constant(paging, survey));
        found.push(judge::total_correct(paging, &walks, survey.is_changed()));
    }
    if paging.style == PagingStyle::None {
        return found;
    }
    found.push(judge::stable(paging, survey));
    if paging.limit.is_some() {
        found.push(judge::page_size(paging, survey));
        found.push(judge::size_independent(paging, survey));
    }
    if paging.style.leads_on() {
        found.push(judge::progress(paging, survey));
        found.push(judge::last_token(paging, survey));
        return found;
    }
    if !survey.whole.is_finished() {
        return found;
    }
    found.extend(window(list, survey).await);
    found.push(judge::past_end(paging, survey, &past_end(list, survey).await));
    found
}

/// Pages that begin one item and some items further on than others.
async fn window(list: &List<'_, '_>, survey: &Survey) -> Option<Ruling> {
    let sizes = Sizes::of(list).filter(|_| list.paging.style == PagingStyle::Offset)?;
    let rule = Rule::PagingWindow;
    if !survey.is_orderly() {
        let why = "the list has no stable order, so that pages need not agree";
        return Some(Ruling::inconclusive(rule, why));
    }
    let front = survey.whole.pages.first()?;
    let length = front.lengths().into_iter().max().unwrap_or_default();
    let size = sizes.least.max(2).min(sizes.most);
    let far = list.choice("window", (2..length.min(1000)).collect());
    let mut pages = Vec::new();
    for skip in [1].into_iter().chain(far) {
        for skip in [skip, skip + 1] {
            match list.page(&list.sorted(), Window { skip, size: Some(size) }).await {
                Ok(page) => pages.push(page),
                Err(refusal) => {
                    let message = format!("a page within the list was refused: {refusal}");
                    return Some(Ruling::refused(rule, list.paging, message, &refusal));
                }
            }
        }
    }
    let with_front = pages.iter().map(|page| (front, page));
    let neighbours = pages.iter().zip(pages.iter().skip(1));
    let neighbours = neighbours.filter(|(one, other)| other.window.skip == one.window.skip + 1);
    let pairs: Vec<_> = neighbours.chain(with_front).collect();
    Some(judge::window(list.paging, survey, &pairs))
}

/// Pages at the end of the list, a little past it, and as far out as can be asked for.
async fn past_end(list: &List<'_, '_>, survey: &Survey) -> Vec<Answer> {
    let size = Sizes::of(list).map(|sizes| sizes.most);
    let step = match (list.paging.style, size) {
        (PagingStyle::Page, None) => 1,
        (PagingStyle::Page, Some(size)) => size,
        _ => 1,
    };
    let items = match (list.paging.style, size) {
        (PagingStyle::Page, None) => u64::try_from(survey.again.pages.len()).unwrap_or(u64::MAX),
        _ => survey.again.count(),
    };
    let end = items.div_ceil(step) * step;
    let bound = list.position.maximum.and_then(|most| u64::try_from(most).ok());
    let far = bound.filter(|_| list.paging.style == PagingStyle::Offset);
    let mut answers = Vec::new();
    for skip in [end, end + 3 * step].into_iter().chain(far) {
        let number = if list.paging.style == PagingStyle::Page { skip / step } else { skip };
        if skip >= end && bound.is_none_or(|bound| number <= bound) {
            answers.push(list.page(&list.sorted(), Window { skip, size }).await);
        }
    }
    answers
}
