//! Streams changed while they come: nothing waits for their end.

use axum::Error;
use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, Fuse};
use tokio::time::{Duration, sleep, timeout};

use super::exchange::{Answer, Asked, Content};
use super::memory::Memory;
use super::wire::FOR_EVER;

/// The longest that an answer is held back.
const LATEST: Duration = Duration::from_secs(4);

/// Changes each line of a stream, with its line end. A line that becomes empty is lost.
pub(super) fn each_line(
    asked: &Asked,
    answer: &mut Answer,
    memory: &Memory,
    change: fn(&Asked, &mut String, &Memory),
) {
    let Content::Stream(body) = &mut answer.content else { return };
    let chunks = std::mem::take(body).into_data_stream().fuse();
    let lines = Lines { chunks, held: Vec::new() };
    let (asked, memory) = (asked.clone(), memory.clone());
    let changed = stream::unfold(lines, async |mut lines| Some((lines.next().await?, lines)));
    let changed = changed.map(move |line| {
        line.map(|mut line| {
            change(&asked, &mut line, &memory);
            Bytes::from(line)
        })
    });
    answer.content = Content::Stream(Body::from_stream(changed));
}

/// Begins a stream with a line of its own.
pub(super) fn begun(answer: &mut Answer, line: String) {
    if let Content::Stream(body) = &mut answer.content {
        let rest = std::mem::take(body).into_data_stream();
        let first = stream::iter([Ok(Bytes::from(line))]);
        answer.content = Content::Stream(Body::from_stream(first.chain(rest)));
    }
}

/// Keeps a stream open after its end.
pub(super) fn unended(answer: &mut Answer) {
    if let Content::Stream(body) = &mut answer.content {
        let whole = std::mem::take(body).into_data_stream();
        let silence = stream::once(async {
            sleep(FOR_EVER).await;
            Ok(Bytes::new())
        });
        answer.content = Content::Stream(Body::from_stream(whole.chain(silence)));
    }
}

/// Holds an answer back until the first of its content is there, for a while at most.
pub(super) async fn late(answer: &mut Answer) {
    if let Content::Stream(body) = &mut answer.content {
        let mut chunks = std::mem::take(body).into_data_stream().fuse();
        let first = timeout(LATEST, chunks.next()).await.ok().flatten();
        answer.content = Content::Stream(Body::from_stream(stream::iter(first).chain(chunks)));
    }
}

/// Chunks cut into lines.
struct Lines {
    chunks: Fuse<BodyDataStream>,
    held: Vec<u8>,
}

impl Lines {
    /// The next line, or what stands after the last one.
    async fn next(&mut self) -> Option<Result<String, Error>> {
        loop {
            if let Some(end) = self.held.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.held.drain(..=end).collect();
                return Some(Ok(text(&line)));
            }
            match self.chunks.next().await {
                Some(Ok(chunk)) => self.held.extend_from_slice(&chunk),
                Some(Err(error)) => return Some(Err(error)),
                None if self.held.is_empty() => return None,
                None => return Some(Ok(text(&std::mem::take(&mut self.held)))),
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use axum::extract::Request;
    use http::StatusCode;
    use http_body_util::BodyExt as _;

    use super::*;

    async fn changed(chunks: &'static [&'static str]) -> String {
        let asked = Asked::read(Request::new(Body::empty())).await;
        let mut answer = Answer::empty(StatusCode::OK);
        let chunks = stream::iter(chunks).map(|chunk| Ok::<_, Error>(Bytes::from(*chunk)));
        answer.content = Content::Stream(Body::from_stream(chunks));
        each_line(&asked, &mut answer, &Memory::default(), |_, line, _| {
            if line.starts_with('b') {
                line.clear();
            }
        });
        begun(&mut answer, "first\n".to_owned());
        let body = answer.into_response().into_body().collect().await.unwrap();
        text(&body.to_bytes())
    }

    #[tokio::test]
    async fn lines_are_changed_however_they_are_cut() {
        assert_eq!(changed(&["a\nb\nc"]).await, "first\na\nc");
        assert_eq!(changed(&["a", "\nb", "b\n", "c\n"]).await, "first\na\nc\n");
    }
}
