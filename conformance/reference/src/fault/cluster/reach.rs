//! Who may ask, what is handed to pods, where pods go.

use futures_util::FutureExt as _;
use http::header::{AUTHORIZATION, UPGRADE};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::{Scene, text};
use crate::fault::exchange::{Answer, Asked, Honest};
use crate::fault::head::Head;
use crate::fault::memory::Memory;

const OWNER: &str = "Bearer reference-token";
const KNOWN: [&str; 3] = [OWNER, "Bearer reader-token", "Bearer powerless-token"];

fn admit(asked: &mut Asked) {
    asked.parts.headers.insert(AUTHORIZATION, HeaderValue::from_static(OWNER));
}

pub(crate) fn anonymous_may_read(asked: &mut Asked) {
    if asked.parts.method == Method::GET && !asked.parts.headers.contains_key(AUTHORIZATION) {
        admit(asked);
    }
}

pub(crate) fn strangers_may_read(asked: &mut Asked) {
    let stranger = asked.header(AUTHORIZATION.as_str()).is_some_and(|token| {
        token.strip_prefix("Bearer ").is_some_and(|token| !token.trim().is_empty())
            && !KNOWN.contains(&token)
    });
    if asked.parts.method == Method::GET && stranger {
        admit(asked);
    }
}

/// A success without anything to tell.
fn success() -> Answer {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201,
    });
    Answer::json_of(StatusCode::CREATED, &status)
}

/// What stands before and after the proxy of a pod.
fn proxied(asked: &Asked) -> Option<(String, String)> {
    let (before, after) = asked.path().split_once("/proxy")?;
    Some((format!("{before}/proxy"), after.to_owned()))
}

pub(crate) fn query_lost_on_the_way(asked: &mut Asked) {
    if let Some((before, after)) = proxied(asked) {
        asked.aim(before + &after, "");
    }
}

pub(crate) fn path_cut_on_the_way(asked: &mut Asked) {
    if let Some((before, after)) = proxied(asked) {
        let path = after.replace("%2F", "/");
        let first = path.split('/').nth(1).map(|first| format!("/{first}")).unwrap_or_default();
        let query = asked.parts.uri.query().unwrap_or_default().to_owned();
        asked.aim(before + &first, &query);
    }
}

pub(crate) fn everything_is_read(asked: &mut Asked) {
    if proxied(asked).is_some() && asked.parts.method != Method::HEAD {
        asked.parts.method = Method::GET;
        asked.write("");
    }
}

pub(crate) fn bodies_lost_on_the_way(asked: &mut Asked) {
    if proxied(asked).is_some() {
        asked.write("");
    }
}

/// What a pod answers is a success, or the proxy's own failure.
pub(crate) fn status_lost_on_the_way(asked: &Asked, answer: &mut Answer) {
    let is_of_the_pod = answer.json().is_some_and(|body| body.get("kind").is_none());
    if proxied(asked).is_some() && is_of_the_pod && answer.status() >= 300 {
        answer.parts.status = StatusCode::BAD_GATEWAY;
    }
}

/// An answer to HEAD has content.
pub(crate) fn head_with_content(request: &str, head: &mut Head) {
    if request.starts_with("HEAD ") && head.status() == Some(200) {
        head.surplus = b"{}";
    }
}

/// A pod that a budget keeps is evicted.
pub(crate) fn budget_passed_over(honest: Honest, asked: Asked, _: Memory) -> Scene {
    async move {
        let answer = honest.ask(&asked).await;
        let Some(pod) = asked.path().strip_suffix("/eviction").map(str::to_owned) else {
            return answer;
        };
        if answer.status() != 429 {
            return answer;
        }
        let mut deletion = asked.clone();
        deletion.parts.method = Method::DELETE;
        deletion.aim(pod, "");
        deletion.write("");
        honest.ask(&deletion).await;
        success()
    }
    .boxed()
}

pub(crate) fn evicted_on_trial(asked: &mut Asked) {
    if asked.is(&Method::POST, "/eviction") {
        asked.set("dryRun", "All");
    }
}

pub(crate) fn bound_on_trial(asked: &mut Asked) {
    if asked.is(&Method::POST, "/binding") {
        asked.set("dryRun", "All");
    }
}

/// A pod that has a node may be given one.
pub(crate) fn bound_again(asked: &Asked, answer: &mut Answer) {
    let is_bound = answer.json().is_some_and(|status| text(&status, "/reason") == "Conflict");
    if asked.is(&Method::POST, "/binding") && is_bound {
        *answer = success();
    }
}

/// The words of a command are parted at blanks.
pub(crate) fn arguments_parted(asked: &mut Asked) {
    if asked.is(&Method::GET, "/exec") {
        let query = asked.parts.uri.query().unwrap_or_default();
        let pairs: Vec<_> = query.split('&').map(parted).collect();
        asked.aim(asked.path().to_owned(), &pairs.join("&"));
    }
}

fn parted(pair: &str) -> String {
    match pair.strip_prefix("command=") {
        Some(words) => {
            pair.replace(words, &words.replace("%20", "&command=").replace('+', "&command="))
        }
        None => pair.to_owned(),
    }
}

/// Standard error comes, asked for or not.
pub(crate) fn errors_unasked(asked: &mut Asked) {
    if asked.is(&Method::GET, "/exec")
        && asked.value("tty").is_none()
        && asked.value("stderr").is_none()
    {
        asked.set("stderr", "true");
    }
}

/// What needs an upgrade is a success without one.
pub(crate) fn no_upgrade_needed(asked: &Asked, answer: &mut Answer) {
    let is_plain = asked.is(&Method::GET, "/exec") && !asked.parts.headers.contains_key(UPGRADE);
    if is_plain && answer.status() == 400 {
        *answer = Answer::json_of(StatusCode::OK, &Value::from(""));
    }
}

pub(crate) fn subprotocol_of_its_own(_: &str, head: &mut Head) {
    const NAME: &str = "sec-websocket-protocol";
    if head.status() == Some(101) && head.value(NAME).is_some() {
        head.remove(NAME);
        head.add("Sec-WebSocket-Protocol", "v6.channel.k8s.io");
    }
}
