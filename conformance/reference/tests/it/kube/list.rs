//! Lists: pages, tokens, selectors, versions.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::api::{DeleteParams, ListParams, ObjectList, PostParams, VersionMatch};
use kube::{Api as Client, Error};
use reference::Api;

use super::{CLUSTERS, Cluster, later, name, refusal, refused, resting, soon, version};

/// The pods of a list, with their namespaces.
fn places(list: &ObjectList<Pod>) -> Vec<String> {
    let place = |pod: &Pod| format!("{}/{}", pod.metadata.namespace.as_deref().unwrap(), name(pod));
    list.iter().map(place).collect()
}

fn token(list: &ObjectList<Pod>) -> Option<&str> {
    list.metadata.continue_.as_deref().filter(|token| !token.is_empty())
}

/// Every page of a walk; `between` happens after the first.
async fn walk(
    pods: &Client<Pod>,
    params: &ListParams,
    between: impl AsyncFnOnce(),
) -> Vec<ObjectList<Pod>> {
    let mut pages = vec![soon(pods.list(params)).await.unwrap()];
    between().await;
    while let Some(token) = pages.last().and_then(token) {
        assert!(pages.len() < 20, "the walk does not end");
        let next = params.clone().continue_token(token);
        pages.push(soon(pods.list(&next)).await.unwrap());
    }
    pages
}

#[tokio::test]
async fn pages_together_are_the_whole_list() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.everywhere();
        let whole = soon(pods.list(&ListParams::default())).await.unwrap();
        assert_eq!((whole.items.len(), token(&whole)), (12, None));
        for (limit, sizes, remaining) in [
            (1, vec![1; 12], (1..12).rev().map(Some).chain([None]).collect::<Vec<_>>()),
            (5, vec![5, 5, 2], vec![Some(7), Some(2), None]),
            (6, vec![6, 6], vec![Some(6), None]),
            (12, vec![12], vec![None]),
            (500, vec![12], vec![None]),
        ] {
            let pages = walk(&pods, &ListParams::default().limit(limit), async || ()).await;
            let union: Vec<String> = pages.iter().flat_map(places).collect();
            assert_eq!(union, places(&whole), "{api}, {limit} a page");
            let found: Vec<usize> = pages.iter().map(|page| page.items.len()).collect();
            assert_eq!(found, sizes, "{api}, {limit} a page");
            let left: Vec<_> =
                pages.iter().map(|page| page.metadata.remaining_item_count).collect();
            assert_eq!(left, remaining, "{api}, {limit} a page");
            for page in &pages {
                assert_eq!(page.metadata.resource_version, whole.metadata.resource_version);
            }
        }
    }
}

#[tokio::test]
async fn a_walk_shows_the_state_in_which_it_began() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let whole = soon(pods.list(&ListParams::default())).await.unwrap();
        let pages = walk(&pods, &ListParams::default().limit(2), async || {
            soon(pods.create(&PostParams::default(), &resting("zz-late"))).await.unwrap();
            let now = DeleteParams::default().grace_period(0);
            soon(pods.delete("web-1", &now)).await.unwrap();
        })
        .await;
        let union: Vec<String> = pages.iter().flat_map(places).collect();
        assert_eq!(union, places(&whole), "{api}");
        let after = places(&soon(pods.list(&ListParams::default())).await.unwrap());
        assert!(after.contains(&"default/zz-late".to_owned()), "{after:?}");
        assert!(!after.contains(&"default/web-1".to_owned()), "{after:?}");
    }
}

