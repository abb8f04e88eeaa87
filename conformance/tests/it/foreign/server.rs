//! The workshop: a server that keeps to the document, or has one fault.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A workshop on a port of its own; an unknown fault is none.
pub(super) async fn start(fault: &str) -> MockServer {
    let server = MockServer::builder().disable_request_recording().start().await;
    let workshop = Workshop { fault: fault.to_owned(), things: Mutex::default() };
    Mock::given(any()).respond_with(workshop).mount(&server).await;
    server
}

struct Workshop {
    fault: String,
    things: Mutex<Things>,
}

#[derive(Default)]
struct Things {
    made: u64,
    orders: BTreeMap<String, Value>,
    jobs: BTreeSet<String>,
    runs: BTreeSet<String>,
}

impl Things {
    fn fresh(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}-{:04}", self.made)
    }
}

/// How many customers, tools and visits there are.
const MANY: usize = 11;

impl Respond for Workshop {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().to_owned();
        let segments: Vec<_> = path.trim_matches('/').split('/').collect();
        let things = &mut *self.things.lock().unwrap();
        let answer = match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["orders"]) => self.orders(things, request),
            ("POST", ["orders"]) => self.order(things, request),
            ("GET", ["orders", id]) => found(things.orders.get(*id).cloned()),
            ("DELETE", ["orders", id]) => self.forget(things, id),
            ("GET", ["customers"]) => self.customers(request),
            ("GET", ["tools"]) => self.tools(request),
            ("GET", ["visits"]) => self.visits(request),
            ("GET", ["journal"]) => Ok(self.journal()),
            ("POST", ["jobs", "create"]) => body(request).map(|_| self.job(things)),
            ("GET", ["jobs", id, "json"]) => {
                found(things.jobs.get(*id).map(|id| json!({ "Id": id })))
            }
            ("DELETE", ["jobs", id]) => gone(things.jobs.remove(*id)),
            ("POST", ["jobs", id, "run"]) if things.jobs.contains(*id) => Ok(self.run(things)),
            ("GET", ["run", id, "json"]) => {
                found(things.runs.get(*id).map(|id| json!({ "Id": id })))
            }
            (_, ["orders" | "customers" | "tools" | "visits" | "journal" | "jobs" | "run", ..])
                if allowed(&segments)
                    .is_some_and(|methods| !methods.contains(&request.method.as_str())) =>
            {
                let methods = allowed(&segments).unwrap_or_default().join(", ");
                return problem(405).insert_header("Allow", methods.as_str());
            }
            _ => Err(404),
        };
        answer.unwrap_or_else(problem)
    }
}

/// The methods of a path.
fn allowed(segments: &[&str]) -> Option<Vec<&'static str>> {
    Some(match segments {
        ["orders"] => vec!["GET", "POST"],
        ["orders", _] => vec!["GET", "DELETE"],
        ["customers" | "tools" | "visits" | "journal"] => vec!["GET"],
        ["jobs", "create"] => vec!["POST", "DELETE"],
        ["jobs", _, "run"] => vec!["POST"],
        ["jobs", _, "json"] | ["run", _, "json"] => vec!["GET"],
        ["jobs", _] => vec!["DELETE"],
        _ => return None,
    })
}

type Answer = Result<ResponseTemplate, u16>;

fn ok(value: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(value)
}

fn made(value: Value) -> ResponseTemplate {
    ResponseTemplate::new(201).set_body_json(value)
}

fn problem(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "problem": status }))
}

fn found(thing: Option<Value>) -> Answer {
    thing.map(ok).ok_or(404)
}

fn gone(was_there: bool) -> Answer {
    if was_there { Ok(ResponseTemplate::new(204)) } else { Err(404) }
}

/// The order that a request describes.
fn body(request: &Request) -> Result<Value, u16> {
    let kind = request.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(415);
    }
    let body: Value = serde_json::from_slice(&request.body).map_err(|_| 400_u16)?;
    if body["what"].is_string() { Ok(body) } else { Err(400) }
}

