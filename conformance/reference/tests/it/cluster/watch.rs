//! Events in their order, their beginnings and their ends.

use std::time::Duration;

use futures_util::StreamExt;
use reference::cluster::{
    options::ListOptions,
    store::{Bounds, Scope, Store},
    watch::Watch,
};
use serde_json::json;
use tokio::time::Instant;

use super::tools::{pod, put, take, told};

fn options(timeout: i64) -> ListOptions {
    ListOptions { timeout: Some(timeout), ..ListOptions::default() }
}

fn open(store: &Store, options: &ListOptions) -> Watch {
    Watch::open(store, Scope::namespace("default"), options).unwrap()
}

/// Every event to the end, as `TYPE name`; a bookmark as its version and annotations.
async fn all(watch: Watch) -> Vec<String> {
    let events: Vec<_> = watch.into_stream().collect().await;
    events
        .iter()
        .map(|event| {
            let metadata = &event.object["metadata"];
            let named = metadata["name"].as_str().map(ToOwned::to_owned);
            let told = named.unwrap_or_else(|| match metadata["annotations"].as_object() {
                Some(_) => format!("end {}", metadata["resourceVersion"].as_str().unwrap()),
                None => metadata["resourceVersion"].as_str().unwrap_or("none").to_owned(),
            });
            format!("{} {told}", event.kind.name())
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_there_comes_first_unless_a_version_says_otherwise() {
    let store = Store::default();
    put(&store, pod("a", json!({})));
    let version = store.version().to_string();
    put(&store, pod("b", json!({})));
    for (from, expected) in [
        (None, vec!["ADDED a", "ADDED b"]),
        (Some(""), vec!["ADDED a", "ADDED b"]),
        (Some("0"), vec!["ADDED a", "ADDED b"]),
        (Some(version.as_str()), vec!["ADDED b"]),
        (Some("99999999"), vec![]),
    ] {
        let options = ListOptions { version: from.map(ToOwned::to_owned), ..options(1) };
        assert_eq!(all(open(&store, &options)).await, expected, "{from:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn changes_come_in_order_and_the_time_is_kept() {
    let store = Store::default();
    let started = Instant::now();
    let options = ListOptions { version: Some(store.version().to_string()), ..options(5) };
    let watching = tokio::spawn(all(open(&store, &options)));
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        put(&store, pod("a", json!({})));
        put(&store, pod("a", json!({ "x": "1" })));
        put(&store, pod("a", json!({ "x": "1" })));
        take(&store, "a");
    }
    let once = ["ADDED a", "MODIFIED a", "DELETED a"];
    assert_eq!(watching.await.unwrap(), [once, once].concat());
    assert_eq!(started.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_selector_is_entered_and_left() {
    let store = Store::default();
    let mut options = options(3);
    options.label_selector = Some("x=y".to_owned());
    let watch = open(&store, &options);
    put(&store, pod("a", json!({})));
    put(&store, pod("a", json!({ "x": "y" })));
    put(&store, pod("a", json!({ "x": "y", "z": "1" })));
    let left = put(&store, pod("a", json!({ "x": "n" })));
    take(&store, "a");
    let events: Vec<_> = watch.into_stream().collect().await;
    let kinds: Vec<_> = events.iter().map(|event| event.kind.name()).collect();
    assert_eq!(kinds, ["ADDED", "MODIFIED", "DELETED"]);
    // The last selected state, at the version of the change.
    assert_eq!(events[2].object["metadata"]["labels"], json!({ "x": "y", "z": "1" }));
    assert_eq!(
        events[2].object["metadata"]["resourceVersion"],
        left["metadata"]["resourceVersion"]
    );
}

#[tokio::test(start_paused = true)]
async fn other_namespaces_are_not_seen() {
    let store = Store::default();
    let watch = open(&store, &options(1));
    let everything = Watch::open(&store, Scope::All, &options(1)).unwrap();
    let mut elsewhere = pod("a", json!({}));
    elsewhere["metadata"]["namespace"] = json!("other");
    put(&store, elsewhere);
    let (seen, all_seen) = tokio::join!(all(watch), all(everything));
    assert_eq!(seen, Vec::<String>::new());
    assert_eq!(all_seen, ["ADDED a"]);
}

#[tokio::test(start_paused = true)]
async fn an_old_version_is_an_error_event_and_the_end() {
    let store = Store::new(Bounds { changes: 1, ..Bounds::default() });
    put(&store, pod("a", json!({})));
    put(&store, pod("b", json!({})));
    let started = Instant::now();
    let options = ListOptions { version: Some("1".to_owned()), ..options(60) };
    let events: Vec<_> = open(&store, &options).into_stream().collect().await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0].to_value(),
        json!({ "type": "ERROR", "object": {
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": "too old resource version: 1 (2)", "reason": "Expired", "code": 410,
        } })
    );
    assert_eq!(started.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_falls_behind_ends_with_an_error() {
    let store = Store::new(Bounds { changes: 4, ..Bounds::default() });
    let watch = open(&store, &options(60));
    for number in 0..9 {
        put(&store, pod("a", json!({ "n": number.to_string() })));
    }
    assert_eq!(all(watch).await, ["ERROR none"]);
}

#[tokio::test(start_paused = true)]
async fn bookmarks_come_only_when_allowed() {
    let store = Store::default();
    put(&store, pod("a", json!({})));
    let version = store.version();
    assert_eq!(all(open(&store, &options(90))).await, ["ADDED a"]);
    let allowed = ListOptions { bookmarks: true, ..options(90) };
    let marks = format!("BOOKMARK {version}");
    assert_eq!(all(open(&store, &allowed)).await, ["ADDED a", marks.as_str(), marks.as_str()]);
    let event = open(&store, &ListOptions { version: Some(version.to_string()), ..allowed })
        .next()
        .await
        .unwrap();
    assert_eq!(
        event.object.as_ref(),
        &json!({
            "kind": "Pod", "apiVersion": "v1", "metadata": { "resourceVersion": version.to_string() },
            "spec": { "containers": null }, "status": {},
        })
    );
}

#[tokio::test(start_paused = true)]
async fn initial_events_follow_their_table() {
    let store = Store::default();
    put(&store, pod("a", json!({})));
    let end = format!("BOOKMARK end {}", store.version());
    for (initial, version, bookmarks, expected) in [
        (true, None, true, vec!["ADDED a", end.as_str()]),
        (true, None, false, vec!["ADDED a"]),
        (true, Some("1"), true, vec!["ADDED a", end.as_str()]),
        (false, None, false, vec![]),
        (false, Some("0"), false, vec![]),
        (false, Some("1"), false, vec!["ADDED a"]),
    ] {
        let options = ListOptions {
            initial_events: Some(initial),
            version_match: Some("NotOlderThan".to_owned()),
            version: version.map(ToOwned::to_owned),
            bookmarks,
            ..options(1)
        };
        assert_eq!(
            all(open(&store, &options)).await,
            expected,
            "{initial} {version:?} {bookmarks}"
        );
    }
}

#[tokio::test]
async fn refusals_come_before_the_stream() {
    let store = Store::default();
    let refused = |change: fn(&mut ListOptions)| {
        let mut options = options(1);
        change(&mut options);
        Watch::open(&store, Scope::All, &options).unwrap_err()
    };
    let initial = refused(|it| it.initial_events = Some(true));
    assert_eq!(
        told(&initial),
        (
            422,
            "Invalid",
            "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        )
    );
    let matching = refused(|it| it.version_match = Some("NotOlderThan".into()));
    assert!(matching.message.ends_with(
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
    ));
    assert_eq!(told(&refused(|it| it.label_selector = Some("===".into()))).0, 400);
    let malformed = refused(|it| it.version = Some("abc".into()));
    assert_eq!((malformed.code, malformed.reason), (500, None));
    let ignored = ListOptions { limit: Some(1), token: Some("garbage".into()), ..options(1) };
    assert!(Watch::open(&store, Scope::All, &ignored).is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_end_comes_at_once_or_much_later() {
    let store = Store::default();
    put(&store, pod("a", json!({})));
    assert_eq!(all(open(&store, &options(-1))).await, Vec::<String>::new());
    for timeout in [None, Some(0)] {
        let started = Instant::now();
        all(open(&store, &ListOptions { timeout, ..ListOptions::default() })).await;
        let minutes = started.elapsed().as_secs() / 60;
        assert!((30..=60).contains(&minutes), "{minutes}");
    }
}

#[test]
fn an_event_is_one_line() {
    let store = Store::default();
    let object = put(&store, pod("a", json!({ "x": "y" })));
    let event = reference::cluster::watch::Event {
        kind: reference::cluster::watch::EventKind::Added,
        object,
    };
    let line = event.to_line();
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
    assert!(line.ends_with(b"}\n"));
}
