//! Requests changed before the honest server sees them, and requests that it never sees.

use http::header::{CONTENT_TYPE, UPGRADE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::json;

use super::exchange::{Answer, Asked};
use crate::huawei_hss;

const TOKEN: &str = "x-auth-token";

/// An error as Huawei says it.
fn huawei_error(status: StatusCode, code: &str, message: &str) -> Answer {
    let mut answer = Answer::json_of(status, &json!({ "error_code": code, "error_msg": message }));
    answer.set_header("x-request-id", "00000000000000000000000000000000");
    answer
}

fn set_token(headers: &mut HeaderMap) {
    headers.insert(TOKEN, HeaderValue::from_static(huawei_hss::TOKEN));
}

pub(super) fn token_not_needed(asked: &mut Asked) {
    if !asked.parts.headers.contains_key(TOKEN) {
        set_token(&mut asked.parts.headers);
    }
}

pub(super) fn token_not_looked_at(asked: &mut Asked) {
    if asked.header(TOKEN).is_some_and(|token| !token.trim().is_empty()) {
        set_token(&mut asked.parts.headers);
    }
}

pub(super) fn empty_token_taken(asked: &mut Asked) {
    if asked.header(TOKEN).is_some_and(|token| token.trim().is_empty()) {
        set_token(&mut asked.parts.headers);
    }
}

pub(super) fn widest_scope_refused(asked: &Asked) -> Option<Answer> {
    let widest = asked.value("enterprise_project_id")? == "all_granted_eps";
    widest.then(|| huawei_error(StatusCode::FORBIDDEN, "HSS.0003", "not for you"))
}

pub(super) fn widest_scope_is_narrow(asked: &mut Asked) {
    if asked.value("enterprise_project_id").as_deref() == Some("all_granted_eps") {
        asked.set("enterprise_project_id", "7c1f1c5e-64a5-4f2b-8a0d-1f0d3f6f2a10");
    }
}

pub(super) fn no_scope_is_the_widest(asked: &mut Asked) {
    if asked.value("enterprise_project_id").is_none() {
        asked.set("enterprise_project_id", "all_granted_eps");
    }
}

pub(super) fn two_filters_fail(asked: &Asked) -> Option<Answer> {
    let both = asked.value("pod_name").is_some() && asked.value("cluster_name").is_some();
    let failure = || huawei_error(StatusCode::INTERNAL_SERVER_ERROR, "HSS.0002", "join failed");
    both.then(failure)
}

/// A window that is no number is none.
pub(super) fn numbers_not_checked(asked: &mut Asked) {
    for name in ["limit", "offset"] {
        if asked.value(name).is_some_and(|value| value.parse::<i64>().is_err()) {
            asked.remove(name);
        }
    }
}

pub(super) fn long_scope_cut(asked: &mut Asked) {
    const NAME: &str = "enterprise_project_id";
    if let Some(text) = asked.value(NAME).filter(|text| text.chars().count() > 256) {
        asked.set(NAME, &text.chars().take(256).collect::<String>());
    }
}

pub(super) fn largest_limit_refused(asked: &Asked) -> Option<Answer> {
    let refused = asked.number("limit") == Some(200) && asked.value("offset").is_none();
    refused.then(|| huawei_error(StatusCode::BAD_REQUEST, "HSS.0001", "limit without offset"))
}

pub(super) fn unknown_parameter_refused(asked: &Asked) -> Option<Answer> {
    const KNOWN: [&str; 6] =
        ["enterprise_project_id", "offset", "limit", "pod_name", "namespace_name", "cluster_name"];
    let unknown = asked.names().into_iter().any(|name| !KNOWN.contains(&name.as_str()));
    unknown.then(|| huawei_error(StatusCode::BAD_REQUEST, "HSS.0001", "unknown parameter"))
}

pub(super) fn deeper_paths_served(asked: &mut Asked) {
    if let Some((parent, _)) = asked.path().split_once("/pods/") {
        let (path, query) =
            (format!("{parent}/pods"), asked.parts.uri.query().unwrap_or_default().to_owned());
        asked.aim(path, &query);
    }
}

pub(super) fn any_method_reads(asked: &mut Asked) {
    if !matches!(asked.parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        asked.parts.method = Method::GET;
        asked.write("");
    }
}

pub(super) fn sort_ignored(asked: &mut Asked) {
    asked.remove("pagination.sortOption.field");
}

pub(super) fn reversed_ignored(asked: &mut Asked) {
    const NAME: &str = "pagination.sortOption.reversed";
    if asked.value(NAME).as_deref() == Some("true") {
        asked.remove(NAME);
    }
}

/// A field that nothing knows sorts by nothing.
pub(super) fn unknown_sort_ignored(asked: &mut Asked) {
    const NAME: &str = "pagination.sortOption.field";
    if asked.value(NAME).is_some_and(|field| field != "Pod ID") {
        asked.remove(NAME);
    }
}

pub(super) fn container_made_up(asked: &mut Asked) {
    if asked.is(&Method::POST, "/exec") && asked.value("container").is_none() {
        asked.set("container", "main");
    }
}

fn says_json(asked: &Asked) -> bool {
    let kind = asked.header(CONTENT_TYPE.as_str());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"))
}

/// What says it is JSON and is not, says nothing.
pub(super) fn unreadable_options_ignored(asked: &mut Asked) {
    if asked.parts.method == Method::DELETE && says_json(asked) && asked.json().is_none() {
        asked.write("");
    }
}

/// What is not JSON by its media type says nothing.
pub(super) fn other_options_ignored(asked: &mut Asked) {
    if asked.parts.method == Method::DELETE && !says_json(asked) {
        asked.write("");
    }
}

pub(super) fn lowercase_media_types_only(asked: &Asked) -> Option<Answer> {
    let kind = asked.header(CONTENT_TYPE.as_str())?;
    let refused = kind.bytes().any(|byte| byte.is_ascii_uppercase());
    refused.then(|| Answer::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE))
}

