//! Walks and answers made by hand, and what is asked of a ruling on them.

use std::rc::Rc;

use bytes::Bytes;
use conformance::call::{Call, Intent};
use conformance::judge::paging::{Answer, Ended, Page, Ruling, Survey, Walk, Window};
use conformance::probe::{Header, Probe, Request};
use conformance::rule::Rule;
use conformance::transcript::{Body, BodyFraming, Chunk, End, Head, Transcript};
use conformance::verdict::Outcome;
use generator::contract::{Api, Location, Operation, OperationId, Paging};
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

pub(super) fn api() -> Api {
    let source = Source::new("shelf.yaml", DOCUMENT);
    let reading = generator::read(&source, &NoFiles, &generator::Limits::default());
    assert_eq!(
        reading.diagnostics.iter().collect::<Vec<_>>(),
        [] as [&generator::diagnostic::Diagnostic; 0]
    );
    reading.api.unwrap()
}

pub(super) fn operation() -> Operation {
    api().operations.remove(0)
}

/// A list of one window, or of two where a test says so.
pub(super) fn paging() -> Paging {
    let mut paging = operation().paging.unwrap();
    paging.items.truncate(1);
    paging
}

pub(super) fn two_lists() -> Paging {
    operation().paging.unwrap()
}

pub(super) fn transcript(status: u16, body: &Value) -> Rc<Transcript> {
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

pub(super) fn call(window: Window) -> Call {
    let call = Call::new(OperationId("listThings".to_owned()), Intent::Valid);
    let call = call.with(Location::Query, "offset", window.skip);
    match window.size {
        Some(size) => call.with(Location::Query, "limit", size),
        None => call,
    }
}

/// An answer to a window, read as a page.
pub(super) fn answer(
    paging: &Paging,
    window: (u64, Option<u64>),
    status: u16,
    body: &Value,
) -> Answer {
    let window = Window { skip: window.0, size: window.1 };
    Page::read(paging, &call(window), window, &transcript(status, body))
}

/// A page with these ids and this total.
pub(super) fn page(skip: u64, size: u64, ids: &[u64], total: u64) -> Page {
    let items: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    let body = json!({ "a": items, "total": total });
    answer(&paging(), (skip, Some(size)), 200, &body).unwrap()
}

/// A finished walk with these ids on its pages; the total is the true one.
pub(super) fn walk(size: u64, pages: &[&[u64]]) -> Walk {
    let total = pages.iter().map(|ids| ids.len() as u64).sum();
    let pages =
        (0..).zip(pages).map(|(number, ids)| page(number * size, size, ids, total)).collect();
    Walk { pages, ended: Ended::Finished }
}

/// A list of ten, walked in pages of ten, then so, then in pages of ten again.
pub(super) fn survey(paged: Vec<Walk>) -> Survey {
    let whole = || walk(10, &[&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
    Survey { whole: whole(), paged, again: whole() }
}

pub(super) fn in_fours() -> Walk {
    walk(4, &[&[1, 2, 3, 4], &[5, 6, 7, 8], &[9, 10]])
}

pub(super) fn in_sixes() -> Walk {
    walk(6, &[&[1, 2, 3, 4, 5, 6], &[7, 8, 9, 10]])
}

/// The last word of the list of ten has changed in between.
pub(super) fn changed(paged: Vec<Walk>) -> Survey {
    let again = walk(10, &[&[11, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[10]]);
    Survey { again, ..survey(paged) }
}

#[track_caller]
pub(super) fn is(ruling: &Ruling, rule: Rule, outcome: Outcome) {
    assert_eq!(
        (ruling.judgement.rule, ruling.judgement.outcome),
        (rule, outcome),
        "{}",
        ruling.judgement.message
    );
}

/// It is broken, the message tells these, and it rests on so many exchanges.
#[track_caller]
pub(super) fn is_broken(ruling: &Ruling, rule: Rule, tells: &[&str], evidence: usize) {
    assert_eq!(ruling.judgement.rule, rule);
    assert!(ruling.judgement.outcome.is_finding(), "{:?}", ruling.judgement);
    for text in tells {
        assert!(ruling.judgement.message.contains(text), "{}", ruling.judgement.message);
    }
    assert_eq!(ruling.evidence.len(), evidence);
    assert!(ruling.judgement.place.is_some());
}
