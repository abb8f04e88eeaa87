//! A server of the fictitious reading room: honest, or with one fault.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use super::parcels::{Parcels, Query};

/// What the server holds, and what is wrong with it.
pub(super) struct Room {
    fault: String,
    operation: String,
    requests: AtomicU64,
    later: AtomicBool,
    tickets: Mutex<BTreeMap<String, Value>>,
    parcels: Mutex<Parcels>,
}

impl Room {
    /// A room in which that operation has that fault; an unknown fault is none.
    pub(super) fn new(operation: &str, fault: &str) -> Self {
        Self {
            fault: fault.to_owned(),
            operation: operation.to_owned(),
            requests: AtomicU64::new(0),
            later: AtomicBool::new(false),
            tickets: Mutex::default(),
            parcels: Mutex::default(),
        }
    }
}

impl Respond for Room {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let mut asked = Asked {
            query: request.url.query_pairs().into_owned().collect(),
            fault: "",
            number,
            first: false,
        };
        let path = request.url.path();
        let operation = match path {
            "/volumes" => "listVolumes",
            "/loans" => "listLoans",
            "/cards" => "listCards",
            "/cards/export" => "exportCards",
            "/desks" => "listDesks",
            "/parcels" => "listParcels",
            _ => "listTickets",
        };
        if operation == self.operation {
            asked.fault = &self.fault;
            let is_later = asked.text("count") == Some("6") && asked.text("from") == Some("6");
            asked.first = is_later && !self.later.swap(true, Ordering::Relaxed);
        }
        if path.starts_with("/parcels") {
            let query = Query { fault: asked.fault, values: &asked.query };
            return self.parcels.lock().unwrap().respond(request, &query);
        }
        let answer = match (request.method.as_str(), path) {
            ("GET", "/volumes") => volumes(&asked),
            ("GET", "/loans") => loans(&asked),
            ("GET", "/cards") => cards(&asked),
            ("GET", "/cards/export") => return export(&asked),
            ("GET", "/desks") => desks(&asked),
            ("GET", "/news") if asked.text("after").is_some() => Err(400),
            ("GET", "/news") => Ok(json!({ "news": [], "next": "" })),
            _ => return self.tickets(request, &asked),
        };
        respond(answer)
    }
}

type Answer = Result<Value, u16>;

fn respond(answer: Answer) -> ResponseTemplate {
    match answer {
        Ok(body) => ResponseTemplate::new(200).set_body_json(body),
        Err(status) => problem(status),
    }
}

pub(super) fn problem(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "problem": status }))
}

/// One request.
struct Asked<'f> {
    query: BTreeMap<String, String>,
    fault: &'f str,
    number: u64,
    /// Whether it is the first that asks for the second of the small pages.
    first: bool,
}

