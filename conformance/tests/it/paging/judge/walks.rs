//! What walks show when they are held against each other.

use conformance::judge::paging::{self as judge, Ended, Item, Own, Survey, Walk};
use conformance::rule::Rule;
use conformance::verdict::Outcome;
use generator::contract::{Equivalent, OperationId, Pointer};
use serde_json::{Value, json};

use super::hand::{
    answer, changed, in_fours, in_sixes, is, is_broken, operation, paging, survey, transcript,
    two_lists, walk,
};

#[test]
fn page_size() {
    let rule = Rule::PagingPageSize;
    is(&judge::page_size(&paging(), &survey(vec![in_fours()])), rule, Outcome::Pass);
    let long = walk(4, &[&[1, 2, 3, 4, 5], &[6]]);
    let ruling = judge::page_size(&paging(), &survey(vec![long]));
    is_broken(&ruling, rule, &["?offset=0&limit=4 has 5 items at /a"], 1);
    let short = Survey { whole: walk(9, &[&[1]]), paged: Vec::new(), again: walk(9, &[&[1]]) };
    is(&judge::page_size(&paging(), &short), rule, Outcome::Inconclusive);
}

#[test]
fn each_list_is_under_the_window_on_its_own() {
    let paging = two_lists();
    let body = json!({ "a": [{ "id": 1 }], "b": [{ "id": 1 }, { "id": 2 }] });
    let page = |size| answer(&paging, (0, Some(size)), 200, &body).unwrap();
    let of = |size| {
        let whole = Walk { pages: vec![page(size)], ended: Ended::Finished };
        Survey { again: whole.clone(), whole, paged: Vec::new() }
    };
    is(&judge::page_size(&paging, &of(2)), Rule::PagingPageSize, Outcome::Pass);
    is_broken(&judge::page_size(&paging, &of(1)), Rule::PagingPageSize, &["/b"], 1);
    // The same identity in two lists is not the same item.
    let ruling = judge::distinct(&paging, &of(2));
    is(&ruling, Rule::PagingDistinct, Outcome::Inconclusive);
}

#[test]
fn complete() {
    let rule = Rule::PagingComplete;
    is(&judge::complete(&paging(), &survey(vec![in_fours()])), rule, Outcome::Pass);
    let lossy = walk(4, &[&[1, 2, 3, 4], &[6, 7, 8], &[9, 10]]);
    let ruling = judge::complete(&paging(), &survey(vec![lossy.clone()]));
    is_broken(&ruling, rule, &["lacks 1 item", "first /id=5"], 3);
    let more = walk(4, &[&[1, 2, 3, 4], &[5, 6, 7, 8], &[9, 10, 11]]);
    let ruling = judge::complete(&paging(), &survey(vec![more]));
    is_broken(&ruling, rule, &["lacks /id=11"], 2);
    is(&judge::complete(&paging(), &changed(vec![lossy])), rule, Outcome::Inconclusive);
    is(&judge::complete(&paging(), &survey(Vec::new())), rule, Outcome::Inconclusive);
}

#[test]
fn an_item_that_did_not_last_may_be_missed() {
    let mut survey = changed(vec![in_fours()]);
    survey.whole = walk(10, &[&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], &[12]]);
    is(&judge::complete(&paging(), &survey), Rule::PagingComplete, Outcome::Pass);
}

#[test]
fn a_walk_ends() {
    let rule = Rule::PagingComplete;
    let ended = |ended: Ended| {
        let walk = Walk { ended, ..in_fours() };
        judge::complete(&paging(), &survey(vec![walk]))
    };
    let ruling = ended(Ended::Endless("it has come round".to_owned()));
    is_broken(&ruling, rule, &["did not end: it has come round"], 2);
    is(&ended(Ended::TooLong(10_000)), rule, Outcome::Inconclusive);
    is(&ended(Ended::GivenUp("late".to_owned())), rule, Outcome::Inconclusive);
    let refusal = answer(&paging(), (8, Some(4)), 500, &json!({})).unwrap_err();
    is_broken(&ended(Ended::Refused(refusal)), rule, &["?offset=8&limit=4 was answered 500"], 1);
    let busy = answer(&paging(), (8, Some(4)), 503, &json!({})).unwrap_err();
    is(&ended(Ended::Refused(busy)), rule, Outcome::Inconclusive);
}

#[test]
fn distinct() {
    let rule = Rule::PagingDistinct;
    is(&judge::distinct(&paging(), &survey(vec![in_fours()])), rule, Outcome::Pass);
    let twice = walk(4, &[&[1, 2, 3, 4], &[4, 5, 6, 7], &[8, 9, 10]]);
    let ruling = judge::distinct(&paging(), &survey(vec![twice.clone()]));
    is_broken(&ruling, rule, &["/id=4", "?offset=0&limit=4", "?offset=4&limit=4"], 2);
    is(&judge::distinct(&paging(), &changed(vec![twice])), rule, Outcome::Inconclusive);
}

#[test]
fn items_without_an_identity_are_not_told_apart() {
    let mut paging = paging();
    let body = json!({ "a": [{ "name": "x" }, { "name": "x" }] });
    let nameless = || Walk {
        pages: vec![answer(&paging, (0, Some(2)), 200, &body).unwrap()],
        ended: Ended::Finished,
    };
    let survey = Survey { whole: nameless(), paged: Vec::new(), again: nameless() };
    is(&judge::distinct(&paging, &survey), Rule::PagingDistinct, Outcome::Inconclusive);
    paging.identity = ["/id", "/name"].iter().map(|text| Pointer::parse(text).unwrap()).collect();
    assert_eq!(
        judge::key(&paging.identity, &json!({ "id": null, "name": "x" })).unwrap(),
        "/name=\"x\""
    );
    assert_eq!(judge::key(&paging.identity, &json!({})), None);
}