fn query(request: &Request, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn number(request: &Request, name: &str, least: usize, most: usize) -> Result<Option<usize>, u16> {
    let Some(text) = query(request, name) else { return Ok(None) };
    let number = text.parse().map_err(|_| 400_u16)?;
    if (least..=most).contains(&number) { Ok(Some(number)) } else { Err(400) }
}

fn people() -> Vec<Value> {
    (0..MANY).map(|number| json!({ "id": format!("c-{number:02}"), "name": null })).collect()
}

impl Workshop {
    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn orders(&self, things: &Things, request: &Request) -> Answer {
        let limit = number(request, "limit", 1, 50)?.unwrap_or(20);
        let offset = number(request, "offset", 0, usize::MAX)?.unwrap_or(0);
        let further = usize::from(self.has("orders-one-further") && offset > 0);
        let all: Vec<_> = things.orders.values().cloned().collect();
        let page: Vec<_> = all.iter().skip(offset + further).take(limit).cloned().collect();
        let total = if self.has("orders-total-of-page") { page.len() } else { all.len() };
        Ok(ok(json!({ "orders": page, "total_count": total })))
    }

    fn order(&self, things: &mut Things, request: &Request) -> Answer {
        let what = body(request)?["what"].clone();
        let id = things.fresh("order");
        let order = json!({ "id": id, "what": what });
        if !self.has("orders-are-forgotten") {
            things.orders.insert(id, order.clone());
        }
        Ok(made(order))
    }

    fn forget(&self, things: &mut Things, id: &str) -> Answer {
        if self.has("orders-stay") {
            return gone(things.orders.contains_key(id));
        }
        gone(things.orders.remove(id).is_some())
    }

    fn customers(&self, request: &Request) -> Answer {
        let limit = number(request, "limit", 1, 50)?.unwrap_or(10);
        let all = people();
        let after = match query(request, "starting_after") {
            Some(id) => all.iter().position(|one| one["id"] == id.as_str()).ok_or(400_u16)? + 1,
            None => 0,
        };
        let from = after - usize::from(self.has("customers-repeat") && after > 0);
        let from = if self.has("customers-for-ever") { 0 } else { from };
        let page: Vec<_> = all.iter().skip(from).take(limit).cloned().collect();
        let more = from + page.len() < all.len() || self.has("customers-for-ever");
        Ok(ok(json!({ "data": page, "has_more": more })))
    }

    fn tools(&self, request: &Request) -> Answer {
        let limit = number(request, "max_results", 1, 50)?.unwrap_or(50);
        let from = match query(request, "page_token") {
            Some(token) => {
                token.strip_prefix("t").and_then(|rest| rest.parse().ok()).ok_or(400_u16)?
            }
            None => 0,
        };
        let mut page: Vec<_> = people().into_iter().skip(from).take(limit).collect();
        let next = from + page.len();
        if self.has("tools-lose-the-last") && next == MANY && from > 0 {
            page.pop();
        }
        let token = if next < MANY { format!("t{next}") } else { String::new() };
        Ok(ok(json!({ "tools": page, "metadata": { "next_page_token": token } })))
    }

    fn visits(&self, request: &Request) -> Answer {
        let size = number(request, "per_page", 1, 50)?.unwrap_or(5);
        let page = number(request, "p", 0, MANY)?.unwrap_or(0);
        let lost = usize::from(self.has("visits-lose-one") && page > 0);
        let visits: Vec<_> = people().into_iter().skip(page * size + lost).take(size).collect();
        let answer = ok(Value::from(visits));
        let next = if self.has("visits-circle") { 1 } else { page + 1 };
        if next * size >= MANY {
            return Ok(answer);
        }
        let link =
            format!("</visits?per_page={size}&p={next}>; rel=\"next\", </visits>; rel=first");
        Ok(answer.insert_header("Link", link.as_str()))
    }

    fn journal(&self) -> ResponseTemplate {
        let lines: String = people().iter().map(|one| format!("{one}\n")).collect();
        let cut = if self.has("journal-is-cut") { 9 } else { 0 };
        let lines = lines[..lines.len() - cut].to_owned();
        ResponseTemplate::new(200).set_body_raw(lines, "application/x-ndjson")
    }

    fn job(&self, things: &mut Things) -> ResponseTemplate {
        let id = things.fresh("job");
        things.jobs.insert(id.clone());
        let other = if self.has("jobs-have-other-ids") { "x" } else { "" };
        made(json!({ "Id": format!("{id}{other}") }))
    }

    fn run(&self, things: &mut Things) -> ResponseTemplate {
        let id = things.fresh("run");
        if !self.has("runs-are-forgotten") {
            things.runs.insert(id.clone());
        }
        made(json!({ "Id": id }))
    }
}
