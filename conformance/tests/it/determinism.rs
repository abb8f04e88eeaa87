//! The same seed, run id and state of a server give the same requests, once what the server gave is replaced by names.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use reference::{Api, Server};
use regex::Regex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::reference::{Case, Subject, checked, each};

#[test]
fn equal_runs_send_equal_requests() {
    let work: Vec<_> = still().flat_map(|api| [1, 1, 2].map(|seed| (api, seed))).collect();
    let sent = each(&work, |(api, seed)| requests(*api, *seed));
    for (three, api) in sent.chunks(3).zip(still()) {
        let [one, again, other] = three else { panic!("three runs each") };
        assert!(one.len() > 100, "{api}: only {} requests", one.len());
        assert_eq!((lacking(one, again), lacking(again, one)), (Vec::new(), Vec::new()), "{api}");
        assert_ne!(one, other, "{api}: another seed sends the same");
    }
}

/// The APIs whose things stay as they are made. What a cluster does to a pod in the meantime is sent back to it.
fn still() -> impl Iterator<Item = Api> {
    checked().filter(|api| !matches!(api, Api::Kubernetes | Api::Openshift))
}

/// What the one has more often than the other.
fn lacking(one: &[String], other: &[String]) -> Vec<String> {
    let mut rest: Vec<_> = one.to_vec();
    for request in other {
        if let Some(at) = rest.iter().position(|known| known == request) {
            rest.remove(at);
        }
    }
    rest.into_iter().map(|request| request.chars().take(400).collect()).collect()
}

/// The requests of a run, each with what its stream is sent. Where some are under way at the same time there is no
/// order among them, so that they are put in one.
fn requests(api: Api, seed: u64) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let heard = Heard::default();
    let subject = Subject::read(api, &[]);
    let url = runtime.block_on(async {
        let server = Server::start(api, None).await.unwrap();
        let address = server.url().strip_prefix("http://").unwrap().parse().unwrap();
        let proxy = proxy(address, Arc::clone(&heard)).await;
        let url = format!("http://{proxy}");
        subject.check_at(&url, Case { seed, cases: 6, shrinks: 4 }).await;
        url
    });
    drop(runtime);
    let host = url.strip_prefix("http://").unwrap();
    let given = Regex::new("[0-9a-f]{32,}|exec-[A-Za-z]{10}").unwrap();
    let heard = heard.lock().unwrap();
    let mut requests: Vec<_> = heard
        .values()
        .flat_map(|bytes| {
            let text = String::from_utf8_lossy(bytes).replace(host, "{host}");
            split(&given.replace_all(&text, "{given}"))
        })
        .collect();
    requests.sort();
    requests
}

/// The requests on a connection.
fn split(text: &str) -> Vec<String> {
    let first_line = Regex::new("[A-Za-z]+ /[^ ]* HTTP/1[.]1\r\n").unwrap();
    let starts: Vec<_> = first_line.find_iter(text).map(|found| found.start()).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| text[*start..end].to_owned()).collect()
}

/// What was heard on each connection.
type Heard = Arc<Mutex<BTreeMap<usize, Vec<u8>>>>;

/// Passes everything on, and keeps what clients send.
async fn proxy(server: SocketAddr, heard: Heard) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let (client, _) = listener.accept().await.unwrap();
            tokio::spawn(pass(client, server, number, Arc::clone(&heard)));
        }
    });
    address
}

async fn pass(client: TcpStream, server: SocketAddr, number: usize, heard: Heard) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let up = async {
        let mut piece = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from_client.read(&mut piece).await {
            heard.lock().unwrap().entry(number).or_default().extend_from_slice(&piece[..length]);
            if to_server.write_all(&piece[..length]).await.is_err() {
                break;
            }
        }
        drop(to_server.shutdown().await);
    };
    let down = async {
        drop(tokio::io::copy(&mut from_server, &mut to_client).await);
        drop(to_client.shutdown().await);
    };
    tokio::join!(up, down);
}
