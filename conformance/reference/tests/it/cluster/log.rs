//! Logs: options, which container, lines, times, limits, following.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use reference::cluster::{
    clock::Clock,
    log::{Log, LogOptions, LogQuery, Source, Target, target},
};
use serde_json::{Value, json};
use time::macros::datetime;

use super::tools::told;

const NOON: time::OffsetDateTime = datetime!(2026-11-21 12:00:00 UTC);

async fn all(log: &Log, options: &LogOptions) -> String {
    let parts: Vec<Bytes> = log.read(options).into_stream().collect().await;
    String::from_utf8(parts.concat()).unwrap()
}

/// Five lines, one a second from noon, the last without a newline.
async fn written() -> Log {
    let log = Log::new(Clock::starting_at(NOON));
    for text in ["one\n", "two\n", "three\n", "four\n", "five"] {
        log.write(Source::Stdout, text.as_bytes());
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    log.end();
    log
}

#[tokio::test(start_paused = true)]
async fn a_log_is_read_in_many_ways() {
    let log = written().await;
    let whole = "one\ntwo\nthree\nfour\nfive";
    let tail = |tail| LogOptions { tail: Some(tail), ..LogOptions::default() };
    let limit = |limit| LogOptions { limit: Some(limit), ..LogOptions::default() };
    let since = |since| LogOptions { since: Some(since), ..LogOptions::default() };
    for (options, text) in [
        (LogOptions::default(), whole),
        (LogOptions { follow: true, ..LogOptions::default() }, whole),
        (tail(0), ""),
        (tail(2), "four\nfive"),
        (tail(99), whole),
        (limit(6), "one\ntw"),
        (limit(999), whole),
        (LogOptions { limit: Some(3), ..tail(2) }, "fou"),
        (since(NOON + Duration::from_secs(3)), "four\nfive"),
        (since(datetime!(2100-01-01 00:00:00 UTC)), ""),
        (
            LogOptions { timestamps: true, ..tail(2) },
            "2026-11-21T12:00:03.000000000Z four\n2026-11-21T12:00:05.000000000Z five",
        ),
        (
            LogOptions { timestamps: true, limit: Some(33), ..tail(2) },
            "2026-11-21T12:00:03.000000000Z fo",
        ),
    ] {
        assert_eq!(all(&log, &options).await, text, "{options:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn following_ends_with_the_container_or_the_limit() {
    let log = Log::new(Clock::starting_at(NOON));
    log.write(Source::Stdout, b"old\nolder\n");
    let follow = LogOptions { follow: true, tail: Some(1), ..LogOptions::default() };
    let limited = LogOptions { limit: Some(8), ..follow };
    let reading = tokio::spawn({
        let log = log.clone();
        async move { tokio::join!(all(&log, &follow), all(&log, &limited)) }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    log.write(Source::Stderr, b"half");
    log.write(Source::Stdout, b"new\n");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!reading.is_finished());
    log.end();
    let (whole, short) = reading.await.unwrap();
    assert_eq!((whole.as_str(), short.as_str()), ("older\nnew\nhalf", "older\nne"));
}

#[tokio::test]
async fn logs_are_bounded_and_long_lines_are_cut() {
    let log = Log::new(Clock::starting_at(NOON));
    log.write(Source::Stdout, &vec![b'x'; 100_000]);
    log.end();
    assert_eq!(all(&log, &LogOptions::default()).await.len(), 100_000);
    let log = Log::new(Clock::starting_at(NOON));
    let mut slow = log.read(&LogOptions { follow: true, ..LogOptions::default() });
    for number in 0..20_000 {
        log.write(Source::Stdout, format!("{number}\n").as_bytes());
    }
    assert_eq!(all(&log, &LogOptions::default()).await.lines().count(), 16 * 1024);
    assert_eq!(slow.next().await.unwrap(), "3616\n");
}

#[test]
fn queries_have_rules() {
    let check = |change: fn(&mut LogQuery)| {
        let mut query = LogQuery::default();
        change(&mut query);
        query.check("p1", NOON)
    };
    let tail = check(|it| it.tail_lines = Some(-1)).unwrap_err();
    assert_eq!(
        told(&tail),
        (
            422,
            "Invalid",
            "PodLogOptions \"p1\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0",
        )
    );
    let both = check(|it| {
        (it.since_seconds, it.since_time) = (Some(1), Some("2020-01-01T00:00:00Z".into()))
    });
    assert_eq!(
        told(&both.unwrap_err()).2,
        "PodLogOptions \"p1\" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
    );
    let time = check(|it| it.since_time = Some("zz".into())).unwrap_err();
    assert_eq!(
        told(&time),
        (
            400,
            "BadRequest",
            "parsing time \"zz\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"zz\" as \"2006\""
        )
    );
    for refused in [
        |it: &mut LogQuery| it.limit_bytes = Some(0),
        |it: &mut LogQuery| it.since_seconds = Some(0),
        |it: &mut LogQuery| it.stream = Some("Stdout".into()),
    ] {
        assert_eq!(check(refused).unwrap_err().code, 422);
    }
    let good = check(|it| {
        (it.since_seconds, it.tail_lines, it.limit_bytes) = (Some(10), Some(0), Some(1))
    });
    let good = good.unwrap();
    assert_eq!(
        (good.since, good.tail, good.limit),
        (Some(NOON - Duration::from_secs(10)), Some(0), Some(1))
    );
    assert!(check(|it| it.since_seconds = Some(i64::MAX)).is_ok());
}

fn pod(names: &[&str], node: &str, states: Value) -> Value {
    let containers: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
    let mut pod = json!({ "metadata": { "name": "real" }, "spec": { "containers": containers, "nodeName": node } });
    pod["status"]["containerStatuses"] = states;
    pod
}

#[test]
fn a_pod_says_whose_log_is_meant() {
    let one = |node: &str, state: Value| pod(&["c"], node, json!([state]));
    let running = json!({ "name": "c", "state": { "running": {} }, "lastState": {} });
    let again = json!({ "name": "c", "state": { "waiting": { "reason": "CrashLoopBackOff" } }, "lastState": { "terminated": {} } });
    let many = pod(&["c", "cat", "tty", "web"], "n1", json!([]));
    let current = || Ok(Target::Current("c".to_owned()));
    for (pod, named, previous, expected) in [
        (one("", running.clone()), None, false, Ok(Target::Nothing)),
        (one("n1", running.clone()), None, false, current()),
        (one("n1", running.clone()), Some("c"), false, current()),
        (one("n1", again.clone()), Some("c"), false, current()),
        (one("n1", again), Some("c"), true, Ok(Target::Previous("c".to_owned()))),
        (one("n2", running.clone()), None, false, Err("pods \"n2\" not found")),
        (
            one("", running.clone()),
            Some("zz"),
            false,
            Err("container zz is not valid for pod real"),
        ),
        (
            one("n1", running),
            Some("c"),
            true,
            Err("previous terminated container \"c\" in pod \"real\" not found"),
        ),
        (
            pod(&["c"], "n1", json!([])),
            None,
            false,
            Err("container \"c\" in pod \"real\" is waiting to start: ContainerCreating"),
        ),
        (
            many,
            None,
            false,
            Err("a container name must be specified for pod real, choose one of: [c cat tty web]"),
        ),
    ] {
        let found = target(&pod, named, previous, "n1");
        assert_eq!(
            found.as_ref().map_err(|status| status.message.as_str()),
            expected.as_ref().map_err(|it| *it)
        );
    }
}
