//! Logs: every option, following to the end, and the run before.

use std::time::Duration;

use futures_util::AsyncBufReadExt as _;
use futures_util::StreamExt as _;
use k8s_openapi::jiff::Timestamp;
use kube::api::{LogParams, PostParams};
use reference::Api;
use serde_json::json;

use super::{CLUSTERS, Cluster, later, phase, pod, pod_of, refusal, refused, running, soon, until};

/// Writes three lines, rests, and writes one more.
const TALK: &str = "echo one; echo two; echo three; sleep 40; echo four";

/// A cluster with a pod that has said all it says, the last of it within ten seconds.
async fn talked(api: Api) -> Cluster {
    let cluster = Cluster::start(api).await;
    let pods = cluster.pods();
    let talker = pod("talker", &["sh", "-c", TALK]);
    soon(pods.create(&PostParams::default(), &talker)).await.unwrap();
    let three = async {
        running(&pods, "talker").await;
        while pods.logs("talker", &LogParams::default()).await.unwrap().lines().count() < 3 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(three).await;
    later(Duration::from_secs(41)).await;
    soon(until(&cluster.pods(), "talker", |pod| phase(pod) == "Succeeded")).await;
    cluster
}

#[tokio::test]
async fn every_option_counts() {
    for api in CLUSTERS {
        let cluster = talked(api).await;
        let pods = cluster.pods();
        let four_ago = || LogParams { since_seconds: Some(30), ..LogParams::default() };
        for (params, expected) in [
            (LogParams::default(), "one\ntwo\nthree\nfour\n"),
            (
                LogParams { container: Some("main".to_owned()), ..LogParams::default() },
                "one\ntwo\nthree\nfour\n",
            ),
            (LogParams { tail_lines: Some(2), ..LogParams::default() }, "three\nfour\n"),
            (LogParams { tail_lines: Some(0), ..LogParams::default() }, ""),
            (LogParams { tail_lines: Some(9), ..LogParams::default() }, "one\ntwo\nthree\nfour\n"),
            (LogParams { limit_bytes: Some(5), ..LogParams::default() }, "one\nt"),
            (
                LogParams { since_seconds: Some(3600), ..LogParams::default() },
                "one\ntwo\nthree\nfour\n",
            ),
            (four_ago(), "four\n"),
            (LogParams { tail_lines: Some(3), ..four_ago() }, "four\n"),
            (
                LogParams { tail_lines: Some(2), limit_bytes: Some(7), ..LogParams::default() },
                "three\nf",
            ),
            (LogParams { follow: true, ..LogParams::default() }, "one\ntwo\nthree\nfour\n"),
        ] {
            let log = soon(pods.logs("talker", &params)).await.unwrap();
            assert_eq!(log, expected, "{api} {params:?}");
        }
    }
}

#[tokio::test]
async fn lines_have_times_from_which_a_log_can_begin() {
    for api in CLUSTERS {
        let cluster = talked(api).await;
        let pods = cluster.pods();
        let timed = LogParams { timestamps: true, ..LogParams::default() };
        let log = soon(pods.logs("talker", &timed)).await.unwrap();
        let lines: Vec<(Timestamp, &str)> = log
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(time, text)| (time.parse().unwrap(), text))
            .collect();
        assert!(lines.is_sorted_by_key(|(time, _)| *time), "{api}: {log}");
        let texts: Vec<&str> = lines.iter().map(|(_, text)| *text).collect();
        assert_eq!(texts, ["one", "two", "three", "four"]);
        assert!(
            log.lines().all(|line| line.find(' ') == Some("2026-11-21T04:41:45.123456789Z".len()))
        );
        let between = lines[2].0 + Duration::from_secs(20);
        let since = LogParams { since_time: Some(between), ..LogParams::default() };
        assert_eq!(soon(pods.logs("talker", &since)).await.unwrap(), "four\n", "{api}");
    }
}

