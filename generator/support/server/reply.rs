//! Writing answers. What an answer may be, the emitted enums say.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

use super::fault::{Fault, Outcome, Refused};

/// Room for a document, in bytes, before more is asked for: most answers fit.
const USUAL: usize = 1024;

/// An answer that is being written.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
}

impl Reply {
    /// An answer of that status.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: HeaderMap::new() }
    }

    /// Adds a header field; lists and objects are written in the style `simple`.
    ///
    /// # Errors
    /// [`Fault::Failed`] when a header field cannot hold the value.
    pub fn header(
        mut self,
        name: &'static str,
        value: &impl Serialize,
        explode: bool,
    ) -> Outcome<Self> {
        let value = serde_json::to_value(value).map_err(|error| failed(name, &error))?;
        let value = HeaderValue::from_bytes(simple(&value, explode).as_bytes());
        let value = value.map_err(|error| failed(name, &error))?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| failed(name, &error))?;
        self.headers.append(name, value);
        Ok(self)
    }

    /// Adds a header field if there is a value for it.
    ///
    /// # Errors
    /// [`Fault::Failed`] when a header field cannot hold the value.
    pub fn optional_header(
        self,
        name: &'static str,
        value: Option<&impl Serialize>,
        explode: bool,
    ) -> Outcome<Self> {
        match value {
            Some(value) => self.header(name, value, explode),
            None => Ok(self),
        }
    }

    /// Ends without a body.
    ///
    /// # Errors
    /// None; the type is that of its siblings.
    pub fn empty(self) -> Outcome<Response> {
        Ok(self.with(Body::empty()))
    }

    /// Ends with a JSON document.
    ///
    /// # Errors
    /// [`Fault::Failed`] when the value cannot be written as JSON.
    pub fn json(self, media_type: &'static str, value: &impl Serialize) -> Outcome<Response> {
        let mut bytes = Vec::with_capacity(USUAL);
        serde_json::to_writer(&mut bytes, value).map_err(|error| failed("body", &error))?;
        Ok(self.content(media_type).with(Body::from(bytes)))
    }

    /// Ends with a YAML document.
    ///
    /// # Errors
    /// [`Fault::Failed`] when the value cannot be written as YAML.
    #[cfg(feature = "yaml")]
    pub fn yaml(self, media_type: &'static str, value: &impl Serialize) -> Outcome<Response> {
        let text = super::yaml::write(value).map_err(|error| {
            Refused::new(Fault::Failed, format!("body of the answer cannot be written: {error}"))
        })?;
        Ok(self.content(media_type).with(Body::from(text)))
    }

    /// Ends with a text.
    ///
    /// # Errors
    /// [`Fault::Failed`] when the value has no text.
    pub fn text(self, media_type: &'static str, value: &impl Serialize) -> Outcome<Response> {
        let value = serde_json::to_value(value).map_err(|error| failed("body", &error))?;
        Ok(self.content(media_type).with(Body::from(plain(&value))))
    }

    /// Ends with a form (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    /// [`Fault::Failed`] when the value cannot be written as a form.
    pub fn form(self, media_type: &'static str, value: &impl Serialize) -> Outcome<Response> {
        let value = serde_json::to_value(value).map_err(|error| failed("body", &error))?;
        let pairs = value.as_object().into_iter().flatten().flat_map(|(name, value)| match value {
            Value::Array(items) => items.iter().map(|item| (name, item)).collect(),
            single => vec![(name, single)],
        });
        let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs =
            pairs.map(|(name, value)| format!("{}={}", escape(name), escape(&plain(value))));
        let text = pairs.collect::<Vec<_>>().join("&");
        Ok(self.content(media_type).with(Body::from(text)))
    }

    /// Ends with bytes.
    ///
    /// # Errors
    /// None; the type is that of its siblings.
    pub fn bytes(self, media_type: &'static str, bytes: Bytes) -> Outcome<Response> {
        Ok(self.content(media_type).with(Body::from(bytes)))
    }

    /// Names the media type of the body.
    #[must_use]
    pub(super) fn content(mut self, media_type: &'static str) -> Self {
        let value = HeaderValue::from_maybe_shared(Bytes::from_static(media_type.as_bytes()));
        if let Ok(value) = value {
            self.headers.insert(CONTENT_TYPE, value);
        }
        self
    }

    pub(super) fn with(self, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

fn failed(place: &str, error: &dyn std::error::Error) -> Refused {
    Refused::new(Fault::Failed, format!("{place} of the answer cannot be written: {error}"))
}

/// A value in the style `simple` (OpenAPI 3.0.3, style values).
fn simple(value: &Value, explode: bool) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let between = if explode { "=" } else { "," };
            let pair = |(name, value): (&String, _)| format!("{name}{between}{}", plain(value));
            members.iter().map(pair).collect::<Vec<_>>().join(",")
        }
        _ => plain(value),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn headers_are_written_in_simple_style() {
        let cases = [
            (json!("a b"), false, "a b"),
            (json!(7), false, "7"),
            (json!(["a", 1]), false, "a,1"),
            (json!({ "r": 1, "g": "x" }), false, "g,x,r,1"),
            (json!({ "r": 1, "g": "x" }), true, "g=x,r=1"),
        ];
        for (value, explode, expected) in cases {
            let reply = Reply::new(200).header("X-A", &value, explode).unwrap();
            let mut found =
                simple(&value, explode).split(',').map(str::to_owned).collect::<Vec<_>>();
            let mut expected = expected.split(',').map(str::to_owned).collect::<Vec<_>>();
            found.sort();
            expected.sort();
            assert_eq!(found, expected);
            assert!(reply.headers.contains_key("x-a"));
        }
    }

    #[test]
    fn what_no_header_can_hold_is_a_failure() {
        let refused = Reply::new(200).header("X-A", &"a\r\nb", false).unwrap_err();
        assert_eq!(refused.fault(), Fault::Failed);
    }
}
