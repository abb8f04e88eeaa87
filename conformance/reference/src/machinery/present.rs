//! Answers as tables, for clients that ask for that: pods and their changes, made over after they were answered.

use std::io;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;
use tokio_util::codec::{FramedRead, LinesCodec};
use tokio_util::io::StreamReader;

use super::access::watches;
use super::refuse::response;
use crate::cluster::clock::Clock;
use crate::cluster::status::Status;
use crate::cluster::table::{Included, table};

/// More bytes than any list or event has.
const LONGEST: usize = 256 * 1024 * 1024;

/// A table that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Presentation {
    included: Included,
    watch: bool,
}

impl Presentation {
    /// The table that a request asks for, if it would rather have that than plain JSON.
    pub(super) fn asked(parts: &Parts) -> Option<Self> {
        let path: Vec<&str> = parts.uri.path().split('/').collect();
        let many = matches!(*path, ["", "api", "v1", "pods"])
            || matches!(*path, ["", "api", "v1", "namespaces", _, "pods"]);
        let one = matches!(*path, ["", "api", "v1", "namespaces", _, "pods", _]);
        if parts.method != Method::GET || !(many || one) || !prefers_table(&parts.headers) {
            return None;
        }
        let query = parts.uri.query().unwrap_or_default();
        let included = query.split('&').find_map(|pair| pair.strip_prefix("includeObject="));
        let included = match included {
            Some("None") => Included::Nothing,
            Some("Object") => Included::Object,
            _ => Included::Metadata,
        };
        Some(Self { included, watch: many && watches(query) })
    }

    /// The answer as that table; a refusal as it is.
    pub(super) async fn of(self, answer: Response, clock: Clock) -> Response {
        let json = answer.headers().get(CONTENT_TYPE).is_some_and(|it| it == "application/json");
        if answer.status() != StatusCode::OK || !json {
            return answer;
        }
        let (mut head, body) = answer.into_parts();
        head.headers.remove(CONTENT_LENGTH);
        if self.watch {
            return Response::from_parts(head, self.changes(body, clock));
        }
        let bytes = to_bytes(body, LONGEST).await.ok();
        match bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            Some(value) => {
                let table: Value = table(&value, clock.now(), self.included, true);
                Response::from_parts(head, Body::from(table.to_string()))
            }
            None => response(&Status::unexplained("the answer makes no table")),
        }
    }

    /// Each event with a table for its object. Only the first has columns.
    fn changes(self, body: Body, clock: Clock) -> Body {
        let bytes = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
        let lines = FramedRead::new(bytes, LinesCodec::new_with_max_length(LONGEST));
        let events = lines.enumerate().map(move |(place, line)| {
            let line = line?;
            let Ok(mut event) = serde_json::from_str::<Value>(&line) else {
                return Ok(line + "\n");
            };
            if event.get("type").is_some_and(|kind| kind != "ERROR")
                && let Some(object) = event.get_mut("object")
            {
                *object = table(object, clock.now(), self.included, place == 0);
            }
            Ok::<_, tokio_util::codec::LinesCodecError>(format!("{event}\n"))
        });
        Body::from_stream(events)
    }
}

/// Whether a table comes before plain JSON in what a request would have.
fn prefers_table(headers: &HeaderMap) -> bool {
    let fields = headers.get_all(ACCEPT).into_iter().filter_map(|field| field.to_str().ok());
    let mut ranges = fields.flat_map(|field| field.split(',')).map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default();
        let form: Vec<&str> = parts.filter(|part| !part.starts_with("q=")).collect();
        (essence, form)
    });
    let table = ["as=Table", "g=meta.k8s.io", "v=v1"];
    let served = ranges.find_map(|(essence, form)| match essence {
        "application/json" if table.iter().all(|part| form.contains(part)) => Some(true),
        "application/json" | "application/*" | "*/*" if form.is_empty() => Some(false),
        _ => None,
    });
    served.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";

    fn asked(path: &str, accept: &str) -> Option<Presentation> {
        let request = Request::get(path).header(ACCEPT, accept).body(()).unwrap();
        Presentation::asked(&request.into_parts().0)
    }

    #[test]
    fn a_table_is_given_to_those_who_would_rather_have_it() {
        let others = "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
        let plain = Presentation { included: Included::Metadata, watch: false };
        assert_eq!(asked("/api/v1/pods", TABLE), Some(plain));
        assert_eq!(asked("/api/v1/pods", &format!("application/x, {TABLE},{others}")), Some(plain));
        assert_eq!(asked("/api/v1/pods", &format!("application/json, {TABLE}")), None);
        assert_eq!(asked("/api/v1/pods", &format!("*/*;q=0.5, {TABLE}")), None);
        assert_eq!(asked("/api/v1/pods", others), None);
        assert_eq!(asked("/api/v1/namespaces/a/pods/b", TABLE), Some(plain));
        assert_eq!(asked("/api/v1/namespaces/a/pods/b/status", TABLE), None);
        assert_eq!(asked("/api/v1/namespaces/a", TABLE), None);
        let watch = Presentation { watch: true, ..plain };
        assert_eq!(asked("/api/v1/namespaces/a/pods?watch=true", TABLE), Some(watch));
        assert_eq!(asked("/api/v1/namespaces/a/pods/b?watch=true", TABLE), Some(plain));
        let whole = Presentation { included: Included::Object, ..plain };
        assert_eq!(asked("/api/v1/pods?includeObject=Object", TABLE), Some(whole));
    }
}
