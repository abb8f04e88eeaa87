//! What clients write otherwise than the documents say, and real servers take all the same: brought into the documented
//! form, before it is read.
//!
//! A request to a pod itself, through the proxy, is left as it is.

use http::header::ACCEPT;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Uri};

/// Where a request goes to the pod itself.
const PROXY: &str = "/proxy";

/// Media types that a log is asked for in, and never has.
const UNUSED: [&str; 3] =
    ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// Parameters that are true or false, and can be written as numbers.
const FLAGS: [&str; 11] = [
    "allowWatchBookmarks",
    "follow",
    "insecureSkipTLSVerifyBackend",
    "orphanDependents",
    "previous",
    "stderr",
    "stdin",
    "stdout",
    "timestamps",
    "tty",
    "watch",
];

/// The request in its documented form.
pub(super) fn documented(parts: &mut Parts) {
    let path = parts.uri.path();
    if path.contains(PROXY) {
        return;
    }
    if path.ends_with("/log") && asks_for_unused(&parts.headers) {
        parts.headers.insert(ACCEPT, HeaderValue::from_static("text/plain"));
    }
    let Some(query) = parts.uri.query() else { return };
    let pairs: Vec<String> = query.split('&').flat_map(pair).collect();
    let rewritten: Option<PathAndQuery> = format!("{path}?{}", pairs.join("&")).parse().ok();
    let mut uri = parts.uri.clone().into_parts();
    uri.path_and_query = rewritten.or(uri.path_and_query);
    if let Ok(uri) = Uri::from_parts(uri) {
        parts.uri = uri;
    }
}

/// Whether a log would be taken in a form that is served for other things, as a real server sees it.
fn asks_for_unused(headers: &HeaderMap) -> bool {
    let fields = headers.get_all(ACCEPT).into_iter().filter_map(|field| field.to_str().ok());
    let mut ranges = fields.flat_map(|field| field.split(','));
    ranges.any(|range| UNUSED.contains(&range.split(';').next().unwrap_or_default().trim()))
}

/// A pair of the query: numbers of ports one by one, and flags in words.
fn pair(text: &str) -> Vec<String> {
    match text.split_once('=') {
        Some(("ports", ports)) => {
            let ports = ports.replace("%2C", ",").replace("%2c", ",");
            ports.split(',').map(|port| format!("ports={port}")).collect()
        }
        Some((name, "1")) if FLAGS.contains(&name) => vec![format!("{name}=true")],
        Some((name, "0")) if FLAGS.contains(&name) => vec![format!("{name}=false")],
        _ => vec![text.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    /// Path, query and `Accept` as they are read.
    fn read(uri: &str, accept: &'static str) -> (String, String) {
        let request = Request::get(uri).header(ACCEPT, accept).body(()).unwrap();
        let mut parts = request.into_parts().0;
        documented(&mut parts);
        (parts.uri.to_string(), parts.headers[ACCEPT].to_str().unwrap().to_owned())
    }

    #[test]
    fn what_is_written_otherwise_is_read_as_documented() {
        let rows = [
            ("/a/portforward?ports=80,81&ports=82", "/a/portforward?ports=80&ports=81&ports=82"),
            ("/a/portforward?ports=80%2C81", "/a/portforward?ports=80&ports=81"),
            ("/a/portforward?ports=", "/a/portforward?ports="),
            ("/pods?watch=1&limit=1", "/pods?watch=true&limit=1"),
            ("/pods?watch=0&watch&x=%zz", "/pods?watch=false&watch&x=%zz"),
            ("/pods/a/proxy/x?ports=1,2&watch=1", "/pods/a/proxy/x?ports=1,2&watch=1"),
            ("http://host:1/pods?tty=1", "http://host:1/pods?tty=true"),
        ];
        for (written, documented) in rows {
            assert_eq!(read(written, "*/*").0, documented);
        }
    }

    #[test]
    fn a_log_is_text_whatever_else_is_served() {
        for (accept, read_as) in [
            ("application/json", "text/plain"),
            ("application/yaml;q=1, text/x", "text/plain"),
            ("*/*", "*/*"),
            ("application/xml", "application/xml"),
        ] {
            assert_eq!(read("/pods/a/log", accept).1, read_as);
        }
        assert_eq!(read("/pods/a", "application/yaml").1, "application/yaml");
    }
}
