//! Rules on walks made by hand: of each, one that keeps it and one that breaks it.

use std::rc::Rc;

use bytes::Bytes;
use conformance::call::{Call, Intent};
use conformance::judge::paging::{
    self as judge, Answer, Ended, Excess, Filtered, Item, Own, Page, Refusal, Ruling, Survey, Walk,
    Window,
};
use conformance::probe::{Header, Probe, Request};
use conformance::rule::Rule;
use conformance::transcript::{Body, BodyFraming, Chunk, End, Head, Transcript};
use conformance::verdict::Outcome;
use generator::contract::{
    Api, Equivalent, Filter, FilterMatch, Location, Operation, OperationId, OutOfRange, Paging,
    Pointer,
};
use generator::source::{NoFiles, Source};
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.0.3
info: { title: Shelf, version: '1' }
paths:
  /things:
    get:
      operationId: listThings
      x-refusals: { invalid: [400] }
      x-pagination: { style: offset, limit: limit, offset: offset, items: [/a, /b], total: /total, identity: [/id] }
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: offset, in: query, schema: { type: integer } }
      responses:
        '200':
          description: A page.
          content:
            application/json:
              schema:
                type: object
                properties:
                  a: { type: array, items: { type: object, properties: { id: {} } } }
                  b: { type: array, items: { type: object, properties: { id: {} } } }
                  total: {}
";

fn api() -> Api {
    let source = Source::new("shelf.yaml", DOCUMENT);
    let reading = generator::read(&source, &NoFiles, &generator::Limits::default());
    assert_eq!(
        reading.diagnostics.iter().collect::<Vec<_>>(),
        [] as [&generator::diagnostic::Diagnostic; 0]
    );
    reading.api.unwrap()
}

fn operation() -> Operation {
    api().operations.remove(0)
}

/// A list of one window, or of two where a test says so.
fn paging() -> Paging {
    let mut paging = operation().paging.unwrap();
    paging.items.truncate(1);
    paging
}

fn two_lists() -> Paging {
    operation().paging.unwrap()
}

fn transcript(status: u16, body: &Value) -> Rc<Transcript> {
    let probe = Probe::new(Request::new("GET", "/things"));
    let mut transcript = Transcript::unreachable("http://127.0.0.1", probe, "by hand");
    let bytes = Bytes::from(body.to_string());
    transcript.head = Some(Head {
        minor_version: 1,
        status,
        reason: String::new(),
        headers: vec![Header::new("Content-Type", "application/json")],
        at: std::time::Duration::ZERO,
    });
    transcript.body = Body {
        framing: BodyFraming::ContentLength(bytes.len() as u64),
        chunks: vec![Chunk { at: std::time::Duration::ZERO, bytes }],
        trailers: Vec::new(),
    };
    transcript.end = End::Complete;
    Rc::new(transcript)
}

fn call(window: Window) -> Call {
    let call = Call::new(OperationId("listThings".to_owned()), Intent::Valid);
    let call = call.with(Location::Query, "offset", window.skip);
    match window.size {
        Some(size) => call.with(Location::Query, "limit", size),
        None => call,
    }
}

/// An answer to a window, read as a page.
fn answer(paging: &Paging, window: (u64, Option<u64>), status: u16, body: &Value) -> Answer {
    let window = Window { skip: window.0, size: window.1 };
    Page::read(paging, &call(window), window, &transcript(status, body))
}

/// A page with these ids and this total.
fn page(skip: u64, size: u64, ids: &[u64], total: u64) -> Page {
    let items: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    let body = json!({ "a": items, "total": total });
    answer(&paging(), (skip, Some(size)), 200, &body).unwrap()
}

/// A finished walk with these ids on its pages; the total is the true one.
fn walk(size: u64, pages: &[&[u64]]) -> Walk {
    let total = pages.iter().map(|ids| ids.len() as u64).sum();
    let pages =
        (0..).zip(pages).map(|(number, ids)| page(number * size, size, ids, total)).collect();
    Walk { pages, ended: Ended::Finished }
}

/// A list of ten, walked in pages of ten, then so, then in pages of ten again.
fn survey(paged: Vec<Walk>) -> Survey {
    let whole = || walk(10, &[&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
    Survey { whole: whole(), paged, again: whole() }
}

fn in_fours() -> Walk {
    walk(4, &[&[1, 2, 3, 4], &[5, 6, 7, 8], &[9, 10]])
}

fn in_sixes() -> Walk {
    walk(6, &[&[1, 2, 3, 4, 5, 6], &[7, 8, 9, 10]])
}

/// The last word of the list of ten has changed in between.
fn changed(paged: Vec<Walk>) -> Survey {
    let again = walk(10, &[&[11, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[10]]);
    Survey { again, ..survey(paged) }
}

#[track_caller]
fn is(ruling: &Ruling, rule: Rule, outcome: Outcome) {
    assert_eq!(
        (ruling.judgement.rule, ruling.judgement.outcome),
        (rule, outcome),
        "{}",
        ruling.judgement.message
    );
}

/// It is broken, the message tells these, and it rests on so many exchanges.
#[track_caller]
fn is_broken(ruling: &Ruling, rule: Rule, tells: &[&str], evidence: usize) {
    assert_eq!(ruling.judgement.rule, rule);
    assert!(ruling.judgement.outcome.is_finding(), "{:?}", ruling.judgement);
    for text in tells {
        assert!(ruling.judgement.message.contains(text), "{}", ruling.judgement.message);
    }
    assert_eq!(ruling.evidence.len(), evidence);
    assert!(ruling.judgement.place.is_some());
}

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