impl Asked<'_> {
    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    fn number(&self, name: &str) -> Result<Option<i64>, u16> {
        self.text(name).map(|text| text.parse().map_err(|_| 400_u16)).transpose()
    }

    /// A number that is refused outside its bounds.
    fn bounded(&self, name: &str, least: i64, most: i64, default: i64) -> Result<usize, u16> {
        let value = self.number(name)?.unwrap_or(default);
        if !(least..=most).contains(&value) && !self.has("takes-anything") {
            return Err(400);
        }
        Ok(usize::try_from(value.clamp(0, most)).unwrap())
    }

    /// The part of a list that a page shows.
    fn cut(&self, all: &[Value], skip: usize, size: usize) -> Vec<Value> {
        let size = match self.fault {
            "one-too-many" => size + 1,
            "silently-shorter" => size.min(3),
            "ignores-the-limit" => 10,
            _ => size,
        };
        let skip = match self.fault {
            "offset-counts-pages" => skip * size,
            "ignores-the-offset" => 0,
            "one-further" if skip > 0 => skip + 1,
            "one-back" => skip.saturating_sub(1),
            "repeats-a-page" if skip >= 2 * size => skip - size,
            "wraps" if skip >= all.len() => 0,
            "wraps-far-out" if skip > all.len() + 30 => 0,
            "rounds-to-pages" => skip / size * size,
            _ => skip,
        };
        let mut page: Vec<Value> = all.iter().skip(skip).take(size).cloned().collect();
        match self.fault {
            "drops-the-last" if page.len() == size => {
                page.pop();
            }
            "drops-once" if self.first => {
                page.pop();
            }
            "drops-on-middling-pages" if (8..18).contains(&size) && skip > 0 => {
                page.pop();
            }
            "repeats-an-item" if page.len() > 2 => page[1] = page[0].clone(),
            "never-ends" if !all.is_empty() => {
                let fresh = (page.len()..size).map(|number| fresh(&all[0], skip + number));
                page.extend(fresh.collect::<Vec<_>>());
            }
            "shuffles" => {
                let turn = usize::try_from(self.number).unwrap() % page.len().max(1);
                page.rotate_left(turn);
            }
            _ => {}
        }
        page
    }

    /// The total that a page states.
    fn total(&self, all: usize, skip: usize, size: usize) -> Value {
        match self.fault {
            "total-of-the-page" => json!(size.min(all.saturating_sub(skip))),
            "total-grows" => json!(all + skip),
            "total-one-off" => json!(all + 1),
            "total-of-nothing-past-the-end" if skip >= all => json!(0),
            "no-total" => Value::Null,
            _ => json!(all),
        }
    }
}

/// An item like another, made up for a place past the end.
fn fresh(like: &Value, number: usize) -> Value {
    let mut item = like.clone();
    for name in ["isbn", "id", "number"] {
        if item.get(name).is_some() {
            item[name] = json!(format!("x{number:09}"));
        }
    }
    item
}

const SHELVES: [&str; 3] = ["north", "south", "east"];
const TITLES: [&str; 5] = ["Atlas", "Birds", "Clouds", "Dunes", "Atlas of Birds"];

/// The volumes of the reading room; every eighth is stored elsewhere.
fn all_volumes() -> Vec<Value> {
    (0..54)
        .map(|number: usize| {
            json!({
                "isbn": format!("{:04}", (number * 37 + 11) % 1000),
                "title": TITLES[number % 5],
                "shelf": SHELVES[number % 3],
                "tags": { "topic": if number.is_multiple_of(2) { "maps" } else { "tales" }, "year": number.to_string() },
                "stored": number % 8 == 7,
            })
        })
        .collect()
}

fn volumes(asked: &Asked<'_>) -> Answer {
    let size = asked.bounded("count", 1, 20, if asked.has("default-of-seven") { 7 } else { 10 })?;
    let skip = asked.bounded("from", 0, 100_000, 0)?;
    if asked.has("fails-later") && skip >= 12 {
        return Err(500);
    }
    let mut all = all_volumes();
    let everywhere = asked.text("area") == Some("everywhere");
    all.retain(|volume| everywhere || volume["stored"] == false);
    if everywhere && asked.has("scope-is-narrower") {
        all.truncate(20);
    }
    if asked.has("grows") {
        // Somebody puts a volume in front, every so often.
        let new =
            (0..asked.number / 9).map(|number| fresh(&all[0], usize::try_from(number).unwrap()));
        all = new.chain(all.clone()).collect();
    }
    if asked.has("is-empty") {
        all.clear();
    }
    sort(asked, &mut all)?;
    let unfiltered = all.clone();
    narrow(asked, &mut all)?;
    let page = if asked.has("filters-the-page") {
        let mut page = asked.cut(&unfiltered, skip, size);
        narrow(asked, &mut page)?;
        page
    } else {
        asked.cut(&all, skip, size)
    };
    Ok(json!({ "volumes": page, "amount": asked.total(all.len(), skip, size) }))
}

