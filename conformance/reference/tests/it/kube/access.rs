//! Who may do what.

use kube::api::{DeleteParams, ListParams, LogParams, PostParams};
use reference::Api;

use super::{CLUSTERS, Cluster, refusal, refused, resting, soon};

#[tokio::test]
async fn nobody_is_let_in_without_a_known_token() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        for token in [None, Some("another-token")] {
            let pods = cluster.pods_of(token);
            let unknown = refusal(401, "Unauthorized");
            assert_eq!(
                refused(soon(pods.list(&ListParams::default())).await),
                unknown,
                "{token:?}"
            );
            let created = soon(pods.create(&PostParams::default(), &resting("new"))).await;
            assert_eq!(refused(created), unknown, "{token:?}");
        }
    }
}

#[tokio::test]
async fn a_reader_reads_and_writes_nothing() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods_of(Some("reader-token"));
        let forbidden = refusal(403, "Forbidden");
        assert_eq!(soon(pods.list(&ListParams::default())).await.unwrap().items.len(), 5);
        assert!(soon(pods.get("web-0")).await.is_ok());
        assert!(soon(pods.logs("web-0", &LogParams::default())).await.is_ok());
        let created = soon(pods.create(&PostParams::default(), &resting("new"))).await;
        assert_eq!(refused(created), forbidden);
        let deleted = soon(pods.delete("web-0", &DeleteParams::default())).await;
        assert_eq!(refused(deleted), forbidden);
        assert!(soon(pods.get("web-0")).await.unwrap().metadata.deletion_timestamp.is_none());
    }
}

#[tokio::test]
async fn somebody_without_rights_is_known_and_refused() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods_of(Some("powerless-token"));
    let forbidden = refusal(403, "Forbidden");
    assert_eq!(refused(soon(pods.list(&ListParams::default())).await), forbidden);
    assert_eq!(refused(soon(pods.get("web-0")).await), forbidden);
    let shell = soon(pods.exec("web-0", ["sh"], &kube::api::AttachParams::default())).await;
    assert_eq!(refused(shell), forbidden);
    assert_eq!(refused(soon(pods.portforward("web-0", &[80])).await), forbidden);
}
