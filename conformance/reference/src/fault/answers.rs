//! Whole answers changed on their way to the client.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::exchange::{Answer, Asked, Content};

/// Changes the body of an answer with that status, if it is JSON.
fn rewrite(answer: &mut Answer, status: u16, change: impl FnOnce(&mut Value)) {
    if answer.status() != status {
        return;
    }
    if let Some(mut body) = answer.json() {
        change(&mut body);
        answer.set_json(&body);
    }
}

fn list<'v>(body: &'v mut Value, name: &str) -> impl Iterator<Item = &'v mut Value> {
    body.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

pub(super) fn page_is_text(_: &Asked, answer: &mut Answer) {
    if answer.status() == 200 {
        answer.set_header("content-type", "text/plain");
    }
}

pub(super) fn times_are_texts(_: &Asked, answer: &mut Answer) {
    rewrite(answer, 200, |body| {
        for pod in list(body, "data_list") {
            if let Some(time) = pod.get_mut("create_time") {
                *time = Value::from(time.to_string());
            }
        }
    });
}

pub(super) fn request_id_odd(_: &Asked, answer: &mut Answer) {
    if answer.parts.headers.contains_key("x-request-id") {
        answer.set_header("x-request-id", "?");
    }
}

pub(super) fn request_id_lost(_: &Asked, answer: &mut Answer) {
    answer.remove_header("x-request-id");
}

pub(super) fn allow_lost(_: &Asked, answer: &mut Answer) {
    answer.remove_header("allow");
}

pub(super) fn challenge_lost(_: &Asked, answer: &mut Answer) {
    answer.remove_header("www-authenticate");
}

pub(super) fn retry_some_day(_: &Asked, answer: &mut Answer) {
    if answer.status() == 400 {
        answer.set_header("retry-after", "soon");
    }
}

/// A refusal lacks its last byte.
pub(super) fn refusal_cut_short(_: &Asked, answer: &mut Answer) {
    if answer.status() == 400
        && let Content::Whole(bytes) = &answer.content
    {
        let length = bytes.len().saturating_sub(1);
        answer.content =
            Content::Whole(Bytes::copy_from_slice(bytes.get(..length).unwrap_or(bytes)));
    }
}

/// The code of a refusal is that of something missing.
pub(super) fn code_of_another_status(_: &Asked, answer: &mut Answer) {
    rewrite(answer, 400, |body| {
        if let Some(code) = body.get_mut("code") {
            *code = json!(5);
        }
    });
}

pub(super) fn zero_is_none(asked: &Asked, answer: &mut Answer) {
    if asked.value("pagination.limit").as_deref() == Some("0") {
        rewrite(answer, 200, |body| *body = json!({ "pods": [] }));
    }
}

pub(super) fn empty_query_finds_nothing(asked: &Asked, answer: &mut Answer) {
    if asked.value("query").is_some_and(|query| query.is_empty()) {
        rewrite(answer, 200, |body| *body = json!({ "pods": [] }));
    }
}

/// More than a page holds comes for a limit that asks for it: pods made up, as there are not as many.
pub(super) fn limit_without_maximum(asked: &Asked, answer: &mut Answer) {
    if asked.number("pagination.limit").is_none_or(|limit| limit <= 1000) {
        return;
    }
    rewrite(answer, 200, |body| {
        let Some(pods) = body.get_mut("pods").and_then(Value::as_array_mut) else { return };
        let Some(first) = pods.first().cloned() else { return };
        while pods.len() <= 1000 {
            let mut pod = first.clone();
            if let Some(id) = pod.get_mut("id") {
                *id = Value::from(format!("{}-{}", id.as_str().unwrap_or_default(), pods.len()));
            }
            pods.push(pod);
        }
    });
}

pub(super) fn labels_lost(asked: &Asked, answer: &mut Answer) {
    let is_one = asked.parts.method == Method::GET && asked.segment(1) == "pods";
    if is_one {
        rewrite(answer, 200, |body| {
            if let Some(metadata) = body.get_mut("metadata").and_then(Value::as_object_mut) {
                metadata.remove("labels");
            }
        });
    }
}

pub(super) fn created_is_ok(asked: &Asked, answer: &mut Answer) {
    if asked.is(&Method::POST, "/pods") && answer.status() == 201 {
        answer.parts.status = StatusCode::OK;
    }
}

/// Removing what is not there succeeds.
pub(super) fn nothing_removed_is_success(asked: &Asked, answer: &mut Answer) {
    if asked.parts.method == Method::DELETE && answer.status() == 404 {
        *answer = Answer::empty(StatusCode::NO_CONTENT);
    }
}

/// A stream of raw bytes is called one of frames.
pub(super) fn frames_promised(asked: &Asked, answer: &mut Answer) {
    let is_raw = asked.json().is_some_and(|config| config.get("tty") == Some(&json!(true)));
    if asked.is(&Method::POST, "/start") && is_raw && matches!(answer.status(), 101 | 200) {
        answer.set_header("content-type", "application/vnd.docker.multiplexed-stream");
    }
}
