//! A server of the fictitious kennel, byte by byte: honest, or with one fault.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use url::form_urlencoded::parse;

use super::barks;
use super::store::{Store, merged, patched, selects};

/// A watch lasts so long where nothing is asked.
const LONG: Duration = Duration::from_secs(30);
/// So often is looked whether something happened.
const TICK: Duration = Duration::from_millis(5);
/// What is sent comes in chunks of that many bytes, wherever events end.
const CHUNK: usize = 90;

/// A kennel on a port of its own; it ends with the test.
pub(super) async fn start(fault: &str) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let store = Arc::new(Mutex::new(Store::new(fault)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&store)));
        }
    });
    address
}

/// One request.
pub(super) struct Asked {
    method: String,
    path: String,
    pub(super) query: BTreeMap<String, String>,
    media_type: String,
    body: Vec<u8>,
}

impl Asked {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, u16> {
        self.text(name).map(|text| text.parse().map_err(|_| 400_u16)).transpose()
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, u16> {
        self.text(name).map_or(Ok(false), |text| text.parse().map_err(|_| 400_u16))
    }
}

async fn serve(mut stream: TcpStream, store: Arc<Mutex<Store>>) {
    let mut heard = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let asked = match read(&mut heard) {
            Read::Request(asked) => asked,
            Read::Broken => {
                drop(stream.write_all(&written(400, Some(&json!({ "problem": 400 })))).await);
                return;
            }
            Read::More => match stream.read(&mut piece).await {
                Ok(length @ 1..) => {
                    heard.extend_from_slice(&piece[..length]);
                    continue;
                }
                _ => return,
            },
        };
        let done =
            if asked.path == "/dogs" && asked.method == "GET" && asked.flag("watch") == Ok(true) {
                watch(&mut stream, &store, &asked).await
            } else if asked.path.ends_with("/barks") && asked.method == "GET" {
                barks::hear(&mut stream, &store, &asked, name(&asked.path)).await
            } else {
                let answer = answer(&mut store.lock().unwrap(), &asked);
                stream.write_all(&answer).await
            };
        if done.is_err() {
            return;
        }
    }
}

enum Read {
    More,
    Broken,
    Request(Asked),
}

fn read(heard: &mut Vec<u8>) -> Read {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut fields);
    let head = match parsed.parse(heard) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return Read::More,
        Err(_) => return Read::Broken,
    };
    let field = |name: &str| {
        let found = parsed.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
        found.map(|field| String::from_utf8_lossy(field.value).into_owned())
    };
    let length = field("content-length").map_or(0, |text| text.parse().unwrap());
    let media_type = field("content-type").unwrap_or_default().to_ascii_lowercase();
    let (path, query) = parsed.path.unwrap().split_once('?').unwrap_or((parsed.path.unwrap(), ""));
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    let query = parse(query.as_bytes()).into_owned().collect();
    let method = parsed.method.unwrap().to_owned();
    let Some(body) = heard.get(head..head + length).map(<[u8]>::to_vec) else { return Read::More };
    heard.drain(..head + length);
    Read::Request(Asked { method, path, query, media_type, body })
}

/// The answer with that status, a JSON document or nothing.
pub(super) fn written(status: u16, body: Option<&Value>) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Kennel\r\n");
    if status == 405 {
        head.push_str("allow: GET\r\n");
    }
    match body {
        Some(body) => {
            let body = body.to_string();
            let length = body.len();
            format!(
                "{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            )
        }
        None => format!("{head}\r\n"),
    }
    .into_bytes()
}

pub(super) fn problem(status: u16) -> Vec<u8> {
    written(status, Some(&json!({ "problem": status })))
}

fn name(path: &str) -> &str {
    path.trim_start_matches("/dogs/").trim_end_matches("/barks")
}

fn answer(store: &mut Store, asked: &Asked) -> Vec<u8> {
    let told = |status: u16, found: Result<Value, u16>| match found {
        Ok(value) => written(status, Some(&value)),
        Err(status) => problem(status),
    };
    let known = asked.path == "/dogs" || asked.path.starts_with("/dogs/");
    let name = name(&asked.path);
    let trial = match asked.text("trial") {
        None => false,
        Some("All") => !store.has("keeps-trials"),
        Some(_) => return problem(400),
    };
    match (asked.method.as_str(), asked.path == "/dogs") {
        _ if !known || name.contains('/') && asked.path != "/dogs" => problem(404),
        _ if asked.path.ends_with("/barks") => problem(405),
        ("GET", true) => told(200, list(store, asked)),
        ("POST", true) => {
            told(201, document(asked, "application/json").and_then(|dog| store.admit(dog, trial)))
        }
        ("GET", false) => told(200, store.dogs.get(name).cloned().ok_or(404)),
        ("PUT", false) => {
            let dog = document(asked, "application/json");
            told(200, dog.and_then(|dog| store.replace(name, dog, trial)))
        }
        ("PATCH", false) => told(200, patch(store, asked, name, trial)),
        ("DELETE", false) => match store.release(name, trial) {
            Ok(()) => written(204, None),
            Err(status) => problem(status),
        },
        _ => problem(405),
    }
}

