//! Pods as tables, for those who ask for them.

use http::Request;
use reference::Api;
use serde_json::{Value, json};

use super::tools::{Answer, Client};

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io, application/json";
const PODS: &str = "/api/v1/namespaces/default/pods";

async fn told(client: &Client, path: &str) -> Answer {
    client.send(Request::get(path).header("accept", TABLE), "").await
}

/// The first five cells of each row but the age, which passes.
fn cells(table: &Value) -> Vec<Value> {
    assert_eq!((&table["kind"], &table["apiVersion"]), (&"Table".into(), &"meta.k8s.io/v1".into()));
    let rows = table["rows"].as_array().unwrap().iter();
    rows.map(|row| Value::from(row["cells"].as_array().unwrap()[..4].to_vec())).collect()
}

#[tokio::test]
async fn lists_and_pods_are_tables() {
    let client = Client::new(Api::Kubernetes).await;
    let first = told(&client, &format!("{PODS}?limit=2")).await.json();
    let names: Vec<&Value> =
        first["columnDefinitions"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names[..5], ["Name", "Ready", "Status", "Restarts", "Age"]);
    let row = |name: &str| json!([name, "1/1", "Running", "0"]);
    assert_eq!(cells(&first), [row("cart-0"), row("cart-1")]);
    assert_eq!(first["metadata"]["remainingItemCount"], 3);
    let token = first["metadata"]["continue"].as_str().unwrap();
    let second = told(&client, &format!("{PODS}?limit=2&continue={token}")).await.json();
    assert_eq!(cells(&second), [row("search-0"), row("web-0")]);
    assert_eq!(second["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);

    let one = told(&client, &format!("{PODS}/web-1")).await.json();
    assert_eq!(cells(&one), [row("web-1")]);
    let object = &one["rows"][0]["object"];
    assert_eq!(object["kind"], "PartialObjectMetadata");
    assert_eq!(object["metadata"]["labels"]["app"], "web");
    assert!(object.get("spec").is_none());
    let whole = told(&client, &format!("{PODS}/web-1?includeObject=Object")).await.json();
    assert_eq!(whole["rows"][0]["object"]["kind"], "Pod");
    let bare = told(&client, &format!("{PODS}/web-1?includeObject=None")).await.json();
    assert!(bare["rows"][0].get("object").is_none());

    let missing = told(&client, &format!("{PODS}/nowhere")).await.refusal();
    assert_eq!((missing.0, missing.1.as_str()), (404, "NotFound"));
    let plain = client.ask("GET", PODS).await.json();
    assert_eq!(plain["kind"], "PodList");
}

#[tokio::test]
async fn changes_are_tables_and_only_the_first_has_columns() {
    let client = Client::new(Api::Openshift).await;
    let watch = told(&client, &format!("{PODS}?watch=true&timeoutSeconds=1")).await;
    let events: Vec<Value> =
        watch.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 5);
    for (place, event) in events.iter().enumerate() {
        assert_eq!(event["type"], "ADDED");
        assert_eq!(cells(&event["object"]).len(), 1);
        assert_eq!(event["object"]["columnDefinitions"].is_null(), place > 0);
        let object = &event["object"]["rows"][0]["object"]["metadata"];
        assert_eq!(event["object"]["metadata"]["resourceVersion"], object["resourceVersion"]);
    }
    let refused = told(&client, &format!("{PODS}?watch=true&labelSelector=%3D%3D")).await;
    assert_eq!(refused.refusal().0, 400);
}
