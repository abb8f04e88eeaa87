//! The switchboard: a WebSocket server whose faults have names.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use conformance::frame::{
    Opcode, Side, WebSocketDecoder, WebSocketEvent, encode_frame, websocket_accept,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Nobody answers on this line.
const DEAD: u16 = 9;

/// A switchboard with a fault, on a port of its own; it ends with the test.
pub(super) async fn start(fault: &str) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let fault = fault.to_owned();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, fault.clone()));
        }
    });
    address
}

/// What was asked.
#[derive(Debug)]
struct Asked {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

/// What an ordinary answer says.
struct Refusal(u16, &'static [(&'static str, &'static str)]);

async fn serve(mut stream: TcpStream, fault: String) {
    let mut heard = Vec::new();
    loop {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(length @ 1..) if heard.len() < 1 << 20 => heard.extend_from_slice(&piece[..length]),
            _ => return,
        }
        let Some((asked, length)) = read(&heard) else {
            if heard.windows(4).any(|four| four == b"\r\n\r\n") {
                drop(stream.write_all(&refusal(&Refusal(400, &[("Connection", "close")]))).await);
                return;
            }
            continue;
        };
        heard.drain(..length);
        match Board::new(&asked, &fault) {
            Ok((head, mut board)) => {
                if stream.write_all(head.as_bytes()).await.is_ok() {
                    drop(board.talk(&mut stream, &heard).await);
                }
                return;
            }
            Err(refused) => {
                let mut answer = refusal(&refused);
                if asked.method == "HEAD" {
                    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
                    answer.truncate(end);
                }
                if stream.write_all(&answer).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The request at the start of what was heard, with its body passed over.
fn read(heard: &[u8]) -> Option<(Asked, usize)> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut fields);
    let httparse::Status::Complete(head) = request.parse(heard).ok()? else { return None };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|field| (field.name.to_ascii_lowercase(), text(field.value)))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let (path, query) = request.path?.split_once('?').unwrap_or((request.path?, ""));
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.to_owned())
    };
    let query = query.split('&').filter(|it| !it.is_empty()).map(pair).collect();
    let asked = Asked { method: request.method?.to_owned(), path: path.to_owned(), query, headers };
    (heard.len() >= head + length).then_some((asked, head + length))
}

fn refusal(refused: &Refusal) -> Vec<u8> {
    let Refusal(status, fields) = refused;
    let (kind, body) = match status {
        200 => ("text/plain", "well".to_owned()),
        _ => ("application/json", format!(r#"{{"trouble":"{status}"}}"#)),
    };
    let fields: String =
        fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status} So\r\n{fields}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

impl Asked {
    fn header(&self, wanted: &str) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    fn values<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    fn flag(&self, wanted: &str) -> Result<bool, Refusal> {
        match self.values(wanted).next() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refusal(400, &[])),
        }
    }
}

/// A talk that was agreed on.
struct Board {
    fault: String,
    text: bool,
    closes: bool,
    play: String,
    lines: Vec<u16>,
    out: bool,
    err: bool,
    queue: Vec<u8>,
    is_over: bool,
}

impl Board {
    /// The head of the answer, and the talk that follows it.
    fn new(asked: &Asked, fault: &str) -> Result<(String, Self), Refusal> {
        let is = |name: &str| name == fault;
        let (room, kind) = match asked.path.split('/').collect::<Vec<_>>().as_slice() {
            ["", "rooms", room, kind @ ("talk" | "lines")] => ((*room).to_owned(), *kind),
            _ => return Err(Refusal(404, &[])),
        };
        if asked.method != "GET" && !(is("any-method") && asked.header("upgrade").is_some()) {
            return Err(Refusal(405, &[("Allow", "GET")]));
        }
        if room != "lobby" {
            return Err(Refusal(404, &[]));
        }
        let mut board = Self {
            fault: fault.to_owned(),
            text: false,
            closes: false,
            play: String::new(),
            lines: Vec::new(),
            out: asked.flag("out")?,
            err: asked.flag("err")?,
            queue: Vec::new(),
            is_over: false,
        };
        board.read(asked, kind)?;
        if !asked.header("upgrade").is_some_and(|it| it.eq_ignore_ascii_case("websocket")) {
            return Err(if is("no-offer-needed") { Refusal(200, &[]) } else { Refusal(400, &[]) });
        }
        if asked.header("sec-websocket-version") != Some("13") && !is("any-version") {
            let named: &[_] =
                if is("names-no-version") { &[] } else { &[("Sec-WebSocket-Version", "13")] };
            return Err(Refusal(426, named));
        }
        let key = match asked.header("sec-websocket-key") {
            Some(key) => key,
            None if is("no-key-needed") => "",
            None => return Err(Refusal(400, &[])),
        };
        let head = board.head(asked, kind, key)?;
        Ok((head, board))
    }

