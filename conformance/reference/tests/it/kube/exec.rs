//! Processes beside the main one: input, output, ends, terminals.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use kube::api::{AttachParams, AttachedProcess, PostParams, TerminalSize};
use reference::Api;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use super::{Cluster, pod, refusal, refused, resting, running, soon};

/// Output and errors, each to its end, and how the process ended.
async fn outcome(mut process: AttachedProcess) -> (String, String, Status) {
    let status = process.take_status().unwrap();
    let (stdout, stderr) = (process.stdout(), process.stderr());
    let (stdout, stderr, status) =
        soon(async { tokio::join!(all(stdout), all(stderr), status) }).await;
    soon(process.join()).await.unwrap();
    (stdout, stderr, status.expect("there is no status"))
}

async fn all(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut text = String::new();
    if let Some(mut stream) = stream {
        stream.read_to_string(&mut text).await.unwrap();
    }
    text
}

/// Reads until a text has come; what came is told if it does not.
pub(super) async fn read_until(stream: &mut (impl AsyncRead + Unpin), wanted: &str) -> String {
    let mut text = String::new();
    let reading = async {
        let mut buffer = [0; 256];
        while !text.contains(wanted) {
            let count = stream.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "it ended with {text:?}");
            text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        }
    };
    soon(reading).await;
    text
}

/// The word of a status, its reason, and what its causes say.
fn told(status: &Status) -> (&str, &str, Vec<(&str, &str)>) {
    let details = status.details.as_ref();
    let causes = details.and_then(|it| it.causes.as_deref()).unwrap_or_default();
    let causes = causes.iter().map(|cause| {
        (cause.reason.as_deref().unwrap_or_default(), cause.message.as_deref().unwrap_or_default())
    });
    (
        status.status.as_deref().unwrap_or_default(),
        status.reason.as_deref().unwrap_or_default(),
        causes.collect(),
    )
}

#[tokio::test]
async fn input_goes_in_comes_out_and_ends() {
    let cluster = Cluster::start(Api::Openshift).await;
    let params = AttachParams::default().stdin(true).stderr(false);
    let mut process = soon(cluster.pods().exec("web-0", ["cat"], &params)).await.unwrap();
    let mut stdin = process.stdin().unwrap();
    assert!(process.stderr().is_none());
    soon(stdin.write_all(b"hello\nworld")).await.unwrap();
    soon(stdin.shutdown()).await.unwrap();
    let (stdout, _, status) = outcome(process).await;
    assert_eq!(stdout, "hello\nworld");
    assert_eq!(told(&status), ("Success", "", vec![]));
}

#[tokio::test]
async fn exit_codes_and_errors_are_told_apart() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    for (script, stdout, stderr, code) in [
        ("true", "", "", 0),
        ("exit 3", "", "", 3),
        ("echo out; echo err >&2; exit 255", "out\n", "err\n", 255),
        ("printf 'a\\nb'; nonsense", "a\nb", "nonsense: command not found\n", 127),
    ] {
        let command = ["sh", "-c", script];
        let process = soon(pods.exec("web-0", command, &AttachParams::default())).await.unwrap();
        let (out, err, status) = outcome(process).await;
        assert_eq!((out.as_str(), err.as_str()), (stdout, stderr), "{script}");
        let number = code.to_string();
        let expected = match code {
            0 => ("Success", "", vec![]),
            _ => ("Failure", "NonZeroExitCode", vec![("ExitCode", number.as_str())]),
        };
        assert_eq!(told(&status), expected, "{script}");
    }
}

#[tokio::test]
async fn only_what_is_asked_for_comes() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let command = ["sh", "-c", "echo out; echo err >&2"];
    for (params, stdout, stderr) in [
        (AttachParams::default().stderr(false), "out\n", ""),
        (AttachParams::default().stdout(false), "", "err\n"),
        (AttachParams::default().container("main"), "out\n", "err\n"),
    ] {
        let process = soon(pods.exec("web-0", command, &params)).await.unwrap();
        let (out, err, status) = outcome(process).await;
        assert_eq!((out.as_str(), err.as_str()), (stdout, stderr), "{params:?}");
        assert_eq!(told(&status).0, "Success");
    }
}

#[tokio::test]
async fn a_megabyte_passes_through_whole() {
    let cluster = Cluster::start(Api::Openshift).await;
    let params = AttachParams::default().stdin(true).stderr(false);
    let mut process = soon(cluster.pods().exec("web-0", ["cat"], &params)).await.unwrap();
    let sent: String = (0..100_000).map(|number| format!("line {number:05}\n")).collect();
    let bytes = sent.clone().into_bytes();
    let mut stdin = process.stdin().unwrap();
    let writing = tokio::spawn(async move {
        stdin.write_all(&bytes).await.unwrap();
        stdin.shutdown().await.unwrap();
    });
    let (stdout, _, status) = outcome(process).await;
    soon(writing).await.unwrap();
    assert!(stdout == sent, "{} bytes of {}", stdout.len(), sent.len());
    assert_eq!(told(&status).0, "Success");
}

