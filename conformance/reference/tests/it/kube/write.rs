//! Creating, reading, replacing and patching.

use k8s_openapi::api::core::v1::{Pod, PodCondition};
use kube::api::{ListParams, Patch, PatchParams, PostParams};
use kube::{Api as Client, Error};
use serde_json::{Value, json};

use super::{
    CLUSTERS, Cluster, label, name, phase, pod_of, refusal, refused, resting, running, soon,
    version,
};

/// A patch that is a list of operations.
fn operations(operations: Value) -> Patch<()> {
    Patch::Json(serde_json::from_value(operations).unwrap())
}

/// The image of the first container.
fn image(pod: &Pod) -> &str {
    pod.spec.as_ref().unwrap().containers[0].image.as_deref().unwrap_or_default()
}

/// A pod that runs, with two containers.
async fn pair(pods: &Client<Pod>) -> Pod {
    let spec = json!({ "containers": [
        { "name": "left", "image": "registry.example/left:1" },
        { "name": "right", "image": "registry.example/right:1" },
    ] });
    soon(pods.create(&PostParams::default(), &pod_of("pair", spec))).await.unwrap();
    soon(running(pods, "pair")).await
}

#[tokio::test]
async fn a_name_is_made_up_and_a_life_begins() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let mut wanted = resting("");
        wanted.metadata.name = None;
        wanted.metadata.generate_name = Some("made-".to_owned());
        let one = soon(pods.create(&PostParams::default(), &wanted)).await.unwrap();
        let two = soon(pods.create(&PostParams::default(), &wanted)).await.unwrap();
        assert_ne!(name(&one), name(&two), "{api}");
        for made in [one, two] {
            assert!(name(&made).starts_with("made-") && name(&made).len() == 10, "{made:?}");
            assert_eq!(made.metadata.namespace.as_deref(), Some("default"));
            assert!(made.metadata.uid.is_some() && made.metadata.creation_timestamp.is_some());
            assert_eq!(phase(&made), "Pending");
            let runs = soon(running(&pods, &name(&made))).await;
            assert_eq!(runs.metadata.uid, made.metadata.uid);
            assert_ne!(version(&runs), version(&made));
            assert!(runs.status.unwrap().pod_ip.is_some());
        }
    }
}

#[tokio::test]
async fn what_cannot_be_created_is_refused() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let create = async |pod: &Pod| soon(pods.create(&PostParams::default(), pod)).await;
        assert_eq!(refused(create(&resting("web-0")).await), refusal(409, "AlreadyExists"));
        assert_eq!(refused(create(&resting("Not_A_Name")).await), refusal(422, "Invalid"));
        let empty = pod_of("empty", json!({ "containers": [] }));
        match create(&empty).await.unwrap_err() {
            Error::Api(status) => {
                assert_eq!((status.code, status.reason.as_str()), (422, "Invalid"));
                let causes = status.details.unwrap().causes;
                assert_eq!(causes.len(), 1, "{api}");
                assert_eq!(causes[0].field, "spec.containers");
                assert_eq!(causes[0].reason, "FieldValueRequired");
            }
            other => panic!("{other:?}"),
        }
        let elsewhere: Client<Pod> =
            Client::namespaced(cluster.client(Some(super::TOKEN)), "nowhere");
        let lost = soon(elsewhere.create(&PostParams::default(), &resting("lost"))).await;
        assert_eq!(refused(lost), refusal(404, "NotFound"), "{api}");
    }
}

#[tokio::test]
async fn one_pod_is_read_or_is_not_there() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let web = soon(pods.get("web-0")).await.unwrap();
        assert_eq!((label(&web, "app"), label(&web, "tier")), (Some("web"), Some("frontend")));
        assert_eq!(refused(soon(pods.get("nobody")).await), refusal(404, "NotFound"), "{api}");
        assert!(soon(pods.get_opt("nobody")).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_stale_replacement_is_a_conflict() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let before = soon(pods.get("web-0")).await.unwrap();
        let mut first = before.clone();
        first.metadata.labels.get_or_insert_default().insert("by".to_owned(), "first".to_owned());
        let mut second = before.clone();
        second.metadata.labels.get_or_insert_default().insert("by".to_owned(), "second".to_owned());
        let replace =
            async |pod: &Pod| soon(pods.replace("web-0", &PostParams::default(), pod)).await;
        let written = replace(&first).await.unwrap();
        assert_eq!(label(&written, "by"), Some("first"));
        assert_ne!(version(&written), version(&before));
        assert_eq!(refused(replace(&second).await), refusal(409, "Conflict"), "{api}");
        second.metadata.resource_version = written.metadata.resource_version.clone();
        assert_eq!(label(&replace(&second).await.unwrap(), "by"), Some("second"));
        // What is read and written back unchanged is not written at all.
        let same = soon(pods.get("web-0")).await.unwrap();
        assert_eq!(version(&replace(&same).await.unwrap()), version(&same));
        let mut moved = same.clone();
        moved.spec.as_mut().unwrap().node_name = Some("node-2".to_owned());
        assert_eq!(refused(replace(&moved).await), refusal(422, "Invalid"), "{api}");
        let nobody = soon(pods.replace("nobody", &PostParams::default(), &resting("nobody"))).await;
        assert_eq!(refused(nobody), refusal(404, "NotFound"), "{api}");
    }
}