    /// What is to be played, or on which lines.
    fn read(&mut self, asked: &Asked, kind: &str) -> Result<(), Refusal> {
        if kind == "talk" {
            self.play = asked.values("play").next().unwrap_or_default().to_owned();
            let known = ["both", "fail", "echo"].contains(&self.play.as_str());
            return if known { Ok(()) } else { Err(Refusal(400, &[])) };
        }
        for line in asked.values("line") {
            let line = line.parse().ok().filter(|line| *line > 0);
            self.lines.push(line.ok_or(Refusal(400, &[]))?);
        }
        if self.lines.is_empty() || self.lines.len() > 100 {
            Err(Refusal(400, &[]))
        } else {
            Ok(())
        }
    }

    fn head(&mut self, asked: &Asked, kind: &str, key: &str) -> Result<String, Refusal> {
        let offered: Vec<_> = asked
            .header("sec-websocket-protocol")
            .map(|offered| offered.split(',').map(str::trim).collect())
            .unwrap_or_default();
        let known: &[&str] =
            if kind == "talk" { &["board.v2", "board.v1", "board.v1.text"] } else { &["board.v1"] };
        let mut chosen = known.iter().copied().find(|known| offered.contains(known));
        if self.is("any-subprotocol") {
            chosen = chosen.or(known.first().copied());
        }
        let chosen = chosen.ok_or(Refusal(400, &[]))?;
        (self.text, self.closes) = (chosen.ends_with("text"), chosen == "board.v2");
        let chosen = if self.is("another-subprotocol") { "board.v9" } else { chosen };
        let key = if self.is("answers-another-key") { "another" } else { key };
        let more =
            if self.is("an-extension") { "Sec-WebSocket-Extensions: smaller\r\n" } else { "" };
        Ok(format!(
            "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\
             Sec-WebSocket-Protocol: {chosen}\r\n{more}\r\n",
            websocket_accept(key)
        ))
    }

    fn is(&self, fault: &str) -> bool {
        self.fault == fault
    }

    async fn talk(&mut self, stream: &mut TcpStream, rest: &[u8]) -> std::io::Result<()> {
        self.begin();
        let mut decoder = WebSocketDecoder::new(Side::Client);
        decoder.push(rest);
        let mut piece = [0; 4096];
        loop {
            while !self.is_over {
                match decoder.next() {
                    Ok(Some(event)) => self.hear(event),
                    Ok(None) => break,
                    Err(_) if self.is("takes-unmasked") => break,
                    Err(_) => {
                        self.frame(Opcode::Close, &1002u16.to_be_bytes());
                        self.is_over = true;
                    }
                }
            }
            let queued = std::mem::take(&mut self.queue);
            stream.write_all(&queued).await?;
            if self.is_over {
                break;
            }
            match stream.read(&mut piece).await? {
                0 => return Ok(()),
                length => decoder.push(&piece[..length]),
            }
        }
        stream.shutdown().await?;
        // A client that has not been heard out would see a reset.
        let listen =
            async { while stream.read(&mut piece).await.is_ok_and(|length| length > 0) {} };
        drop(tokio::time::timeout(Duration::from_millis(300), listen).await);
        Ok(())
    }

    fn begin(&mut self) {
        for (index, line) in self.lines.clone().into_iter().enumerate() {
            let mut opening = line.to_le_bytes().to_vec();
            if self.is("line-turned-round") {
                opening.reverse();
            }
            if self.is("opens-with-too-much") {
                opening.push(0);
            }
            let channel = u8::try_from(index * 2).unwrap();
            self.say(channel, &opening);
            self.say(channel + 1, &opening);
            if line == DEAD {
                self.say(channel + 1, b"nobody answers");
            }
        }
        if !self.play.is_empty() {
            self.say(if self.out { 1 } else { 3 }, b"");
        }
        self.strange();
        match self.play.as_str() {
            "both" => {
                if self.is("outcome-first") {
                    self.outcome(0);
                }
                if self.out {
                    self.say(1, b"out\n");
                }
                if self.err || self.is("unasked") {
                    self.say(2, b"err\n");
                }
                if !self.is("outcome-first") {
                    self.outcome(0);
                }
                self.end();
            }
            "fail" => {
                self.outcome(if self.is("always-well") { 0 } else { 3 });
                self.end();
            }
            _ => {}
        }
    }

