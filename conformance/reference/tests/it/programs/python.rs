//! Python's client against the reference server. What it does stands in `client.py`, what must come of it here.
//!
//! Its packages are installed once, below `target`. Without Python or its registry the tests say so and end.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::tools::{Server, ended, skipped};

/// The client, and its version.
const PACKAGE: &str = "kubernetes==37.0.2";

/// How long making the environment may take.
const INSTALLING: Duration = Duration::from_secs(240);

/// An environment's interpreter, or why there is none: made once for all tests.
static PYTHON: OnceCell<Result<PathBuf, String>> = OnceCell::const_new();

/// What the client tells of a scene; nothing, with the reason printed, where there is no client.
async fn scene(name: &str) -> Option<Value> {
    let python = match PYTHON.get_or_init(environment).await {
        Ok(python) => python,
        Err(why) => {
            skipped(&format!("there is no client in Python: {why}"));
            return None;
        }
    };
    let server = Server::start("openshift").await;
    let mut command = server.program(python);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/programs/client.py");
    command.arg(script).arg(name).env("PYTHONDONTWRITEBYTECODE", "1");
    Some(serde_json::from_str(&ended(command, "").await.said()).unwrap())
}

/// Makes the environment, unless it is there. It gets its name when all of it is there.
async fn environment() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let whole = folder.join(format!("python-{}", PACKAGE.replace("==", "-")));
    let python = |environment: &Path| environment.join("bin/python");
    if !python(&whole).is_file() {
        let part = folder.join(format!("python-part-{}", std::process::id()));
        let made = timeout(INSTALLING, make(&part, &python(&part))).await;
        let made = made.unwrap_or_else(|_| Err("installing it takes too long".to_owned()));
        // Somebody else may have been faster.
        let named = made.and_then(|()| match std::fs::rename(&part, &whole) {
            Err(error) if !python(&whole).is_file() => Err(error.to_string()),
            _ => Ok(()),
        });
        drop(std::fs::remove_dir_all(&part));
        named?;
    }
    Ok(python(&whole))
}

async fn make(folder: &Path, python: &Path) -> Result<(), String> {
    let mut venv = Command::new("python3");
    run(venv.args(["-m", "venv"]).arg(folder)).await?;
    let options = ["--quiet", "--no-input", "--retries=1", "--timeout=15", "--only-binary=:all:"];
    run(Command::new(python).args(["-m", "pip", "install"]).args(options).arg(PACKAGE)).await
}

async fn run(command: &mut Command) -> Result<(), String> {
    let command = command.stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.map_err(|error| format!("python3: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().last().unwrap_or("it cannot be installed").to_owned())
}

#[tokio::test]
async fn lists_are_walked_page_by_page() {
    let Some(told) = scene("lists").await else { return };
    let names = |value: &Value| serde_json::from_value::<Vec<String>>(value.clone()).unwrap();
    let pages: Vec<Vec<String>> = serde_json::from_value(told["pages"].clone()).unwrap();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5, 2]);
    assert_eq!(pages.concat(), names(&told["whole"]));
    assert_eq!(names(&told["selected"]), ["cache-0", "cache-1", "web-0", "web-1", "web-2"]);
    assert_eq!(told["started"], true);
}

#[tokio::test]
async fn a_watch_sees_a_life_from_its_beginning_to_its_end() {
    let Some(told) = scene("watches").await else { return };
    let steps: Vec<String> = serde_json::from_value(told).unwrap();
    assert_eq!(steps[..3], ["ADDED", "Pending", "Running"]);
    assert_eq!(steps.last().unwrap(), "DELETED");
}

#[tokio::test]
async fn pods_are_written_and_mistakes_have_their_names() {
    let Some(told) = scene("writes").await else { return };
    let refusals = json!([[409, "AlreadyExists"], [409, "Conflict"], [404, "NotFound"]]);
    assert_eq!(told, json!({ "step": "two", "refusals": refusals, "log": "started\n" }));
}

#[tokio::test]
async fn processes_are_spoken_to() {
    let Some(told) = scene("execs").await else { return };
    let expected = json!({
        "spoken": "a b\n",
        "talk": ["one", "two", "over\n"],
        "code": 7,
        "protocol": "v5.channel.k8s.io",
    });
    assert_eq!(told, expected);
}

#[tokio::test]
async fn ports_are_reached() {
    let Some(told) = scene("ports").await else { return };
    let expected = json!({
        "status": "HTTP/1.1 200 Answer",
        "body": { "method": "GET", "path": "/there", "query": "a=b", "body": "" },
        "errors": [null, "failed to connect to localhost:81 inside the pod: connection refused"],
    });
    assert_eq!(told, expected);
}
