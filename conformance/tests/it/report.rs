//! Each report on one recorded run, which has every outcome, a drawing of bytes, a credential, and something left over.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use conformance::call::{Call, Credentials, Intent};
use conformance::probe::{Header, Probe, Request};
use conformance::report::{self, Exit, Facts, Style, Summary};
use conformance::rule::Rule;
use conformance::run::{Leftover, Record, Removal, Settings, Writes};
use conformance::transcript::{Body, BodyFraming, Chunk, End, Head, Transcript};
use conformance::verdict::{Judgement, Outcome};
use generator::contract::{Api, Location, Operation, OperationId, Place};
use serde_json::Value;

use crate::command::{conformance, data};
use crate::sixth::{PASS, harbour};

#[test]
fn the_terminal_has_the_gravest_first() {
    let text = report::terminal(&summary(&recorded()), Style::Plain);
    insta::assert_snapshot!(text);
    let coloured = report::terminal(&summary(&recorded()), Style::Coloured);
    assert_ne!(coloured, text);
    let bare = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(bare.replace_all(&coloured, ""), text, "colours change no text");
}

#[test]
fn what_was_not_proved_is_said_first() {
    let mut record = Record::default();
    let read = harbour();
    record.sent(true);
    record.answered(operation(&read.api, "callsNow"), 403, true);
    let summary = summary(&record);
    assert_eq!((summary.exit, summary.exit.code()), (Exit::NotProved, 4));
    insta::assert_snapshot!(report::terminal(&summary, Style::Plain));
}

#[test]
fn json_has_everything() {
    let mut summary = summary(&recorded());
    summary.not_covered.truncate(2);
    summary.matrix.rows.retain(|row| ["callsNow", "radio"].contains(&row.operation.0.as_str()));
    let text = report::json(&summary).unwrap();
    insta::assert_snapshot!(text);
    assert!(!text.contains(PASS));
}

#[test]
fn junit_has_a_case_a_rule() {
    insta::assert_snapshot!(report::junit(&summary(&recorded())).unwrap());
}

#[test]
fn the_list_has_every_operation_and_workflow_with_its_rules() {
    let listed = conformance(&["list", "--spec", &data("sixth/openapi.yaml")]);
    assert_eq!((listed.code, listed.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(listed.stdout);
}

fn summary(record: &Record) -> Summary {
    let api = harbour().api;
    let call = Call::new(OperationId("strikeCall".to_owned()), Intent::Part);
    let removal = Removal {
        name: "\"conformance-it-1\"".to_owned(),
        operation: call.operation.clone(),
        call: call.with(Location::Path, "reference", Value::from("conformance-it-1")),
    };
    let left = Leftover { removal, answer: "500".to_owned() };
    let command =
        format!("curl -i -X DELETE -H \"Harbour-Pass: {PASS}\" http://harbour.example/calls");
    let facts = Facts {
        spec: "openapi.yaml".to_owned(),
        title: api.title.clone(),
        target: "http://harbour.example/".to_owned(),
        seed: 1,
        run_id: "it".to_owned(),
        seconds: 1.25,
        waited: 0.5,
        requests: record.requests(),
        stopped: false,
    };
    Summary::new(&api, &settings(), record, vec![(left, command)], facts)
}

fn settings() -> Settings {
    Settings {
        target: "http://harbour.example".parse().unwrap(),
        credentials: credentials(),
        parameters: BTreeMap::new(),
        inputs: BTreeMap::new(),
        filter: None,
        seed: 1,
        run_id: "it".to_owned(),
        writes: Writes::Allowed,
        cases: 1,
        shrinks: 1,
        patience: Duration::from_secs(1),
    }
}

fn credentials() -> Credentials {
    Credentials { headers: vec![("Harbour-Pass".to_owned(), PASS.to_owned())] }
}

fn operation<'a>(api: &'a Api, id: &str) -> &'a Operation {
    api.operation(&OperationId(id.to_owned())).unwrap()
}

fn recorded() -> Record {
    let read = harbour();
    let place = operation(&read.api, "radio").place.clone();
    let place = Place { source: "openapi.yaml".into(), ..place };
    let mut record = Record::default();
    let mut add = |subject: &str, judgement: Judgement, evidence: &[Rc<Transcript>]| {
        record.sent(true);
        record.add(subject, vec![judgement], evidence, &credentials());
    };
    let broken = |rule, message: &str| Judgement::broken(rule, message, Some(&place));
    let talk = [exchange("POST", "/calls/a/radio", 200, b"\x06\0\x04Zhi\x06\0\x04[ho")];
    add("radio", Judgement::pass(Rule::StatusSuccess), &talk);
    let seal = broken(Rule::FrameConstant, "`seal` must be 5a, found 5b");
    add("radio", seal.clone().showing("00000006  06 00 04 5b  |...[|  seal"), &talk);
    add("radio", seal, &talk);
    add("radio", broken(Rule::FrameUnbounded, "announces 12 bytes"), &talk);
    let refused = [exchange("DELETE", "/calls", 405, b"{\"trouble\":{\"code\":405}}")];
    add("callsNow", broken(Rule::HeadersAllow, "405 comes without Allow"), &refused);
    add("lookUpCall", broken(Rule::HeadersAllow, "405 comes without\nAllow & <more>"), &refused);
    let flaky = Judgement { outcome: Outcome::Flaky, ..broken(Rule::PagingStable, "changed once") };
    add("cranesBySheet", flaky, &refused);
    add("cranesBySheet", Judgement::inconclusive(Rule::PagingMaxPage, "too few cranes"), &[]);
    add("craneLog", Judgement::skip(Rule::FrameLineFinal, "nothing halts the log"), &[]);
    record.answered(operation(&read.api, "radio"), 200, false);
    record.answered(operation(&read.api, "callsNow"), 200, true);
    record.answered(operation(&read.api, "callsNow"), 200, true);
    record.answered(operation(&read.api, "callsNow"), 403, true);
    record
}

fn exchange(method: &str, target: &str, status: u16, body: &'static [u8]) -> Rc<Transcript> {
    let request = Request::new(method, target)
        .header("Harbour-Pass", PASS)
        .json(&serde_json::json!({ "bridge": "it's" }));
    let head = Head {
        minor_version: 1,
        status,
        reason: "Harbour".to_owned(),
        headers: vec![Header::new("Harbour-Watch", "3"), Header::new("Echo", PASS)],
        at: Duration::from_micros(1500),
    };
    let chunk = Chunk { at: Duration::from_millis(2), bytes: Bytes::from_static(body) };
    let written = format!("{method} {target} HTTP/1.1\r\nHarbour-Pass: {PASS}\r\n\r\n");
    let probe = Probe::new(request);
    Rc::new(Transcript {
        request_head: written.into(),
        head: Some(head),
        body: Body { framing: BodyFraming::UntilClose, chunks: vec![chunk], trailers: Vec::new() },
        end: End::Closed,
        round_trip: Some(Duration::from_micros(750)),
        elapsed: Duration::from_millis(3),
        ..Transcript::unreachable("http://harbour.example", probe, "")
    })
}
