//! Pages: walks, tokens, and the table of version, match and limit.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reference::cluster::{
    options::ListOptions,
    page::{Page, list},
    status::Status,
    store::{Scope, Store},
};
use serde_json::json;

use super::tools::{names, pod, put, take, told};

fn filled(count: usize) -> Store {
    let store = Store::default();
    for number in 0..count {
        put(&store, pod(&format!("p{number:02}"), json!({ "parity": (number % 2).to_string() })));
    }
    store
}

fn page(store: &Store, options: &ListOptions) -> Result<Page, Status> {
    list(store, &Scope::namespace("default"), options)
}

fn limited(limit: i64, token: Option<String>) -> ListOptions {
    ListOptions { limit: Some(limit), token, ..ListOptions::default() }
}

fn token(json: &serde_json::Value) -> Option<String> {
    Some(URL_SAFE_NO_PAD.encode(json.to_string()))
}

#[test]
fn a_walk_shows_one_version_whole_and_once() {
    for limit in 1..9 {
        let store = filled(7);
        let whole = names(&page(&store, &ListOptions::default()).unwrap().items);
        let mut seen = Vec::new();
        let mut next = None;
        let mut versions = Vec::new();
        loop {
            let page = page(&store, &limited(limit, next)).unwrap();
            seen.extend(names(&page.items));
            versions.push(page.version);
            let left = whole.len() - seen.len();
            assert_eq!(page.remaining, (left > 0).then_some(left));
            next = page.next;
            if next.is_none() {
                break;
            }
            // None of this may show in the walk.
            take(
                &store,
                &names(
                    &store
                        .current(&Scope::All)
                        .objects()
                        .map(|(_, it)| it.clone())
                        .collect::<Vec<_>>(),
                )[0],
            );
            put(&store, pod(&format!("q{}", seen.len()), json!({})));
        }
        assert_eq!(seen, whole, "limit {limit}");
        versions.dedup();
        assert_eq!(versions.len(), 1);
    }
}

#[test]
fn tokens_have_the_measured_form_and_the_limit_may_change() {
    let store = filled(7);
    let first = page(&store, &limited(2, None)).unwrap();
    let decoded = URL_SAFE_NO_PAD.decode(first.next.clone().unwrap()).unwrap();
    let decoded: serde_json::Value = serde_json::from_slice(&decoded).unwrap();
    assert_eq!(
        decoded,
        json!({ "v": "meta.k8s.io/v1", "rv": first.version.get(), "start": "p01\u{0}" })
    );
    let rest =
        page(&store, &ListOptions { token: first.next.clone(), ..ListOptions::default() }).unwrap();
    assert_eq!((rest.items.len(), rest.next, rest.remaining), (5, None, None));
    let zero = ListOptions { version: Some("0".to_owned()), ..limited(3, first.next) };
    assert_eq!(names(&page(&store, &zero).unwrap().items), ["p02", "p03", "p04"]);
}

#[test]
fn a_selector_holds_over_pages_and_hides_the_count() {
    let store = filled(7);
    let mut options = limited(2, None);
    options.label_selector = Some("parity=0".to_owned());
    let first = page(&store, &options).unwrap();
    assert_eq!(
        (names(&first.items), first.remaining),
        (vec!["p00".to_owned(), "p02".to_owned()], None)
    );
    options.token = first.next;
    let second = page(&store, &options).unwrap();
    assert_eq!(names(&second.items), ["p04", "p06"]);
    assert_eq!(second.next, None);
}

#[test]
fn all_namespaces_are_walked_in_the_order_of_their_keys() {
    let store = Store::default();
    for (namespace, name) in [("oa", "x"), ("oa-b", "x"), ("oab", "x"), ("oa", "y")] {
        let mut object = pod(name, json!({}));
        object["metadata"]["namespace"] = json!(namespace);
        put(&store, object);
    }
    let mut seen = Vec::new();
    let mut next = None;
    loop {
        let page = list(&store, &Scope::All, &limited(1, next)).unwrap();
        seen.extend(
            page.items.iter().map(|it| it["metadata"]["namespace"].as_str().unwrap().to_owned()),
        );
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["oa-b", "oa", "oa", "oab"]);
}

/// The table of version, match, limit and token.
#[test]
fn version_match_and_limit_follow_the_table() {
    let store = filled(4);
    let old = store.version();
    put(&store, pod("new", json!({})));
    let next = page(&store, &limited(1, None)).unwrap().next.unwrap();
    let unset = "";
    // version, match, limit, token; code, items, whether the version is the old one
    let cases = [
        (unset, "", 0, false, 200, 5, false),
        (unset, "", 2, false, 200, 2, false),
        ("0", "", 2, false, 200, 5, false),
        ("0", "", 0, false, 200, 5, false),
        ("old", "", 0, false, 200, 5, false),
        ("old", "", 2, false, 200, 2, true),
        (unset, "", 2, true, 200, 2, false),
        ("0", "", 2, true, 200, 2, false),
        ("old", "", 2, true, 400, 0, false),
        (unset, "Exact", 0, false, 422, 0, false),
        ("0", "Exact", 0, false, 422, 0, false),
        ("old", "Exact", 0, false, 200, 4, true),
        ("old", "Exact", 3, false, 200, 3, true),
        ("old", "Exact", 3, true, 422, 0, false),
        (unset, "NotOlderThan", 0, false, 422, 0, false),
        ("0", "NotOlderThan", 2, false, 200, 5, false),
        ("old", "NotOlderThan", 2, false, 200, 2, false),
        (unset, "Bogus", 0, false, 422, 0, false),
        ("0", "Bogus", 0, false, 422, 0, false),
        ("old", "Bogus", 0, false, 422, 0, false),
        ("abc", "", 0, false, 400, 0, false),
        ("-1", "", 0, false, 400, 0, false),
        ("future", "", 0, false, 504, 0, false),
        ("future", "Exact", 0, false, 504, 0, false),
        ("1", "Exact", 0, false, 200, 0, false),
    ];
    for (version, matching, limit, continued, code, items, is_old) in cases {
        let row = format!("{version} {matching} {limit} {continued}");
        let text = match version {
            "old" => old.to_string(),
            "future" => "99999999".to_owned(),
            other => other.to_owned(),
        };
        let options = ListOptions {
            limit: Some(limit),
            version: Some(text),
            version_match: Some(matching.to_owned()),
            token: continued.then(|| next.clone()),
            ..ListOptions::default()
        };
        match page(&store, &options) {
            Ok(page) => {
                assert_eq!((200, page.items.len()), (code, items), "{row}");
                assert_eq!(page.version == old, is_old, "{row}");
            }
            Err(status) => assert_eq!(status.code, code, "{row}: {status}"),
        }
    }
}

