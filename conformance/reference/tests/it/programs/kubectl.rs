//! `kubectl` against the reference server: its plain verbs on both APIs, and on the one that has them processes, by
//! WebSocket.

use std::ffi::OsStr;

use serde_json::Value;
use tokio::process::Command;

use super::tools::{Ended, Running, Server, ended, skipped};

/// The first minor version that talks WebSocket to processes of its own accord.
const WEBSOCKET: u32 = 31;

/// What it says of output that came before it was ready for it.
const DISCARDED: &str = "discarding message";
/// How often a command is given that discards what it should show.
const TRIES: u32 = 4;

/// A pod that reads its input to the end, once.
const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata: { name: mine, labels: { app: mine } }
spec:
  terminationGracePeriodSeconds: 1
  restartPolicy: Never
  containers:
  - name: main
    image: registry.example/mine:1
    command: [sh, -c, "echo started; cat"]
    stdin: true
    stdinOnce: true
"#;

/// A server, and `kubectl` to talk to it.
struct Bench(Server);

impl Bench {
    /// Everything that a test needs; nothing, with the reason printed, where `kubectl` is not there or older than that
    /// minor version.
    async fn start(api: &str, least: u32) -> Option<Self> {
        let mut version = Command::new("kubectl");
        version.args(["version", "--client", "--output", "json"]);
        let Ok(output) = version.output().await else {
            skipped("there is no kubectl");
            return None;
        };
        let version: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let text = version["clientVersion"]["minor"].as_str().unwrap_or_default();
        let minor: u32 = text.trim_end_matches('+').parse().unwrap_or_default();
        if minor < least {
            skipped(&format!("kubectl is 1.{text}, and this asks for 1.{least}"));
            return None;
        }
        Some(Self(Server::start(api).await))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.0.program("kubectl");
        command.arg("--request-timeout=30s").args(words.iter().map(OsStr::new));
        command
    }

    /// Runs it to its end; once more where it was too slow for what came first, which it then throws away and says so.
    async fn run(&self, words: &[&str]) -> Ended {
        let mut told = ended(self.command(words), "").await;
        for _ in 1..TRIES {
            if !told.stderr.contains(DISCARDED) {
                break;
            }
            told = ended(self.command(words), "").await;
        }
        told
    }

    /// What it says when all goes well.
    async fn said(&self, words: &[&str]) -> String {
        self.run(words).await.said()
    }

    /// Creates the pod and waits until it runs.
    async fn create(&self) {
        let created = ended(self.command(&["create", "-f", "-"]), POD).await.said();
        assert_eq!(created, "pod/mine created\n");
        let ready =
            self.said(&["wait", "pod/mine", "--for=condition=Ready", "--timeout=30s"]).await;
        assert_eq!(ready, "pod/mine condition met\n");
    }
}

#[tokio::test]
async fn lists_are_read_whole_and_in_pieces() {
    for api in ["kubernetes", "openshift"] {
        let Some(bench) = Bench::start(api, 0).await else { return };
        let names = bench.said(&["get", "pods", "-o", "name"]).await;
        let all = ["cart-0", "cart-1", "search-0", "web-0", "web-1"];
        let expected: String = all.map(|name| format!("pod/{name}\n")).concat();
        assert_eq!(names, expected);
        assert_eq!(bench.said(&["get", "pods", "-o", "name", "--chunk-size=2"]).await, expected);
        let table = bench.said(&["get", "pods", "--chunk-size=2"]).await;
        let lines: Vec<Vec<&str>> =
            table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
        assert_eq!(lines[5][..4], ["web-1", "1/1", "Running", "0"]);
        let sorted = bench.said(&["get", "pods", "--sort-by={.status.podIP}"]).await;
        assert_eq!(sorted.lines().count(), 6, "{sorted}");
        let selected = bench.said(&["get", "po", "-A", "-l", "tier=frontend", "-o", "name"]).await;
        assert_eq!(selected.lines().count(), 5);
        let running = ["get", "pods", "--field-selector=status.phase!=Running", "-o", "name"];
        assert_eq!(bench.said(&running).await, "");
        let image = "jsonpath={.spec.containers[0].image}";
        assert_eq!(
            bench.said(&["get", "pod", "web-0", "-o", image]).await,
            "registry.example/web:1"
        );
        let missing = bench.run(&["get", "pod", "nowhere"]).await.complained(1);
        assert_eq!(missing, "Error from server (NotFound): pods \"nowhere\" not found\n");
        let spaces = bench.said(&["get", "namespaces", "-o", "name"]).await;
        assert!(spaces.contains("namespace/default\n") && spaces.contains("namespace/shop\n"));
    }
}

