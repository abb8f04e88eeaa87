//! Lists that are walked by tokens, and selectors.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::FutureExt as _;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Scene, lists, set, text};
use crate::fault::exchange::{Answer, Asked, Honest};
use crate::fault::memory::Memory;

const TOKEN: &str = "continue";
const METADATA: &str = "/metadata";
const NEXT: &str = "/metadata/continue";
/// So many creations outlives a token.
const LIFE: u64 = 3;

/// Changes a page of a list.
fn page(asked: &Asked, answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if lists(asked)
        && answer.status() == 200
        && let Some(mut page) = answer.json()
    {
        change(&mut page);
        answer.set_json(&page);
    }
}

/// The token that a request goes on with.
fn token(asked: &Asked) -> Option<String> {
    asked.value(TOKEN).filter(|token| !token.is_empty() && lists(asked))
}

/// What a token says.
fn read(token: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}

/// A token that says this.
fn written(token: &Value) -> String {
    URL_SAFE_NO_PAD.encode(token.to_string())
}

pub(crate) fn item_lost_at_the_cut(asked: &Asked, answer: &mut Answer) {
    page(asked, answer, |page| {
        if !text(page, NEXT).is_empty()
            && let Some(items) = page.get_mut("items").and_then(Value::as_array_mut)
        {
            items.pop();
        }
    });
}

/// The last page has the token that led to it.
pub(crate) fn last_token_kept(asked: &Asked, answer: &mut Answer) {
    let Some(token) = token(asked) else { return };
    page(asked, answer, |page| {
        if text(page, NEXT).is_empty() {
            set(page, METADATA, TOKEN, token);
        }
    });
}

/// The last page has a token that says nothing.
pub(crate) fn token_of_nothing(asked: &Asked, answer: &mut Answer) {
    let is_paged = asked.value("limit").is_some();
    page(asked, answer, |page| {
        if is_paged && text(page, NEXT).is_empty() {
            set(page, METADATA, TOKEN, written(&json!({})));
        }
    });
}

/// Every page is cut out of the newest state, under the version of the first.
pub(crate) fn walk_over_the_newest(honest: Honest, mut asked: Asked, _: Memory) -> Scene {
    async move {
        let Some(mut token) = token(&asked).as_deref().and_then(read) else {
            return honest.ask(&asked).await;
        };
        let version = token.get("rv").cloned().unwrap_or_default();
        set(&mut token, "", "rv", -1);
        asked.set(TOKEN, &written(&token));
        let mut answer = honest.ask(&asked).await;
        page(&asked, &mut answer, |page| {
            set(page, METADATA, "resourceVersion", version.to_string());
            if let Some(mut next) = read(text(page, NEXT)) {
                set(&mut next, "", "rv", version);
                set(page, METADATA, TOKEN, written(&next));
            }
        });
        answer
    }
    .boxed()
}

pub(crate) fn remaining_of_the_page(asked: &Asked, answer: &mut Answer) {
    page(asked, answer, |page| {
        let count = page.get("items").and_then(Value::as_array).map_or(0, Vec::len);
        if page.pointer("/metadata/remainingItemCount").is_some() {
            set(page, METADATA, "remainingItemCount", count);
        }
    });
}

/// A page that a token led to states the version after that of the walk.
pub(crate) fn version_of_the_page(asked: &Asked, answer: &mut Answer) {
    let follows = token(asked).is_some();
    page(asked, answer, |page| {
        let version: u64 = text(page, "/metadata/resourceVersion").parse().unwrap_or_default();
        if follows {
            set(page, METADATA, "resourceVersion", (version + 1).to_string());
        }
    });
}

pub(crate) fn any_token_begins_anew(asked: &mut Asked) {
    if token(asked).is_some_and(|token| read(&token).is_none()) {
        asked.remove(TOKEN);
    }
}

/// A token that is too old is called malformed.
pub(crate) fn expired_is_malformed(honest: Honest, asked: Asked, memory: Memory) -> Scene {
    const CREATED: &str = "created";
    async move {
        let created = memory.recall(CREATED).and_then(|count| count.as_u64()).unwrap_or_default();
        let given = token(&asked).and_then(|token| memory.recall(&token)?.as_u64());
        if given.is_some_and(|given| created >= given + LIFE) {
            return malformed();
        }
        let answer = honest.ask(&asked).await;
        if asked.is(&Method::POST, "/pods") && answer.status() == 201 {
            memory.keep(CREATED, created + 1);
        }
        let next = answer.json().filter(|_| lists(&asked)).unwrap_or_default();
        if !text(&next, NEXT).is_empty() {
            memory.keep(text(&next, NEXT), created);
        }
        answer
    }
    .boxed()
}

/// A walk cannot go on with another limit than that of the page before.
pub(crate) fn limit_bound_to_the_token(honest: Honest, asked: Asked, memory: Memory) -> Scene {
    async move {
        let limit = asked.value("limit").unwrap_or_default();
        if token(&asked).and_then(|token| memory.recall(&token)).is_some_and(|own| own != limit) {
            return malformed();
        }
        let answer = honest.ask(&asked).await;
        let page = answer.json().filter(|_| lists(&asked)).unwrap_or_default();
        if !text(&page, NEXT).is_empty() {
            memory.keep(text(&page, NEXT), limit);
        }
        answer
    }
    .boxed()
}

/// The refusal of a token.
fn malformed() -> Answer {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "reason": "BadRequest", "message": "the token is not valid", "code": 400,
    });
    Answer::json_of(StatusCode::BAD_REQUEST, &status)
}

pub(crate) fn selector_forgotten_on_the_way(asked: &mut Asked) {
    if token(asked).is_some() {
        asked.remove("labelSelector");
    }
}

pub(crate) fn notin_means_in(asked: &mut Asked) {
    const NAME: &str = "labelSelector";
    if let Some(selector) = asked.value(NAME).filter(|selector| selector.contains(" notin ")) {
        asked.set(NAME, &selector.replace(" notin ", " in "));
    }
}

pub(crate) fn fields_not_selected(asked: &mut Asked) {
    if lists(asked) {
        asked.remove("fieldSelector");
    }
}

/// Deleting many deletes all of them.
pub(crate) fn deletion_of_all(asked: &mut Asked) {
    if asked.is(&Method::DELETE, "/pods") {
        asked.remove("labelSelector");
        asked.remove("fieldSelector");
    }
}
