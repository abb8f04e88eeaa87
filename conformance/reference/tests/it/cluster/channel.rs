//! Channels: choosing a protocol, messages both ways, ends, ports.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use reference::{
    cluster::{
        channel::{
            Decoder, Encoder, Message, Outgoing, Protocol, Received, parse_ports, serve,
            serve_ports,
        },
        clock::Clock,
        container::{Connection, End, Run, RunConfig},
        echo,
        kubelet::{ConnectRefusal, ExecRequest, Node, NodeOptions},
        options::WriteOptions,
        pod::Pods,
    },
    exec::Streams,
    process::ExitCode,
    tty::WindowSize,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

const OUT: Streams = Streams { terminal: false, stdin: false, stdout: true, stderr: true };
const ALL: Streams = Streams { stdin: true, ..OUT };
const TERMINAL: Streams = Streams { terminal: true, ..ALL };

fn protocol(name: &str) -> Protocol {
    Protocol::for_process([name]).unwrap()
}

fn message(bytes: &[u8]) -> Message {
    Message { text: false, bytes: Bytes::copy_from_slice(bytes) }
}

#[test]
fn protocols_are_chosen_as_measured() {
    for (offered, chosen) in [
        (&[][..], Ok(None)),
        (&[""], Ok(None)),
        (&["v5.channel.k8s.io"], Ok(Some("v5.channel.k8s.io"))),
        (&["v4.channel.k8s.io", "v5.channel.k8s.io"], Ok(Some("v5.channel.k8s.io"))),
        (&["channel.k8s.io", "v4.channel.k8s.io"], Ok(Some("channel.k8s.io"))),
        (&["foo", "v4.channel.k8s.io"], Ok(Some("v4.channel.k8s.io"))),
        (&["base64.channel.k8s.io"], Ok(Some("base64.channel.k8s.io"))),
        (&["v3.channel.k8s.io"], Err(())),
        (&["v5.base64.channel.k8s.io"], Err(())),
        (&["foo"], Err(())),
    ] {
        let found = Protocol::for_process(offered.iter().copied());
        assert_eq!(found.map(|it| it.name).map_err(|_| ()), chosen, "{offered:?}");
    }
    assert!(Protocol::for_ports(["v5.channel.k8s.io"]).is_err());
    assert_eq!(
        Protocol::for_ports(["v5.channel.k8s.io", "v4.channel.k8s.io"]).unwrap().name,
        Some("v4.channel.k8s.io")
    );
    assert_eq!(
        Protocol::for_log(["base64.binary.k8s.io"]).unwrap().name,
        Some("base64.binary.k8s.io")
    );
}

#[test]
fn messages_of_clients_mean_what_was_measured() {
    let stdin = |text: &'static str| Received::Stdin(Bytes::from_static(text.as_bytes()));
    let size = |columns, rows| Received::Resize(vec![WindowSize { rows, columns }]);
    for (name, bytes, expected) in [
        ("v5.channel.k8s.io", &b"\x00hello"[..], stdin("hello")),
        ("v5.channel.k8s.io", b"", Received::Ignored),
        ("v5.channel.k8s.io", b"\x00", Received::Ignored),
        ("v5.channel.k8s.io", b"\x09zzz", Received::Ignored),
        ("v5.channel.k8s.io", b"\x01zzz", Received::Ignored),
        ("v5.channel.k8s.io", b"\x03zzz", Received::Ignored),
        ("v5.channel.k8s.io", b"\xff\x00", Received::StdinEnd),
        ("v5.channel.k8s.io", b"\xff\x01", Received::Ignored),
        ("v5.channel.k8s.io", b"\xff\x09", Received::Broken),
        ("v5.channel.k8s.io", b"\xff", Received::Broken),
        ("v5.channel.k8s.io", b"\xff\x00\x00", Received::Broken),
        ("v4.channel.k8s.io", b"\xff\x00", Received::Ignored),
        ("v4.channel.k8s.io", b"\x04{\"Width\":101,\"Height\":33}\n", size(101, 33)),
        ("v4.channel.k8s.io", b"\x04{\"width\":80,\"height\":24}", size(80, 24)),
        ("v4.channel.k8s.io", b"\x04{bad", Received::Ignored),
        ("v4.channel.k8s.io", b"\x04{\"Width\":65536,\"Height\":1}", Received::Ignored),
        ("v4.base64.channel.k8s.io", b"0aGVsbG8=", stdin("hello")),
        ("v4.base64.channel.k8s.io", b"0???", Received::Ignored),
        ("v4.base64.channel.k8s.io", b"xaGVsbG8=", Received::Ignored),
    ] {
        assert_eq!(
            Decoder::new(protocol(name)).decode(&message(bytes)),
            expected,
            "{name} {bytes:?}"
        );
    }
    let mut decoder = Decoder::new(protocol("v4.channel.k8s.io"));
    let two = decoder.decode(&message(b"\x04{\"Width\":1,\"Height\":2}{\"Width\":3,\"Height\":4}"));
    assert_eq!(
        two,
        Received::Resize(vec![
            WindowSize { rows: 2, columns: 1 },
            WindowSize { rows: 4, columns: 3 }
        ])
    );
    decoder.decode(&message(b"\x04garbage"));
    assert_eq!(decoder.decode(&message(b"\x04{\"Width\":1,\"Height\":2}")), Received::Ignored);
    assert_eq!(decoder.decode(&message(b"\x00on")), stdin("on"));
}

