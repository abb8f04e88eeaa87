//! The time since which a log is wanted: `sinceTime`, which descriptions name beside `sinceSeconds`, which every client can
//! send and every real server reads, and which is no parameter of the documents.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use percent_encoding::percent_decode_str;

/// Its name.
const NAME: &str = "sinceTime";

tokio::task_local! {
    static SINCE: Option<String>;
}

/// That of the request that is being answered.
pub(crate) fn since_time() -> Option<String> {
    SINCE.try_with(Clone::clone).ok().flatten()
}

/// Hands a request on, and keeps what it says.
pub(super) async fn kept(request: Request, next: Next) -> Response {
    let asked = asked(request.uri().query().unwrap_or_default());
    SINCE.scope(asked, next.run(request)).await
}

/// What a query says.
fn asked(query: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == NAME)?;
    let value = value.replace('+', " ");
    percent_decode_str(&value).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_found_wherever_it_stands() {
        for (query, expected) in [
            ("", None),
            ("follow=true&sinceTime", None),
            ("sinceTime=2026-11-21T04%3A41:45Z&follow", Some("2026-11-21T04:41:45Z")),
            ("a=b&sinceTime=2026-11-21T04:41:45%2B01:00", Some("2026-11-21T04:41:45+01:00")),
            ("sinceTime=a+b", Some("a b")),
        ] {
            assert_eq!(asked(query).as_deref(), expected, "{query}");
        }
    }
}