#[tokio::test]
async fn a_watch_shows_changes_as_they_come() {
    let Some(bench) = Bench::start("kubernetes", 0).await else { return };
    let label = "jsonpath={.metadata.name} {.metadata.labels.seen}{\"\\n\"}";
    let mut watch = Running::start(bench.command(&["get", "pods", "-w", "-o", label]));
    watch.until("web-1 \n").await;
    bench.said(&["label", "pod", "cart-1", "seen=yes"]).await;
    watch.until("cart-1 yes\n").await;
    bench.said(&["delete", "pod", "search-0", "--wait=false"]).await;
    watch.until("search-0 \nsearch-0 \n").await;
}

#[tokio::test]
async fn a_watch_shows_rows_of_a_table() {
    let Some(bench) = Bench::start("openshift", 0).await else { return };
    let mut watch = Running::start(bench.command(&["get", "pods", "-w"]));
    watch.until("web-1 ").await;
    bench.said(&["run", "late", "--image=registry.example/late:1", "--command", "--", "cat"]).await;
    watch.until("late ").await;
    watch.until("Pending ").await;
    watch.until("Completed ").await;
}

#[tokio::test]
async fn a_pod_is_created_patched_applied_and_deleted() {
    for api in ["kubernetes", "openshift"] {
        let Some(bench) = Bench::start(api, 0).await else { return };
        bench.create().await;
        let again = ended(bench.command(&["create", "-f", "-"]), POD).await.complained(1);
        assert!(again.contains("(AlreadyExists)"), "{again}");
        let value = "jsonpath={.metadata.labels.step}";
        for (kind, patch, step) in [
            ("strategic", r#"{"metadata":{"labels":{"step":"one"}}}"#, "one"),
            ("merge", r#"{"metadata":{"labels":{"step":"two"}}}"#, "two"),
            (
                "json",
                r#"[{"op":"replace","path":"/metadata/labels/step","value":"three"}]"#,
                "three",
            ),
        ] {
            bench.said(&["patch", "pod", "mine", "--type", kind, "--patch", patch]).await;
            assert_eq!(bench.said(&["get", "pod", "mine", "-o", value]).await, step);
        }
        // What a strategic patch says of a container of that name, it says of no other.
        let image =
            r#"{"spec":{"containers":[{"name":"main","image":"registry.example/mine:2"}]}}"#;
        bench.said(&["patch", "pod", "mine", "--patch", image]).await;
        let containers = "jsonpath={.spec.containers[*].image}";
        let images = bench.said(&["get", "pod", "mine", "-o", containers]).await;
        assert_eq!(images, "registry.example/mine:2");
        let fixed = r#"{"spec":{"nodeName":"elsewhere"}}"#;
        let refused = bench.run(&["patch", "pod", "mine", "--patch", fixed]).await.complained(1);
        assert!(refused.contains("The Pod \"mine\" is invalid: spec: Forbidden: "), "{refused}");
        assert_eq!(bench.said(&["delete", "pod", "mine"]).await, "pod \"mine\" deleted\n");
        bench.run(&["get", "pod", "mine"]).await.complained(1);
    }
}

#[tokio::test]
async fn what_is_declared_is_applied() {
    let Some(bench) = Bench::start("openshift", 0).await else { return };
    let apply = ["apply", "-f", "-"];
    let applied = async |text: &str| ended(bench.command(&apply), text).await.said();
    assert_eq!(applied(POD).await, "pod/mine created\n");
    assert_eq!(applied(POD).await, "pod/mine unchanged\n");
    assert_eq!(applied(&POD.replace("app: mine", "app: yours")).await, "pod/mine configured\n");
    let label = "jsonpath={.metadata.labels.app}";
    assert_eq!(bench.said(&["get", "pod", "mine", "-o", label]).await, "yours");
    let served = bench.command(&["apply", "--server-side", "--force-conflicts", "-f", "-"]);
    assert_eq!(ended(served, POD).await.said(), "pod/mine serverside-applied\n");
    assert_eq!(bench.said(&["get", "pod", "mine", "-o", label]).await, "mine");
    let dry = bench.command(&["delete", "-f", "-", "--dry-run=server"]);
    assert_eq!(ended(dry, POD).await.said(), "pod \"mine\" deleted (server dry run)\n");
    assert_eq!(
        ended(bench.command(&["delete", "-f", "-"]), POD).await.said(),
        "pod \"mine\" deleted\n"
    );
}

#[tokio::test]
async fn a_log_is_read_and_followed() {
    let Some(bench) = Bench::start("openshift", WEBSOCKET).await else { return };
    bench.create().await;
    assert_eq!(bench.said(&["logs", "mine"]).await, "started\n");
    assert_eq!(bench.said(&["logs", "mine", "--limit-bytes=3"]).await, "sta");
    let mut log = Running::start(bench.command(&["logs", "-f", "mine"]));
    log.until("started\n").await;
    let attached = ended(bench.command(&["attach", "-i", "mine"]), "one\ntwo\n").await;
    assert!(attached.said().ends_with("one\ntwo\n"));
    // Its input has ended, and with it the container: so does the log.
    assert_eq!(log.end().await, (Some(0), "started\none\ntwo\n".to_owned()));
    assert_eq!(bench.said(&["logs", "mine", "--tail=1"]).await, "two\n");
}

#[tokio::test]
async fn a_process_is_run_with_input_and_ends_with_its_code() {
    let Some(bench) = Bench::start("openshift", WEBSOCKET).await else { return };
    assert_eq!(bench.said(&["exec", "web-0", "--", "echo", "a b", "c"]).await, "a b c\n");
    let copy = bench.command(&["exec", "-i", "web-0", "--", "sh", "-c", "cat; exit 7"]);
    let copied = ended(copy, "one\ntwo\n").await;
    assert_eq!(copied.stdout, "one\ntwo\n");
    assert_eq!(copied.complained(7), "command terminated with exit code 7\n");
    let said = bench.run(&["exec", "web-0", "--", "sh", "-c", "echo out; echo err >&2"]).await;
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("out\n", "err\n"));
    let missing = bench.run(&["exec", "web-0", "--", "nosuch"]).await.complained(1);
    assert!(missing.contains("executable file not found"), "{missing}");
    let nowhere = bench.run(&["exec", "nowhere", "--", "true"]).await.complained(1);
    assert_eq!(nowhere, "Error from server (NotFound): pods \"nowhere\" not found\n");
}

#[tokio::test]
async fn a_talk_with_a_process_goes_to_and_fro() {
    let Some(bench) = Bench::start("openshift", WEBSOCKET).await else { return };
    let mut cat = Running::start(bench.command(&["exec", "-i", "web-0", "--", "cat"]));
    cat.tell("one\n").await;
    cat.until("one\n").await;
    cat.tell("two\n").await;
    cat.until("one\ntwo\n").await;
    assert_eq!(cat.end().await, (Some(0), "one\ntwo\n".to_owned()));
}

#[tokio::test]
async fn ports_are_refused_for_they_are_carried_as_spdy() {
    let Some(bench) = Bench::start("openshift", WEBSOCKET).await else { return };
    let refused = bench.run(&["port-forward", "web-0", ":80"]).await.complained(1);
    assert!(refused.contains("SPDY is not served; connect with GET and WebSocket"), "{refused}");
}

#[tokio::test]
async fn readers_read_and_the_powerless_do_nothing() {
    let Some(bench) = Bench::start("openshift", WEBSOCKET).await else { return };
    let names = bench.said(&["--context=reader", "get", "pods", "-o", "name"]).await;
    assert_eq!(names.lines().count(), 5);
    let forbidden = |subject: &str, user: &str, what: &str| {
        format!(
            "Error from server (Forbidden): {subject} is forbidden: User \"{user}\" cannot {what} in API group \"\" in the namespace \"default\"\n"
        )
    };
    let delete = bench.run(&["--context=reader", "delete", "pod", "web-0"]).await.complained(1);
    assert_eq!(delete, forbidden("pods \"web-0\"", "reader", "delete resource \"pods\""));
    let exec = bench.run(&["--context=reader", "exec", "web-0", "--", "true"]).await.complained(1);
    assert_eq!(exec, forbidden("pods \"web-0\"", "reader", "create resource \"pods/exec\""));
    let list = bench.run(&["--context=powerless", "get", "pods"]).await.complained(1);
    assert_eq!(list, forbidden("pods", "powerless", "list resource \"pods\""));
    let log = bench.run(&["--context=powerless", "logs", "web-0"]).await.complained(1);
    assert_eq!(log, forbidden("pods \"web-0\"", "powerless", "get resource \"pods\""));
}
