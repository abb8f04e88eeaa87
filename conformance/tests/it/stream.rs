//! Frames, upgrades and workflows of a fictitious relay, judged on what scripted servers play. The cases are data.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use conformance::call::{Call, CallBody, Credentials, Intent};
use conformance::judge::Validators;
use conformance::mock::{Act, ScriptServer};
use conformance::rule::Rule;
use conformance::run::{self, Observer, Record, Session, Settings, Writes};
use conformance::verdict::{Judgement, Outcome};
use conformance::wire::{Limits, Wire};
use conformance::workflow::{self, Workflow};
use generator::contract::{Api, Fault, Location, MediaType, OperationId, Place};
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::source::{NoFiles, Source};
use serde::Deserialize;
use serde_json::Value;

const SPEC: &str = include_str!("../data/streams/openapi.yaml");
const WORKFLOWS: &str = include_str!("../data/streams/workflows.arazzo.yaml");

/// What a server does on a connection, as the cases write it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Deed {
    Named(Named),
    Head(Head),
    Hex { hex: String },
    Text { text: String },
    Repeat { repeat: Repeat },
    Pause { pause: u64 },
}

/// A deed that needs no more than its name.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Named {
    Switch,
    PlainSwitch,
    Json,
    ReadToEnd,
    Echo,
    Flood,
    Reset,
}

#[derive(Debug, Deserialize)]
struct Repeat {
    text: String,
    times: usize,
}

