//! Users: one may do everything, one may read, one nothing.

use http::Request;
use reference::Api;

use super::tools::Client;

const PODS: &str = "/api/v1/namespaces/default/pods";
const POD: &str = "/api/v1/namespaces/default/pods/web-0";

/// What both large APIs say to somebody who may not.
fn forbidden(subject: &str, user: &str, what: &str) -> (u16, String, String) {
    let message = format!(
        "{subject} is forbidden: User \"{user}\" cannot {what} in API group \"\" in the namespace \"default\""
    );
    (403, "Forbidden".to_owned(), message)
}

#[tokio::test]
async fn a_reader_reads_and_writes_nothing() {
    for api in [Api::Kubernetes, Api::Openshift] {
        let client = Client::new(api).await.with_token(Some("reader-token"));
        for path in [PODS, POD, "/api/v1/pods", &format!("{POD}/log"), &format!("{POD}/status")] {
            assert_eq!(client.ask("GET", path).await.code, 200, "{path}");
        }
        for (method, path, subject, what) in [
            ("POST", PODS, "pods", "create resource \"pods\""),
            ("DELETE", PODS, "pods", "deletecollection resource \"pods\""),
            ("PUT", POD, "pods \"web-0\"", "update resource \"pods\""),
            ("PATCH", POD, "pods \"web-0\"", "patch resource \"pods\""),
            ("DELETE", POD, "pods \"web-0\"", "delete resource \"pods\""),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("content-type", "application/json");
            let refusal = client.send(request, "{}").await.refusal();
            assert_eq!(refusal, forbidden(subject, "reader", what), "{api} {method} {path}");
        }
        let client = client.with_token(Some("reference-token"));
        assert_eq!(client.ask("GET", POD).await.code, 200, "nothing was deleted");
    }
}

#[tokio::test]
async fn the_powerless_read_nothing() {
    for api in [Api::Kubernetes, Api::Openshift] {
        let client = Client::new(api).await.with_token(Some("powerless-token"));
        let list = client.ask("GET", PODS).await;
        assert_eq!(list.refusal(), forbidden("pods", "powerless", "list resource \"pods\""));
        assert_eq!(list.json()["details"], serde_json::json!({ "kind": "pods" }));
        let get = client.ask("GET", POD).await;
        assert_eq!(
            get.refusal(),
            forbidden("pods \"web-0\"", "powerless", "get resource \"pods\"")
        );
        let details = serde_json::json!({ "kind": "pods", "name": "web-0" });
        assert_eq!(get.json()["details"], details);
        let log = client.ask("GET", &format!("{POD}/log")).await;
        let what = "get resource \"pods/log\"";
        assert_eq!(log.refusal(), forbidden("pods \"web-0\"", "powerless", what));
        assert_eq!(client.ask("GET", "/api/v1").await.code, 200, "discovery is for all");
    }
}

#[tokio::test]
async fn a_stranger_is_told_so_before_anything_else() {
    for api in [Api::Kubernetes, Api::Openshift] {
        let client = Client::new(api).await.with_token(Some("somebody"));
        for (method, path) in [("GET", POD), ("TRACE", POD), ("POST", "/elsewhere")] {
            let answer = client.ask(method, path).await;
            let told = (401, "Unauthorized".to_owned(), "Unauthorized".to_owned());
            assert_eq!(answer.refusal(), told, "{method} {path}");
        }
    }
}
