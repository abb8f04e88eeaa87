//! What single answers show: windows, ends, orders, bounds; and what becomes of rulings together.

use conformance::judge::paging::{self as judge, Answer, Excess, Page, Refusal, Ruling, Window};
use conformance::rule::Rule;
use conformance::verdict::Outcome;
use generator::contract::{OutOfRange, Pointer};
use serde_json::{Value, json};

use super::hand::{
    answer, changed, in_fours, is, is_broken, operation, page, paging, survey, transcript, walk,
};

#[test]
fn window() {
    let rule = Rule::PagingWindow;
    let survey = survey(Vec::new());
    let front = &survey.whole.pages[0];
    let right = page(3, 4, &[4, 5, 6, 7], 10);
    is(&judge::window(&paging(), &survey, &[(front, &right)]), rule, Outcome::Pass);
    let wrong = page(3, 4, &[5, 6, 7, 8], 10);
    let ruling = judge::window(&paging(), &survey, &[(front, &wrong)]);
    is_broken(&ruling, rule, &["?offset=3&limit=4", "after its first 3 items"], 2);
    let short = page(3, 4, &[4, 5], 10);
    is(&judge::window(&paging(), &survey, &[(front, &short)]), rule, Outcome::Fail);
    let beyond = page(10, 4, &[], 10);
    is(&judge::window(&paging(), &survey, &[(front, &beyond)]), rule, Outcome::Inconclusive);
}

#[test]
fn stable() {
    let rule = Rule::PagingStable;
    is(&judge::stable(&paging(), &survey(Vec::new())), rule, Outcome::Pass);
    let mut shuffled = survey(Vec::new());
    shuffled.again = walk(10, &[&[2, 1, 3, 4, 5, 6, 7, 8, 9, 10]]);
    is_broken(&judge::stable(&paging(), &shuffled), rule, &["?offset=0&limit=10"], 2);
    is(&judge::stable(&paging(), &changed(Vec::new())), rule, Outcome::Inconclusive);
}

#[test]
fn past_end() {
    let rule = Rule::PagingPastEnd;
    let judged = |answer: Answer| judge::past_end(&paging(), &survey(Vec::new()), &[answer]);
    is(&judged(Ok(page(10, 4, &[], 10))), rule, Outcome::Pass);
    is_broken(&judged(Ok(page(10, 4, &[1], 10))), rule, &["has 1 item"], 2);
    is_broken(&judged(Ok(page(10, 4, &[], 0))), rule, &["total is 0", "10 before"], 2);
    let refused = answer(&paging(), (10, Some(4)), 404, &json!({}));
    is_broken(&judged(refused), rule, &["was answered 404"], 1);
}

#[test]
fn sorted() {
    let rule = Rule::PagingSorted;
    let field = Pointer::parse("/id").unwrap();
    is(&judge::sorted(&paging(), &in_fours(), &field), rule, Outcome::Pass);
    let wrong = walk(4, &[&[1, 2, 4, 5], &[3, 6]]);
    let ruling = judge::sorted(&paging(), &wrong, &field);
    is_broken(&ruling, rule, &["5 on ?offset=0&limit=4", "3 on ?offset=4&limit=4"], 2);
    is(&judge::sorted(&paging(), &walk(4, &[&[1]]), &field), rule, Outcome::Inconclusive);
}

#[test]
fn reversed() {
    let rule = Rule::PagingReversed;
    let judged =
        |pages: &[&[u64]]| judge::reversed(&paging(), &survey(Vec::new()), &walk(10, pages));
    is(&judged(&[&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]]), rule, Outcome::Pass);
    is_broken(&judged(&[&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]), rule, &["/id=1", "/id=10"], 2);
    is(&judged(&[&[10]]), rule, Outcome::Inconclusive);
}

#[test]
fn sort_unknown() {
    let judged = |status: u16, allowed: &[u16]| {
        let transcript = transcript(status, &json!({}));
        judge::sort_unknown(&operation(), &paging(), allowed, "nothing", &transcript).outcome
    };
    assert_eq!(judged(500, &[400, 500]), Outcome::Pass);
    assert_eq!(judged(200, &[400, 500]), Outcome::Warn);
    assert_eq!(judged(400, &[]), Outcome::Pass);
    assert_eq!(judged(500, &[]), Outcome::Warn);
}

