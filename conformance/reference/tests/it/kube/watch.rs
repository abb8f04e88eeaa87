//! Watches: events, bookmarks, where they begin and when they end.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use k8s_openapi::api::core::v1::Pod;
use kube::Api as Client;
use kube::api::{
    DeleteParams, ListParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams,
};
use reference::Api;
use serde_json::json;
use tokio::time::Instant;

use super::{CLUSTERS, Cluster, later, name, phase, resting, soon, version};

/// An event as a test reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    kind: &'static str,
    name: String,
    version: String,
    phase: String,
}

fn seen(event: &WatchEvent<Pod>) -> Seen {
    let of = |kind, pod: &Pod| Seen {
        kind,
        name: name(pod),
        version: version(pod).to_owned(),
        phase: phase(pod).to_owned(),
    };
    let bare =
        |kind, version: String| Seen { kind, name: String::new(), version, phase: String::new() };
    match event {
        WatchEvent::Added(pod) => of("added", pod),
        WatchEvent::Modified(pod) => of("modified", pod),
        WatchEvent::Deleted(pod) => of("deleted", pod),
        WatchEvent::Bookmark(mark) => bare("bookmark", mark.metadata.resource_version.clone()),
        WatchEvent::Error(status) => bare("error", status.code.to_string()),
    }
}

/// Every event until the last one that is wanted, or until the server ends the watch.
async fn follow(
    pods: &Client<Pod>,
    params: &WatchParams,
    from: &str,
    last: impl Fn(&Seen) -> bool,
) -> Vec<Seen> {
    let watch = async {
        let mut events = Box::pin(pods.watch(params, from).await.unwrap());
        let mut all = Vec::new();
        while let Some(event) = events.next().await {
            all.push(seen(&event.unwrap()));
            if all.last().is_some_and(&last) {
                break;
            }
        }
        all
    };
    soon(watch).await
}

/// The version of the pods as they are now.
async fn now(pods: &Client<Pod>) -> String {
    let list = soon(pods.list(&ListParams::default())).await.unwrap();
    list.metadata.resource_version.unwrap()
}

/// Makes a pod, changes it, and takes it away.
async fn live(pods: &Client<Pod>, name: &str) {
    let patch = Patch::Merge(json!({ "metadata": { "labels": { "stage": "old" } } }));
    pods.create(&PostParams::default(), &resting(name)).await.unwrap();
    super::running(pods, name).await;
    pods.patch(name, &PatchParams::default(), &patch).await.unwrap();
    pods.delete(name, &DeleteParams::default().grace_period(0)).await.unwrap();
}

#[tokio::test]
async fn a_life_is_seen_from_beginning_to_end() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let from = now(&pods).await;
        let params = WatchParams::default().timeout(30);
        let watched = follow(&pods, &params, &from, |seen| seen.kind == "deleted");
        let (events, ()) = tokio::join!(watched, soon(live(&pods, "brief")));
        assert!(events.iter().all(|seen| seen.name == "brief"), "{events:?}");
        assert_eq!(events.first().map(|seen| seen.kind), Some("added"));
        assert_eq!(events.last().map(|seen| seen.kind), Some("deleted"));
        let between = &events[1..events.len() - 1];
        assert!(between.iter().all(|seen| seen.kind == "modified"), "{events:?}");
        let mut phases: Vec<&str> = events.iter().map(|seen| seen.phase.as_str()).collect();
        phases.dedup();
        assert_eq!(phases, ["Pending", "Running"]);
        let versions: Vec<u64> = events.iter().map(|seen| seen.version.parse().unwrap()).collect();
        assert!(versions.is_sorted_by(|one, next| one < next), "{versions:?}");
    }
}

#[tokio::test]
async fn a_watch_resumes_after_any_event() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let from = now(&pods).await;
        soon(live(&pods, "brief")).await;
        let params = WatchParams::default().timeout(30);
        let deleted = |seen: &Seen| seen.kind == "deleted";
        let events = follow(&pods, &params, &from, deleted).await;
        assert!(events.len() >= 4, "{events:?}");
        for (index, event) in events.iter().enumerate().take(events.len() - 1) {
            let resumed = follow(&pods, &params, &event.version, deleted).await;
            assert_eq!(resumed, events[index + 1..], "{api}, after {event:?}");
        }
    }
}

