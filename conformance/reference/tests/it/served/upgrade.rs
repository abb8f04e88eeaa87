//! Connections that leave HTTP: WebSocket is spoken, in the newest protocol on offer, and SPDY is refused.

use http::Request;
use http::request::Builder;
use reference::Api;

use super::tools::{Answer, Client};

const POD: &str = "/api/v1/namespaces/default/pods/web-0";

fn websocket(path: &str, protocols: &str) -> Builder {
    let request = Request::get(format!("{POD}/{path}"))
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
    if protocols.is_empty() { request } else { request.header("sec-websocket-protocol", protocols) }
}

fn spoken(answer: &Answer) -> (u16, &str) {
    let protocol = answer.headers.get("sec-websocket-protocol");
    (answer.code, protocol.map_or("", |protocol| protocol.to_str().unwrap()))
}

#[tokio::test]
async fn the_newest_protocol_on_offer_is_spoken() {
    let client = Client::new(Api::Openshift).await;
    for (offered, chosen) in [
        ("v5.channel.k8s.io", "v5.channel.k8s.io"),
        ("v4.channel.k8s.io, v5.channel.k8s.io", "v5.channel.k8s.io"),
        ("v5.channel.k8s.io, v4.channel.k8s.io", "v5.channel.k8s.io"),
        ("foo, v4.channel.k8s.io", "v4.channel.k8s.io"),
        ("v4.base64.channel.k8s.io, v4.channel.k8s.io", "v4.base64.channel.k8s.io"),
    ] {
        let exec = websocket("exec?command=true&stdout=true", offered);
        assert_eq!(spoken(&client.send(exec, "").await), (101, chosen), "{offered}");
    }
    let ports = websocket("portforward?ports=80", "v5.channel.k8s.io,v4.channel.k8s.io");
    assert_eq!(spoken(&client.send(ports, "").await), (101, "v4.channel.k8s.io"));
    for unknown in ["foo", "v2.channel.k8s.io", "v5.base64.channel.k8s.io"] {
        let exec = websocket("exec?command=true&stdout=true", unknown);
        assert_eq!(client.send(exec, "").await.code, 403, "{unknown}");
    }
}

#[tokio::test]
async fn spdy_is_refused() {
    let client = Client::new(Api::Openshift).await;
    for (method, message) in [
        ("POST", "SPDY is not served; connect with GET and WebSocket"),
        ("GET", "Upgrade request required"),
    ] {
        for path in ["exec?command=true&stdout=true", "attach?stdout=true", "portforward?ports=80"]
        {
            let request = Request::builder().method(method).uri(format!("{POD}/{path}"));
            let request = request
                .header("connection", "Upgrade")
                .header("upgrade", "SPDY/3.1")
                .header("x-stream-protocol-version", "v4.channel.k8s.io");
            let refusal = client.send(request, "").await.refusal();
            let expected = (400, "BadRequest".to_owned(), message.to_owned());
            assert_eq!(refusal, expected, "{method} {path}");
        }
    }
    let tunnel = websocket("portforward?ports=80", "SPDY/3.1+portforward.k8s.io");
    assert_eq!(client.send(tunnel, "").await.refusal().0, 403);
    let plain = client.ask("GET", &format!("{POD}/exec?command=true&stdout=true")).await;
    assert_eq!(plain.refusal().2, "Upgrade request required");
}