fn sort(asked: &Asked<'_>, all: &mut [Value]) -> Result<(), u16> {
    match asked.text("order") {
        Some("isbn") if !asked.has("ignores-the-order") => {
            all.sort_by_key(|volume| volume["isbn"].as_str().unwrap().to_owned());
        }
        Some("isbn") | None => {}
        Some(_) if asked.has("takes-any-order") => {}
        Some(_) => return Err(422),
    }
    let backwards =
        asked.text("backwards").unwrap_or("false").parse::<bool>().map_err(|_| 400_u16)?;
    if backwards && !asked.has("ignores-backwards") {
        all.reverse();
    }
    Ok(())
}

fn narrow(asked: &Asked<'_>, all: &mut Vec<Value>) -> Result<(), u16> {
    let before = all.clone();
    if let Some(shelf) = asked.text("shelf") {
        all.retain(|volume| volume["shelf"] == shelf);
    }
    if let Some(title) = asked.text("title") {
        all.retain(|volume| volume["title"].as_str().unwrap().contains(title));
    }
    if let Some(search) = asked.text("search").and_then(|search| search.strip_prefix("shelf:")) {
        all.retain(|volume| volume["shelf"] == search);
    }
    if let Some(tagged) = asked.text("tagged").filter(|tagged| !tagged.is_empty()) {
        labelled(asked, tagged, "tags", all)?;
    }
    let is_filtered = all.len() < before.len();
    match asked.fault {
        "ignores-filters" => *all = before,
        "nothing-means-everything" if all.is_empty() => *all = before,
        "filter-adds-another" if is_filtered && !all.is_empty() => {
            all.extend(before.iter().find(|volume| !all.contains(volume)).cloned());
        }
        "filter-makes-up" if is_filtered && !all.is_empty() => {
            let made_up = fresh(&all[0], 0);
            all.push(made_up);
        }
        "filter-loses-one" if is_filtered => {
            all.pop();
        }
        "filter-loses-one-on-small-pages" if is_filtered && asked.number("count")? < Some(10) => {
            all.pop();
        }
        _ => {}
    }
    Ok(())
}

fn labelled(
    asked: &Asked<'_>,
    selector: &str,
    field: &str,
    all: &mut Vec<Value>,
) -> Result<(), u16> {
    let plain =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '-');
    match selector.split_once('=') {
        Some((name, value)) if plain(name) && plain(value) => {
            all.retain(|item| item[field][name] == value);
            Ok(())
        }
        _ if asked.has("takes-any-selector") => Ok(()),
        _ => Err(400),
    }
}

/// Two lists under one window; a value outside the bounds is drawn to the nearest.
fn loans(asked: &Asked<'_>) -> Answer {
    let size = asked.number("size")?.unwrap_or(5);
    let size = if asked.has("takes-anything") { size.abs() } else { size.clamp(5, 30) };
    let skip = asked.number("skip")?.unwrap_or(0).clamp(0, 5000);
    let (size, skip) = (usize::try_from(size).unwrap(), usize::try_from(skip).unwrap());
    let open: Vec<Value> = (0..41).map(|id| json!({ "id": id, "reader": id % 7 })).collect();
    let closed: Vec<Value> = (0..13).map(|day| json!({ "reader": day % 3, "day": day })).collect();
    let total = asked.total(open.len() + closed.len(), skip, size);
    if asked.has("joins-the-lists") {
        let joined = [open.clone(), closed].concat();
        let page = asked.cut(&joined, skip, size);
        let (open, closed): (Vec<_>, Vec<_>) =
            page.into_iter().partition(|loan| loan.get("id").is_some());
        return Ok(json!({ "open": open, "closed": closed, "total": total }));
    }
    let closed = if asked.has("cuts-one-list") { closed } else { asked.cut(&closed, skip, size) };
    Ok(json!({ "open": asked.cut(&open, skip, size), "closed": closed, "total": total }))
}

fn all_cards() -> Vec<Value> {
    let room = |id: usize| if id.is_multiple_of(2) { "red" } else { "blue" };
    (0..60).map(|id| json!({ "id": id, "room": room(id), "seats": id * 3 })).collect()
}

