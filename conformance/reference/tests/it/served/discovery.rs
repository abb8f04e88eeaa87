//! Discovery: what is told is there, and what is there is told.

use std::collections::BTreeSet;

use reference::Api;
use serde_json::Value;

use super::tools::Client;

/// Where a resource stands, one object of it if its name is no part, and all parts that pods can have.
const POD: &str = "/api/v1/namespaces/default/pods/web-0";
const PARTS: [&str; 9] = [
    "attach",
    "binding",
    "ephemeralcontainers",
    "eviction",
    "exec",
    "log",
    "portforward",
    "proxy",
    "status",
];

/// A verb as a method, and whether it is of many.
fn method(verb: &str) -> (&'static str, bool) {
    match verb {
        "create" => ("POST", true),
        "delete" => ("DELETE", false),
        "deletecollection" => ("DELETE", true),
        "get" => ("GET", false),
        "list" | "watch" => ("GET", true),
        "patch" => ("PATCH", false),
        "update" => ("PUT", false),
        other => panic!("{other} is no verb"),
    }
}

/// Whether something answers there, whatever it answers.
async fn is_served(client: &Client, method: &str, path: &str) -> bool {
    // No body is what any of these wants, so that nothing happens.
    let answer = client.ask(method, path).await;
    let unknown = "the server could not find the requested resource";
    answer.code != 405 && !(answer.code == 404 && answer.refusal().2 == unknown)
}

#[tokio::test]
async fn what_is_told_of_resources_is_what_is_served() {
    for api in [Api::Kubernetes, Api::Openshift] {
        let client = Client::new(api).await;
        let resources = client.ask("GET", "/api/v1").await.json();
        assert_eq!(resources["kind"], "APIResourceList");
        let resources = resources["resources"].as_array().unwrap().clone();
        let named = |name: &str| resources.iter().find(|it| it["name"] == name);
        for part in PARTS {
            let told = named(&format!("pods/{part}")).map(|it| it["verbs"].clone());
            let told: BTreeSet<String> = told.map(verbs).unwrap_or_default();
            let mut served = BTreeSet::new();
            for verb in ["create", "delete", "get", "patch", "update"] {
                if is_served(&client, method(verb).0, &format!("{POD}/{part}")).await {
                    served.insert(verb.to_owned());
                }
            }
            assert_eq!(told, served, "{api} pods/{part}");
        }
        for resource in ["namespaces", "pods"] {
            for verb in verbs(named(resource).unwrap()["verbs"].clone()) {
                let (method, many) = method(&verb);
                let path = match (resource, many) {
                    ("pods", true) => "/api/v1/namespaces/kube-public/pods?timeoutSeconds=1",
                    ("pods", false) => POD,
                    (_, true) => "/api/v1/namespaces",
                    (_, false) => "/api/v1/namespaces/default",
                };
                assert!(is_served(&client, method, path).await, "{api} {verb} {resource}");
            }
        }
    }
}

fn verbs(value: Value) -> BTreeSet<String> {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn versions_groups_and_namespaces_are_told() {
    let client = Client::new(Api::Kubernetes).await;
    assert_eq!(client.ask("GET", "/api").await.json()["versions"], serde_json::json!(["v1"]));
    assert_eq!(client.ask("GET", "/apis").await.json()["kind"], "APIGroupList");
    assert_eq!(client.ask("GET", "/version").await.json()["major"], "1");
    let spaces = client.ask("GET", "/api/v1/namespaces").await.json();
    let first = spaces["items"][0].clone();
    assert_eq!(first["metadata"]["name"], "default");
    assert_eq!(client.ask("GET", "/api/v1/namespaces/default").await.json(), first);
    let missing = client.ask("GET", "/api/v1/namespaces/nowhere").await.refusal();
    assert_eq!(missing.2, "namespaces \"nowhere\" not found");
    assert_eq!(client.ask("DELETE", "/api/v1/namespaces/default").await.refusal().0, 405);
    assert_eq!(client.ask("GET", "/api/v1/namespaces?watch=1").await.refusal().0, 405);
    assert_eq!(client.ask("POST", "/api").await.refusal().0, 405);
    for path in ["/openapi/v2", "/apis/apps/v1", "/api/v1/nodes", "/elsewhere"] {
        let unknown = client.ask("GET", path).await.refusal();
        assert_eq!((unknown.0, unknown.1.as_str()), (404, "NotFound"), "{path}");
    }
}

#[tokio::test]
async fn strangers_see_that_the_server_is_well_and_nothing_else() {
    let client = Client::new(Api::Openshift).await.with_token(None);
    for path in ["/healthz", "/livez", "/readyz"] {
        assert_eq!(client.ask("GET", path).await.text, "ok");
    }
    assert_eq!(client.ask("GET", "/version").await.code, 200);
    for path in ["/api", "/apis", "/api/v1", "/openapi/v3", "/api/v1/namespaces", "/elsewhere"] {
        let answer = client.ask("GET", path).await;
        assert_eq!(answer.refusal().0, 401, "{path}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
}
