//! Which of several media types a request would have (RFC 9110 §12.5.1).

use http::HeaderMap;
use http::header::ACCEPT;

use super::fault::{Fault, Outcome, Part, Refused};

/// The place, in `media_types`, of the one that the request would rather have; the first where it does not say.
///
/// # Errors
/// [`Fault::NotAcceptable`] where it would have none of them.
pub(super) fn choose(headers: &HeaderMap, media_types: &[&str]) -> Outcome<usize> {
    let fields = headers.get_all(ACCEPT).into_iter();
    let texts = fields.map(|field| String::from_utf8_lossy(field.as_bytes()).to_ascii_lowercase());
    let texts: Vec<String> = texts.collect();
    let ranges: Vec<(&str, f32)> =
        texts.iter().flat_map(|text| text.split(',')).filter_map(range).collect();
    if ranges.is_empty() || media_types.is_empty() {
        return Ok(0);
    }
    let mut best: Option<(usize, f32)> = None;
    for (place, media_type) in media_types.iter().enumerate() {
        let quality = quality(&ranges, media_type);
        if quality > best.map_or(0.0, |(_, quality)| quality) {
            best = Some((place, quality));
        }
    }
    best.map(|(place, _)| place).ok_or_else(|| {
        let message = format!("accepts none of {}", media_types.join(", "));
        Refused::at(Fault::NotAcceptable, Part::Header, ACCEPT.as_str(), message)
    })
}

/// A range without its parameters, and its weight.
fn range(item: &str) -> Option<(&str, f32)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q="));
    let weight = weight.and_then(|text| text.parse::<f32>().ok()).unwrap_or(1.0);
    Some((range, weight.clamp(0.0, 1.0)))
}

/// The weight of the closest range that holds the media type. An answer that may be anything fits every range.
fn quality(ranges: &[(&str, f32)], media_type: &str) -> f32 {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let (kind, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    let closeness = |range: &str| match range.split_once('/') {
        _ if range == essence => Some(3),
        Some((own, "*")) if own == kind => Some(2),
        Some(("*", "*")) => Some(1),
        Some((own, _)) if subtype == "*" && (kind == "*" || own == kind) => Some(0),
        _ => None,
    };
    let found = ranges.iter().filter_map(|(range, weight)| Some((closeness(range)?, *weight)));
    found
        .max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)))
        .map_or(0.0, |it| it.1)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn chosen(accept: &'static str) -> Option<usize> {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, HeaderValue::from_static(accept));
        choose(&headers, &["application/json", "text/plain"]).ok()
    }

    #[test]
    fn the_closest_range_weighs() {
        assert_eq!(chosen("*/*"), Some(0));
        assert_eq!(chosen("text/*"), Some(1));
        assert_eq!(chosen("application/json;q=0.1, text/plain;q=0.2"), Some(1));
        assert_eq!(chosen("*/*, application/json;q=0"), Some(1));
        assert_eq!(chosen("application/json;as=Table;v=v1, Application/JSON"), Some(0));
        assert_eq!(chosen(""), Some(0));
        assert_eq!(chosen("image/png, application/*;q=0"), None);
        assert_eq!(choose(&HeaderMap::new(), &["a/b"]).ok(), Some(0));
    }

    #[test]
    fn an_answer_that_may_be_anything_fits() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, HeaderValue::from_static("image/png"));
        assert_eq!(choose(&headers, &["*/*"]).ok(), Some(0));
        assert_eq!(
            choose(&headers, &["text/*"]).err().map(|it| it.fault()),
            Some(Fault::NotAcceptable)
        );
    }
}
