//! Pods on a node: phases, restarts, logs, deletion, processes.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use reference::cluster::{
    clock::Clock,
    kubelet::{ConnectRefusal, ExecRequest, Node, NodeOptions},
    log::LogQuery,
    options::{DeleteOptions, ListOptions, WriteOptions},
    pod::Pods,
    store::{Bounds, Object, Scope},
};
use reference::exec::Streams;
use serde_json::{Value, json};
use time::macros::datetime;

const PIPES: Streams = Streams { terminal: false, stdin: true, stdout: true, stderr: true };

fn cluster() -> (Pods, Node) {
    let clock = Clock::starting_at(datetime!(2026-11-21 12:00:00 UTC));
    let pods = Pods::new(Bounds::default(), clock);
    let node = Node::start(pods.clone(), NodeOptions::default());
    (pods, node)
}

fn create(pods: &Pods, name: &str, policy: &str, containers: Value) {
    let mut body = json!({ "metadata": { "name": name }, "spec": { "restartPolicy": policy } });
    body["spec"]["containers"] = containers;
    pods.create("default", &body, &WriteOptions::default()).unwrap();
}

fn shell(script: &str) -> Value {
    json!([{ "name": "c", "image": "bb:1", "command": ["sh", "-c", script] }])
}

async fn wait(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

fn found(pods: &Pods) -> Object {
    pods.find("default", "p").unwrap()
}

async fn log(pods: &Pods, node: &Node, query: &LogQuery) -> String {
    let stream = node.log(&found(pods), query).unwrap().unwrap();
    let parts: Vec<Bytes> = stream.collect().await;
    String::from_utf8(parts.concat()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_command_that_ends_takes_its_pod_through_all_phases() {
    for (script, phase, code) in
        [("echo hi; sleep 5", "Succeeded", 0), ("echo hi; sleep 5; exit 3", "Failed", 3)]
    {
        let (pods, node) = cluster();
        let options = ListOptions { timeout: Some(60), ..ListOptions::default() };
        let watch = pods.watch(Scope::All, &options).unwrap();
        create(&pods, "p", "Never", shell(script));
        wait(2).await;
        let running = found(&pods);
        assert_eq!(running["status"]["phase"], "Running");
        assert_eq!(running["spec"]["nodeName"], "node-1");
        assert_eq!(running["status"]["podIPs"][0]["ip"], running["status"]["podIP"]);
        let ready = running["status"]["conditions"].as_array().unwrap();
        assert!(ready.iter().all(|condition| condition["status"] == "True"), "{ready:?}");
        wait(10).await;
        let over = found(&pods);
        assert_eq!(over["status"]["phase"], phase);
        let ended = &over["status"]["containerStatuses"][0]["state"]["terminated"];
        assert_eq!(ended["exitCode"], code);
        assert_eq!(log(&pods, &node, &LogQuery::default()).await, "hi\n");
        let events: Vec<_> = watch.into_stream().collect().await;
        let phases: Vec<_> =
            events.iter().map(|it| it.object["status"]["phase"].as_str().unwrap()).collect();
        assert_eq!(phases, ["Pending", "Pending", "Running", phase]);
        assert!(pods.delete("default", "p", &DeleteOptions::default()).unwrap().gone);
    }
}

#[tokio::test(start_paused = true)]
async fn containers_start_again_as_the_policy_says() {
    for (policy, code, restarts) in
        [("Always", 0, 2), ("Always", 1, 2), ("OnFailure", 1, 2), ("OnFailure", 0, 0)]
    {
        let (pods, node) = cluster();
        create(&pods, "p", policy, shell(&format!("echo run; sleep 1; exit {code}")));
        wait(14).await;
        let status = &found(&pods)["status"]["containerStatuses"][0];
        assert_eq!(status["restartCount"], restarts, "{policy} {code}");
        if restarts > 0 {
            assert_eq!(status["lastState"]["terminated"]["exitCode"], code);
            let query = LogQuery { previous: true, ..LogQuery::default() };
            assert_eq!(log(&pods, &node, &query).await, "run\n");
        } else {
            assert_eq!(found(&pods)["status"]["phase"], "Succeeded");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn init_containers_come_first() {
    let (pods, _node) = cluster();
    let init = json!({ "name": "i", "image": "x", "command": ["sh", "-c", "sleep 3"] });
    let mut body =
        json!({ "metadata": { "name": "p" }, "spec": { "containers": shell("sleep 50") } });
    body["spec"]["initContainers"] = json!([init]);
    pods.create("default", &body, &WriteOptions::default()).unwrap();
    wait(2).await;
    let pending = found(&pods);
    assert_eq!(pending["status"]["phase"], "Pending");
    assert!(pending["status"]["initContainerStatuses"][0]["state"]["running"].is_object());
    assert_eq!(
        pending["status"]["containerStatuses"][0]["state"]["waiting"]["reason"],
        "ContainerCreating"
    );
    wait(3).await;
    assert_eq!(found(&pods)["status"]["phase"], "Running");
}

#[tokio::test(start_paused = true)]
async fn a_deleted_pod_ends_within_its_grace() {
    let (pods, node) = cluster();
    create(
        &pods,
        "p",
        "Always",
        json!([{ "name": "c", "image": "x", "command": ["sleep", "3600"] }]),
    );
    wait(90).await;
    assert_eq!(found(&pods)["status"]["containerStatuses"][0]["restartCount"], 0);
    let options = ListOptions {
        timeout: Some(20),
        version: Some(pods.store().version().to_string()),
        ..ListOptions::default()
    };
    let watch = pods.watch(Scope::All, &options).unwrap();
    let follow = LogQuery { follow: true, ..LogQuery::default() };
    let following = node.log(&found(&pods), &follow).unwrap().unwrap();
    let marked = pods.delete("default", "p", &DeleteOptions::default()).unwrap();
    assert!(!marked.gone);
    assert_eq!(found(&pods)["metadata"]["deletionGracePeriodSeconds"], 30);
    assert_eq!(following.count().await, 0);
    wait(5).await;
    assert_eq!(pods.find("default", "p").unwrap_err().code, 404);
    let events: Vec<_> = watch.into_stream().map(|event| event.kind.name()).collect().await;
    assert_eq!(events, ["MODIFIED", "MODIFIED", "DELETED"]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_fails_a_pod() {
    let (pods, _node) = cluster();
    let mut body = json!({ "metadata": { "name": "p" }, "spec": { "activeDeadlineSeconds": 5 } });
    body["spec"]["containers"] = shell("sleep 50");
    pods.create("default", &body, &WriteOptions::default()).unwrap();
    wait(10).await;
    assert_eq!(found(&pods)["status"]["phase"], "Failed");
    assert_eq!(found(&pods)["status"]["reason"], "DeadlineExceeded");
}

#[tokio::test(start_paused = true)]
async fn a_command_that_does_not_exist_cannot_start() {
    let (pods, _node) = cluster();
    create(&pods, "p", "Never", json!([{ "name": "c", "image": "x", "command": ["/nope"] }]));
    wait(2).await;
    let ended = &found(&pods)["status"]["containerStatuses"][0]["state"]["terminated"];
    assert_eq!((&ended["reason"], &ended["exitCode"]), (&json!("StartError"), &json!(128)));
}

#[tokio::test(start_paused = true)]
async fn pods_of_others_are_left_alone() {
    let (pods, node) = cluster();
    let mut gated =
        json!({ "metadata": { "name": "p" }, "spec": { "schedulingGates": [{ "name": "g" }] } });
    gated["spec"]["containers"] = shell("true");
    pods.create("default", &gated, &WriteOptions::default()).unwrap();
    let mut elsewhere = json!({ "metadata": { "name": "q" }, "spec": { "nodeName": "node-x" } });
    elsewhere["spec"]["containers"] = shell("true");
    pods.create("default", &elsewhere, &WriteOptions::default()).unwrap();
    wait(5).await;
    assert_eq!(found(&pods)["status"]["phase"], "Pending");
    assert_eq!(node.log(&found(&pods), &LogQuery::default()).map(|log| log.is_none()), Ok(true));
    let other = pods.find("default", "q").unwrap();
    assert_eq!(other["status"]["phase"], "Pending");
    let unscheduled = node.connectable(&found(&pods), None).unwrap_err();
    assert_eq!(unscheduled.message, "pod p does not have a host assigned");
    assert_eq!(node.connectable(&other, None).unwrap_err().message, "pods \"node-x\" not found");
    assert_eq!(node.connectable(&other, Some("zz")).unwrap_err().code, 400);
}

#[tokio::test(start_paused = true)]
async fn processes_need_a_stream_and_a_running_container() {
    let (pods, node) = cluster();
    create(&pods, "p", "Never", shell("sleep 5"));
    wait(1).await;
    let request = |streams| ExecRequest { command: vec!["true".to_owned()], streams };
    let none = Streams { stdin: false, stdout: false, stderr: false, terminal: false };
    let refused = node.exec(&found(&pods), "c", &request(none)).unwrap_err();
    assert_eq!(
        refused,
        ConnectRefusal::Text(
            400,
            "you must specify at least 1 of stdin, stdout, stderr".to_owned()
        )
    );
    assert!(node.exec(&found(&pods), "c", &request(PIPES)).is_ok());
    wait(10).await;
    let over = node.exec(&found(&pods), "c", &request(PIPES)).unwrap_err();
    assert_eq!(over, ConnectRefusal::Text(500, "container not found (\"c\")".to_owned()));
    assert!(node.attach(&found(&pods), "c", PIPES).is_err());
}