#[tokio::test]
async fn following_goes_on_until_the_container_ends() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let talker = pod(
            "talker",
            &["sh", "-c", "echo begin; sleep 0.7; echo >&2 middle; sleep 0.7; echo end"],
        );
        soon(pods.create(&PostParams::default(), &talker)).await.unwrap();
        soon(running(&pods, "talker")).await;
        let params = LogParams { follow: true, ..LogParams::default() };
        let followed = async {
            let lines = pods.log_stream("talker", &params).await.unwrap().lines();
            let mut lines = std::pin::pin!(lines);
            let mut all = Vec::new();
            while let Some(line) = lines.next().await {
                if all.is_empty() {
                    // It is seen as it is written, not when all is over.
                    assert_eq!(phase(&pods.get("talker").await.unwrap()), "Running");
                }
                all.push(line.unwrap());
            }
            all
        };
        assert_eq!(soon(followed).await, ["begin", "middle", "end"], "{api}");
        let ended = soon(until(&pods, "talker", |pod| phase(pod) != "Running")).await;
        assert_eq!(phase(&ended), "Succeeded");
    }
}

#[tokio::test]
async fn the_run_before_has_its_own_log() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let spec = json!({ "containers": [{
            "name": "main", "image": "registry.example/flaky:1", "command": ["sh", "-c", "echo run; exit 1"],
        }] });
        soon(pods.create(&PostParams::default(), &pod_of("flaky", spec))).await.unwrap();
        let restarted = until(&pods, "flaky", |pod| {
            let states = pod.status.as_ref().and_then(|it| it.container_statuses.as_ref());
            states.is_some_and(|states| states.iter().any(|state| state.restart_count > 0))
        });
        soon(restarted).await;
        let before = LogParams { previous: true, ..LogParams::default() };
        assert_eq!(soon(pods.logs("flaky", &before)).await.unwrap(), "run\n", "{api}");
        let never = soon(pods.logs("web-0", &before)).await;
        assert_eq!(refused(never), refusal(400, "BadRequest"), "{api}");
    }
}

#[tokio::test]
async fn a_container_is_named_where_there_are_several() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let container = |name: &str| json!({ "name": name, "image": "registry.example/tool:1", "command": ["sh", "-c", format!("echo {name}; cat")], "stdin": true });
        let spec = json!({ "containers": [container("left"), container("right")] });
        soon(pods.create(&PostParams::default(), &pod_of("pair", spec))).await.unwrap();
        soon(running(&pods, "pair")).await;
        let of = |name: &str| LogParams {
            container: Some(name.to_owned()),
            follow: true,
            limit_bytes: Some(64),
            ..LogParams::default()
        };
        for name in ["left", "right"] {
            let first = async {
                let mut lines = Box::pin(pods.log_stream("pair", &of(name)).await.unwrap().lines());
                lines.next().await.unwrap().unwrap()
            };
            assert_eq!(soon(first).await, name, "{api}");
        }
        let bad = refusal(400, "BadRequest");
        assert_eq!(refused(soon(pods.logs("pair", &LogParams::default())).await), bad, "{api}");
        assert_eq!(refused(soon(pods.logs("pair", &of("middle"))).await), bad, "{api}");
        let missing = soon(pods.logs("nobody", &LogParams::default())).await;
        assert_eq!(refused(missing), refusal(404, "NotFound"), "{api}");
    }
}

#[tokio::test]
async fn options_have_rules_and_a_pod_without_a_node_has_no_log() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        for wrong in [
            LogParams { tail_lines: Some(-1), ..LogParams::default() },
            LogParams { limit_bytes: Some(0), ..LogParams::default() },
            LogParams { since_seconds: Some(0), ..LogParams::default() },
        ] {
            let log = soon(pods.logs("web-0", &wrong)).await;
            let (code, reason) = refused(log);
            assert_eq!((code, reason.as_str()), (422, "Invalid"), "{api} {wrong:?}");
        }
        let spec = json!({
            "schedulerName": "nobody",
            "containers": [{ "name": "main", "image": "registry.example/rest:1" }],
        });
        soon(pods.create(&PostParams::default(), &pod_of("waiting", spec))).await.unwrap();
        assert_eq!(soon(pods.logs("waiting", &LogParams::default())).await.unwrap(), "", "{api}");
    }
}
