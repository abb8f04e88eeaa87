//! The parcels of the reading room: a list that tokens lead through, as it was when a walk began.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::server::problem;

/// A token is good for so many writes.
const LIFE: usize = 6;

/// Every state that the parcels ever had; its index is the version.
pub(super) struct Parcels(Vec<BTreeMap<String, Value>>);

impl Default for Parcels {
    fn default() -> Self {
        let parcel = |number: usize| {
            let size = if number.is_multiple_of(3) { "small" } else { "large" };
            let name = format!("a-{number:02}");
            let kind = if number.is_multiple_of(2) { "book" } else { "map" };
            (name.clone(), json!({ "name": name, "kind": kind, "labels": { "size": size } }))
        };
        Self(vec![(0..13).map(parcel).collect()])
    }
}

/// What a token stands for.
#[derive(Clone)]
struct Place {
    version: usize,
    after: String,
    page: usize,
    limit: usize,
}

impl Place {
    fn token(&self) -> String {
        format!("{}!{}!{}!{}", self.version, self.after, self.page, self.limit)
    }

    fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('!');
        let number = |parts: &mut dyn Iterator<Item = &str>| parts.next()?.parse().ok();
        Some(Self {
            version: number(&mut parts)?,
            after: parts.next()?.to_owned(),
            page: number(&mut parts)?,
            limit: number(&mut parts)?,
        })
    }
}

/// The query of a request, and what is wrong with the server.
pub(super) struct Query<'q> {
    pub(super) fault: &'q str,
    pub(super) values: &'q BTreeMap<String, String>,
}

impl Query<'_> {
    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn selects(&self, parcel: &Value, page: usize) -> Result<bool, u16> {
        if self.has("forgets-the-filter") && page > 0 {
            return Ok(true);
        }
        let by_label = match self.text("labels") {
            None => true,
            Some(text) if text.contains(['!', ',', '(']) => return Err(400),
            Some(text) => {
                let (name, value) = text.split_once('=').ok_or(400_u16)?;
                parcel["labels"][name] == value
            }
        };
        let kind = self.text("fields").map(|text| text.strip_prefix("kind=").ok_or(400_u16));
        Ok(by_label && kind.transpose()?.is_none_or(|kind| parcel["kind"] == kind))
    }

    fn is_filtered(&self) -> bool {
        self.text("labels").or(self.text("fields")).is_some()
    }
}

impl Parcels {
    pub(super) fn respond(&mut self, request: &Request, query: &Query<'_>) -> ResponseTemplate {
        let name = request.url.path().strip_prefix("/parcels").unwrap_or_default();
        match (request.method.as_str(), name.strip_prefix('/')) {
            ("GET", None) => self.list(query).unwrap_or_else(|refused| *refused),
            ("POST", None) => self.bring(request),
            ("GET", Some(name)) => match self.now().get(name) {
                Some(parcel) => ResponseTemplate::new(200).set_body_json(parcel),
                None => problem(404),
            },
            ("DELETE", Some(name)) => {
                let mut next = self.now().clone();
                let gone = next.remove(name);
                self.0.push(next);
                if gone.is_some() { ResponseTemplate::new(204) } else { problem(404) }
            }
            _ => problem(405),
        }
    }

    fn now(&self) -> &BTreeMap<String, Value> {
        self.0.last().unwrap()
    }

    fn latest(&self) -> usize {
        self.0.len() - 1
    }

    fn bring(&mut self, request: &Request) -> ResponseTemplate {
        let Ok(parcel) = serde_json::from_slice::<Value>(&request.body) else {
            return problem(400);
        };
        let Some(name) = parcel["name"].as_str() else { return problem(400) };
        let mut next = self.now().clone();
        next.insert(name.to_owned(), parcel.clone());
        self.0.push(next);
        ResponseTemplate::new(201).set_body_json(parcel)
    }

    fn place(&self, query: &Query<'_>) -> Result<Place, Box<ResponseTemplate>> {
        let limit = match query.values.get("max").map(|text| text.parse::<i64>()) {
            None => 0,
            Some(Ok(limit)) => usize::try_from(limit).unwrap_or(0),
            Some(Err(_)) => return Err(Box::new(problem(400))),
        };
        let first = Place { version: self.latest(), after: String::new(), page: 0, limit };
        let Some(token) = query.text("token") else { return Ok(first) };
        let Some(place) = Place::read(token).filter(|place| place.version <= self.latest()) else {
            return if query.has("takes-any-token") {
                Ok(first)
            } else {
                Err(Box::new(problem(400)))
            };
        };
        if query.has("limit-is-fixed") && limit != place.limit {
            return Err(Box::new(problem(400)));
        }
        if self.latest() - place.version > LIFE {
            return Err(Box::new(self.expired(query, &place)));
        }
        let version = if query.has("shows-the-present") { self.latest() } else { place.version };
        Ok(Place { version, limit, ..place })
    }

    fn expired(&self, query: &Query<'_>, place: &Place) -> ResponseTemplate {
        let (after, page) = match query.fault {
            "fresh-token-starts-over" => (String::new(), 0),
            _ => (place.after.clone(), place.page),
        };
        let fresh = Place { version: self.latest(), after, page, ..place.clone() };
        match query.fault {
            "expired-is-missing" => problem(404),
            "expired-without-a-token" => problem(410),
            _ => ResponseTemplate::new(410)
                .set_body_json(json!({ "problem": 410, "list": { "token": fresh.token() } })),
        }
    }

    fn list(&self, query: &Query<'_>) -> Result<ResponseTemplate, Box<ResponseTemplate>> {
        let place = self.place(query)?;
        let mut ahead = Vec::new();
        for (name, parcel) in &self.0[place.version] {
            if *name > place.after
                && query.selects(parcel, place.page).map_err(|status| Box::new(problem(status)))?
            {
                ahead.push(parcel.clone());
            }
        }
        // Every second page of a walk is empty, and the token leads on.
        let size = match place.limit {
            0 => ahead.len(),
            _ if query.has("ignores-the-limit") => ahead.len(),
            _ if place.page == 1 => 0,
            limit => limit.min(ahead.len()),
        };
        let rest = ahead.split_off(size);
        let last = ahead.last().and_then(|parcel| parcel["name"].as_str());
        let mut next = Place {
            after: last.unwrap_or(&place.after).to_owned(),
            page: place.page + 1,
            ..place.clone()
        };
        match (query.fault, rest.first(), ahead.first()) {
            ("skips-at-the-border", Some(skipped), _) if place.page == 2 => {
                next.after = skipped["name"].as_str().unwrap().to_owned();
            }
            ("repeats-at-the-border", _, Some(first)) if place.page == 2 && ahead.len() == 2 => {
                next.after = first["name"].as_str().unwrap().to_owned();
            }
            _ => {}
        }
        let token = match query.fault {
            "token-comes-again" if place.page > 2 => query.text("token").unwrap().to_owned(),
            "never-ends" if place.limit > 0 => next.token(),
            "token-on-the-last-page" if rest.is_empty() && place.limit > 0 => "end".to_owned(),
            _ if rest.is_empty() => String::new(),
            _ => next.token(),
        };
        let version = match query.fault {
            "version-drifts" => place.version + place.page,
            _ => place.version,
        };
        let mut about = json!({ "token": token, "version": version.to_string() });
        if !rest.is_empty() && !query.is_filtered() {
            let wrong = usize::from(query.has("left-one-off"));
            about["left"] = json!(rest.len() + wrong);
        }
        Ok(ResponseTemplate::new(200).set_body_json(json!({ "list": about, "parcels": ahead })))
    }
}
