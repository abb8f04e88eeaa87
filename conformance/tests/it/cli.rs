//! Every exit code is reached, and a run that is stopped leaves nothing behind that it does not name.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use http::{Response, StatusCode};

use crate::command::{Ran, conformance, data, program};
use crate::sixth::{FAULTS, Fault, HONEST, Harbour, PASS};

/// A quick run against a harbour.
fn arguments(url: &str, pass: &str) -> Vec<String> {
    let spec = data("sixth/openapi.yaml");
    let pass = format!("Harbour-Pass: {pass}");
    ["run", "--spec", &spec, "--target", url, "--header", &pass, "--param", "quay=N7"]
        .into_iter()
        .chain(["--seed", "1", "--run-id", "it", "--cases", "2"])
        .map(str::to_owned)
        .collect()
}

fn run(url: &str, pass: &str, more: &[&str]) -> Ran {
    let arguments = arguments(url, pass);
    let arguments: Vec<_> =
        arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    conformance(&arguments)
}

fn fault(name: &str) -> &'static Fault {
    FAULTS.iter().find(|fault| fault.name == name).unwrap()
}

#[test]
fn code_0_says_that_a_server_is_conformant() {
    let ran = run(Harbour::open(&HONEST).url(), PASS, &[]);
    assert_eq!((ran.code, ran.stdout.lines().last()), (0, Some("conformant")), "{}", ran.stdout);
    assert!(ran.stderr.contains("] lookUpCall"), "no progress: {}", ran.stderr);
}

#[test]
fn code_1_says_that_a_server_is_not() {
    let ran = run(Harbour::open(fault("allows-nothing")).url(), PASS, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().last(), Some("not conformant"));
    for part in
        ["FAIL headers.allow on ", "405 comes without Allow", "curl -i -X ", "< HTTP/1.1 405"]
    {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
}

#[test]
fn code_2_says_that_the_command_or_a_document_cannot_be_used() {
    let (spec, broken) = (data("sixth/openapi.yaml"), data("workflows/broken.arazzo.yaml"));
    let (no_file, no_spec) = (data("sixth/none.yaml"), data("mutants.yaml"));
    let (url, idle) = ("http://127.0.0.1:1", data("sixth/idle.overlay.yaml"));
    let table: &[(&[&str], &str)] = &[
        (&[], "Usage:"),
        (&["walk"], "unrecognized subcommand"),
        (&["run"], "--spec FILE is missing"),
        (&["run", "--spec", &spec], "--target URL is missing"),
        (&["run", "--spec", &spec, "--target", "harbour"], "not a URL"),
        (&["run", "--spec", &spec, "--target", url, "--sail"], "--sail"),
        (&["run", "--spec", &spec, "--target", url, "--header", "none"], "the colon is missing"),
        (&["run", "--spec", &spec, "--target", url, "--param", "quay"], "takes name=value"),
        (&["run", "--spec", &spec, "--target", url, "--filter", "["], "--filter ["),
        (&["run", "--spec", &spec, "--target", url, "--report", "xml=f"], "json=FILE"),
        (&["run", "--spec", &spec, "--target", url, "--run-id", "A b"], "--run-id"),
        (&["run", "--spec", &spec, "--target", url, "--patience=-1"], "--patience -1"),
        (&["run", "--spec", &spec, "--target", url, "--config", &no_file], "none.yaml"),
        (&["run", "--spec", &no_file, "--target", url], "none.yaml"),
        (&["run", "--spec", &no_spec, "--target", url], "every problem is listed above"),
        (&["run", "--spec", &spec, "--target", url, "--workflows", &broken], "broken.arazzo.yaml:"),
        (&["list", "--spec", &no_file], "none.yaml"),
        (&["list", "--spec", &spec, "--overlay", &no_file], "none.yaml"),
        (&["list", "--spec", &spec, "--overlay", &idle], "error[no-match]"),
        (&["run", "--spec", &spec, "--target", url, "--overlay", &idle], "idle.overlay.yaml:4:13"),
        (&["replay", &no_file], "none.yaml"),
        (&["replay", &spec], "openapi.yaml"),
    ];
    for (arguments, why) in table {
        let ran = conformance(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(why), "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{arguments:?}");
    }
}

#[test]
fn an_overlay_is_part_of_the_document() {
    let (spec, overlay) = (data("sixth/openapi.yaml"), data("sixth/overlay.yaml"));
    let listed = conformance(&["list", "--spec", &spec]);
    let overlaid = conformance(&["list", "--spec", &spec, "--overlay", &overlay]);
    assert!(listed.stdout.contains("craneLog (GET "), "{}", listed.stdout);
    assert_eq!((overlaid.code, overlaid.stdout.contains("craneLog")), (0, false));

    let harbour = Harbour::open(&HONEST);
    let only = ["--filter", "cranesBySheet/body.schema", "--overlay", &overlay];
    let ran = run(harbour.url(), PASS, &only);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains(&format!("says {overlay}:")), "{}", ran.stdout);
}