#[test]
fn ends_are_told_as_measured() {
    let command = ["sh".to_owned(), "-c".to_owned(), "exit 3".to_owned()];
    let told = |name: &str, end: &End| {
        let message = Encoder::new(protocol(name)).end(end, &command)?;
        Some(String::from_utf8(message.bytes.to_vec()).unwrap())
    };
    let three = End::Exit(ExitCode::new(3));
    let fine = End::Exit(ExitCode::SUCCESS);
    assert_eq!(
        told("v5.channel.k8s.io", &fine).unwrap(),
        "\u{3}{\"metadata\":{},\"status\":\"Success\"}"
    );
    assert_eq!(told("v5.channel.k8s.io", &End::Detached), told("v5.channel.k8s.io", &fine));
    assert_eq!(told("channel.k8s.io", &fine), None);
    let fifth: Value = serde_json::from_str(
        told("v5.channel.k8s.io", &three).unwrap().trim_start_matches('\u{3}'),
    )
    .unwrap();
    assert_eq!(
        fifth,
        json!({
            "metadata": {}, "status": "Failure", "reason": "NonZeroExitCode",
            "message": "command terminated with non-zero exit code: command terminated with exit code 3",
            "details": { "causes": [{ "reason": "ExitCode", "message": "3" }] },
        })
    );
    assert!(
        told("v4.channel.k8s.io", &three)
            .unwrap()
            .contains("error executing command [sh -c exit 3], exit code 3")
    );
    assert_eq!(
        told("channel.k8s.io", &three).unwrap(),
        "\u{3}command terminated with non-zero exit code: error executing command [sh -c exit 3], exit code 3"
    );
    assert!(told("v4.base64.channel.k8s.io", &three).unwrap().starts_with("3eyJ"));
    let failed = told("v5.channel.k8s.io", &End::Failed("no".to_owned())).unwrap();
    assert!(
        failed.contains("\"reason\":\"InternalError\"") && failed.contains("\"code\":500"),
        "{failed}"
    );
}

/// A pod that runs, and its node.
async fn running(container: Value) -> (Pods, Node) {
    let pods = Pods::default();
    let node = Node::start(pods.clone(), NodeOptions::default());
    let mut body = json!({ "metadata": { "name": "p" }, "spec": {} });
    body["spec"]["containers"] = json!([container]);
    pods.create("default", &body, &WriteOptions::default()).unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    (pods, node)
}

async fn exec(words: &[&str], streams: Streams) -> Connection {
    let (pods, node) = running(json!({ "name": "c", "image": "x" })).await;
    let command = words.iter().map(ToString::to_string).collect();
    node.exec(&pods.find("default", "p").unwrap(), "c", &ExecRequest { command, streams }).unwrap()
}

/// What comes out when these messages are sent, one a second; the client stays unless it is told to go.
async fn talk(
    connection: Connection,
    name: &str,
    streams: Streams,
    sent: &[&[u8]],
    goes: bool,
) -> Vec<Outgoing> {
    let (sender, mut receiver) = mpsc::channel(64);
    let messages: Vec<Message> = sent.iter().map(|bytes| message(bytes)).collect();
    let incoming = stream::iter(messages).then(|message| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        message
    });
    let stay = stream::pending().take(usize::from(!goes));
    let serving = async {
        let work = serve(connection, protocol(name), streams, &[], incoming.chain(stay), sender);
        tokio::time::timeout(Duration::from_secs(600), work).await.expect("it hangs");
    };
    let reading = async {
        let mut all = Vec::new();
        while let Some(outgoing) = receiver.recv().await {
            all.push(outgoing);
        }
        all
    };
    tokio::join!(serving, reading).1
}