#[test]
fn refusals_read_as_measured() {
    let store = filled(2);
    let with = |change: fn(&mut ListOptions)| {
        let mut options = ListOptions::default();
        change(&mut options);
        page(&store, &options).unwrap_err()
    };
    let exact =
        with(|it| (it.version, it.version_match) = (Some("0".into()), Some("Exact".into())));
    assert_eq!(
        told(&exact),
        (
            422,
            "Invalid",
            "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
        )
    );
    let bogus =
        with(|it| (it.version, it.version_match) = (Some("1".into()), Some("Bogus".into())));
    assert!(
        bogus.message.ends_with("supported values: \"Exact\", \"NotOlderThan\", \"\""),
        "{bogus}"
    );
    let initial = with(|it| it.initial_events = Some(true));
    assert!(initial.message.ends_with("sendInitialEvents is forbidden for list"), "{initial}");
    let malformed = with(|it| it.version = Some("abc".into()));
    assert_eq!(
        told(&malformed),
        (
            400,
            "BadRequest",
            "invalid resource version: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax",
        )
    );
}

#[test]
fn tokens_that_are_none_are_refused() {
    let store = filled(4);
    for (value, end) in [
        (Some("garbage".to_owned()), ""),
        (Some("!".to_owned()), ""),
        (
            token(&json!({ "v": "meta.k8s.io/v2", "rv": 1, "start": "x" })),
            "server does not recognize this encoded version meta.k8s.io/v2",
        ),
        (
            token(&json!({ "v": "meta.k8s.io/v1", "rv": 1, "start": "../../secrets\u{0}" })),
            "continue key is not valid: ../../secrets\u{0}",
        ),
        (token(&json!({ "v": "meta.k8s.io/v1", "rv": 0, "start": "x" })), ""),
        (token(&json!({ "v": "meta.k8s.io/v1", "rv": 1 })), ""),
        (token(&json!({ "v": "meta.k8s.io/v1", "rv": 99_999_999, "start": "x" })), ""),
    ] {
        for limit in [None, Some(2)] {
            let status = page(
                &store,
                &ListOptions { limit, token: value.clone(), ..ListOptions::default() },
            )
            .unwrap_err();
            assert_eq!(status.code, 400, "{value:?}");
            assert!(
                status.message.starts_with("invalid continue token: ")
                    && status.message.ends_with(end),
                "{status}"
            );
        }
    }
    let slashed =
        token(&json!({ "v": "meta.k8s.io/v1", "rv": store.version().get(), "start": "/p02\u{0}" }));
    assert_eq!(names(&page(&store, &limited(9, slashed)).unwrap().items), ["p03"]);
}

#[test]
fn an_expired_walk_goes_on_with_a_fresh_token() {
    let store = filled(5);
    let first = page(&store, &limited(2, None)).unwrap();
    put(&store, pod("p00a", json!({})));
    put(&store, pod("p02a", json!({})));
    store.compact();
    let expired = page(&store, &limited(2, first.next)).unwrap_err();
    assert_eq!(told(&expired).0, 410);
    assert_eq!(told(&expired).1, "Expired");
    assert!(expired.message.starts_with("The provided continue parameter is too old"));
    let fresh = page(&store, &limited(2, expired.next)).unwrap();
    assert_eq!(names(&fresh.items), ["p02", "p02a"]);
    assert!(fresh.version > first.version);
    let last = page(&store, &limited(9, fresh.next)).unwrap();
    assert_eq!(names(&last.items), ["p03", "p04"]);
    assert_eq!(last.version, fresh.version);
    let old = ListOptions {
        version: Some("3".into()),
        version_match: Some("Exact".into()),
        ..ListOptions::default()
    };
    assert_eq!(
        told(&page(&store, &old).unwrap_err()),
        (410, "Expired", "The resourceVersion for the provided list is too old.")
    );
}

#[test]
fn a_list_object_has_bare_items_and_little_metadata() {
    let store = filled(3);
    let page = page(&store, &limited(1, None)).unwrap();
    let value = page.to_value("PodList");
    assert_eq!(value["kind"], "PodList");
    assert_eq!(value["items"][0].get("kind"), None);
    assert_eq!(value["items"][0].get("apiVersion"), None);
    assert_eq!(value["metadata"]["remainingItemCount"], 2);
    let empty = list(&store, &Scope::namespace("nope"), &ListOptions::default())
        .unwrap()
        .to_value("PodList");
    assert_eq!(empty["items"], json!([]));
    assert_eq!(empty["metadata"].as_object().unwrap().len(), 1);
}