#[tokio::test]
async fn json_and_merge_patches_change_what_they_name() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        pair(&pods).await;
        let params = PatchParams::default();
        let json = operations(json!([
            { "op": "test", "path": "/metadata/labels/app", "value": "pair" },
            { "op": "add", "path": "/metadata/labels/colour", "value": "red" },
            { "op": "replace", "path": "/spec/containers/0/image", "value": "registry.example/left:2" },
        ]));
        let patched = soon(pods.patch("pair", &params, &json)).await.unwrap();
        assert_eq!(label(&patched, "colour"), Some("red"), "{api}");
        assert_eq!(image(&patched), "registry.example/left:2");
        let untrue = operations(json!([
            { "op": "test", "path": "/metadata/labels/app", "value": "other" },
            { "op": "remove", "path": "/metadata/labels/colour" },
        ]));
        let failed = soon(pods.patch("pair", &params, &untrue)).await;
        assert_eq!(refused(failed), refusal(422, "Invalid"), "{api}");
        let labels = json!({ "metadata": { "labels": { "colour": null, "shape": "round" } } });
        let patched = soon(pods.patch("pair", &params, &Patch::Merge(labels))).await.unwrap();
        assert_eq!((label(&patched, "colour"), label(&patched, "shape")), (None, Some("round")));
        assert_eq!(label(&patched, "app"), Some("pair"), "{api}");
        // A merge patch replaces a list whole, and containers cannot go.
        let list = json!({ "spec": { "containers": [{ "name": "left", "image": "registry.example/left:3" }] } });
        let shorter = soon(pods.patch("pair", &params, &Patch::Merge(list))).await;
        assert_eq!(refused(shorter), refusal(422, "Invalid"), "{api}");
        let stale =
            json!({ "metadata": { "resourceVersion": "1", "labels": { "shape": "flat" } } });
        let stale = soon(pods.patch("pair", &params, &Patch::Merge(stale))).await;
        assert_eq!(refused(stale), refusal(409, "Conflict"), "{api}");
    }
}

#[tokio::test]
async fn a_strategic_patch_merges_lists_by_their_keys() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        pair(&pods).await;
        let patch = json!({
            "metadata": { "labels": { "colour": "red" } },
            "spec": {
                "containers": [{ "name": "right", "image": "registry.example/right:2" }],
                "tolerations": [{ "key": "spare", "operator": "Exists" }],
            },
        });
        let patch = Patch::Strategic(patch);
        let patched = soon(pods.patch("pair", &PatchParams::default(), &patch)).await.unwrap();
        let images: Vec<_> = patched.spec.as_ref().unwrap().containers.iter().collect();
        assert_eq!(images.len(), 2, "{api}");
        assert_eq!(images[0].image.as_deref(), Some("registry.example/left:1"));
        assert_eq!(images[1].image.as_deref(), Some("registry.example/right:2"));
        assert_eq!(label(&patched, "colour"), Some("red"));
    }
}

#[tokio::test]
async fn an_apply_creates_owns_conflicts_and_takes() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let wanted = |colour: &str| {
            Patch::Apply(json!({
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": { "name": "applied", "labels": { "colour": colour } },
                "spec": { "containers": [{ "name": "main", "image": "registry.example/rest:1" }] },
            }))
        };
        let apply = async |params: PatchParams, patch: Patch<Value>| {
            soon(pods.patch("applied", &params, &patch)).await
        };
        let made = apply(PatchParams::apply("painter"), wanted("red")).await.unwrap();
        assert_eq!(label(&made, "colour"), Some("red"), "{api}");
        let managers = made.metadata.managed_fields.unwrap();
        assert_eq!(managers[0].manager.as_deref(), Some("painter"));
        assert_eq!(managers[0].operation.as_deref(), Some("Apply"));
        let rival = apply(PatchParams::apply("rival"), wanted("blue")).await;
        match rival.unwrap_err() {
            Error::Api(status) => {
                assert_eq!((status.code, status.reason.as_str()), (409, "Conflict"), "{api}");
                let causes = status.details.unwrap().causes;
                assert_eq!(causes[0].reason, "FieldManagerConflict");
                assert_eq!(causes[0].field, ".metadata.labels.colour");
            }
            other => panic!("{other:?}"),
        }
        let taken = apply(PatchParams::apply("rival").force(), wanted("blue")).await.unwrap();
        assert_eq!(label(&taken, "colour"), Some("blue"), "{api}");
        // Who applies again without a field gives it up.
        let bare = Patch::Apply(json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "name": "applied" },
            "spec": { "containers": [{ "name": "main", "image": "registry.example/rest:1" }] },
        }));
        let given = apply(PatchParams::apply("rival"), bare.clone()).await.unwrap();
        assert_eq!(label(&given, "colour"), None, "{api}");
        let nobody = apply(PatchParams::default(), bare).await;
        assert_eq!(refused(nobody), refusal(422, "Invalid"), "{api}");
    }
}