fn document(asked: &Asked, media_type: &str) -> Result<Value, u16> {
    if asked.media_type != media_type {
        return Err(415);
    }
    serde_json::from_slice(&asked.body).map_err(|_| 400)
}

fn patch(store: &mut Store, asked: &Asked, name: &str, trial: bool) -> Result<Value, u16> {
    let known = store.dogs.get(name).cloned().ok_or(404_u16)?;
    let patch = document(asked, &asked.media_type);
    if patch.is_err() && store.has("takes-odd-patches") {
        return Ok(known);
    }
    let fault = store.fault.clone();
    let dog = match asked.media_type.as_str() {
        "application/merge-patch+json" => {
            let mut dog = known;
            merged(&fault, &mut dog, &patch?);
            dog
        }
        "application/json-patch+json" => patched(&fault, &known, &patch?)?,
        _ => return Err(415),
    };
    store.replace(name, dog, trial)
}

fn list(store: &Store, asked: &Asked) -> Result<Value, u16> {
    let most = asked
        .number("most")?
        .filter(|most| *most > 0)
        .map_or(usize::MAX, |most| usize::try_from(most).unwrap());
    let after = match asked.text("after").filter(|after| !after.is_empty()) {
        None => "",
        Some(after) => after.strip_prefix("behind:").ok_or(400_u16)?,
    };
    asked.flag("watch")?;
    asked.number("seconds")?;
    let mut dogs = Vec::new();
    for (name, dog) in &store.dogs {
        if name.as_str() > after && selects(asked.text("labels").unwrap_or_default(), dog)? {
            dogs.push(dog.clone());
        }
    }
    let rest = dogs.split_off(most.min(dogs.len()));
    let last = dogs.last().and_then(|dog| dog["about"]["name"].as_str()).unwrap_or_default();
    let after = if rest.is_empty() { String::new() } else { format!("behind:{last}") };
    let page = json!({ "after": after, "version": store.version().to_string() });
    Ok(json!({ "page": page, "dogs": dogs }))
}

/// What a watch still has to send.
struct Watching {
    fault: String,
    selector: String,
    next: usize,
    text: String,
    over: bool,
}

async fn watch(stream: &mut TcpStream, store: &Mutex<Store>, asked: &Asked) -> std::io::Result<()> {
    let begun = begun(&store.lock().unwrap(), asked);
    let mut watching = match begun {
        Ok(watching) => watching,
        Err(status) => return Err(refuse(stream, status).await),
    };
    let seconds = asked.number("seconds").ok().flatten().and_then(|it| u64::try_from(it).ok());
    let time = match (watching.fault.as_str(), seconds) {
        ("ends-early", Some(1)) => Duration::from_millis(300),
        (_, seconds) => seconds.map_or(LONG, Duration::from_secs),
    };
    let until = Instant::now() + time;
    let mut head = Some(
        "HTTP/1.1 200 Kennel\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    while Instant::now() < until && !(watching.over && watching.text.is_empty()) {
        if watching.fault != "head-waits" || !watching.text.is_empty() {
            stream.write_all(head.take().unwrap_or_default().as_bytes()).await?;
        }
        send(stream, &std::mem::take(&mut watching.text)).await?;
        tokio::time::sleep(TICK).await;
        watching.look(&store.lock().unwrap());
    }
    stream.write_all(head.take().unwrap_or_default().as_bytes()).await?;
    if watching.fault == "ends-broken" {
        return Err(std::io::ErrorKind::Other.into());
    }
    stream.write_all(b"0\r\n\r\n").await
}

/// Refuses, and ends the connection, which is as good as any.
async fn refuse(stream: &mut TcpStream, status: u16) -> std::io::Error {
    drop(stream.write_all(&problem(status)).await);
    std::io::ErrorKind::Other.into()
}