fn searched(asked: &Asked<'_>) -> Vec<Value> {
    let mut all = all_cards();
    if let Some(room) = asked.text("query").and_then(|query| query.strip_prefix("room:")) {
        all.retain(|card| card["room"] == room);
    }
    all
}

fn cards(asked: &Asked<'_>) -> Answer {
    let limit = asked.number("window.limit")?.unwrap_or(0);
    let most = if asked.has("no-longest-page") { 1000 } else { 25 };
    let size = match limit {
        0 if asked.has("zero-is-zero") && asked.text("window.limit").is_some() => 0,
        ..=0 => 25,
        _ => usize::try_from(limit).unwrap().min(most),
    };
    let skip = usize::try_from(asked.number("window.offset")?.unwrap_or(0).max(0)).unwrap();
    if asked.text("sort").is_some_and(|sort| sort != "number") {
        return Err(400);
    }
    Ok(json!({ "cards": asked.cut(&searched(asked), skip, size) }))
}

fn export(asked: &Asked<'_>) -> ResponseTemplate {
    let mut cards = searched(asked);
    match asked.fault {
        "export-lacks-one" => {
            cards.remove(3);
        }
        "export-has-another" => cards.push(json!({ "id": 1000 })),
        "export-differs" => cards[5]["seats"] = json!(-1),
        "export-widens" if asked.text("query").is_some() => {
            cards.push(json!({ "id": 1000, "room": "red" }))
        }
        _ => {}
    }
    let mut lines: String =
        cards.iter().map(|card| format!("{}\n", json!({ "result": { "card": card } }))).collect();
    if asked.has("export-breaks-off") {
        lines.push_str("{\"error\":{\"code\":4}}\n");
    }
    ResponseTemplate::new(200).set_body_raw(lines, "application/json")
}

fn desks(asked: &Asked<'_>) -> Answer {
    let size = asked.bounded("per", 1, 10, 4)?;
    let page = asked.bounded("page", 1, i64::MAX, 1)?;
    let all: Vec<Value> = (0..23).map(|number| json!({ "number": number })).collect();
    let first = usize::from(!asked.has("pages-from-zero"));
    let skip = page.saturating_sub(first).saturating_mul(size);
    Ok(json!({ "desks": asked.cut(&all, skip, size), "total": asked.total(all.len(), skip, size) }))
}

impl Room {
    fn tickets(&self, request: &Request, asked: &Asked<'_>) -> ResponseTemplate {
        let mut tickets = self.tickets.lock().unwrap();
        match (request.method.as_str(), request.url.path().strip_prefix("/tickets")) {
            ("GET", Some("")) => {
                let mut all: Vec<Value> = tickets.values().cloned().collect();
                if asked.has("lists-one-twice") {
                    all.extend(all.first().cloned());
                }
                let selector = asked.text("labels").filter(|labels| !labels.is_empty());
                let narrowed =
                    selector.map_or(Ok(()), |labels| labelled(asked, labels, "labels", &mut all));
                respond(narrowed.map(|()| json!({ "tickets": all })))
            }
            ("POST", Some("")) => {
                let Ok(ticket) = serde_json::from_slice::<Value>(&request.body) else {
                    return problem(400);
                };
                let Some(name) = ticket["name"].as_str().filter(|name| !name.is_empty()) else {
                    return problem(400);
                };
                if tickets.contains_key(name) {
                    return problem(409);
                }
                tickets.insert(name.to_owned(), ticket.clone());
                ResponseTemplate::new(201).set_body_json(ticket)
            }
            ("DELETE", Some(path)) if path.starts_with('/') => {
                let gone = path.strip_prefix('/').and_then(|name| tickets.remove(name));
                if gone.is_some() { ResponseTemplate::new(204) } else { problem(404) }
            }
            (_, Some(_)) => problem(405),
            _ => problem(404),
        }
    }
}
