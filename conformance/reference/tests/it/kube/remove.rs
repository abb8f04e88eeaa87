//! Deleting one pod or many, evicting, and placing.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use kube::Error;
use kube::api::{DeleteParams, EvictParams, ListParams, PostParams, Preconditions};
use reference::Api;
use serde_json::json;

use super::{
    CLUSTERS, Cluster, gone, name, phase, refusal, refused, resting, running, soon, until, version,
};

#[tokio::test]
async fn a_pod_has_its_grace_or_none() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let now = DeleteParams::default().grace_period(0);
        let deleted = soon(pods.delete("web-0", &now)).await.unwrap().left().unwrap();
        assert_eq!(name(&deleted), "web-0");
        assert!(soon(pods.get_opt("web-0")).await.unwrap().is_none(), "{api}");
        soon(pods.create(&PostParams::default(), &resting("slow"))).await.unwrap();
        soon(running(&pods, "slow")).await;
        let later = DeleteParams::default().grace_period(20);
        let deleted = soon(pods.delete("slow", &later)).await.unwrap().left().unwrap();
        assert_eq!(deleted.metadata.deletion_grace_period_seconds, Some(20), "{api}");
        assert!(deleted.metadata.deletion_timestamp.is_some(), "{api}");
        let still = soon(pods.get("slow")).await.unwrap();
        assert_eq!(
            (still.metadata.uid, phase(&deleted)),
            (deleted.metadata.uid.clone(), "Running")
        );
        soon(gone(&pods, "slow")).await;
        let again = soon(pods.delete("slow", &DeleteParams::default())).await;
        assert_eq!(refused(again), refusal(404, "NotFound"), "{api}");
    }
}

#[tokio::test]
async fn a_pod_goes_only_as_it_is_expected_to_be() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let web = soon(pods.get("web-0")).await.unwrap();
        let uid = web.metadata.uid.clone();
        let other = Some("00000000-0000-4000-8000-000000000000".to_owned());
        let now = version(&web).to_owned();
        let delete = async |uid: Option<String>, resource_version: Option<String>| {
            let params = DeleteParams::default()
                .grace_period(0)
                .preconditions(Preconditions { uid, resource_version });
            soon(pods.delete("web-0", &params)).await
        };
        let conflict = refusal(409, "Conflict");
        assert_eq!(refused(delete(other, None).await), conflict, "{api}");
        assert_eq!(refused(delete(uid.clone(), Some("1".to_owned())).await), conflict, "{api}");
        assert!(soon(pods.get_opt("web-0")).await.unwrap().is_some(), "{api}");
        assert!(delete(uid, Some(now)).await.is_ok(), "{api}");
        assert!(soon(pods.get_opt("web-0")).await.unwrap().is_none(), "{api}");
    }
}

#[tokio::test]
async fn a_trial_deletes_nothing() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let trial = DeleteParams::default().grace_period(0).dry_run();
        assert!(soon(pods.delete("web-0", &trial)).await.is_ok(), "{api}");
        assert!(soon(pods.delete_collection(&trial, &ListParams::default())).await.is_ok());
        let left = soon(pods.list(&ListParams::default())).await.unwrap();
        assert_eq!(left.items.len(), 5, "{api}");
        assert!(left.iter().all(|pod| pod.metadata.deletion_timestamp.is_none()), "{api}");
    }
}

#[tokio::test]
async fn many_go_at_once_and_the_others_stay() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let web = ListParams::default().labels("app=web");
        let now = DeleteParams::default().grace_period(0);
        let deleted = soon(pods.delete_collection(&now, &web)).await.unwrap().left().unwrap();
        let deleted: Vec<String> = deleted.iter().map(name).collect();
        assert_eq!(deleted, ["web-0", "web-1"], "{api}");
        let left = soon(pods.list(&ListParams::default())).await.unwrap();
        let left: Vec<String> = left.iter().map(name).collect();
        assert_eq!(left, ["cart-0", "cart-1", "search-0"], "{api}");
        let elsewhere = soon(cluster.everywhere().list(&web)).await.unwrap();
        assert_eq!(elsewhere.items.len(), 3, "{api}");
    }
}

#[tokio::test]
async fn an_eviction_respects_the_budget() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    soon(pods.create(&PostParams::default(), &resting("guarded"))).await.unwrap();
    soon(running(&pods, "guarded")).await;
    match soon(pods.evict("guarded", &EvictParams::default())).await.unwrap_err() {
        Error::Api(status) => {
            assert_eq!((status.code, status.reason.as_str()), (429, "TooManyRequests"));
            assert_eq!(status.details.unwrap().causes[0].reason, "DisruptionBudget");
        }
        other => panic!("{other:?}"),
    }
    let guarded = soon(pods.get("guarded")).await.unwrap();
    assert!(guarded.metadata.deletion_timestamp.is_none());
    let post_options = PostParams { dry_run: true, ..PostParams::default() };
    let trial = EvictParams { post_options, ..EvictParams::default() };
    assert!(soon(pods.evict("web-0", &trial)).await.unwrap().is_success());
    assert!(soon(pods.get("web-0")).await.unwrap().metadata.deletion_timestamp.is_none());
    let evicted = soon(pods.evict("web-0", &EvictParams::default())).await.unwrap();
    assert!(evicted.is_success());
    assert_eq!(evicted.code, 201);
    soon(gone(&pods, "web-0")).await;
    let nobody = soon(pods.evict("nobody", &EvictParams::default())).await;
    assert_eq!(refused(nobody), refusal(404, "NotFound"));
}

#[tokio::test]
async fn a_pod_is_placed_once() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let mut waiting = resting("waiting");
    waiting.spec.as_mut().unwrap().scheduler_name = Some("somebody".to_owned());
    soon(pods.create(&PostParams::default(), &waiting)).await.unwrap();
    let binding = json!({
        "apiVersion": "v1",
        "kind": "Binding",
        "metadata": { "name": "waiting" },
        "target": { "apiVersion": "v1", "kind": "Node", "name": "node-1" },
    });
    let bind = async || {
        let params = PostParams::default();
        soon(pods.create_subresource::<_, Status>("binding", "waiting", &params, &binding)).await
    };
    assert_eq!(bind().await.unwrap().status.as_deref(), Some("Success"));
    let bound = soon(until(&pods, "waiting", |pod| phase(pod) == "Running")).await;
    assert_eq!(bound.spec.unwrap().node_name.as_deref(), Some("node-1"));
    assert_eq!(refused(bind().await), refusal(409, "Conflict"));
}
