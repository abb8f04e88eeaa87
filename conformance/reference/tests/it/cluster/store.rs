//! Versions, snapshots, history and its bounds.

use std::time::Duration;

use reference::cluster::store::{Bounds, Key, Scope, Store, Unavailable, Version, Write};
use serde_json::{Value, json};

use super::tools::{names, pod, put, take};

#[test]
fn every_change_gives_the_next_version_and_no_change_gives_none() {
    let store = Store::default();
    let first = put(&store, pod("a", json!({})));
    let second = put(&store, pod("a", json!({ "x": "1" })));
    let same = put(&store, pod("a", json!({ "x": "1" })));
    let version = |object: &Value| {
        object["metadata"]["resourceVersion"].as_str().unwrap().parse::<u64>().unwrap()
    };
    assert_eq!(version(&second), version(&first) + 1);
    assert_eq!(second, same);
    assert_eq!(store.version().get(), version(&second));
    take(&store, "a");
    assert_eq!(store.version().get(), version(&second) + 1);
    assert!(store.is_empty());
}

#[test]
fn a_dry_run_decides_and_keeps_nothing() {
    let store = Store::default();
    let before = store.version();
    let key = Key::new("default", "a");
    let written = store.write(&key, true, |_| Ok(Write::Put(pod("a", json!({}))))).unwrap();
    assert!(written.created && !written.removed);
    assert!(written.object["metadata"].get("resourceVersion").is_none());
    put(&store, pod("a", json!({})));
    let removed =
        store.write(&key, true, |object| Ok(Write::Remove(Value::clone(object.unwrap())))).unwrap();
    assert!(removed.removed);
    assert_eq!(store.len(), 1);
    assert_eq!(store.version(), before.next());
}

#[test]
fn what_is_not_there_is_not_found() {
    let store = Store::default();
    let missing = store.write(&Key::new("default", "a"), false, |_| Ok(Write::Keep)).unwrap_err();
    assert_eq!((missing.code, missing.message.as_str()), (404, "pods \"a\" not found"));
}

#[test]
fn a_snapshot_shows_its_version_whatever_happened_since() {
    let store = Store::default();
    for name in ["a", "b", "c"] {
        put(&store, pod(name, json!({ "v": "old" })));
    }
    let then = store.version();
    take(&store, "a");
    put(&store, pod("b", json!({ "v": "new" })));
    put(&store, pod("bb", json!({})));
    put(&store, pod("a", json!({ "v": "again" })));
    let snapshot = store.snapshot(&Scope::namespace("default"), then).unwrap();
    assert_eq!(names(snapshot.objects().map(|(_, object)| object)), ["a", "b", "c"]);
    assert!(snapshot.objects().all(|(_, object)| object["metadata"]["labels"]["v"] == "old"));
    assert_eq!(
        names(store.current(&Scope::All).objects().map(|(_, object)| object)),
        ["a", "b", "bb", "c"]
    );
    let early = store.snapshot(&Scope::All, Version::FIRST).unwrap();
    assert_eq!(early.objects().count(), 0);
}

#[test]
fn versions_outside_of_the_history_are_unavailable() {
    let store = Store::new(Bounds { changes: 2, ..Bounds::default() });
    for number in 0..4 {
        put(&store, pod("a", json!({ "n": number.to_string() })));
    }
    let now = store.version();
    let floor = Version::new(now.get() - 2);
    assert!(store.snapshot(&Scope::All, floor).is_ok());
    let old = Version::new(now.get() - 3);
    assert_eq!(store.snapshot(&Scope::All, old).unwrap_err(), Unavailable::TooOld(old, floor));
    assert_eq!(store.changes(old, 9).unwrap_err(), Unavailable::TooOld(old, floor));
    assert_eq!(
        store.snapshot(&Scope::All, now.next()).unwrap_err(),
        Unavailable::TooNew(now.next(), now)
    );
    assert!(store.changes(now.next(), 9).unwrap().is_empty());
    store.compact();
    assert!(store.snapshot(&Scope::All, floor).is_err());
    assert!(store.snapshot(&Scope::All, now).is_ok());
}

#[test]
fn history_is_bounded_in_bytes() {
    let store = Store::new(Bounds { bytes: 4000, ..Bounds::default() });
    let before = store.version();
    for number in 0..20 {
        put(&store, pod("a", json!({ "n": "x".repeat(500), "m": number.to_string() })));
    }
    assert!(store.changes(before, 99).is_err());
    assert!(store.changes(Version::new(store.version().get() - 2), 99).is_ok());
}

#[tokio::test(start_paused = true)]
async fn history_grows_old() {
    let store = Store::new(Bounds { age: Duration::from_secs(10), ..Bounds::default() });
    put(&store, pod("a", json!({})));
    let version = store.version();
    put(&store, pod("b", json!({})));
    tokio::time::advance(Duration::from_secs(9)).await;
    assert!(store.snapshot(&Scope::All, version).is_ok());
    tokio::time::advance(Duration::from_secs(2)).await;
    assert!(store.snapshot(&Scope::All, version).is_err());
    assert!(store.snapshot(&Scope::All, store.version()).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_version_can_be_waited_for() {
    let store = Store::default();
    let next = store.version().next();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.reach(next, Duration::from_secs(3)).await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    put(&store, pod("a", json!({})));
    assert_eq!(waiting.await.unwrap(), Ok(()));
    let later = next.next();
    let missed = store.reach(later, Duration::from_secs(3)).await;
    assert_eq!(missed, Err(Unavailable::TooNew(later, next)));
}

#[test]
fn versions_are_decimal_numbers() {
    for (text, message) in [
        ("abc", "invalid syntax"),
        ("-1", "invalid syntax"),
        ("+1", "invalid syntax"),
        ("", "invalid syntax"),
        ("99999999999999999999", "value out of range"),
    ] {
        assert_eq!(
            Version::parse(text).unwrap_err().to_string(),
            format!(
                "resourceVersion: Invalid value: {text:?}: strconv.ParseUint: parsing {text:?}: {message}"
            )
        );
    }
    assert_eq!(Version::parse("12"), Ok(Version::new(12)));
}