#[test]
fn default_page() {
    let rule = Rule::PagingDefaultPage;
    let said = page(0, 4, &[1, 2, 3, 4], 10);
    let unsaid =
        |ids: &[u64]| Page { window: Window { skip: 0, size: None }, ..page(0, 4, ids, 10) };
    let judged = |ids: &[u64]| judge::default_page(&paging(), 4, &unsaid(ids), Some(&said));
    is(&judged(&[1, 2, 3, 4]), rule, Outcome::Pass);
    is_broken(&judged(&[1, 2, 3, 4, 5]), rule, &["5 items", "default is 4"], 1);
    is_broken(&judged(&[1, 2]), rule, &["2 items", "4 items"], 2);
}

#[test]
fn zero() {
    let rule = Rule::PagingZero;
    let unsaid = page(0, 4, &[1, 2, 3, 4], 10);
    let judged = |ids: &[u64]| judge::zero(&paging(), &unsaid, &Ok(page(0, 0, ids, 10)));
    is(&judged(&[1, 2, 3, 4]), rule, Outcome::Pass);
    is_broken(&judged(&[]), rule, &["limit=0 gets 0 items"], 2);
}

#[test]
fn max_page() {
    let rule = Rule::PagingMaxPage;
    let judged = |most: u64, ids: &[u64]| {
        judge::max_page(&paging(), most, &survey(Vec::new()), &[Ok(page(0, most + 1, ids, 10))])
    };
    is(&judged(4, &[1, 2, 3, 4]), rule, Outcome::Pass);
    is_broken(&judged(4, &[1, 2, 3, 4, 5]), rule, &["has 5 items", "at most 4"], 1);
    is(&judged(10, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), rule, Outcome::Inconclusive);
}

#[test]
fn out_of_range() {
    let judged = |allowed: OutOfRange, answer: Answer| {
        let nearest = Some(page(0, 2, &[1, 2], 10));
        let excess = Excess { what: "limit=0 is outside its bounds".to_owned(), answer, nearest };
        judge::out_of_range(&operation(), &paging(), allowed, &excess).judgement.outcome
    };
    let status = |status: u16| answer(&paging(), (0, Some(0)), status, &json!({}));
    let items = |ids: &[u64]| Ok(page(0, 0, ids, 10));
    assert_eq!(judged(OutOfRange::Refuse, status(400)), Outcome::Pass);
    assert_eq!(judged(OutOfRange::Refuse, items(&[1, 2])), Outcome::Warn);
    assert_eq!(judged(OutOfRange::Refuse, status(500)), Outcome::Warn);
    assert_eq!(judged(OutOfRange::Clamp, items(&[1, 2])), Outcome::Pass);
    assert_eq!(judged(OutOfRange::Clamp, items(&[])), Outcome::Warn);
    assert_eq!(judged(OutOfRange::Clamp, status(400)), Outcome::Warn);
    assert_eq!(judged(OutOfRange::Either, status(400)), Outcome::Pass);
    assert_eq!(judged(OutOfRange::Either, items(&[1, 2])), Outcome::Pass);
    assert_eq!(judged(OutOfRange::Either, items(&[1, 2, 3])), Outcome::Warn);
}

#[test]
fn answers_that_are_no_pages_say_why() {
    let why = |status: u16, body: Value| {
        answer(&paging(), (0, None), status, &body).map_err(|refusal: Box<Refusal>| refusal.why)
    };
    assert_eq!(why(401, json!({})).unwrap_err(), "was answered 401");
    assert_eq!(why(200, json!({ "a": 1 })).unwrap_err(), "was answered without a list at /a");
    assert_eq!(why(200, json!({ "a": null })).unwrap().count(), 0);
    assert_eq!(why(200, json!({})).unwrap().count(), 0);
}

#[test]
fn one_fault_is_told_once() {
    let broken = |rule: Rule| Ruling::broken(rule, &paging(), "wrong".to_owned(), []);
    let told = judge::told(vec![
        broken(Rule::PagingComplete),
        broken(Rule::PagingFilterMatch),
        Ruling::inconclusive(Rule::PagingStable, "short"),
        Ruling::pass(Rule::PagingStable),
    ]);
    let outcomes: Vec<_> = told.iter().map(|ruling| ruling.judgement.outcome).collect();
    assert_eq!(outcomes, [Outcome::Fail, Outcome::Inconclusive, Outcome::Pass]);
}

#[test]
fn what_does_not_recur_is_flaky() {
    let broken = |rule: Rule| Ruling::broken(rule, &paging(), "wrong".to_owned(), []);
    let first = vec![broken(Rule::PagingComplete), broken(Rule::PagingDistinct)];
    let again = [broken(Rule::PagingDistinct), Ruling::pass(Rule::PagingComplete)];
    let outcomes: Vec<_> =
        judge::confirmed(first, &again).iter().map(|ruling| ruling.judgement.outcome).collect();
    assert_eq!(outcomes, [Outcome::Flaky, Outcome::Fail]);
}
