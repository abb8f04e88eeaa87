//! What filters show.

use conformance::judge::paging::{self as judge, Answer, Ended, Filtered, Ruling, Survey, Walk};
use conformance::rule::Rule;
use conformance::verdict::Outcome;
use generator::contract::{Filter, FilterMatch, Pointer};
use serde_json::{Value, json};

use super::hand::{answer, is, is_broken, page, paging, walk};

/// A filter on the rest of an id when it is divided by three, and what it gave.
fn filtered(matches: FilterMatch, ids: &[u64], look: impl Fn(&Filtered<'_>) -> Ruling) -> Ruling {
    let kind =
        |id: u64| json!({ "id": id, "kind": (id % 3).to_string(), "labels": { "kind": id % 3 } });
    let page = |size: u64, ids: &[u64]| {
        let items: Vec<_> = ids.iter().map(|id| kind(*id)).collect();
        answer(&paging(), (0, Some(size)), 200, &json!({ "a": items })).unwrap()
    };
    let of = |ids: &[u64]| Walk { pages: vec![page(10, ids)], ended: Ended::Finished };
    let all = of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    let survey = Survey { whole: all.clone(), paged: Vec::new(), again: all };
    let is_label = matches == FilterMatch::LabelSelector;
    let field = Pointer::parse(if is_label { "/labels" } else { "/kind" });
    let filter = Filter { parameter: "kind".to_owned(), field, matches, syntax: None };
    let value = if is_label { "kind=1" } else { "1" };
    let walk = of(ids);
    look(&Filtered { paging: &paging(), filter: &filter, value, survey: &survey, walk: &walk })
}

#[test]
fn filter_subset() {
    let rule = Rule::PagingFilterSubset;
    let judged = |ids: &[u64]| filtered(FilterMatch::Narrows, ids, |filtered| filtered.subset());
    is(&judged(&[2, 5]), rule, Outcome::Pass);
    is_broken(&judged(&[2, 11]), rule, &["/id=11"], 2);
    is(&judged(&[]), rule, Outcome::Inconclusive);
}

#[test]
fn filter_match() {
    let rule = Rule::PagingFilterMatch;
    let judged = |matches: FilterMatch, ids: &[u64]| {
        filtered(matches, ids, |filtered| filtered.matching().unwrap())
    };
    is(&judged(FilterMatch::Equals, &[1, 4, 7, 10]), rule, Outcome::Pass);
    is(&judged(FilterMatch::LabelSelector, &[1, 4]), rule, Outcome::Pass);
    let ruling = judged(FilterMatch::Equals, &[1, 2]);
    is_broken(&ruling, rule, &["/id=2", "2 at /kind"], 1);
    is(&judged(FilterMatch::LabelSelector, &[3]), rule, Outcome::Fail);
    is(&judged(FilterMatch::Contains, &[3]), rule, Outcome::Warn);
}

#[test]
fn filter_complete() {
    let rule = Rule::PagingFilterComplete;
    let judged = |matches: FilterMatch, ids: &[u64]| {
        filtered(matches, ids, |filtered| filtered.complete().unwrap())
    };
    is(&judged(FilterMatch::Equals, &[1, 4, 7, 10]), rule, Outcome::Pass);
    is_broken(&judged(FilterMatch::Equals, &[1, 4, 10]), rule, &["lacks /id=7"], 2);
    is(&judged(FilterMatch::LabelSelector, &[1]), rule, Outcome::Fail);
    is(&judged(FilterMatch::Contains, &[1]), rule, Outcome::Warn);
}

#[test]
fn filter_walk() {
    let rule = Rule::PagingFilterWalk;
    let judged = |pages: &[&[u64]]| {
        let paged = walk(2, pages);
        filtered(FilterMatch::Equals, &[1, 4, 7, 10], |filtered| filtered.in_pages(&paged))
    };
    is(&judged(&[&[1, 4], &[7, 10]]), rule, Outcome::Pass);
    is_broken(&judged(&[&[1, 4], &[10]]), rule, &["lacks /id=7"], 2);
    is(&judged(&[&[1, 4, 7, 10]]), rule, Outcome::Inconclusive);
}

#[test]
fn filters_match_by_their_meaning() {
    let holds = |matches: &FilterMatch, member: Value, value: &str| {
        judge::holds(matches, Some(&member), value).unwrap()
    };
    assert!(holds(&FilterMatch::Equals, json!("red"), "red"));
    assert!(!holds(&FilterMatch::Equals, json!("reddish"), "red"));
    assert!(holds(&FilterMatch::Equals, json!(7), "7"));
    assert!(holds(&FilterMatch::Equals, json!(["blue", "red"]), "red"));
    assert!(holds(&FilterMatch::Contains, json!("Reddish"), "red"));
    assert!(!holds(&FilterMatch::Contains, json!("blue"), "red"));
    assert!(holds(&FilterMatch::LabelSelector, json!({ "tier": "web" }), "tier=web"));
    assert!(!holds(&FilterMatch::LabelSelector, json!({ "tier": "web" }), "tier=db"));
    assert!(!holds(&FilterMatch::LabelSelector, json!({}), "tier=web"));
    assert_eq!(judge::holds(&FilterMatch::Narrows, Some(&json!("x")), "x"), None);
}

#[test]
fn filter_none() {
    let rule = Rule::PagingFilterNone;
    let judged = |answer: Answer| judge::filter_none(&paging(), &answer);
    is(&judged(Ok(page(0, 4, &[], 0))), rule, Outcome::Pass);
    is_broken(&judged(Ok(page(0, 4, &[1], 1))), rule, &["has 1 item"], 1);
    is_broken(&judged(Ok(page(0, 4, &[], 10))), rule, &["total of 10"], 1);
}