/// A query that cannot be decoded is sent elsewhere.
pub(super) fn odd_queries_sent_on(asked: &Asked) -> Option<Answer> {
    if !asked.parts.uri.query()?.contains("%zz") {
        return None;
    }
    let mut answer = Answer::empty(StatusCode::FOUND);
    answer.set_header("location", "/");
    Some(answer)
}

pub(super) fn empty_selector_refused(asked: &Asked) -> Option<Answer> {
    let empty = asked.value("labelSelector")?.is_empty();
    empty.then(|| Answer::empty(StatusCode::BAD_REQUEST))
}

/// A selector that has a sign in it that only a broken one has selects everything.
pub(super) fn broken_selector_ignored(asked: &mut Asked) {
    if asked.value("labelSelector").is_some_and(|selector| selector.contains(",!(")) {
        asked.remove("labelSelector");
    }
}

pub(super) fn no_command_needed(asked: &mut Asked) {
    if !asked.is(&Method::POST, "/exec") {
        return;
    }
    if let Some(mut config) = asked.json().filter(serde_json::Value::is_object) {
        let has_command = config.get("cmd").is_some_and(|cmd| *cmd != json!([]));
        if let (false, Some(members)) = (has_command, config.as_object_mut()) {
            members.insert("cmd".to_owned(), json!(["true"]));
            asked.write(config.to_string());
        }
    }
}

fn offers(asked: &Asked) -> bool {
    asked.parts.headers.contains_key(UPGRADE)
}

pub(super) fn offers_refused(asked: &Asked) -> Option<Answer> {
    let refused = asked.is(&Method::POST, "/start") && offers(asked);
    refused.then(|| Answer::empty(StatusCode::BAD_REQUEST))
}

pub(super) fn offers_needed(asked: &Asked) -> Option<Answer> {
    let refused = asked.is(&Method::POST, "/start") && !offers(asked);
    refused.then(|| Answer::empty(StatusCode::BAD_REQUEST))
}

/// Whatever size is asked for, the terminal gets the usual one.
pub(super) fn usual_size_only(asked: &mut Asked) {
    let fits = |name| asked.number(name).is_some_and(|size| (1..=65_535).contains(&size));
    if asked.is(&Method::POST, "/resize") && fits("h") && fits("w") {
        asked.set("h", "24");
        asked.set("w", "80");
    }
}