#[test]
fn code_3_says_that_nobody_answered() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = run(&format!("http://{closed}"), PASS, &[]);
    assert_eq!((ran.code, ran.stdout.lines().last()), (3, Some("unreachable")), "{}", ran.stdout);
    assert!(
        ran.stdout.lines().nth(3).unwrap().starts_with("NOT PROVED: the target gave no answer")
    );
}

#[test]
fn code_4_says_that_nothing_was_proved() {
    let harbour = Harbour::open(&HONEST);
    let wrong = run(harbour.url(), "a-wrong-pass", &[]);
    assert_eq!((wrong.code, wrong.stdout.lines().last()), (4, Some("not proved")));
    // It is said first, before what was found.
    let said = wrong.stdout.lines().nth(3).unwrap();
    assert!(said.starts_with("NOT PROVED: no documented success from berthsOfQuay, "), "{said}");

    let none = run(harbour.url(), PASS, &["--filter", "nothing/at.all"]);
    assert_eq!((none.code, none.stdout.lines().last()), (4, Some("not proved")));
    assert!(none.stdout.contains("NOT PROVED: nothing was tried"), "{}", none.stdout);
}

#[test]
fn what_a_filter_leaves_out_does_not_count() {
    let harbour = Harbour::open(fault("allows-nothing"));
    let ran = run(harbour.url(), PASS, &["--filter", "cranesBySheet/paging.*"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("not looked at: "), "{}", ran.stdout);
}

#[test]
fn a_configuration_file_says_what_the_command_line_does_not() {
    let harbour = Harbour::open(&HONEST);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("conformance.toml");
    let text = format!(
        "spec = {:?}\ntarget = {:?}\nheader = [\"Harbour-Pass: {PASS}\"]\nparam = [\"quay=N7\"]\nseed = 7\ncases = 2\nfilter = [\"callsNow/*\"]\n",
        data("sixth/openapi.yaml"),
        harbour.url()
    );
    std::fs::write(&file, text).unwrap();
    let arguments = ["run", "--config", file.to_str().unwrap(), "--seed", "8"];
    let ran = conformance(&arguments);
    assert_eq!(ran.code, 0, "{}{}", ran.stderr, ran.stdout);
    assert!(ran.stdout.contains(", seed 8, "), "{}", ran.stdout);

    std::fs::write(&file, format!("header = [\"Harbour-Pass: {PASS}\"\nseed = 1\n")).unwrap();
    let ran = conformance(&arguments);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("conformance.toml"), "{}", ran.stderr);
    assert!(!ran.stderr.contains(PASS), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_removed_is_printed_with_the_command_that_does() {
    let stuck = Box::leak(Box::new(Fault {
        answer: |request, answer| match request.method().as_str() {
            "DELETE" => refusal(),
            _ => answer,
        },
        request: |request| match request.method().as_str() {
            "DELETE" => looking(request),
            _ => request,
        },
        ..HONEST
    }));
    let ran = run(Harbour::open(stuck).url(), PASS, &["--filter", "announceCall/*"]);
    let left: Vec<_> =
        ran.stdout.lines().skip_while(|line| !line.starts_with("not removed: ")).take(2).collect();
    let [name, command] = left[..] else { panic!("{}", ran.stdout) };
    assert!(name.contains("conformance-it-") && name.ends_with(" (500)"), "{name}");
    assert!(command.starts_with("  curl -i -X DELETE "), "{command}");
    assert!(command.contains("\"Harbour-Pass: ${HARBOUR_PASS}\""), "{command}");
}

/// The answer of a server that is at its end.
fn refusal() -> Response<bytes::Bytes> {
    let mut answer = Response::new(bytes::Bytes::new());
    *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    answer
}

/// Leaves what is to be deleted where it is, and the method as it was sent.
fn looking(mut request: http::Request<bytes::Bytes>) -> http::Request<bytes::Bytes> {
    *request.uri_mut() = "/nowhere".parse().unwrap();
    request
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_removes_what_it_created() {
    // Slow enough to be interrupted in the middle.
    let slow = Box::leak(Box::new(Fault {
        request: |request| {
            std::thread::sleep(Duration::from_millis(15));
            request
        },
        ..HONEST
    }));
    let harbour = Harbour::open(slow);
    let arguments = arguments(harbour.url(), PASS);
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut child =
        program(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut progress = BufReader::new(child.stderr.take().unwrap()).lines();
    let begun = progress.by_ref().map(Result::unwrap).find(|line| line.ends_with("] lookUpCall"));
    assert!(begun.is_some(), "the run ended too early");
    while !calls(harbour.url()).contains("conformance-it-") {
        std::thread::sleep(Duration::from_millis(5));
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.unwrap().success());
    let told: Vec<_> = progress.map(Result::unwrap).collect();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert!(told.contains(&"stopping; what was created is removed first".to_owned()), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("] strikeCall")), "it went on: {told:?}");
    assert!(ran.stdout.trim_end().ends_with("(stopped before its end)"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("not removed"), "{}", ran.stdout);
    assert!(!calls(harbour.url()).contains("conformance-it-"), "something is left");
}

/// The calls of a harbour, as they are sent.
fn calls(url: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let request = format!("GET /calls HTTP/1.1\r\nHost: harbour\r\nHarbour-Pass: {PASS}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}
