//! Ports of a pod: bytes both ways, several at once, and one where nothing listens.

use kube::api::PostParams;
use reference::Api;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Cluster, pod_of, refusal, refused, running, soon};

#[tokio::test]
async fn bytes_go_in_and_come_back_on_each_port() {
    let cluster = Cluster::start(Api::Openshift).await;
    let mut ports = soon(cluster.pods().portforward("web-0", &[80, 8080])).await.unwrap();
    let (first, second) = (ports.take_stream(80).unwrap(), ports.take_stream(8080).unwrap());
    for mut stream in [first, second] {
        for sent in ["hello", "and again"] {
            soon(stream.write_all(sent.as_bytes())).await.unwrap();
            let mut received = vec![0; sent.len()];
            soon(stream.read_exact(&mut received)).await.unwrap();
            assert_eq!(String::from_utf8(received).unwrap(), sent);
        }
    }
    soon(ports.join()).await.unwrap();
}

#[tokio::test]
async fn ports_do_not_mix_their_bytes() {
    let cluster = Cluster::start(Api::Openshift).await;
    let mut ports = soon(cluster.pods().portforward("web-0", &[8080, 80])).await.unwrap();
    let talks = [8080, 80].map(|port| {
        let (mut reader, mut writer) = tokio::io::split(ports.take_stream(port).unwrap());
        let sent: Vec<u8> = (0..200_000_u32).map(|at| (at % 97) as u8 ^ port as u8).collect();
        let expected = sent.clone();
        async move {
            let writing = async { writer.write_all(&sent).await.unwrap() };
            let mut received = vec![0; expected.len()];
            let reading = async { reader.read_exact(&mut received).await.unwrap() };
            tokio::join!(writing, reading);
            assert!(received == expected, "port {port}");
        }
    });
    soon(futures_util::future::join_all(talks)).await;
}

#[tokio::test]
async fn a_request_is_answered_over_a_port() {
    let cluster = Cluster::start(Api::Openshift).await;
    let mut ports = soon(cluster.pods().portforward("web-0", &[80])).await.unwrap();
    let mut stream = ports.take_stream(80).unwrap();
    let request = "GET /there?colour=red HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n";
    soon(stream.write_all(request.as_bytes())).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["path"], "/there");
    assert_eq!(body["query"], "colour=red");
}

#[tokio::test]
async fn a_port_where_nothing_listens_says_so_and_spares_the_others() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let mut ports = soon(pods.portforward("web-0", &[81, 80])).await.unwrap();
    let error = soon(ports.take_error(81).unwrap()).await.expect("there is no error");
    assert!(error.contains("81") && error.contains("connection refused"), "{error}");
    let fine = ports.take_error(80).unwrap();
    let mut stream = ports.take_stream(80).unwrap();
    soon(stream.write_all(b"still here")).await.unwrap();
    let mut received = [0; 10];
    soon(stream.read_exact(&mut received)).await.unwrap();
    assert_eq!(&received, b"still here");
    drop(stream);
    soon(ports.join()).await.unwrap();
    assert_eq!(soon(fine).await, None);
    let mut alone = soon(pods.portforward("web-0", &[81])).await.unwrap();
    let error = soon(alone.take_error(81).unwrap()).await.expect("there is no error");
    assert!(error.contains("connection refused"), "{error}");
}

#[tokio::test]
async fn a_pod_listens_where_its_containers_say() {
    let cluster = Cluster::start(Api::Openshift).await;
    let pods = cluster.pods();
    let spec = json!({ "containers": [{
        "name": "main", "image": "registry.example/rest:1", "ports": [{ "containerPort": 9000 }],
    }] });
    soon(pods.create(&PostParams::default(), &pod_of("listener", spec))).await.unwrap();
    soon(running(&pods, "listener")).await;
    let mut ports = soon(pods.portforward("listener", &[9000, 80])).await.unwrap();
    assert!(soon(ports.take_error(80).unwrap()).await.is_some());
    let mut stream = ports.take_stream(9000).unwrap();
    soon(stream.write_all(b"here")).await.unwrap();
    let mut received = [0; 4];
    soon(stream.read_exact(&mut received)).await.unwrap();
    assert_eq!(&received, b"here");
    let missing = soon(pods.portforward("nobody", &[80])).await;
    assert_eq!(refused(missing), refusal(404, "NotFound"));
}
