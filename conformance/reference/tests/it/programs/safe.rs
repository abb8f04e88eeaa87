//! The server itself as a program: the folder that it writes, and that it is trusted for what stands there.

use std::fs;
use std::process::Output;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::tools::{PATIENCE, Server};

/// Asks the server on a port for a path, by that name of it, over HTTP/1.1 alone; the status and the body.
async fn asked(server: &Server, name: &'static str, path: &str) -> Result<(u16, String), String> {
    let mut roots = RootCertStore::empty();
    let authority = server.folder().join("tls/ca.crt");
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let exchange = async {
        let stream = TcpStream::connect(server.address()).await.unwrap();
        let name = ServerName::try_from(name).unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        let stream = connector.connect(name, stream).await.map_err(|error| error.to_string())?;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = http::Request::get(path)
            .header("host", "localhost")
            .header("authorization", "Bearer reader-token");
        let request = request.body(Empty::<Bytes>::new()).unwrap();
        let response = sender.send_request(request).await.unwrap();
        let code = response.status().as_u16();
        let body = response.collect().await.unwrap().to_bytes();
        Ok((code, String::from_utf8(body.to_vec()).unwrap()))
    };
    timeout(PATIENCE, exchange).await.expect("no answer comes")
}

/// What the program says that cannot do what it is asked for.
async fn failed(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reference"));
    let running = command.args(arguments).kill_on_drop(true).output();
    timeout(PATIENCE, running).await.expect("it does not end").unwrap()
}

#[tokio::test]
async fn a_server_is_trusted_by_the_authority_that_it_writes() {
    let server = Server::start("kubernetes").await;
    for name in ["localhost", "127.0.0.1", "::1"] {
        let (code, body) = asked(&server, name, "/api/v1/pods?limit=1").await.unwrap();
        assert_eq!(code, 200);
        assert!(body.contains("\"PodList\""), "{body}");
    }
    let stranger = asked(&server, "elsewhere.test", "/version").await.unwrap_err();
    assert!(stranger.contains("certificate not valid for name"), "{stranger}");
}

#[tokio::test]
async fn no_private_key_is_written_and_only_what_clients_need() {
    for (api, files) in [("openshift", vec!["ca.crt", "kubeconfig"]), ("pi", vec!["ca.crt"])] {
        let server = Server::start(api).await;
        let mut found = Vec::new();
        for entry in fs::read_dir(server.folder().join("tls")).unwrap() {
            let entry = entry.unwrap();
            assert!(!fs::read_to_string(entry.path()).unwrap().contains("PRIVATE"));
            found.push(entry.file_name().into_string().unwrap());
        }
        found.sort();
        assert_eq!(found, files, "{api}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("taken");
    fs::write(&file, "").unwrap();
    let path = file.to_str().unwrap();
    let output = failed(&["--api", "openshift", "--tls-dir", path]).await;
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with(&format!("reference: --tls-dir: cannot write {path}: ")), "{said}");
    assert!(output.stdout.is_empty(), "it does not say that it is ready");
}