#[tokio::test]
async fn the_status_is_written_apart() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let params = PatchParams::default();
        let ready = json!({ "status": { "conditions": [{ "type": "example.org/checked", "status": "True" }] } });
        let checked = |pod: &Pod| {
            let conditions = pod.status.as_ref().and_then(|status| status.conditions.clone());
            conditions.unwrap_or_default().into_iter().find(|it| it.type_ == "example.org/checked")
        };
        // Beside the rest of the pod it is not looked at.
        let main = soon(pods.patch("web-0", &params, &Patch::Strategic(ready.clone()))).await;
        assert!(checked(&main.unwrap()).is_none(), "{api}");
        let count = |pod: &Pod| pod.status.as_ref().unwrap().conditions.as_ref().unwrap().len();
        let before = soon(pods.get_status("web-0")).await.unwrap();
        let patch = Patch::Strategic(ready);
        let patched = soon(pods.patch_status("web-0", &params, &patch)).await.unwrap();
        assert_eq!(checked(&patched).unwrap().status, "True", "{api}");
        assert_eq!(count(&patched), count(&before) + 1, "{api}");
        let mut body = soon(pods.get_status("web-0")).await.unwrap();
        body.spec.as_mut().unwrap().containers[0].image =
            Some("registry.example/other:1".to_owned());
        let conditions: &mut Vec<PodCondition> =
            body.status.as_mut().unwrap().conditions.as_mut().unwrap();
        conditions.iter_mut().for_each(|it| {
            if it.type_ == "example.org/checked" {
                it.status = "False".to_owned();
            }
        });
        let replaced = soon(pods.replace_status("web-0", &PostParams::default(), &body)).await;
        let replaced = replaced.unwrap();
        assert_eq!(checked(&replaced).unwrap().status, "False", "{api}");
        assert_eq!(image(&replaced), "registry.example/web:1", "{api}");
        let stale = soon(pods.replace_status("web-0", &PostParams::default(), &body)).await;
        assert_eq!(refused(stale), refusal(409, "Conflict"), "{api}");
    }
}

#[tokio::test]
async fn a_dry_run_leaves_nothing_behind() {
    for api in CLUSTERS {
        let cluster = Cluster::start(api).await;
        let pods = cluster.pods();
        let before = soon(pods.list(&ListParams::default())).await.unwrap();
        let trial = PostParams { dry_run: true, ..PostParams::default() };
        let made = soon(pods.create(&trial, &resting("trial"))).await.unwrap();
        assert!(made.metadata.uid.is_some(), "{api}");
        assert!(soon(pods.get_opt("trial")).await.unwrap().is_none(), "{api}");
        let taken = soon(pods.create(&trial, &resting("web-0"))).await;
        assert_eq!(refused(taken), refusal(409, "AlreadyExists"), "{api}");
        let mut other = soon(pods.get("web-0")).await.unwrap();
        other.metadata.labels.get_or_insert_default().insert("by".to_owned(), "trial".to_owned());
        let replaced = soon(pods.replace("web-0", &trial, &other)).await.unwrap();
        assert_eq!(label(&replaced, "by"), Some("trial"), "{api}");
        let labels = Patch::Merge(json!({ "metadata": { "labels": { "by": "trial" } } }));
        let params = PatchParams::default().dry_run();
        let patched = soon(pods.patch("web-1", &params, &labels)).await.unwrap();
        assert_eq!(label(&patched, "by"), Some("trial"), "{api}");
        let after = soon(pods.list(&ListParams::default())).await.unwrap();
        assert_eq!(after.items, before.items, "{api}");
        assert_eq!(after.metadata.resource_version, before.metadata.resource_version, "{api}");
    }
}