/// Sends text in chunks that end anywhere.
pub(super) async fn send(stream: &mut TcpStream, text: &str) -> std::io::Result<()> {
    for piece in text.as_bytes().chunks(CHUNK) {
        let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
        chunk.extend_from_slice(piece);
        chunk.extend_from_slice(b"\r\n");
        stream.write_all(&chunk).await?;
    }
    Ok(())
}

fn begun(store: &Store, asked: &Asked) -> Result<Watching, u16> {
    let selector = asked.text("labels").unwrap_or_default().to_owned();
    let probe = selects(&selector, &Value::Null);
    if !store.has("any-selector") {
        probe?;
    }
    let mut watching = Watching {
        fault: store.fault.clone(),
        selector,
        next: store.history.len(),
        text: String::new(),
        over: false,
    };
    let first = store.history.first().map_or(0, |happening| happening.version);
    let marks = asked.flag("marks")?;
    match asked.text("since").filter(|since| !since.is_empty()) {
        None if store.has("begins-with-nothing") => {}
        None => store.dogs.values().for_each(|dog| watching.tell("CAME", dog, None)),
        Some(since) => {
            let since: u64 = since.parse().map_err(|_| 400_u16)?;
            if since + 1 < first {
                watching.halt();
                return Ok(watching);
            }
            if store.has("state-on-resume") {
                store.dogs.values().for_each(|dog| watching.tell("CAME", dog, None));
            }
            let ahead = store.history.iter().position(|happening| happening.version > since);
            watching.next = ahead.unwrap_or(store.history.len());
            if ahead.is_some() && store.has("replay-loses-one") {
                watching.next += 1;
            }
        }
    }
    if store.has("went-unseen") {
        let dog =
            json!({ "about": { "name": "ghost", "tag": "t0", "version": "1" }, "breed": "-" });
        watching.tell("WENT", &dog, None);
    }
    let version = store.version().to_string();
    let about =
        if store.has("mark-without-version") { json!({}) } else { json!({ "version": version }) };
    if marks || store.has("mark-unasked") {
        watching.line(&json!({ "what": "MARK", "dog": { "about": about } }));
    }
    Ok(watching)
}

impl Watching {
    fn line(&mut self, event: &Value) {
        self.text.push_str(&format!("{event}\n"));
    }

    fn halt(&mut self) {
        self.line(&json!({ "what": "HALT", "dog": { "problem": 410 } }));
        if self.fault == "goes-on-after-halt" {
            self.line(&json!({ "what": "MARK", "dog": { "about": { "version": "1" } } }));
        }
        self.over = true;
    }

    fn tell(&mut self, what: &str, dog: &Value, version: Option<u64>) {
        let mut dog = dog.clone();
        let mut what = what;
        if let Some(version) = version {
            dog["about"]["version"] = json!(version.to_string());
        }
        match self.fault.as_str() {
            "strange-type" if what == "CHANGED" => what = "ALTERED",
            "object-without-breed" => drop(dog.as_object_mut().unwrap().remove("breed")),
            _ => {}
        }
        self.line(&json!({ "what": what, "dog": dog }));
    }

    fn look(&mut self, store: &Store) {
        while !self.over && self.next < store.history.len() {
            let happening = store.history[self.next].clone();
            self.next += 1;
            let matching = |dog: &Option<Value>| {
                dog.as_ref().filter(|dog| selects(&self.selector, dog) == Ok(true)).cloned()
            };
            let (was, is) = (matching(&happening.before), matching(&happening.after));
            let leaves = happening.after.is_some() && was.is_some() && is.is_none();
            let lost = self.fault == "change-lost"
                && self.selector.is_empty()
                && was.is_some()
                && is.as_ref().is_some_and(|dog| {
                    dog["about"]["labels"]["conformance-watched"] == "elsewhere"
                });
            let version = match self.fault.as_str() {
                "version-stands-still" if is.is_some() && was.is_some() => {
                    was.as_ref().and_then(|dog| dog["about"]["version"].as_str()?.parse().ok())
                }
                _ => Some(happening.version),
            };
            match (was, is) {
                _ if lost => {}
                (Some(_), None) if leaves && self.fault == "leaving-untold" => {}
                (None, Some(dog)) => self.tell("CAME", &dog, version),
                (Some(_), Some(dog)) => self.tell("CHANGED", &dog, version),
                (Some(dog), None) => self.tell("WENT", &dog, version),
                (None, None) => {}
            }
        }
    }
}
