//! Pods that are created, put anew, patched and deleted.

use futures_util::FutureExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use serde_json::{Value, json};

use super::{Scene, remove, rewrite, set, text};
use crate::fault::exchange::{Answer, Asked, Honest};
use crate::fault::memory::Memory;

const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const JSON: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

/// Whether it is a patch of that kind.
fn patches(asked: &Asked, kind: &str) -> bool {
    let stated = asked.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    asked.parts.method == Method::PATCH && stated.starts_with(kind)
}

pub(crate) fn any_version_written(asked: &mut Asked) {
    if asked.parts.method == Method::PUT {
        rewrite(asked, |pod| remove(pod, "/metadata", "resourceVersion"));
    }
}

pub(crate) fn trial_is_kept(asked: &mut Asked) {
    if asked.parts.method == Method::POST && asked.value("dryRun").as_deref() == Some("All") {
        asked.remove("dryRun");
    }
}

pub(crate) fn tests_pass(asked: &mut Asked) {
    if patches(asked, JSON) {
        rewrite(asked, |patch| {
            if let Some(operations) = patch.as_array_mut() {
                operations.retain(|operation| text(operation, "/op") != "test");
            }
        });
    }
}

pub(crate) fn nulls_passed_over(asked: &mut Asked) {
    if patches(asked, MERGE) {
        rewrite(asked, without_nulls);
    }
}

fn without_nulls(value: &mut Value) {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
        members.values_mut().for_each(without_nulls);
    }
}

/// A deletion at once deletes nothing.
pub(crate) fn nothing_at_once(asked: &mut Asked) {
    let grace = asked.json().and_then(|body| body.get("gracePeriodSeconds")?.as_i64());
    let grace = grace.or_else(|| asked.number("gracePeriodSeconds"));
    if asked.parts.method == Method::DELETE && grace == Some(0) {
        asked.set("dryRun", "All");
    }
}

pub(crate) fn name_of_the_path(asked: &mut Asked) {
    if asked.parts.method == Method::PUT {
        let back = usize::from(asked.path().ends_with("/status"));
        let name = asked.segment(back).to_owned();
        rewrite(asked, |pod| {
            if !text(pod, "/metadata/name").is_empty() {
                set(pod, "/metadata", "name", name);
            }
        });
    }
}

/// A name that the server is to make up is what it is to begin with.
pub(crate) fn generated_names_alike(asked: &mut Asked) {
    if asked.is(&Method::POST, "/pods") {
        rewrite(asked, |pod| {
            let prefix = text(pod, "/metadata/generateName").trim_end_matches('-').to_owned();
            if text(pod, "/metadata/name").is_empty() && !prefix.is_empty() {
                set(pod, "/metadata", "name", prefix);
            }
        });
    }
}

/// Each pod that is put has an annotation more.
pub(crate) fn every_put_counts(honest: Honest, mut asked: Asked, memory: Memory) -> Scene {
    async move {
        if asked.parts.method == Method::PUT {
            let count = memory.count("put");
            rewrite(&mut asked, |pod| {
                set(pod, "/metadata", "annotations", json!({ "put": count.to_string() }));
            });
        }
        honest.ask(&asked).await
    }
    .boxed()
}

pub(crate) fn strategic_is_merge(asked: &mut Asked) {
    if patches(asked, STRATEGIC) {
        asked.parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static(MERGE));
    }
}

pub(crate) fn apply_takes_all(asked: &mut Asked) {
    if patches(asked, APPLY) {
        asked.set("force", "true");
    }
}

pub(crate) fn preconditions_ignored(asked: &mut Asked) {
    if asked.parts.method == Method::DELETE {
        rewrite(asked, |options| remove(options, "", "preconditions"));
    }
}

/// A patch of a pod is one of its status as well.
pub(crate) fn status_written_anywhere(honest: Honest, asked: Asked, _: Memory) -> Scene {
    async move {
        let answer = honest.ask(&asked).await;
        let has_status = asked.json().is_some_and(|patch| patch.get("status").is_some());
        if !patches(&asked, MERGE) || asked.path().ends_with("/status") || !has_status {
            return answer;
        }
        let mut beside = asked.clone();
        beside.aim(format!("{}/status", asked.path()), "");
        honest.ask(&beside).await
    }
    .boxed()
}

/// A patch of what cannot be changed is taken, and changes nothing of it.
pub(crate) fn fixed_parts_passed_over(asked: &mut Asked) {
    if patches(asked, MERGE) {
        rewrite(asked, |patch| remove(patch, "", "spec"));
    }
}

/// Every refusal says that it is a server error.
pub(crate) fn code_of_an_error(_: &Asked, answer: &mut Answer) {
    if let Some(mut status) = answer.json().filter(|_| answer.status() >= 400) {
        if status.get("code").is_some() {
            set(&mut status, "", "code", 500);
        }
        answer.set_json(&status);
    }
}