/// The bytes of one channel.
fn channel(all: &[Outgoing], number: u8) -> String {
    let parts = all.iter().filter_map(|outgoing| match outgoing {
        Outgoing::Message(message) => message.bytes.strip_prefix(&[number]),
        Outgoing::Close(_) => None,
    });
    String::from_utf8(parts.flatten().copied().collect()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_process_talks_over_its_channels() {
    let connection = exec(&["sh", "-c", "echo out; echo err >&2; exit 3"], OUT).await;
    let all = talk(connection, "v5.channel.k8s.io", OUT, &[], false).await;
    assert_eq!(all.first(), Some(&Outgoing::Message(message(b"\x01"))));
    assert_eq!(all.last(), Some(&Outgoing::Close(1000)));
    assert_eq!((channel(&all, 1).as_str(), channel(&all, 2).as_str()), ("out\n", "err\n"));
    assert!(channel(&all, 3).contains("\"message\":\"3\""));
    let status = all
        .iter()
        .position(|it| matches!(it, Outgoing::Message(it) if it.bytes.first() == Some(&3)));
    assert_eq!(status, Some(all.len() - 2));
}

#[tokio::test(start_paused = true)]
async fn input_is_carried_and_ended() {
    let cat = || exec(&["cat"], ALL);
    let hello = b"\x00hello";
    let all = talk(
        cat().await,
        "v5.channel.k8s.io",
        ALL,
        &[hello, b"\x09x", b"\x00 world\n", b"\xff\x00"],
        false,
    )
    .await;
    assert_eq!(channel(&all, 1), "hello world\n");
    assert!(channel(&all, 3).contains("Success"));
    // The fourth protocol cannot end the input; the client goes instead, and hears no status.
    let all = talk(cat().await, "v4.channel.k8s.io", ALL, &[hello, b"\xff\x00"], true).await;
    assert_eq!((channel(&all, 1).as_str(), channel(&all, 3).as_str()), ("hello", ""));
    let broken = talk(cat().await, "v5.channel.k8s.io", ALL, &[b"\xff\x09"], false).await;
    assert_eq!(broken, [Outgoing::Message(message(b"\x01")), Outgoing::Close(1000)]);
    // Without input attached the process finds its end at once.
    let quiet = exec(&["cat"], OUT).await;
    let all = talk(quiet, "v4.channel.k8s.io", OUT, &[hello], false).await;
    assert!(channel(&all, 1).is_empty() && channel(&all, 3).contains("Success"));
}

#[tokio::test(start_paused = true)]
async fn a_terminal_has_one_output_and_a_size() {
    let size = b"\x04{\"Width\":101,\"Height\":33}";
    let connection = exec(&["sh", "-c", "sleep 3; stty size; echo err >&2"], TERMINAL).await;
    let all = talk(connection, "v5.channel.k8s.io", TERMINAL, &[size], false).await;
    assert_eq!((channel(&all, 1).as_str(), channel(&all, 2).as_str()), ("33 101\r\nerr\r\n", ""));
}

#[tokio::test(start_paused = true)]
async fn a_command_that_does_not_exist_is_a_failure_on_the_channel() {
    for words in [&["/nope"][..], &[]] {
        let all = talk(exec(words, OUT).await, "v5.channel.k8s.io", OUT, &[], false).await;
        assert!(channel(&all, 3).contains("InternalError"), "{all:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn clients_share_a_container() {
    let (pods, node) =
        running(json!({ "name": "c", "image": "x", "command": ["cat"], "stdin": true })).await;
    let attach = || node.attach(&pods.find("default", "p").unwrap(), "c", ALL).unwrap();
    let listener = attach();
    let (first, second) = tokio::join!(
        talk(attach(), "v4.channel.k8s.io", ALL, &[b"\x00hello\n", b"\x00again\n", b""], true),
        talk(listener, "v4.channel.k8s.io", OUT, &[b"", b"", b""], true),
    );
    assert_eq!(channel(&first, 1), "hello\nagain\n");
    assert_eq!(channel(&second, 1), "hello\nagain\n");
    assert_eq!(pods.find("default", "p").unwrap()["status"]["phase"], "Running");
}

#[tokio::test(start_paused = true)]
async fn the_first_client_may_end_the_input() {
    let config = RunConfig {
        command: vec!["cat".to_owned()],
        stdin: true,
        stdin_once: true,
        terminal: false,
    };
    let run = Run::start(&config, Clock::default());
    let connection = run.attach(ALL);
    let all = talk(connection, "v5.channel.k8s.io", ALL, &[b"\x00bye\n", b"\xff\x00"], false).await;
    assert_eq!(channel(&all, 1), "bye\n");
    assert_eq!(run.ended().await, ExitCode::SUCCESS);
}

#[test]
fn ports_are_read_as_measured() {
    let read =
        |values: &[&str]| parse_ports(&values.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(read(&["80", "8080,81", "80"]).unwrap(), [80, 8080, 81, 80]);
    for (values, code, text) in [
        (&[][..], 400, "query parameter \"port\" is required"),
        (&["0"], 400, "port \"0\" must be > 0"),
        (
            &["65536"],
            400,
            "cannot convert to []int32: strconv.ParseUint: parsing \"65536\": value out of range",
        ),
        (
            &["x"],
            400,
            "cannot convert to []int32: strconv.ParseUint: parsing \"x\": invalid syntax",
        ),
        (
            &["-1"],
            400,
            "cannot convert to []int32: strconv.ParseUint: parsing \"-1\": invalid syntax",
        ),
        (&[""], 400, "cannot convert to []int32: strconv.ParseUint: parsing \"\": invalid syntax"),
    ] {
        match read(values).unwrap_err() {
            ConnectRefusal::Status(status) => {
                assert_eq!((status.code, status.message.as_str()), (code, text))
            }
            ConnectRefusal::Text(found, told) => assert_eq!((found, told.as_str()), (code, text)),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn ports_are_announced_and_carried_apart() {
    let (sender, mut receiver) = mpsc::channel(64);
    let connect = |port| if port == 1 { Err("refused".to_owned()) } else { Ok(echo::connect()) };
    let messages = [&b"\x00hi"[..], b"\x04ho", b"\x01no", b"\x02no", b"\x09no"].map(message);
    let incoming = stream::iter(messages).then(|message| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        message
    });
    let v4 = Protocol::for_ports(["v4.channel.k8s.io"]).unwrap();
    serve_ports(&[80, 1, 8080], v4, connect, incoming, sender).await;
    let mut all = Vec::new();
    while let Some(outgoing) = receiver.recv().await {
        all.push(outgoing);
    }
    let announced = [
        &b"\x00\x50\x00"[..],
        b"\x01\x50\x00",
        b"\x02\x01\x00",
        b"\x03\x01\x00",
        b"\x04\x90\x1f",
        b"\x05\x90\x1f",
    ];
    let expected: Vec<Outgoing> = announced
        .iter()
        .copied()
        .chain([&b"\x03refused"[..], b"\x00hi", b"\x04ho"])
        .map(|bytes| Outgoing::Message(message(bytes)))
        .chain([Outgoing::Close(1000)])
        .collect();
    assert_eq!(all, expected);
}

#[tokio::test(start_paused = true)]
async fn what_listens_speaks_http() {
    let pod = json!({ "spec": { "containers": [{ "ports": [{ "containerPort": 9000 }] }] } });
    assert!(echo::listens(&pod, 9000) && !echo::listens(&pod, 80));
    assert!(echo::listens(&json!({ "spec": {} }), 80));
    let (writer, mut reader) = echo::connect();
    writer
        .write(Bytes::from_static(b"POST /status/418?a=b HTTP/1.1\r\nContent-Length: 2\r\n\r\nh"))
        .await
        .unwrap();
    writer.write(Bytes::from_static(b"i")).await.unwrap();
    let mut answer = Vec::new();
    while let Some(bytes) = reader.read().await {
        answer.extend_from_slice(&bytes);
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 418 "), "{answer}");
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(
        body,
        json!({ "method": "POST", "path": "/status/418", "query": "a=b", "body": "hi" })
    );
    assert_eq!(echo::answer("HEAD", "/", "", b"").body, "");
}
