//! Faults that ask the honest server in another way, or more than once, or that remember.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::exchange::{Answer, Asked, Honest};
use super::memory::Memory;

type Scene = BoxFuture<'static, Answer>;

/// The same resource read.
fn reading(asked: &Asked) -> Asked {
    let mut reading = asked.clone();
    reading.parts.method = Method::GET;
    reading.write("");
    reading
}

/// A limit below the least one is taken as it is.
pub(super) fn low_limit_taken(honest: Honest, mut asked: Asked, _: Memory) -> Scene {
    async move {
        let low = asked.number("limit").filter(|limit| (1..10).contains(limit));
        if low.is_some() {
            asked.set("limit", "10");
        }
        let mut answer = honest.ask(&asked).await;
        let length = low.and_then(|limit| usize::try_from(limit).ok());
        if let (Some(length), Some(mut body)) = (length, answer.json()) {
            for name in ["data_list", "pod_info_list"] {
                if let Some(list) = body.get_mut(name).and_then(Value::as_array_mut) {
                    list.truncate(length);
                }
            }
            answer.set_json(&body);
        }
        answer
    }
    .boxed()
}

/// Each time a pod is read it has one annotation more.
pub(super) fn reading_leaves_a_mark(honest: Honest, asked: Asked, memory: Memory) -> Scene {
    async move {
        let mut answer = honest.ask(&asked).await;
        let is_one = asked.parts.method == Method::GET && asked.segment(1) == "pods";
        if let (true, 200, Some(mut body)) = (is_one, answer.status(), answer.json()) {
            let marks = memory.count(asked.segment(0));
            let annotations: serde_json::Map<_, _> =
                (0..marks).map(|mark| (format!("read-{mark}"), json!("yes"))).collect();
            if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.insert("annotations".to_owned(), annotations.into());
            }
            answer.set_json(&body);
        }
        answer
    }
    .boxed()
}

/// The list lacks the two pods that were created last.
pub(super) fn newest_not_listed(honest: Honest, asked: Asked, memory: Memory) -> Scene {
    async move {
        let mut answer = honest.ask(&asked).await;
        let name = |body: &Value| body.pointer("/metadata/name").cloned();
        match (answer.status(), answer.json()) {
            (201, Some(body)) if asked.is(&Method::POST, "/pods") => {
                memory.keep("before", memory.recall("newest").unwrap_or_default());
                memory.keep("newest", name(&body).unwrap_or_default());
            }
            (200, Some(mut body)) if asked.is(&Method::GET, "/pods") => {
                let newest = [memory.recall("newest"), memory.recall("before")];
                if let Some(items) = body.get_mut("items").and_then(Value::as_array_mut) {
                    items.retain(|item| !newest.contains(&name(item)));
                }
                answer.set_json(&body);
            }
            _ => {}
        }
        answer
    }
    .boxed()
}

/// What was removed can still be read.
pub(super) fn removed_still_there(honest: Honest, asked: Asked, memory: Memory) -> Scene {
    async move {
        let key = asked.path().to_owned();
        if asked.parts.method == Method::DELETE
            && let Some(body) = honest.ask(&reading(&asked)).await.json()
        {
            memory.keep(&key, body);
        }
        let answer = honest.ask(&asked).await;
        match memory.recall(&key) {
            Some(body) if asked.parts.method == Method::GET && answer.status() == 404 => {
                Answer::json_of(StatusCode::OK, &body)
            }
            _ => answer,
        }
    }
    .boxed()
}

/// Creating what is there succeeds, and changes nothing.
pub(super) fn duplicate_is_success(honest: Honest, asked: Asked, _: Memory) -> Scene {
    async move {
        let answer = honest.ask(&asked).await;
        let name = asked.json().and_then(|body| {
            body.pointer("/metadata/name").and_then(Value::as_str).map(str::to_owned)
        });
        match name {
            Some(name) if asked.is(&Method::POST, "/pods") && answer.status() >= 400 => {
                let mut there = reading(&asked);
                there.aim(format!("{}/{name}", asked.path()), "");
                match honest.ask(&there).await {
                    mut there if there.status() == 200 => {
                        there.parts.status = StatusCode::CREATED;
                        there
                    }
                    _ => answer,
                }
            }
            _ => answer,
        }
    }
    .boxed()
}

/// Every prepared process has the same id, which stands for the one prepared last.
pub(super) fn one_id_for_all(honest: Honest, mut asked: Asked, memory: Memory) -> Scene {
    const ID: &str = "exec-AAAAAAAAAA";
    async move {
        if asked.segment(1) == ID
            && let Some(Value::String(id)) = memory.recall(ID)
        {
            let (path, query) =
                (asked.path().replace(ID, &id), asked.parts.uri.query().unwrap_or_default());
            let query = query.to_owned();
            asked.aim(path, &query);
        }
        let mut answer = honest.ask(&asked).await;
        if let (true, 201, Some(body)) =
            (asked.is(&Method::POST, "/exec"), answer.status(), answer.json())
        {
            memory.keep(ID, body.get("Id").cloned().unwrap_or_default());
            answer.set_json(&json!({ "Id": ID }));
        }
        answer
    }
    .boxed()
}

/// Notes which pod a process belongs to, and prepares nothing more in one whose stream a client has left.
pub(super) fn left_pods_are_lost(honest: Honest, asked: Asked, memory: Memory) -> Scene {
    async move {
        if !asked.is(&Method::POST, "/exec") {
            return honest.ask(&asked).await;
        }
        let pod = asked.segment(1).to_owned();
        if memory.recall(&format!("left/{pod}")).is_some() {
            return Answer::empty(StatusCode::INTERNAL_SERVER_ERROR);
        }
        let answer = honest.ask(&asked).await;
        if let Some(Value::String(id)) = answer.json().and_then(|body| body.get("Id").cloned()) {
            memory.keep(format!("pod/{id}"), pod);
        }
        answer
    }
    .boxed()
}

/// A client has left the stream of that process.
pub(super) fn left(memory: &Memory, id: &str) {
    if let Some(Value::String(pod)) = memory.recall(&format!("pod/{id}")) {
        memory.keep(format!("left/{pod}"), true);
    }
    memory.forget(&format!("pod/{id}"));
}