#[derive(Debug, Default, Deserialize)]
struct Head {
    head: String,
    #[serde(rename = "type")]
    media_type: Option<String>,
    length: Option<usize>,
    upgrade: Option<String>,
    connection: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeCase {
    name: String,
    operation: String,
    offer: Option<String>,
    body: Option<Value>,
    #[serde(default)]
    query: BTreeMap<String, Value>,
    refuse: Option<String>,
    acts: Vec<Deed>,
    #[serde(default)]
    found: BTreeSet<String>,
    passed: Option<BTreeSet<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlayCase {
    name: String,
    workflow: String,
    parts: Vec<Vec<Deed>>,
    #[serde(default)]
    once: bool,
    #[serde(default)]
    guarded: bool,
    #[serde(default)]
    found: BTreeSet<String>,
    #[serde(default)]
    passed: BTreeSet<String>,
    #[serde(default)]
    asked: Vec<String>,
}

impl Deed {
    fn act(&self) -> Act {
        match self {
            Self::Named(named) => named.act(),
            Self::Head(head) => Act::write(head.text()),
            Self::Hex { hex } => Act::write(from_hex(hex)),
            Self::Text { text } => Act::write(text.clone()),
            Self::Repeat { repeat } => Act::write(repeat.text.repeat(repeat.times)),
            Self::Pause { pause } => Act::Pause(Duration::from_millis(*pause)),
        }
    }
}

impl Named {
    fn act(&self) -> Act {
        match self {
            Self::Switch => head("101 Go", "application/x-relay", true),
            Self::PlainSwitch => head("101 Go", "application/x-relay-plain", true),
            Self::Json => head("200 OK", "application/json", false),
            Self::ReadToEnd => Act::ReadToEnd,
            Self::Echo => Act::Echo,
            Self::Flood => Act::Flood(Bytes::from_static(&[b'x'; 64 * 1024])),
            Self::Reset => Act::Reset,
        }
    }
}

fn head(status: &str, media_type: &str, switches: bool) -> Act {
    let field = |value: &str| switches.then(|| value.to_owned());
    let head = Head {
        head: status.to_owned(),
        media_type: Some(media_type.to_owned()),
        upgrade: field("relay"),
        connection: field("Upgrade"),
        ..Head::default()
    };
    Act::write(head.text())
}

impl Head {
    fn text(&self) -> String {
        let mut text = format!("HTTP/1.1 {}\r\n", self.head);
        let mut field = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        };
        field("Content-Type", self.media_type.clone());
        field("Content-Length", self.length.map(|length| length.to_string()));
        field("Upgrade", self.upgrade.clone());
        field("Connection", self.connection.clone());
        text + "\r\n"
    }
}

fn from_hex(text: &str) -> Bytes {
    let digits: Vec<_> = text.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn part(deeds: &[Deed]) -> Vec<Act> {
    let mut acts = vec![Act::ReadRequest];
    acts.extend(deeds.iter().map(Deed::act));
    acts
}

/// The contract, and the schemas it rests on.
fn relay() -> (Api, Validators) {
    let source = Source::new("openapi.yaml", SPEC);
    let reading = generator::read(&source, &NoFiles, &generator::Limits::default());
    let problems = render(&reading.diagnostics, [&source], Colour::Never);
    assert!(problems.is_empty(), "{problems}");
    let trees = reading.trees();
    let api = reading.api.unwrap();
    let validators = Validators::new(trees, api.schemas.clone());
    (api, validators)
}

fn workflows(api: &Api) -> Vec<Workflow> {
    let source = Source::new("workflows.arazzo.yaml", WORKFLOWS);
    let mut diagnostics = Diagnostics::default();
    let workflows = workflow::read(&source, &mut diagnostics);
    workflow::check(&workflows, api, &mut diagnostics);
    let problems = render(&diagnostics, [&source], Colour::Never);
    assert!(problems.is_empty(), "{problems}");
    workflows
}

fn settings(target: &str) -> Settings {
    Settings {
        target: target.parse().unwrap(),
        credentials: Credentials::default(),
        parameters: BTreeMap::new(),
        inputs: BTreeMap::new(),
        filter: None,
        seed: 1,
        run_id: "r1".to_owned(),
        writes: Writes::Allowed,
        cases: 1,
        shrinks: 0,
        patience: Duration::from_millis(800),
    }
}

fn call(case: &ExchangeCase) -> Call {
    let intent = match &case.refuse {
        None => Intent::Part,
        Some(fault) => Intent::Refuse {
            fault: Fault::ALL.iter().find(|(name, _)| name == fault).unwrap().1,
            rule: Rule::LifecycleMissing,
            what: case.name.clone(),
            place: Box::new(Place {
                source: "openapi.yaml".into(),
                pointer: generator::contract::Pointer::root(),
                line: 1,
                column: 1,
            }),
        },
    };
    let mut call = Call::new(OperationId(case.operation.clone()), intent);
    if case.operation == "talk" {
        call = call.with(Location::Path, "line", "a");
    }
    for (name, value) in &case.query {
        call = call.with(Location::Query, name, value.clone());
    }
    call.upgrade = case.offer.iter().cloned().collect();
    if let Some(body) = &case.body {
        call.body = CallBody::Json(MediaType("application/json".to_owned()), body.clone());
    }
    call
}

/// What is found, and what passed, in the chapters that streams are about.
fn sorted<'j>(
    judgements: impl Iterator<Item = (Rule, Outcome)> + 'j,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut found, mut passed) = (BTreeSet::new(), BTreeSet::new());
    for (rule, outcome) in judgements {
        match outcome {
            Outcome::Pass => passed.insert(rule.to_string()),
            outcome => found.insert(format!("{} {rule}", outcome.word())),
        };
    }
    (found, passed)
}

fn is_of_streams(judgement: &Judgement) -> bool {
    matches!(judgement.rule.chapter(), "frame" | "upgrade")
}

#[tokio::test]
async fn exchanges_are_judged_by_their_bytes() {
    let cases: Vec<ExchangeCase> =
        serde_yaml::from_str(include_str!("../data/streams/exchanges.yaml")).unwrap();
    let (api, validators) = relay();
    for case in cases {
        let server = ScriptServer::start(vec![part(&case.acts)]).await.unwrap();
        let settings = settings(&server.url());
        let wire = Wire::new(settings.target.clone(), Limits::default());
        let session = Session::new(&api, &validators, &wire, &settings, Rc::new(Cell::new(false)));
        let call = call(&case);
        let operation = api.operation(&call.operation).unwrap();
        let exchange = session.attempt(operation, &call).await;
        let judged = exchange.judgements.iter().filter(|judgement| is_of_streams(judgement));
        let (found, passed) = sorted(judged.map(|judgement| (judgement.rule, judgement.outcome)));
        assert_eq!(found, case.found, "{}: {:#?}", case.name, exchange.judgements);
        if let Some(expected) = case.passed {
            assert_eq!(passed, expected, "{}", case.name);
        }
    }
}

struct Silent;

impl Observer for Silent {
    fn began(&self, _number: usize, _of: usize, _subject: &str) {}
}

/// Runs one workflow against a server that plays these parts; tells what was recorded and what was asked.
async fn played(case: &PlayCase) -> (Record, Vec<String>) {
    played_until(case, usize::MAX).await
}

/// The same, stopped by the user as soon as so many connections have asked for something.
async fn played_until(case: &PlayCase, asked: usize) -> (Record, Vec<String>) {
    let (api, validators) = relay();
    let mut parts: Vec<_> = case.parts.iter().map(|deeds| part(deeds)).collect();
    if !case.once {
        parts.extend(parts.clone());
    }
    let server = ScriptServer::start(parts).await.unwrap();
    let filter = globset::Glob::new(&format!("{}/**", case.workflow)).unwrap();
    let settings = Settings {
        filter: Some(globset::GlobSetBuilder::new().add(filter).build().unwrap()),
        writes: if case.guarded { Writes::Forbidden } else { Writes::Allowed },
        ..settings(&server.url())
    };
    let wire = Wire::new(settings.target.clone(), Limits::default());
    let stopped = Rc::new(Cell::new(false));
    let session = Session::new(&api, &validators, &wire, &settings, Rc::clone(&stopped));
    let workflows = workflows(&api);
    let left = {
        let run = run::run(&session, &workflows, &Silent);
        tokio::pin!(run);
        tokio::select! {
            left = &mut run => left,
            () = heard(&server, asked) => {
                stopped.set(true);
                run.await
            }
        }
    };
    assert!(left.is_empty(), "{}: {left:?}", case.name);
    let line = |connection| {
        let heard = server.heard(connection);
        let first = heard.split(|&byte| byte == b'\r').next().unwrap_or_default();
        String::from_utf8_lossy(first).trim_end_matches(" HTTP/1.1").to_owned()
    };
    let asked = (0..server.connections()).map(line).collect();
    (session.into_record(), asked)
}

/// Waits until so many connections have asked for something.
async fn heard(server: &ScriptServer, connections: usize) {
    let has_asked =
        |connection| server.heard(connection).windows(4).any(|bytes| bytes == b"\r\n\r\n");
    while server.connections() < connections || !(0..connections).all(has_asked) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn workflows_are_judged_by_their_scripts() {
    let cases: Vec<PlayCase> =
        serde_yaml::from_str(include_str!("../data/streams/plays.yaml")).unwrap();
    for case in cases {
        let (record, asked) = played(&case).await;
        let verdicts: Vec<_> = record.verdicts().collect();
        let judged = verdicts.iter().map(|verdict| (verdict.rule, verdict.outcome));
        let (found, passed) = sorted(judged);
        assert_eq!(found, case.found, "{}: {verdicts:#?}", case.name);
        if !case.passed.is_empty() {
            assert_eq!(passed, case.passed, "{}", case.name);
        }
        if !case.asked.is_empty() {
            assert_eq!(asked, case.asked, "{}", case.name);
        }
    }
}

#[tokio::test]
async fn an_interrupted_workflow_cleans_up() {
    let text = r#"
name: interrupted in a stream
workflow: lifecycle
parts:
  - [{ head: '201 Made', type: application/json, length: 11 }, { text: '{"key":"k"}' }]
  - [plain-switch, read-to-end]
  - [{ head: '204 Gone' }]
"#;
    let case = serde_yaml::from_str(text).unwrap();
    let (record, asked) = played_until(&case, 2).await;
    assert_eq!(asked, ["POST /lines", "POST /lines/k/talk", "DELETE /lines/k"]);
    assert_eq!(record.verdicts().count(), 0);
}

#[tokio::test]
async fn a_failing_expectation_shows_the_bytes() {
    let cases: Vec<PlayCase> =
        serde_yaml::from_str(include_str!("../data/streams/plays.yaml")).unwrap();
    let mut text = String::new();
    for name in ["everything on one lane", "other bytes", "bytes that are missing"] {
        let case = cases.iter().find(|case| case.name == name).unwrap();
        let (record, _) = played(case).await;
        for finding in record.verdicts().flat_map(|verdict| &verdict.findings) {
            let judgement = &finding.judgement;
            let place = judgement.place.as_ref().map(Place::to_string).unwrap_or_default();
            let dump = judgement.dump.as_deref().unwrap_or_default();
            let outcome = judgement.outcome.word();
            text.push_str(&format!("{outcome} {}\n{}\n", judgement.rule, judgement.message));
            text.push_str(&format!("{place}\n{dump}\n"));
        }
    }
    insta::assert_snapshot!(text);
}
