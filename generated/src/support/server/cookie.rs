//! The pairs of `Cookie` header fields (RFC 6265 §4.2.1).

use http::HeaderMap;
use http::header::COOKIE;

/// Name and value of every cookie, as sent. A field that is not ASCII text has none.
pub(super) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let fields = headers.get_all(COOKIE).into_iter().filter_map(|field| field.to_str().ok());
    fields.flat_map(|field| field.split(';')).filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        Some((name, value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value)))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn cookies_of_every_field_are_found() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; b=\"x y\""));
        headers.append(COOKIE, HeaderValue::from_static("c=2=3;d"));
        let found = cookies(&headers).collect::<Vec<_>>();
        assert_eq!(found, [("a", "1"), ("b", "x y"), ("c", "2=3")]);
    }
}