#[tokio::test]
async fn an_expired_token_is_refused_with_one_to_go_on_with() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let params = ListParams::default().limit(2);
        let first = soon(pods.list(&params)).await.unwrap();
        let second = params.clone().continue_token(token(&first).unwrap());
        soon(pods.create(&PostParams::default(), &resting("aa-early"))).await.unwrap();
        // History is kept for five minutes.
        later(Duration::from_secs(301)).await;
        let pods = cluster.pods();
        soon(pods.create(&PostParams::default(), &resting("zz-late"))).await.unwrap();
        let Error::Api(status) = soon(pods.list(&second)).await.unwrap_err() else {
            panic!("no status")
        };
        assert_eq!((status.code, status.reason.as_str()), (410, "Expired"), "{api}");
        // What is left of the list, as it is now: what came before it in the meantime is missing.
        let fresh = status.metadata.and_then(|it| it.continue_).unwrap();
        let rest = ListParams::default().continue_token(&fresh);
        assert_eq!(
            places(&soon(pods.list(&rest)).await.unwrap()),
            ["default/search-0", "default/web-0", "default/web-1", "default/zz-late"],
            "{api}"
        );
        // A new walk misses nothing.
        let pages = walk(&pods, &params, async || ()).await;
        let union: Vec<String> = pages.iter().flat_map(places).collect();
        assert_eq!(union.first().map(String::as_str), Some("default/aa-early"), "{api}");
        assert_eq!(union.len(), 7, "{union:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_none_is_refused() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        for token in ["garbage", "bm90IGpzb24", "e30"] {
            let params = ListParams::default().limit(2).continue_token(token);
            let listed = soon(cluster.pods().list(&params)).await;
            assert_eq!(refused(listed), refusal(400, "BadRequest"), "{api} {token}");
        }
    }
}

#[tokio::test]
async fn labels_and_fields_select() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.everywhere();
        let listed = async |params: ListParams| soon(pods.list(&params)).await.unwrap().items.len();
        for (labels, expected) in [
            ("app=web", 5),
            ("app==web", 5),
            ("app!=web", 7),
            ("app in (web,cart)", 7),
            ("app notin (web,cart)", 5),
            ("app", 12),
            ("!app", 0),
            ("tier=backend,app=cart", 2),
        ] {
            assert_eq!(listed(ListParams::default().labels(labels)).await, expected, "{labels}");
        }
        for (fields, expected) in [
            ("metadata.name=web-0", 2),
            ("metadata.namespace=shop", 7),
            ("metadata.namespace!=shop", 5),
            ("metadata.name=web-0,metadata.namespace=shop", 1),
            ("status.phase=Running", 12),
            ("status.phase=Failed", 0),
            ("spec.nodeName=node-1", 12),
        ] {
            assert_eq!(listed(ListParams::default().fields(fields)).await, expected, "{fields}");
        }
        let both = ListParams::default().labels("app=web").fields("metadata.namespace=default");
        assert_eq!(listed(both).await, 2);
        for wrong in [
            ListParams::default().labels("app in web"),
            ListParams::default().labels("-=x"),
            ListParams::default().fields("spec.colour=red"),
            ListParams::default().fields("metadata.name"),
        ] {
            let listed = soon(pods.list(&wrong)).await;
            assert_eq!(refused(listed), refusal(400, "BadRequest"), "{wrong:?}");
        }
    }
}

#[tokio::test]
async fn selected_pages_say_nothing_of_what_remains() {
    let cluster = Cluster::start(Api::Kubernetes).await;
    let params = ListParams::default().labels("app=web").limit(2);
    let pages = walk(&cluster.everywhere(), &params, async || ()).await;
    let union: Vec<String> = pages.iter().flat_map(places).collect();
    assert_eq!(union, ["default/web-0", "default/web-1", "shop/web-0", "shop/web-1", "shop/web-2"]);
    assert!(pages.iter().all(|page| page.metadata.remaining_item_count.is_none()));
}

#[tokio::test]
async fn a_version_can_be_asked_for() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let before = soon(pods.list(&ListParams::default())).await.unwrap();
        let made = soon(pods.create(&PostParams::default(), &resting("zz-late"))).await.unwrap();
        let then = before.metadata.resource_version.clone().unwrap();
        let exact = ListParams::default().at(&then).matching(VersionMatch::Exact);
        let exact = soon(pods.list(&exact)).await.unwrap();
        assert_eq!(places(&exact), places(&before), "{api}");
        assert_eq!(exact.metadata.resource_version, before.metadata.resource_version);
        for newer in [
            ListParams::default().match_any(),
            ListParams::default().at(version(&made)).matching(VersionMatch::NotOlderThan),
        ] {
            let list = soon(pods.list(&newer)).await.unwrap();
            assert_eq!(list.items.len(), 6, "{api} {newer:?}");
        }
    }
}
