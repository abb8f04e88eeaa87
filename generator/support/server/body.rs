//! Bodies of requests: which media types there are, and reading them within a bound.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;

use super::fault::{Fault, Outcome, Part, Refused};

/// The bodies that an operation takes.
#[derive(Clone, Copy, Debug)]
pub struct BodyKinds {
    /// Whether there must be one.
    pub required: bool,
    /// Media types and ranges of them, in lower case and without parameters.
    pub media_types: &'static [&'static str],
}

impl BodyKinds {
    /// Which media type a body is of, by its place in the list; the first where the request does not say.
    pub(super) fn choose(&self, headers: &HeaderMap) -> Outcome<usize> {
        let Some(field) = headers.get(CONTENT_TYPE) else { return Ok(0) };
        let text = String::from_utf8_lossy(field.as_bytes());
        let essence = text.split(';').next().unwrap_or_default().trim();
        if let Some(exact) = self.media_types.iter().position(|it| it.eq_ignore_ascii_case(essence))
        {
            return Ok(exact);
        }
        let essence = essence.to_ascii_lowercase();
        let found = self.media_types.iter().position(|range| within(range, &essence));
        found.ok_or_else(|| {
            let expected = self.media_types.join(", ");
            let message = format!("is {essence}, not one of {expected}");
            Refused::at(Fault::WrongMediaType, Part::Header, "content-type", message)
        })
    }
}

/// Whether a media type lies in a range such as `text/*` (RFC 9110 §12.5.1).
fn within(range: &str, essence: &str) -> bool {
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => essence.split('/').next() == Some(kind),
        None => false,
    }
}

/// Every byte of a body.
///
/// # Errors
/// [`Fault::TooLarge`] over `limit` bytes, [`Fault::Malformed`] where the connection breaks.
pub(super) async fn read(headers: &HeaderMap, mut body: Body, limit: usize) -> Outcome<Bytes> {
    let too_large =
        || Refused::at(Fault::TooLarge, Part::Body, "", format!("is longer than {limit} bytes"));
    let stated = headers.get(CONTENT_LENGTH).and_then(|field| field.to_str().ok());
    if stated.and_then(|text| text.parse::<usize>().ok()).is_some_and(|stated| stated > limit) {
        return Err(too_large());
    }
    // Most come in one piece, which then is not copied.
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let broken =
            |error| Refused::at(Fault::Malformed, Part::Body, "", format!("broke off: {error}"));
        let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
        let before = first.len().max(all.len());
        if before.saturating_add(data.len()) > limit {
            return Err(too_large());
        }
        if before == 0 {
            first = data;
            continue;
        }
        if all.is_empty() {
            all.extend_from_slice(&first);
        }
        all.extend_from_slice(&data);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    async fn collected(pieces: &'static [&'static str], limit: usize) -> Outcome<Bytes> {
        let pieces = pieces.iter().map(|piece| Ok::<_, std::io::Error>(Bytes::from(*piece)));
        read(&HeaderMap::new(), Body::from_stream(futures_util::stream::iter(pieces)), limit).await
    }

    #[tokio::test]
    async fn a_body_in_pieces_is_put_together() {
        for pieces in [&[][..], &["ab"], &["", "ab"], &["a", "", "b", "c"]] {
            let whole = pieces.concat();
            assert_eq!(collected(pieces, 3).await.unwrap(), whole.as_bytes(), "{pieces:?}");
        }
        for pieces in [&["abcd"][..], &["ab", "cd"], &["a", "b", "cd"]] {
            let refused = collected(pieces, 3).await.unwrap_err();
            assert_eq!(refused.fault(), Fault::TooLarge, "{pieces:?}");
        }
    }

    #[test]
    fn the_closest_media_type_is_chosen() {
        let media_types = &["text/*", "application/json", "text/plain"];
        let kinds = BodyKinds { required: true, media_types };
        let choose = |text| {
            let mut headers = HeaderMap::new();
            headers.append(CONTENT_TYPE, HeaderValue::from_static(text));
            kinds.choose(&headers).map_err(|refused| refused.fault())
        };
        assert_eq!(choose("Application/JSON; charset=utf-8"), Ok(1));
        assert_eq!(choose("text/plain"), Ok(2));
        assert_eq!(choose("text/html"), Ok(0));
        assert_eq!(choose("image/png"), Err(Fault::WrongMediaType));
        assert_eq!(kinds.choose(&HeaderMap::new()), Ok(0));
        assert!(within("*/*", "image/png"));
    }
}