#[tokio::test]
async fn a_terminal_echoes_and_has_one_output() {
    let cluster = Cluster::start(Api::Openshift).await;
    let params = AttachParams::interactive_tty();
    let mut process = soon(cluster.pods().exec("web-0", ["sh"], &params)).await.unwrap();
    let (mut stdin, mut stdout) = (process.stdin().unwrap(), process.stdout().unwrap());
    let status = process.take_status().unwrap();
    soon(stdin.write_all(b"echo hel''lo; echo err''or >&2\n")).await.unwrap();
    let text = read_until(&mut stdout, "error\r\n").await;
    assert!(text.contains("echo hel''lo; echo err''or >&2\r\n"), "{text:?}");
    assert!(text.contains("hello\r\n"), "{text:?}");
    soon(stdin.write_all(b"exit 4\n")).await.unwrap();
    let status = soon(status).await.unwrap();
    assert_eq!(told(&status), ("Failure", "NonZeroExitCode", vec![("ExitCode", "4")]));
}

#[tokio::test]
async fn a_terminal_takes_the_size_that_it_is_given() {
    let cluster = Cluster::start(Api::Openshift).await;
    let params = AttachParams::interactive_tty();
    let mut process = soon(cluster.pods().exec("web-0", ["sh"], &params)).await.unwrap();
    let (mut stdin, mut stdout) = (process.stdin().unwrap(), process.stdout().unwrap());
    let mut sizes = process.terminal_size().unwrap();
    for (width, height) in [(120, 40), (33, 101)] {
        sizes.try_send(TerminalSize { width, height }).unwrap();
        let wanted = format!("{height} {width}\r\n");
        // Nothing says that a size is sent before the input that follows it.
        let asking = async {
            loop {
                stdin.write_all(b"stty size; echo do''ne\n").await.unwrap();
                if read_until(&mut stdout, "done\r\n").await.contains(&wanted) {
                    return;
                }
            }
        };
        soon(asking).await;
    }
    soon(stdin.write_all(b"exit\n")).await.unwrap();
    let status = soon(process.take_status().unwrap()).await.unwrap();
    assert_eq!(told(&status).0, "Success");
}

#[tokio::test]
async fn a_command_that_does_not_exist_fails_on_the_connection() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let process = soon(pods.exec("web-0", ["nonsense"], &AttachParams::default())).await.unwrap();
    let (stdout, stderr, status) = outcome(process).await;
    assert_eq!((stdout.as_str(), stderr.as_str()), ("", ""));
    let (word, reason, causes) = told(&status);
    assert_eq!((word, reason), ("Failure", "InternalError"));
    assert!(causes[0].1.contains("executable file not found"), "{causes:?}");
}

#[tokio::test]
async fn what_cannot_be_connected_is_refused_before_the_upgrade() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let shell = async |name: &str, params: AttachParams| {
        refused(soon(pods.exec(name, ["sh"], &params)).await)
    };
    assert_eq!(shell("nobody", AttachParams::default()).await, refusal(404, "NotFound"));
    let other = AttachParams::default().container("other");
    assert_eq!(shell("web-0", other).await, refusal(400, "BadRequest"));
    let mut waiting = resting("waiting");
    waiting.spec.as_mut().unwrap().scheduler_name = Some("nobody".to_owned());
    soon(pods.create(&PostParams::default(), &waiting)).await.unwrap();
    assert_eq!(shell("waiting", AttachParams::default()).await, refusal(400, "BadRequest"));
}

#[tokio::test]
async fn processes_do_not_touch_the_main_one() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    soon(pods.create(&PostParams::default(), &pod("host", &["sleep", "600"]))).await.unwrap();
    soon(running(&pods, "host")).await;
    let params = AttachParams::default().stdin(true);
    let abandoned = soon(pods.exec("host", ["cat"], &params)).await.unwrap();
    drop(abandoned);
    let process =
        soon(pods.exec("host", ["echo", "still", "here"], &AttachParams::default())).await.unwrap();
    assert_eq!(outcome(process).await.0, "still here\n");
    let host = soon(pods.get("host")).await.unwrap();
    assert_eq!(super::phase(&host), "Running");
    let states = host.status.unwrap().container_statuses.unwrap();
    assert_eq!(states[0].restart_count, 0);
}