    /// What a server may not say.
    fn strange(&mut self) {
        match self.fault.clone().as_str() {
            "sets-reserved-bit" => self.queue.extend([0xc2, 1, 1]),
            "reserved-opcode" => self.queue.extend([0x83, 0]),
            "long-length" => self.queue.extend([0x82, 126, 0, 1, 1]),
            "long-ping" => self.frame(Opcode::Ping, &[b'x'; 126]),
            "stray-part" => self.queue.extend([0x80, 1, 1]),
            "text-is-bytes" if self.text => self.queue.extend([0x81, 2, 0xc3, 0x28]),
            "texts-for-bytes" if !self.text && !self.play.is_empty() => {
                self.frame(Opcode::Text, b"\x01");
            }
            "seventh-channel" if !self.play.is_empty() => self.say(7, b"x"),
            "speaks-as-client" if !self.play.is_empty() => self.say(0, b"x"),
            _ => {}
        }
    }

    fn outcome(&mut self, code: u8) {
        let outcome = match code {
            _ if self.is("outcome-without-code") => "{}".to_owned(),
            0 => r#"{"code":0}"#.to_owned(),
            code => format!(r#"{{"code":{code},"because":"room lobby"}}"#),
        };
        let times = match self.fault.as_str() {
            "no-outcome" => 0,
            "two-outcomes" => 2,
            _ => 1,
        };
        for _ in 0..times {
            // It may come in pieces.
            let (one, other) = outcome.split_at(1);
            self.say(3, one.as_bytes());
            self.say(3, other.as_bytes());
        }
    }

    fn end(&mut self) {
        if self.is("no-last-part") {
            self.queue.extend([0x02, 1, 1]);
        }
        match self.fault.as_str() {
            "hangs-up" => {}
            "going-away" => self.frame(Opcode::Close, &1001u16.to_be_bytes()),
            "code-of-none" => self.frame(Opcode::Close, &1005u16.to_be_bytes()),
            _ => self.frame(Opcode::Close, &1000u16.to_be_bytes()),
        }
        self.is_over = true;
    }

    fn hear(&mut self, event: WebSocketEvent) {
        match event {
            WebSocketEvent::Ping { .. } if self.is("never-pongs") => {}
            WebSocketEvent::Ping { .. } if self.is("pongs-with-nothing") => {
                self.frame(Opcode::Pong, b"");
            }
            WebSocketEvent::Ping { payload, .. } => self.frame(Opcode::Pong, &payload),
            WebSocketEvent::Pong { .. } => {}
            WebSocketEvent::Close { .. } if self.is("keeps-talking") => {}
            WebSocketEvent::Close { .. } => {
                self.frame(Opcode::Close, &1000u16.to_be_bytes());
                self.is_over = true;
            }
            WebSocketEvent::Message { payload, frames, .. } => self.message(&payload, frames),
        }
    }

    fn message(&mut self, payload: &[u8], frames: u64) {
        let (channel, mut payload) = match (self.text, payload.split_first()) {
            (_, None) => (200, Vec::new()),
            (false, Some((channel, payload))) => (*channel, payload.to_vec()),
            (true, Some((digit, payload))) => {
                (digit.wrapping_sub(b'0'), STANDARD.decode(payload).unwrap_or_default())
            }
        };
        if frames > 1 && self.is("first-part-only") {
            payload.truncate(payload.len() / 2);
        }
        let dead = self.lines.get(usize::from(channel / 2)) == Some(&DEAD);
        match channel {
            0 if self.play == "echo" && self.out => self.say(1, &payload),
            0 if self.play == "echo" => {}
            255 if self.closes && payload == [0] => {
                self.outcome(0);
                self.end();
            }
            even if even % 2 == 0 && usize::from(even / 2) < self.lines.len() && !dead => {
                self.say(even, &payload);
            }
            _ if self.is("nonsense-ends-it") => self.end(),
            _ => {}
        }
    }

    fn say(&mut self, channel: u8, payload: &[u8]) {
        if self.text {
            let text = format!("{channel}{}", STANDARD.encode(payload));
            self.frame(Opcode::Text, text.as_bytes());
        } else {
            self.frame(Opcode::Binary, &[&[channel], payload].concat());
        }
    }

    fn frame(&mut self, opcode: Opcode, payload: &[u8]) {
        let mask = self.is("masks").then_some([1, 2, 3, 4]);
        self.queue.extend(encode_frame(opcode, true, payload, mask));
    }
}
