//! `conformance run`.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use indicatif::{ProgressBar, ProgressStyle};

use super::arguments::{RunArguments, pairs};
use super::files::{self, Document};
use super::reach::Reach;
use crate::judge::Validators;
use crate::report::{self, Facts, KnownFailures, Style, Summary};
use crate::run::{Leftover, Observer, Session, Settings, Writes};
use crate::workflow::Workflow;

/// How many generated valid requests an operation gets where nothing is said.
const CASES: u32 = 24;
/// How many tries a failure may take to shrink.
const SHRINKS: u32 = 40;
/// How long one exchange may take where nothing is said, in seconds.
const PATIENCE: f64 = 10.0;

/// Runs, prints the report, writes the others; the exit code.
pub(super) fn run(asked: Box<RunArguments>) -> Result<u8, String> {
    let file = RunArguments::configured(asked.config.as_deref())?;
    let asked = asked.over(file);
    let spec = asked.spec.clone().ok_or_else(|| "--spec FILE is missing".to_owned())?;
    let reach = Reach::asked(&asked)?;
    let settings = settings(&asked, &reach)?;
    let known = known(&asked)?;
    let reports =
        asked.reports.iter().map(|report| Report::parse(report)).collect::<Result<Vec<_>, _>>()?;
    let document = files::read(&spec, &asked.overlays)?;
    let workflows = files::workflows(asked.workflows.as_deref(), &spec, &document.api)?;
    let summary = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?
        .block_on(checked(&document, &workflows, &settings, &reach, &spec));
    let summary = summary.placing(|place| document.overlays.find(place));
    let tried_all = settings.filter.is_none() && !summary.facts.stopped;
    let summary = summary.excusing(&known, tried_all);
    let summary = if asked.strict { summary.strictly() } else { summary };
    for report in reports {
        report.write(&summary)?;
    }
    let coloured = std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    print!("{}", report::terminal(&summary, if coloured { Style::Coloured } else { Style::Plain }));
    Ok(summary.exit.code())
}

async fn checked(
    document: &Document,
    workflows: &[Workflow],
    settings: &Settings,
    reach: &Reach,
    spec: &Path,
) -> Summary {
    let validators = Validators::new(document.trees.clone(), document.api.schemas.clone());
    let wire = reach.wire();
    let stopped = Rc::new(Cell::new(false));
    let session = Session::new(&document.api, &validators, &wire, settings, Rc::clone(&stopped));
    let begun = Instant::now();
    let progress = Progress::new();
    let leftovers = {
        let run = crate::run::run(&session, workflows, &progress);
        tokio::pin!(run);
        tokio::select! {
            left = &mut run => left,
            _ = tokio::signal::ctrl_c() => {
                eprintln!("stopping; what was created is removed first");
                stopped.set(true);
                run.await
            }
        }
    };
    progress.end();
    let leftovers =
        leftovers.into_iter().map(|left| (left.clone(), removal(&session, &left))).collect();
    let facts = Facts {
        spec: spec.display().to_string(),
        title: document.api.title.clone(),
        target: settings.target.url(""),
        seed: settings.seed,
        run_id: settings.run_id.clone(),
        seconds: begun.elapsed().as_secs_f64(),
        waited: session.waited().as_secs_f64(),
        requests: session.with_record(crate::run::Record::requests),
        stopped: stopped.get(),
    };
    Summary::new(&document.api, settings, &session.into_record(), leftovers, facts)
}

/// The command that removes what is left.
fn removal(session: &Session<'_>, left: &Leftover) -> String {
    let operation = session.api.operation(&left.removal.operation);
    let probe = operation.map(|operation| session.probe(operation, &left.removal.call));
    probe.map_or_else(String::new, |probe| {
        report::of(
            &session.settings.target.url(""),
            &crate::run::redact::probe(probe, &session.settings.credentials),
        )
    })
}

