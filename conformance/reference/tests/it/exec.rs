//! Exec sessions on pipes: attachments, half-close, backpressure, life and death.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, future::join_all};
use reference::{
    exec::{ExecRegistry, Output, Phase, Session, Streams},
    pipe::{CAPACITY, MAX_CHUNK},
    process::ExitCode,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{sleep, timeout},
};

use crate::tools::{PATIENCE, PIPES, Said, config, next, rest, run_with, started};

#[tokio::test(start_paused = true)]
async fn a_half_close_ends_cat_and_the_rest_is_delivered() {
    let Session { mut input, output } = started(&["cat"], PIPES);
    input.send(Bytes::from_static(b"hello ")).await;
    input.send(Bytes::from_static(b"world")).await;
    input.close().await;
    let said = rest(output).await;
    assert_eq!(
        said,
        Said { stdout: b"hello world".to_vec(), code: Some(ExitCode::SUCCESS), ..Said::default() }
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_half_close_cat_stays() {
    let Session { mut input, mut output } = started(&["cat"], PIPES);
    input.send(Bytes::from_static(b"hello")).await;
    assert_eq!(next(&mut output).await, Some(Output::Stdout(Bytes::from_static(b"hello"))));
    assert!(timeout(Duration::from_secs(3600), output.next()).await.is_err());
    assert_eq!(output.exit_code(), None);
    input.close().await;
    assert_eq!(next(&mut output).await, None);
    assert_eq!(output.exit_code(), Some(ExitCode::SUCCESS));
}

#[tokio::test(start_paused = true)]
async fn more_than_four_mebibytes_pass_unchanged() {
    let bytes: Vec<u8> = (0..1_200_000_u32).flat_map(u32::to_le_bytes).collect();
    let said = run_with(&["cat"], &bytes).await;
    assert!(said.stdout == bytes, "{} bytes of {}", said.stdout.len(), bytes.len());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_held_back() {
    let Session { mut input, output } = started(&["cat"], PIPES);
    let accepted = Arc::new(AtomicUsize::new(0));
    let counter = accepted.clone();
    let feeding = tokio::spawn(async move {
        for _ in 0..200 {
            input.send(Bytes::from(vec![b'x'; MAX_CHUNK])).await;
            counter.fetch_add(1, Ordering::SeqCst);
        }
        input.close().await;
    });
    sleep(Duration::from_secs(1)).await;
    // Two pipes, and one chunk in the hands of the process.
    assert!(accepted.load(Ordering::SeqCst) <= 2 * CAPACITY / MAX_CHUNK + 1);
    assert_eq!(rest(output).await.stdout.len(), 200 * MAX_CHUNK);
    feeding.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_ends_the_process() {
    for words in [&["cat"][..], &["sleep", "50"], &["sh", "-c", "cat | cat; sleep 50"], &["sh"]] {
        let registry = ExecRegistry::default();
        let id = registry.create(config(words, PIPES)).unwrap();
        let session = registry.start(id.as_str()).unwrap();
        sleep(Duration::from_millis(10)).await;
        assert_eq!(registry.inspect(id.as_str()).unwrap().phase, Phase::Running);
        drop(session);
        sleep(Duration::from_millis(10)).await;
        let phase = registry.inspect(id.as_str()).unwrap().phase;
        assert_eq!(phase, Phase::Finished(ExitCode::KILLED), "{words:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_that_does_not_read_does_not_hold_its_client_up_after_its_end() {
    let Session { mut input, output } = started(&["sleep", "1"], PIPES);
    let feeding = async {
        for _ in 0..100 {
            input.send(Bytes::from(vec![0; MAX_CHUNK])).await;
        }
        input.close().await;
    };
    let (fed, said) = tokio::join!(timeout(PATIENCE, feeding), rest(output));
    assert_eq!(fed, Ok(()));
    assert_eq!(said.code, Some(ExitCode::SUCCESS));
}

#[tokio::test(start_paused = true)]
async fn each_stream_can_be_left_out() {
    let script = ["sh", "-c", "cat; echo out; echo err >&2; exit 4"];
    for switches in 0..8 {
        let streams = Streams {
            terminal: false,
            stdin: switches & 1 != 0,
            stdout: switches & 2 != 0,
            stderr: switches & 4 != 0,
        };
        let Session { mut input, output } = started(&script, streams);
        let feeding = async {
            input.send(Bytes::from_static(b"in\n")).await;
            input.send(Bytes::from(vec![b'x'; 1_000_000])).await;
            input.close().await;
        };
        let ((), said) = tokio::join!(feeding, rest(output));
        let mut stdout =
            if streams.stdin { [&b"in\n"[..], &[b'x'; 1_000_000]].concat() } else { vec![] };
        stdout.extend_from_slice(b"out\n");
        assert!(said.stdout == if streams.stdout { stdout } else { vec![] }, "{streams:?}");
        assert_eq!(said.stderr, if streams.stderr { &b"err\n"[..] } else { b"" }, "{streams:?}");
        assert_eq!(said.code, Some(ExitCode::new(4)), "{streams:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_stdin_a_client_that_stays_open_changes_nothing() {
    let Session { mut input, output } = started(&["cat"], Streams { stdin: false, ..PIPES });
    input.send(Bytes::from_static(b"ignored")).await;
    let said = rest(output).await;
    assert_eq!((said.stdout, said.code), (vec![], Some(ExitCode::SUCCESS)));
    input.send(Bytes::from_static(b"ignored")).await;
}

#[tokio::test(start_paused = true)]
async fn order_is_kept_inside_a_stream() {
    let steps: Vec<_> = (0..200).map(|n| format!("echo out{n}; echo err{n} >&2")).collect();
    let said = run_with(&["sh", "-c", &steps.join("; ")], b"").await;
    let lines = |name: &str| (0..200).map(|n| format!("{name}{n}\n")).collect::<String>();
    assert_eq!(String::from_utf8(said.stdout).unwrap(), lines("out"));
    assert_eq!(String::from_utf8(said.stderr).unwrap(), lines("err"));
}

#[tokio::test(start_paused = true)]
async fn parallel_sessions_do_not_mix() {
    let registry = ExecRegistry::default();
    let sessions = (0..20_u8).map(|number| {
        let id = registry.create(config(&["cat"], PIPES)).unwrap();
        let Session { mut input, output } = registry.start(id.as_str()).unwrap();
        async move {
            let feeding = async {
                for _ in 0..50 {
                    input.send(Bytes::from(vec![number; 3000])).await;
                }
                input.close().await;
            };
            let ((), said) = tokio::join!(feeding, rest(output));
            assert!(said.stdout == vec![number; 150_000], "{number}");
        }
    });
    join_all(sessions).await;
}

/// Writes the name of the stream in front of each event.
fn labelled(output: Output) -> io::Result<Bytes> {
    let (label, bytes) = match output {
        Output::Stdout(bytes) => ("1", bytes),
        Output::Stderr(bytes) => ("2", bytes),
        Output::Terminal(bytes) => ("t", bytes),
    };
    Ok([label.as_bytes(), &bytes].concat().into())
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_served_to_its_end() {
    let (mut client, server) = tokio::io::duplex(64);
    let (reader, writer) = tokio::io::split(server);
    let serving = tokio::spawn(started(&["cat"], PIPES).serve(reader, writer, labelled));
    client.write_all(b"hello").await.unwrap();
    client.shutdown().await.unwrap();
    let mut seen = Vec::new();
    client.read_to_end(&mut seen).await.unwrap();
    assert_eq!(seen, b"1hello");
    assert_eq!(serving.await.unwrap().unwrap(), ExitCode::SUCCESS);
}

#[tokio::test(start_paused = true)]
async fn a_connection_ends_with_its_process_though_the_client_sends_on() {
    let (mut client, server) = tokio::io::duplex(64);
    let (reader, writer) = tokio::io::split(server);
    let session = started(&["sh", "-c", "echo err >&2; exit 3"], PIPES);
    let serving = tokio::spawn(session.serve(reader, writer, labelled));
    client.write_all(b"unread").await.unwrap();
    let mut seen = Vec::new();
    timeout(PATIENCE, client.read_to_end(&mut seen)).await.unwrap().unwrap();
    assert_eq!(seen, b"2err\n");
    assert_eq!(serving.await.unwrap().unwrap(), ExitCode::new(3));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_kills_its_process() {
    let registry = ExecRegistry::default();
    let id = registry.create(config(&["sh", "-c", "sleep 1; echo x; sleep 50"], PIPES)).unwrap();
    let (client, server) = tokio::io::duplex(64);
    let (reader, writer) = tokio::io::split(server);
    let serving = registry.start(id.as_str()).unwrap().serve(reader, writer, labelled);
    drop(client);
    assert!(timeout(Duration::from_secs(2), serving).await.unwrap().is_err());
    sleep(Duration::from_millis(10)).await;
    assert_eq!(registry.inspect(id.as_str()).unwrap().phase, Phase::Finished(ExitCode::KILLED));
}

#[tokio::test(start_paused = true)]
async fn much_output_that_nobody_sees_lets_others_run() {
    let registry = ExecRegistry::default();
    let format = "%1048576s".repeat(100);
    let streams = Streams { stdout: false, ..PIPES };
    let id = registry.create(config(&["printf", &format], streams)).unwrap();
    let session = registry.start(id.as_str()).unwrap();
    tokio::task::yield_now().await;
    // Without a pause of the process, it would have ended by now.
    assert_eq!(registry.inspect(id.as_str()).unwrap().phase, Phase::Running);
    drop(session);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_on_several_threads_keep_apart_and_end() {
    let registry = ExecRegistry::default();
    let tasks = (0..60_u8).map(|number| {
        let streams = Streams { terminal: number % 3 == 0, ..PIPES };
        let id = registry.create(config(&["cat"], streams)).unwrap();
        let Session { mut input, output } = registry.start(id.as_str()).unwrap();
        tokio::spawn(async move {
            let letter = b'a' + number % 26;
            let line = [&vec![letter; 70][..], b"\n"].concat();
            let feeding = async {
                for _ in 0..200 {
                    input.send(line.clone().into()).await;
                }
                input.close().await;
            };
            let ((), said) = tokio::join!(feeding, rest(output));
            let (seen, copies) =
                if streams.terminal { (said.terminal, 2) } else { (said.stdout, 1) };
            assert_eq!(seen.iter().filter(|&&byte| byte == letter).count(), copies * 70 * 200);
            assert!(seen.iter().all(|byte| [letter, b'\n', b'\r'].contains(byte)));
            assert_eq!(said.code, Some(ExitCode::SUCCESS));
        })
    });
    for ended in join_all(tasks).await {
        ended.unwrap();
    }
}
