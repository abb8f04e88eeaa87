//! The Rust client of Kubernetes against the reference servers, which it takes for clusters.
//!
//! Each test starts a server of its own. What both large APIs have is tried on both of them; processes, ports, placement
//! and eviction are OpenShift's alone. The clock of a server is that of the test's runtime, so a test that would have to
//! wait for minutes advances it instead.

mod access;
mod attach;
mod exec;
mod forward;
mod list;
mod log;
mod remove;
mod watch;
mod write;

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kube::{Api as Client, Config, Error};
use reference::{Api, Server};
use serde_json::{Value, json};
use tokio::time::{advance, pause, resume, sleep, timeout};

/// The two APIs whose servers are clusters.
const CLUSTERS: [Api; 2] = [Api::Kubernetes, Api::Openshift];

/// The token of somebody who may do everything.
const TOKEN: &str = "reference-token";

/// The longest that a part of a test may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A reference server, and ways to it.
struct Cluster {
    server: Server,
}

impl Cluster {
    async fn start(api: Api) -> Self {
        Self { server: Server::start(api, None).await.unwrap() }
    }

    /// Whoever has this token, or none.
    fn client(&self, token: Option<&str>) -> kube::Client {
        let mut config = Config::new(self.server.url().parse().unwrap());
        // What the server refuses for now is what a test wants to see.
        config.default_retry = false;
        config.auth_info.token = token.map(|token| token.to_owned().into());
        kube::Client::try_from(config).unwrap()
    }

    /// The pods of the usual namespace, for somebody with this token or none.
    fn pods_of(&self, token: Option<&str>) -> Client<Pod> {
        Client::namespaced(self.client(token), "default")
    }

    /// The pods of the usual namespace.
    fn pods(&self) -> Client<Pod> {
        self.pods_of(Some(TOKEN))
    }

    /// The pods of every namespace.
    fn everywhere(&self) -> Client<Pod> {
        Client::all(self.client(Some(TOKEN)))
    }
}

/// Whatever this gives, in bounded time.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    timeout(PATIENCE, work).await.expect("it takes too long")
}

/// Lets time pass for the server and the test, without waiting for it.
async fn later(time: Duration) {
    pause();
    advance(time).await;
    resume();
}

/// A pod with one container that runs this, once.
fn pod(name: &str, command: &[&str]) -> Pod {
    let container =
        json!({ "name": "main", "image": "registry.example/tool:1", "command": command });
    pod_of(name, json!({ "restartPolicy": "Never", "containers": [container] }))
}

/// A pod as its spec says.
fn pod_of(name: &str, spec: Value) -> Pod {
    let mut pod = json!({ "metadata": { "name": name, "labels": { "app": name } } });
    pod["spec"] = spec;
    serde_json::from_value(pod).unwrap()
}

/// A small pod that runs until it is deleted.
fn resting(name: &str) -> Pod {
    pod_of(name, json!({ "containers": [{ "name": "main", "image": "registry.example/rest:1" }] }))
}

/// Waits until a pod is as it is wanted.
async fn until(pods: &Client<Pod>, name: &str, wanted: impl Fn(&Pod) -> bool) -> Pod {
    loop {
        let pod = pods.get(name).await.unwrap();
        if wanted(&pod) {
            return pod;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until a pod runs.
async fn running(pods: &Client<Pod>, name: &str) -> Pod {
    until(pods, name, |pod| phase(pod) == "Running").await
}

/// Waits until a pod is gone.
async fn gone(pods: &Client<Pod>, name: &str) {
    while pods.get_opt(name).await.unwrap().is_some() {
        sleep(Duration::from_millis(20)).await;
    }
}

fn phase(pod: &Pod) -> &str {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default()
}

fn name(pod: &Pod) -> String {
    pod.metadata.name.clone().unwrap_or_default()
}

fn version(pod: &Pod) -> &str {
    pod.metadata.resource_version.as_deref().unwrap_or_default()
}

fn label<'p>(pod: &'p Pod, key: &str) -> Option<&'p str> {
    pod.metadata.labels.as_ref()?.get(key).map(String::as_str)
}

/// With which code and for which reason the server refused.
fn refused<T>(result: Result<T, Error>) -> (u16, String) {
    match result.err().expect("nothing was refused") {
        Error::Api(status) => (status.code, status.reason),
        other => panic!("no status but {other:?}"),
    }
}

/// A refusal as it is expected.
fn refusal(code: u16, reason: &str) -> (u16, String) {
    (code, reason.to_owned())
}