/// What is expected to be found; nothing, where no file says so.
fn known(asked: &RunArguments) -> Result<KnownFailures, String> {
    let Some(path) = &asked.known_failures else { return Ok(KnownFailures::default()) };
    let at = |why: String| format!("{}: {why}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| at(error.to_string()))?;
    KnownFailures::read(&text).map_err(at)
}

fn settings(asked: &RunArguments, reach: &Reach) -> Result<Settings, String> {
    let target = reach.target.clone();
    let writes = if asked.allow_writes || target.is_loopback() {
        Writes::Allowed
    } else {
        Writes::Forbidden
    };
    let patience = asked.patience.unwrap_or(PATIENCE);
    Ok(Settings {
        target,
        credentials: reach.credentials.clone(),
        parameters: pairs("param", &asked.parameters)?,
        inputs: pairs("input", &asked.inputs)?,
        filter: filter(&asked.filters)?,
        seed: asked.seed.unwrap_or_else(now),
        run_id: run_id(asked)?,
        writes,
        cases: asked.cases.unwrap_or(CASES),
        shrinks: SHRINKS,
        patience: Duration::try_from_secs_f64(patience)
            .map_err(|error| format!("--patience {patience}: {error}"))?,
    })
}

/// The id is part of names that go into paths and bodies, so it keeps to what any server takes.
fn run_id(asked: &RunArguments) -> Result<String, String> {
    let id = asked.run_id.clone().unwrap_or_else(|| format!("{:x}", now() & 0xff_ffff));
    let plain =
        id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if id.is_empty() || id.len() > 24 || !plain {
        return Err(format!(
            "--run-id {id:?}: takes 1 to 24 lowercase letters, digits and hyphens"
        ));
    }
    Ok(id)
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs() ^ u64::from(since.subsec_nanos())
}

fn filter(globs: &[String]) -> Result<Option<GlobSet>, String> {
    if globs.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        // A pattern without a slash is about rules, of any operation.
        let pattern = if glob.contains('/') { glob.clone() } else { format!("*/{glob}") };
        let glob = GlobBuilder::new(&pattern)
            .build()
            .map_err(|error| format!("--filter {glob}: {error}"))?;
        set.add(glob);
    }
    set.build().map(Some).map_err(|error| format!("--filter: {error}"))
}

/// A report to be written.
enum Report {
    Json(String),
    Junit(String),
}

impl Report {
    fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(("json", file)) if !file.is_empty() => Ok(Self::Json(file.to_owned())),
            Some(("junit", file)) if !file.is_empty() => Ok(Self::Junit(file.to_owned())),
            _ => Err(format!("--report takes json=FILE or junit=FILE, not {text:?}")),
        }
    }

    fn write(&self, summary: &Summary) -> Result<(), String> {
        let (file, text) = match self {
            Self::Json(file) => (file, report::json(summary).map_err(|error| error.to_string())?),
            Self::Junit(file) => (file, report::junit(summary).map_err(|error| error.to_string())?),
        };
        std::fs::write(file, text).map_err(|error| format!("{file}: {error}"))
    }
}

/// A bar where a person looks on, else nothing: the report says it all.
struct Progress(ProgressBar);

impl Progress {
    fn new() -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new(0)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl Observer for Progress {
    fn began(&self, number: usize, of: usize, subject: &str) {
        self.0.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        self.0.set_position(u64::try_from(number).unwrap_or(u64::MAX).saturating_sub(1));
        self.0.set_message(subject.to_owned());
        if self.0.is_hidden() {
            eprintln!("[{number}/{of}] {subject}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(target: &str, allow_writes: bool) -> Writes {
        let asked =
            RunArguments { target: Some(target.to_owned()), allow_writes, ..Default::default() };
        settings(&asked, &Reach::asked(&asked).unwrap()).unwrap().writes
    }

    #[test]
    fn only_this_machine_is_written_to_unasked() {
        for target in ["http://127.0.0.1:1", "http://[::1]:1/base", "http://localhost"] {
            assert_eq!(writes(target, false), Writes::Allowed, "{target}");
        }
        for target in ["http://192.0.2.1", "http://localhost.example.org", "http://[2001:db8::1]"] {
            assert_eq!(writes(target, false), Writes::Forbidden, "{target}");
            assert_eq!(writes(target, true), Writes::Allowed, "{target}");
        }
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file: RunArguments =
            toml::from_str("seed = 1\ncases = 2\nparam = [\"a=1\"]\nallow-writes = true").unwrap();
        let own = RunArguments {
            seed: Some(3),
            parameters: vec!["b=2".to_owned()],
            ..Default::default()
        };
        let both = own.over(file);
        assert_eq!((both.seed, both.cases, both.allow_writes), (Some(3), Some(2), true));
        assert_eq!(both.parameters, ["b=2"]);
    }
}
