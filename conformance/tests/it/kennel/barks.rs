//! What the dogs of the kennel say: a log that grows, of which a part can be asked for.

use std::sync::Mutex;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::server::{Asked, problem, send};
use super::store::Store;

/// A dog has said so much as it comes, a line a second.
const FIRST: u64 = 6;
/// After that, it says something so often.
const PACE: Duration = Duration::from_millis(300);

/// A dog that settles in says nothing at first, and then does not listen for so long.
const SHY: Duration = Duration::from_millis(700);

/// What a request asks for of a log.
struct Part {
    last: Option<usize>,
    size: Option<usize>,
    age: Option<i64>,
    times: bool,
    follow: bool,
}

impl Part {
    fn read(fault: &str, asked: &Asked) -> Result<Self, u16> {
        let number = |name: &str, least: i64| {
            let value = asked.number(name)?;
            if value.is_some_and(|value| value < least) { Err(400_u16) } else { Ok(value) }
        };
        if asked.text("age").is_some() && asked.text("from").is_some() && fault != "both-ages" {
            return Err(400);
        }
        let size = |value: i64| usize::try_from(value).unwrap_or_default();
        Ok(Self {
            last: number("last", 0)?.map(size),
            size: number("size", 1)?.map(size),
            age: number("age", 1)?,
            times: asked.flag("times")?,
            follow: asked.flag("follow")?,
        })
    }
}

/// Every line that a dog has said, with when.
fn said(store: &Store, name: &str) -> Option<Vec<(OffsetDateTime, String)>> {
    let age = store.came.get(name)?.elapsed();
    let came = OffsetDateTime::now_utc() - age;
    let more = u64::try_from(age.as_millis() / PACE.as_millis()).unwrap();
    let line = |number: u64| {
        let after = PACE * u32::try_from(number.saturating_sub(FIRST)).unwrap();
        let before = Duration::from_secs(FIRST.saturating_sub(number));
        (
            came + after - before,
            format!("bark {number} of {name}{}\n", "!".repeat(number as usize % 5)),
        )
    };
    Some((1..=FIRST + more).map(line).collect())
}

fn text(fault: &str, part: &Part, line: &(OffsetDateTime, String)) -> String {
    let stamp = match fault {
        "odd-stamps" => line.0.unix_timestamp().to_string(),
        _ => line.0.format(&Rfc3339).unwrap(),
    };
    if part.times { format!("{stamp} {}", line.1) } else { line.1.clone() }
}

fn cut(fault: &str, part: &Part, lines: &[(OffsetDateTime, String)]) -> String {
    let now = OffsetDateTime::now_utc();
    let is_young = |line: &&(OffsetDateTime, String)| {
        let most = match fault {
            "any-age" => None,
            _ => part.age,
        };
        most.is_none_or(|most| (now - line.0).whole_seconds() <= most)
    };
    let young: Vec<_> = lines.iter().filter(is_young).collect();
    let skip = match (fault, part.last) {
        ("first-for-last", _) | (_, None) => 0,
        (_, Some(last)) => young.len().saturating_sub(last),
    };
    let take = if fault == "first-for-last" { part.last.unwrap_or(usize::MAX) } else { usize::MAX };
    let mut whole: String =
        young.into_iter().skip(skip).take(take).map(|line| text(fault, part, line)).collect();
    if let Some(size) = part.size.filter(|_| fault != "any-size") {
        whole.truncate(size);
    }
    whole
}

pub(super) async fn hear(
    stream: &mut TcpStream,
    store: &Mutex<Store>,
    asked: &Asked,
    name: &str,
) -> std::io::Result<()> {
    let fault = store.lock().unwrap().fault.clone();
    let is_shy = fault == "settles-in"
        && store.lock().unwrap().came.get(name).is_some_and(|came| came.elapsed() < SHY);
    if is_shy {
        let is_first = store.lock().unwrap().heard.insert(name.to_owned());
        let nothing =
            b"HTTP/1.1 200 Kennel\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n";
        let refused = problem(400);
        return stream.write_all(if is_first { nothing } else { &refused }).await;
    }
    let found = said(&store.lock().unwrap(), name).ok_or(404_u16);
    let part = found.and_then(|lines| Ok((Part::read(&fault, asked)?, lines)));
    let (part, mut lines) = match part {
        Ok(found) => found,
        Err(status) => return stream.write_all(&problem(status)).await,
    };
    stream
        .write_all(b"HTTP/1.1 200 Kennel\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n")
        .await?;
    send(stream, &cut(&fault, &part, &lines)).await?;
    let mut left = if fault == "leaves-early" { 2 } else { 10_000 };
    let denied = asked.text("follow") == Some("false");
    let follows = part.follow || fault == "follows-nonetheless" && denied;
    while follows && left > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        left -= 1;
        let Some(now) = said(&store.lock().unwrap(), name) else { break };
        let news: String =
            now.iter().skip(lines.len()).map(|line| text(&fault, &part, line)).collect();
        send(stream, &news).await?;
        lines = now;
    }
    stream.write_all(b"0\r\n\r\n").await
}
