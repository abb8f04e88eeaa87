//! What a pipeline needs of a server that is not perfect: expected findings, and ways to be let in.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::command::{Ran, conformance, data, program};
use crate::sixth::{FAULTS, Harbour, PASS};

/// Runs against a harbour that sends no `Allow`, with expected findings.
fn expecting(file: &str, more: &[&str]) -> Ran {
    let harbour = Harbour::open(FAULTS.iter().find(|it| it.name == "allows-nothing").unwrap());
    let pass = format!("Harbour-Pass: {PASS}");
    let (spec, known) = (data("sixth/openapi.yaml"), data(file));
    let arguments = ["run", "--spec", &spec, "--target", harbour.url(), "--header", &pass];
    let fixed = ["--param", "quay=N7", "--seed", "1", "--run-id", "it", "--cases", "2"];
    let all: Vec<_> = arguments
        .into_iter()
        .chain(fixed)
        .chain(["--known-failures", &known])
        .chain(more.iter().copied())
        .collect();
    conformance(&all)
}

#[test]
fn expected_findings_are_told_apart_and_fail_no_run() {
    let ran = expecting("known/allow.toml", &[]);
    assert_eq!((ran.code, ran.stdout.lines().last()), (0, Some("conformant")), "{}", ran.stdout);
    assert!(ran.stdout.contains("\nKnown failures\n  FAIL headers.allow on "), "{}", ran.stdout);
    assert!(ran.stdout.contains(": The gate before the harbour drops it.\n"), "{}", ran.stdout);
}

#[test]
fn code_5_says_that_nothing_is_as_bad_as_expected() {
    let ran = expecting("known/idle.toml", &[]);
    assert_eq!(ran.code, 5, "{}", ran.stdout);
    assert!(ran.stdout.contains("NOT FOUND: lookUpCall/body.schema"), "{}", ran.stdout);
    // Of a part of the document no such thing can be said.
    let ran = expecting("known/idle.toml", &["--filter", "headers.*"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[test]
fn what_cannot_be_used_is_told() {
    let (spec, known) = (data("sixth/openapi.yaml"), data("mutants.yaml"));
    let start = ["run", "--spec", &spec, "--target", "http://127.0.0.1:1"];
    let table: &[(&[&str], &str)] = &[
        (&["--known-failures", &known], "mutants.yaml"),
        (&["--context", "there"], "--context needs --kubeconfig"),
        (&["--kubeconfig", &known], "mutants.yaml: "),
        (&["--client-cert", &known], "--client-cert and --client-key go together"),
        (&["--token-env", "NO_SUCH_TOKEN"], "NO_SUCH_TOKEN: "),
        (&["--token-env", "A", "--token-file", "b"], "not both"),
        (&["--token-file", "none"], "none: "),
        (&["--target", "https://127.0.0.1:1", "--ca-file", &known], "no certificate"),
    ];
    for (more, why) in table {
        let start: &[&str] = if more.contains(&"--target") { &start[..3] } else { &start };
        let ran = conformance(&[start, more].concat());
        assert_eq!(ran.code, 2, "{more:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(why), "{more:?}: {}", ran.stderr);
    }
}

#[test]
fn a_token_goes_with_every_request_and_into_no_report() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = vec![0; 4096];
        let length = stream.read(&mut heard).unwrap();
        drop(
            stream.write_all(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        );
        String::from_utf8_lossy(&heard[..length]).into_owned()
    });
    let spec = data("sixth/openapi.yaml");
    let mut command = program(&["run", "--spec", &spec, "--target", &url, "--patience", "0.2"]);
    command.args(["--token-env", "HARBOUR_TOKEN", "--filter", "lookUpCall/status.*"]);
    let ran: Ran = command.env("HARBOUR_TOKEN", "very-secret-token\n").output().unwrap().into();
    assert!(heard.join().unwrap().contains("\r\nAuthorization: Bearer very-secret-token\r\n"));
    assert!(!ran.stdout.contains("very-secret-token"), "{}", ran.stdout);
    assert!(!ran.stderr.contains("very-secret-token"), "{}", ran.stderr);
}
