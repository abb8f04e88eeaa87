//! Whole runs against the reference server, in this process.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use conformance::call::Credentials;
use conformance::judge::Validators;
use conformance::run::{self, Observer, Record, Session, Settings, Writes};
use conformance::wire::{Limits, Wire};
use conformance::workflow::{self, Workflow};
use generator::contract::Api as Contract;
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::disk::Disk;
use generator::document::Node;
use generator::source::Source;
use globset::GlobSet;
use reference::{Api, Fault, Server};
use serde::Deserialize;
use serde_json::Value;

use crate::specs;

/// How many runs are under way at a time. They wait more than they work.
const WORKERS: usize = 6;

/// As much stack as a program begins with, since here checker and server are on one thread.
const STACK: usize = 8 << 20;

/// A change of a document's text, so that it promises what the server keeps anyway.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    find: String,
    replace: String,
}

/// A document with its workflows, and what a user would configure.
pub(crate) struct Subject {
    pub(crate) contract: Contract,
    trees: BTreeMap<Arc<str>, Node>,
    workflows: Vec<Workflow>,
    configuration: Configuration,
}

/// As in `reference.toml` beside the spec.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Configuration {
    header: Vec<String>,
    param: Vec<String>,
    input: Vec<String>,
}

impl Subject {
    /// Reads a shipped document with changes.
    pub(crate) fn read(api: Api, edits: &[Edit]) -> Self {
        let folder = specs().join(api.name());
        let mut text = std::fs::read_to_string(folder.join("openapi.yaml")).unwrap();
        for edit in edits {
            assert!(text.contains(&edit.find), "{api}: the document has no {:?}", edit.find);
            text = text.replace(&edit.find, &edit.replace);
        }
        let source = Source::new(format!("specs/{api}/openapi.yaml"), text);
        let reading =
            generator::read(&source, &Disk(&specs::root()), &generator::Limits::default());
        let problems = render(&reading.diagnostics, [&source], Colour::Never);
        assert!(!reading.diagnostics.has_errors(), "{problems}");
        let trees = reading.trees();
        let contract = reading.api.unwrap();
        let workflows = workflows(&folder.join("workflows.arazzo.yaml"), &contract);
        let configuration = std::fs::read_to_string(folder.join("reference.toml")).unwrap();
        let configuration = toml::from_str(&configuration).unwrap();
        Self { contract, trees, workflows, configuration }
    }

    /// Checks a server by every rule.
    pub(crate) fn check(&self, api: Api, fault: Option<&'static Fault>, case: Case) -> Record {
        self.check_part(api, fault, case, None)
    }

    /// Checks a server by the rules and on the subjects that a filter lets through.
    pub(crate) fn check_part(
        &self,
        api: Api,
        fault: Option<&'static Fault>,
        case: Case,
        filter: Option<GlobSet>,
    ) -> Record {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::start(api, fault).await.unwrap();
            self.check_with(Settings { filter, ..self.settings(&server.url(), case) }).await
        })
    }

    /// Checks what is there by every rule.
    pub(crate) async fn check_at(&self, url: &str, case: Case) -> Record {
        self.check_with(self.settings(url, case)).await
    }

    async fn check_with(&self, settings: Settings) -> Record {
        let validators = Validators::new(self.trees.clone(), self.contract.schemas.clone());
        let wire = Wire::new(settings.target.clone(), Limits::default());
        let stopped = Rc::new(Cell::new(false));
        let session = Session::new(&self.contract, &validators, &wire, &settings, stopped);
        run::run(&session, &self.workflows, &Quiet).await;
        session.into_record()
    }

    fn settings(&self, url: &str, case: Case) -> Settings {
        let configuration = &self.configuration;
        let header = |text: &String| {
            let (name, value) = text.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        Settings {
            target: url.parse().unwrap(),
            credentials: Credentials { headers: configuration.header.iter().map(header).collect() },
            parameters: pairs(&configuration.param),
            inputs: pairs(&configuration.input),
            filter: None,
            seed: case.seed,
            run_id: "it".to_owned(),
            writes: Writes::Allowed,
            cases: case.cases,
            shrinks: case.shrinks,
            patience: Duration::from_secs(6),
        }
    }
}

/// The APIs whose reference server is checked: those with a configuration for it beside the spec.
pub(crate) fn checked() -> impl Iterator<Item = Api> + Clone {
    let is_checked = |api: &Api| specs().join(api.name()).join("reference.toml").is_file();
    Api::ALL.into_iter().filter(is_checked)
}

/// How a server is checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) cases: u32,
    pub(crate) shrinks: u32,
}

fn workflows(path: &Path, contract: &Contract) -> Vec<Workflow> {
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let source = Source::new("workflows.arazzo.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let workflows = workflow::read(&source, &mut diagnostics);
    workflow::check(&workflows, contract, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{}", render(&diagnostics, [&source], Colour::Never));
    workflows
}

fn pairs(texts: &[String]) -> BTreeMap<String, Value> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').unwrap();
        (name.to_owned(), Value::from(value))
    };
    texts.iter().map(pair).collect()
}

/// What stands in a file of `tests/data`.
pub(crate) fn data<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs")
}

struct Quiet;

impl Observer for Quiet {
    fn began(&self, _number: usize, _of: usize, _subject: &str) {}
}

/// Does every piece of work, several at a time, and gives what came of them in order.
pub(crate) fn each<T: Sync, R: Send>(work: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            let worker = || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(piece) = work.get(index) else { return };
                    let result = act(piece);
                    done.lock().unwrap().insert(index, result);
                }
            };
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker).unwrap();
        }
    });
    done.into_inner().unwrap().into_values().collect()
}