#[test]
fn size_independent() {
    let rule = Rule::PagingSizeIndependent;
    let both = survey(vec![in_fours(), in_sixes()]);
    is(&judge::size_independent(&paging(), &both), rule, Outcome::Pass);
    let lossy = walk(6, &[&[1, 2, 3, 4, 5], &[7, 8, 9, 10]]);
    let ruling = judge::size_independent(&paging(), &survey(vec![in_fours(), lossy]));
    is_broken(&ruling, rule, &["lacks /id=6"], 2);
    let one = survey(vec![in_fours()]);
    is(&judge::size_independent(&paging(), &one), rule, Outcome::Inconclusive);
}

#[test]
fn losses_of_a_list_without_an_order_are_a_warning() {
    let lossy = walk(4, &[&[1, 2, 3, 4], &[6, 7, 8], &[9, 10]]);
    let mut survey = survey(vec![lossy]);
    survey.again = walk(10, &[&[2, 1, 3, 4, 5, 6, 7, 8, 9, 10]]);
    is(&judge::complete(&paging(), &survey), Rule::PagingComplete, Outcome::Warn);
}

#[test]
fn total_constant() {
    let rule = Rule::PagingTotalConstant;
    is(&judge::total_constant(&paging(), &survey(vec![in_fours()])), rule, Outcome::Pass);
    let other = walk(4, &[&[1, 2, 3, 4], &[5, 6, 7, 8], &[9]]);
    let ruling = judge::total_constant(&paging(), &survey(vec![other.clone()]));
    is_broken(&ruling, rule, &["10 on ?offset=0&limit=10", "9 on ?offset=0&limit=4"], 2);
    is(&judge::total_constant(&paging(), &changed(vec![other])), rule, Outcome::Inconclusive);
}

#[test]
fn total_correct() {
    let rule = Rule::PagingTotalCorrect;
    is(&judge::total_correct(&paging(), &[&in_fours(), &in_sixes()], false), rule, Outcome::Pass);
    let mut wrong = in_fours();
    wrong.pages.iter_mut().for_each(|page| page.total = Some(11));
    let ruling = judge::total_correct(&paging(), &[&wrong], false);
    is_broken(&ruling, rule, &["is 11", "gives 10 items"], 1);
    is(&judge::total_correct(&paging(), &[&wrong], true), rule, Outcome::Inconclusive);
}

#[test]
fn a_total_counts_all_lists_or_one_but_the_same_throughout() {
    let paging = two_lists();
    let of = |a: u64, b: u64, total: u64| {
        let ids = |count| (0..count).map(|id| json!({ "id": id })).collect::<Vec<_>>();
        let body = json!({ "a": ids(a), "b": ids(b), "total": total.to_string() });
        let page = answer(&paging, (0, Some(20)), 200, &body).unwrap();
        Walk { pages: vec![page], ended: Ended::Finished }
    };
    let judged = |walks: &[&Walk]| judge::total_correct(&paging, walks, false).judgement.outcome;
    assert_eq!(judged(&[&of(5, 3, 8), &of(2, 1, 3)]), Outcome::Pass);
    assert_eq!(judged(&[&of(5, 3, 3), &of(2, 1, 1)]), Outcome::Pass);
    assert_eq!(judged(&[&of(5, 3, 8), &of(2, 1, 1)]), Outcome::Fail);
    assert_eq!(judged(&[&of(5, 3, 7)]), Outcome::Fail);
}

#[test]
fn scope() {
    let rule = Rule::PagingScope;
    let judged = |widest: &Walk| judge::scope(&paging(), &survey(Vec::new()), widest);
    is(&judged(&walk(20, &[&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]])), rule, Outcome::Pass);
    is_broken(&judged(&walk(20, &[&[1, 2, 3, 4, 5, 6, 7, 8, 9]])), rule, &["lacks /id=10"], 2);
}

#[test]
fn equivalent() {
    let rule = Rule::PagingEquivalent;
    let pair = Equivalent {
        operation: OperationId("listThings".to_owned()),
        items: Pointer::parse("/a").unwrap(),
        each: Pointer::root(),
        place: operation().place,
    };
    let own = |values: &[Value]| Own {
        items: values
            .iter()
            .map(|value| Item { key: judge::key(&paging().identity, value), value: value.clone() })
            .collect(),
        transcript: transcript(200, &json!({})),
    };
    let judged = |values: &[Value]| judge::equivalent(&pair, 0, &own(values), &survey(Vec::new()));
    let all: Vec<Value> = (1..=10).map(|id| json!({ "id": id })).collect();
    is(&judged(&all), rule, Outcome::Pass);
    is_broken(&judged(&all[1..]), rule, &["/id=1 is not here"], 2);
    let mut more = all.clone();
    more.push(json!({ "id": 11 }));
    is_broken(&judged(&more), rule, &["/id=11 is here"], 2);
    let mut other = all.clone();
    other[4]["size"] = json!(1);
    is_broken(&judged(&other), rule, &["/id=5 differs at /size"], 2);
    let narrowed = |values: &[Value]| {
        judge::own_subset(&pair, &own(&all), &own(values), &survey(Vec::new()), "q=x")
    };
    is(&narrowed(&all[..2]), Rule::PagingFilterSubset, Outcome::Pass);
    is(&narrowed(&more), Rule::PagingFilterSubset, Outcome::Fail);
}