#[tokio::test]
async fn what_is_there_comes_first() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let params = WatchParams::default().timeout(1);
        let events = follow(&pods, &params, "0", |_| false).await;
        let names: Vec<&str> = events.iter().map(|seen| seen.name.as_str()).collect();
        assert_eq!(names, ["cart-0", "cart-1", "search-0", "web-0", "web-1"], "{api}");
        assert!(events.iter().all(|seen| seen.kind == "added"), "{events:?}");
    }
}

#[tokio::test]
async fn the_timeout_is_kept_and_a_bookmark_comes_before_it() {
    let checks = CLUSTERS.map(|api| async move {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let from = now(&pods).await;
        let begin = Instant::now();
        let params = WatchParams::default().timeout(3);
        let silent = WatchParams::default().timeout(3).disable_bookmarks();
        let (events, none) = tokio::join!(
            follow(&pods, &params, &from, |_| false),
            follow(&pods, &silent, &from, |_| false),
        );
        let time = begin.elapsed();
        assert!(time >= Duration::from_millis(2900), "{api}: {time:?}");
        assert!(time < Duration::from_secs(20), "{api}: {time:?}");
        let kinds: Vec<&str> = events.iter().map(|seen| seen.kind).collect();
        assert_eq!((kinds, none), (vec!["bookmark"], vec![]), "{api}");
        assert_eq!(events[0].version, from, "{api}");
    });
    join_all(checks).await;
}

#[tokio::test]
async fn bookmarks_move_on_with_what_is_not_selected() {
    let cluster = Cluster::start(Api::Kubernetes).await;
    let pods = cluster.pods();
    let from = now(&pods).await;
    soon(pods.create(&PostParams::default(), &resting("other"))).await.unwrap();
    let made = soon(super::running(&pods, "other")).await;
    let params = WatchParams::default().timeout(3).fields("metadata.name=web-0");
    let events = follow(&pods, &params, &from, |_| false).await;
    let kinds: Vec<&str> = events.iter().map(|seen| seen.kind).collect();
    assert_eq!(kinds, ["bookmark"]);
    let marked: u64 = events[0].version.parse().unwrap();
    assert!(marked >= version(&made).parse().unwrap(), "{marked}");
    assert_eq!(follow(&pods, &params, &events[0].version, |_| true).await.len(), 1);
}

#[tokio::test]
async fn a_pod_enters_and_leaves_a_selection() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let from = now(&pods).await;
        let params = WatchParams::default().timeout(30).labels("stage=new");
        for stage in ["new", "newer"] {
            let labels = json!({ "metadata": { "labels": { "stage": stage } } });
            let patch = Patch::Merge(labels);
            soon(pods.patch("web-0", &PatchParams::default(), &patch)).await.unwrap();
        }
        let events = follow(&pods, &params, &from, |seen| seen.kind == "deleted").await;
        let told: Vec<(&str, &str)> =
            events.iter().map(|seen| (seen.kind, seen.name.as_str())).collect();
        assert_eq!(told, [("added", "web-0"), ("deleted", "web-0")], "{api}");
    }
}

#[tokio::test]
async fn a_version_that_is_forgotten_is_an_error_and_the_end() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let from = now(&cluster.pods()).await;
        soon(live(&cluster.pods(), "brief")).await;
        // History is kept for five minutes.
        later(Duration::from_secs(301)).await;
        let pods = cluster.pods();
        soon(live(&pods, "briefer")).await;
        let params = WatchParams::default().timeout(30);
        let events = follow(&pods, &params, &from, |_| false).await;
        let told: Vec<(&str, &str)> =
            events.iter().map(|seen| (seen.kind, seen.version.as_str())).collect();
        assert_eq!(told, [("error", "410")], "{api}");
    }
}
