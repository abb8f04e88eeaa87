//! The layer around the honest server: requests in, answers out, with a fault in between.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use serde_json::json;

use super::breach::Breach;
use super::exchange::{Answer, Asked, Content, Honest};
use super::frames::{Tamper, Tampered};
use super::memory::Memory;
use super::{Fault, pages, streams};

/// The honest server with a fault around it.
pub(crate) fn layered(fault: &'static Fault, honest: Router, memory: Memory) -> Router {
    let layer = Layer { fault, honest: Honest(honest), memory };
    Router::new().fallback(move |request: Request| {
        let layer = layer.clone();
        async move { layer.respond(Asked::read(request).await).await.into_response() }
    })
}

#[derive(Clone, Debug)]
struct Layer {
    fault: &'static Fault,
    honest: Honest,
    memory: Memory,
}

impl Layer {
    async fn respond(&self, mut asked: Asked) -> Answer {
        let sent = asked.clone();
        let mut scene = None;
        for breach in self.fault.breaches {
            match breach {
                Breach::Ask(change) => change(&mut asked),
                Breach::Instead(answer) => {
                    if let Some(answer) = answer(&asked) {
                        return answer;
                    }
                }
                Breach::Scene(play) => scene = Some(play),
                _ => {}
            }
        }
        let mut answer = match scene {
            Some(play) => play(self.honest.clone(), asked.clone(), self.memory.clone()).await,
            None => self.honest.ask(&asked).await,
        };
        for breach in self.fault.breaches {
            self.break_answer(breach, &sent, &mut answer).await;
        }
        answer
    }

    async fn break_answer(&self, breach: &Breach, asked: &Asked, answer: &mut Answer) {
        match breach {
            Breach::Answer(change) => change(asked, answer),
            Breach::Page(change) if answer.status() == 200 => {
                pages::recut(&self.honest, asked, answer, &self.memory, *change).await;
            }
            Breach::Lines(change) => relined(answer, *change).await,
            Breach::Line(change) => streams::each_line(asked, answer, &self.memory, *change),
            Breach::First(line) => {
                if let Some(line) = line(asked) {
                    streams::begun(answer, line);
                }
            }
            Breach::Unended(is_meant) if is_meant(asked) => streams::unended(answer),
            Breach::Announced => announced(answer).await,
            Breach::Frames(tamper) if is_framed(asked, answer) => {
                reframed(answer, *tamper, self.memory.clone());
            }
            _ => {}
        }
    }
}

/// The whole of a stream; what is no stream stays.
async fn gathered(answer: &mut Answer) -> Option<Bytes> {
    let Content::Stream(body) = &mut answer.content else { return None };
    let body = std::mem::take(body);
    Some(body.collect().await.map(|body| body.to_bytes()).unwrap_or_default())
}

async fn relined(answer: &mut Answer, change: fn(&mut Vec<String>)) {
    let Some(bytes) = gathered(answer).await else { return };
    let text = String::from_utf8_lossy(&bytes);
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    let chunks = lines.into_iter().map(Ok::<_, Infallible>);
    answer.content = Content::Stream(Body::from_stream(futures_util::stream::iter(chunks)));
}

async fn announced(answer: &mut Answer) {
    if let Some(bytes) = gathered(answer).await {
        answer.content = Content::Whole(bytes);
    }
}

/// A stream of frames; after a takeover, frames are changed in the bytes of the connection.
fn is_framed(asked: &Asked, answer: &Answer) -> bool {
    let raw = asked.json().is_some_and(|config| config.get("tty") == Some(&json!(true)));
    asked.path().ends_with("/start") && answer.status() == 200 && !raw
}

fn reframed(answer: &mut Answer, tamper: Tamper, memory: Memory) {
    let Content::Stream(body) = &mut answer.content else { return };
    let frames = std::mem::take(body).into_data_stream();
    let tampered = Tampered::new(tamper, memory);
    let chunks = futures_util::stream::unfold(Some((frames, tampered)), async |state| {
        let (mut frames, mut tampered) = state?;
        match frames.next().await {
            Some(Ok(bytes)) => Some((Ok(tampered.pass(&bytes)), Some((frames, tampered)))),
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Ok(tampered.finish()), None)),
        }
    });
    answer.content = Content::Stream(Body::from_stream(chunks));
}
