//! Reads the body of a request, and refuses what its media type and schema do.

use bytes::Bytes;
use generator::contract::{Content, Fault, MediaType, Operation};
use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::Refusal;
use super::made::Made;

/// The JSON document that a request carries; none where it carries none, or something else.
pub(super) fn read(
    made: &Made,
    operation: &Operation,
    request: &http::Request<Bytes>,
) -> Result<Option<Value>, Refusal> {
    let Some(body) = &operation.body else { return Ok(None) };
    let bytes = request.body();
    if bytes.is_empty() {
        return if body.required { Err(Fault::Invalid.into()) } else { Ok(None) };
    }
    let stated = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let Some(content) = matching(&body.content, stated) else {
        return Err(Fault::WrongMediaType.into());
    };
    if !content.media_type.is_json() {
        return Ok(None);
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|_| Fault::Malformed)?;
    match content.schema {
        Some(_) if !made.is_valid_at(&content.place.under("schema"), &value) => {
            Err(Fault::Invalid.into())
        }
        _ => Ok(Some(value)),
    }
}

/// The documented media type of a body; the first one for a body that states none.
fn matching<'c>(documented: &'c [Content], stated: Option<&str>) -> Option<&'c Content> {
    let Some(stated) = stated else { return documented.first() };
    let stated = MediaType(stated.to_owned()).essence();
    documented.iter().find(|content| {
        let known = content.media_type.essence();
        let range = known.strip_suffix('*').filter(|range| range.ends_with('/'));
        known == stated || known == "*/*" || range.is_some_and(|range| stated.starts_with(range))
    })
}
