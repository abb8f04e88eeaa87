//! What clients ask before they ask for pods: whether the server is well, its version, and which resources it has.
//!
//! Every table here says what is served and no more. Namespaces are only read: they are as the cluster was begun.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use http::{HeaderValue, Uri, header};
use serde_json::{Value, json};

use super::access::watches;
use super::refuse::response;
use super::state::Cluster;
use crate::cluster::clock;
use crate::cluster::status::Status;
use crate::sample;

/// The version that the server gives itself. Clients that look at it take it for one whose streams go over WebSocket.
const VERSION: (&str, &str) = ("1", "32");

/// A resource of the group without a name.
#[derive(Clone, Copy, Debug)]
struct Resource {
    /// With the part of it that is meant.
    name: &'static str,
    /// What its bodies are; with group and version where that is another's.
    kind: (&'static str, Option<(&'static str, &'static str)>),
    verbs: &'static [&'static str],
}

/// Everything that either server has.
const RESOURCES: [Resource; 10] = [
    Resource { name: "namespaces", kind: ("Namespace", None), verbs: &["get", "list"] },
    Resource {
        name: "pods",
        kind: ("Pod", None),
        verbs: &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
    },
    Resource { name: "pods/attach", kind: ("PodAttachOptions", None), verbs: &["create", "get"] },
    Resource { name: "pods/binding", kind: ("Binding", None), verbs: &["create"] },
    Resource {
        name: "pods/eviction",
        kind: ("Eviction", Some(("policy", "v1"))),
        verbs: &["create"],
    },
    Resource { name: "pods/exec", kind: ("PodExecOptions", None), verbs: &["create", "get"] },
    Resource { name: "pods/log", kind: ("Pod", None), verbs: &["get"] },
    Resource {
        name: "pods/portforward",
        kind: ("PodPortForwardOptions", None),
        verbs: &["create", "get"],
    },
    Resource {
        name: "pods/proxy",
        kind: ("PodProxyOptions", None),
        verbs: &["create", "delete", "get", "patch", "update"],
    },
    Resource { name: "pods/status", kind: ("Pod", None), verbs: &["get", "patch", "update"] },
];

/// The paths of discovery, for a server that has these parts of pods.
pub(super) fn discovery(parts: &[&str], cluster: Arc<Cluster>) -> Router {
    let resources = RESOURCES.iter().filter(|resource| match resource.name.split_once('/') {
        Some((_, part)) => parts.contains(&part),
        None => true,
    });
    let resources: Vec<Value> = resources.copied().map(Resource::to_value).collect();
    let resources =
        json!({ "kind": "APIResourceList", "groupVersion": "v1", "resources": resources });
    let versions = json!({
        "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [],
    });
    let groups = json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": [] });
    let mut router = Router::new()
        .route("/version", document(version()))
        .route("/api", document(versions))
        .route("/apis", document(groups))
        .route("/api/v1", document(resources))
        .route("/openapi/v3", document(paths()))
        .route("/openapi/v3/api/v1", document(writes()))
        .route("/api/v1/namespaces", only(get(namespaces)))
        .route("/api/v1/namespaces/{namespace}", only(get(namespace)));
    for path in ["/healthz", "/livez", "/readyz"] {
        router = router.route(path, only(get(|| std::future::ready("ok"))));
    }
    router.with_state(cluster)
}

/// A document that is always the same.
fn document(value: Value) -> MethodRouter<Arc<Cluster>> {
    only(get(move || std::future::ready(json_response(&value))))
}

/// The same, that refuses other methods as the rest of the server does.
fn only(methods: MethodRouter<Arc<Cluster>>) -> MethodRouter<Arc<Cluster>> {
    methods.fallback(|| std::future::ready(response(&Status::method_not_allowed())))
}

fn json_response(value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

async fn namespaces(State(cluster): State<Arc<Cluster>>, uri: Uri) -> Response {
    if watches(uri.query().unwrap_or_default()) {
        return response(&Status::method_not_allowed());
    }
    let names = cluster.pods.namespaces();
    let items: Vec<Value> = names.iter().map(|name| namespace_value(&cluster, name)).collect();
    let version = cluster.pods.store().version().to_string();
    json_response(&json!({
        "kind": "NamespaceList",
        "apiVersion": "v1",
        "metadata": { "resourceVersion": version },
        "items": items,
    }))
}

async fn namespace(State(cluster): State<Arc<Cluster>>, Path(name): Path<String>) -> Response {
    if cluster.pods.namespaces().contains(&name) {
        json_response(&namespace_value(&cluster, &name))
    } else {
        response(&Status::not_found("namespaces", &name))
    }
}

fn namespace_value(cluster: &Cluster, name: &str) -> Value {
    let seed = name.bytes().fold(0, |seed, byte| sample::number(seed ^ u64::from(byte)));
    json!({
        "kind": "Namespace",
        "apiVersion": "v1",
        "metadata": {
            "name": name,
            "uid": sample::uuid(seed),
            "resourceVersion": "1",
            "creationTimestamp": clock::seconds(cluster.begun),
            "labels": { "kubernetes.io/metadata.name": name },
        },
        "spec": { "finalizers": ["kubernetes"] },
        "status": { "phase": "Active" },
    })
}

impl Resource {
    fn to_value(self) -> Value {
        let (kind, elsewhere) = self.kind;
        let mut value = json!({
            "name": self.name,
            "singularName": "",
            "namespaced": self.name != "namespaces",
            "kind": kind,
            "verbs": self.verbs,
        });
        let Some(map) = value.as_object_mut() else { return value };
        if let Some((group, version)) = elsewhere {
            map.insert("group".to_owned(), group.into());
            map.insert("version".to_owned(), version.into());
        }
        match self.name {
            "namespaces" => {
                map.insert("singularName".to_owned(), "namespace".into());
                map.insert("shortNames".to_owned(), json!(["ns"]));
            }
            "pods" => {
                map.insert("singularName".to_owned(), "pod".into());
                map.insert("shortNames".to_owned(), json!(["po"]));
                map.insert("categories".to_owned(), json!(["all"]));
            }
            _ => {}
        }
        value
    }
}

/// Where the description of the resources is.
fn paths() -> Value {
    json!({ "paths": { "api/v1": { "serverRelativeURL": "/openapi/v3/api/v1" } } })
}

/// As much of a description as makes clients leave the validation of what they write to the server, which is all that they
/// look for: that writes know the parameter for it. The server takes it, and objects to no unknown field, for it keeps them.
fn writes() -> Value {
    let operation = json!({
        "parameters": [{ "name": "fieldValidation", "in": "query", "schema": { "type": "string" } }],
        "responses": { "default": { "description": "as documented" } },
        "x-kubernetes-group-version-kind": { "group": "", "version": "v1", "kind": "Pod" },
    });
    json!({
        "openapi": "3.0.0",
        "info": { "title": "reference", "version": "v1" },
        "components": { "schemas": {} },
        "paths": {
            "/api/v1/namespaces/{namespace}/pods": { "post": operation },
            "/api/v1/namespaces/{namespace}/pods/{name}": { "patch": operation, "put": operation },
        },
    })
}

fn version() -> Value {
    let (major, minor) = VERSION;
    json!({
        "major": major,
        "minor": minor,
        "gitVersion": format!("v{major}.{minor}.0-reference"),
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "rustc",
        "platform": format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
    })
}
