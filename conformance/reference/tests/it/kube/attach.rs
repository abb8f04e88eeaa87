//! The main process of a container: sharing it, ending its input, its terminal.

use std::time::Duration;

use kube::api::{AttachParams, LogParams, PostParams, TerminalSize};
use reference::Api;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::time::sleep;

use super::exec::read_until;
use super::{Cluster, phase, pod_of, refusal, refused, running, soon, until};

/// Input and output.
fn both() -> AttachParams {
    AttachParams::default().stdin(true)
}

#[tokio::test]
async fn clients_share_the_main_process_and_leave_it_running() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    // What was written before they came, they do not see.
    let began = async {
        while pods.logs("web-0", &LogParams::default()).await.unwrap().is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    soon(began).await;
    let mut listener = soon(pods.attach("web-0", &AttachParams::default())).await.unwrap();
    let mut writer = soon(pods.attach("web-0", &both())).await.unwrap();
    soon(writer.stdin().unwrap().write_all(b"hello\n")).await.unwrap();
    assert_eq!(read_until(&mut writer.stdout().unwrap(), "\n").await, "hello\n");
    assert_eq!(read_until(&mut listener.stdout().unwrap(), "\n").await, "hello\n");
    drop((writer, listener));
    let mut again = soon(pods.attach("web-0", &both())).await.unwrap();
    soon(again.stdin().unwrap().write_all(b"again\n")).await.unwrap();
    assert_eq!(read_until(&mut again.stdout().unwrap(), "\n").await, "again\n");
    assert_eq!(phase(&soon(pods.get("web-0")).await.unwrap()), "Running");
}

#[tokio::test]
async fn the_input_ends_with_the_first_client_where_the_pod_says_so() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let spec = json!({ "restartPolicy": "Never", "containers": [{
        "name": "main", "image": "registry.example/tool:1", "command": ["cat"], "stdin": true, "stdinOnce": true,
    }] });
    soon(pods.create(&PostParams::default(), &pod_of("once", spec))).await.unwrap();
    soon(running(&pods, "once")).await;
    let mut process = soon(pods.attach("once", &both())).await.unwrap();
    let status = process.take_status().unwrap();
    let (mut stdin, mut stdout) = (process.stdin().unwrap(), process.stdout().unwrap());
    soon(stdin.write_all(b"last words\n")).await.unwrap();
    assert_eq!(read_until(&mut stdout, "\n").await, "last words\n");
    soon(stdin.shutdown()).await.unwrap();
    let status = soon(status).await.unwrap();
    assert_eq!(status.status.as_deref(), Some("Success"));
    soon(process.join()).await.unwrap();
    soon(until(&pods, "once", |pod| phase(pod) == "Succeeded")).await;
}

#[tokio::test]
async fn a_container_may_have_a_terminal() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let spec = json!({ "restartPolicy": "Never", "containers": [{
        "name": "main", "image": "registry.example/tool:1", "command": ["sh"], "stdin": true, "tty": true,
    }] });
    soon(pods.create(&PostParams::default(), &pod_of("console", spec))).await.unwrap();
    soon(running(&pods, "console")).await;
    let mut process = soon(pods.attach("console", &AttachParams::interactive_tty())).await.unwrap();
    let (mut stdin, mut stdout) = (process.stdin().unwrap(), process.stdout().unwrap());
    process.terminal_size().unwrap().try_send(TerminalSize { width: 72, height: 18 }).unwrap();
    // Nothing says that a size is sent before the input that follows it.
    let asking = async {
        loop {
            stdin.write_all(b"stty size; echo do''ne\n").await.unwrap();
            if read_until(&mut stdout, "done\r\n").await.contains("18 72\r\n") {
                return;
            }
        }
    };
    soon(asking).await;
}

#[tokio::test]
async fn what_cannot_be_attached_to_is_refused_before_the_upgrade() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let attach =
        async |name: &str, params: AttachParams| refused(soon(pods.attach(name, &params)).await);
    assert_eq!(attach("nobody", both()).await, refusal(404, "NotFound"));
    assert_eq!(attach("web-0", both().container("other")).await, refusal(400, "BadRequest"));
}
