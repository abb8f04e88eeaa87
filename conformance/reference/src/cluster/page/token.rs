//! The token of a page: a version and a key, as JSON in base64url without padding.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::cluster::{object, store::Version};

/// What the form of the token is called.
const FORM: &str = "meta.k8s.io/v1";

/// Where a walk goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Which version it shows; nothing means the newest.
    pub(super) version: Option<Version>,
    /// The least key that may come, relative to the scope.
    pub(super) start: String,
}

impl Token {
    pub(super) fn encode(&self) -> String {
        let version = match self.version {
            Some(version) => json!(version.get()),
            None => json!(-1),
        };
        let token = json!({ "v": FORM, "rv": version, "start": self.start });
        URL_SAFE_NO_PAD.encode(token.to_string())
    }

    /// Reads a token; what is wrong with it is said.
    pub(super) fn decode(text: &str) -> Result<Self, String> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|error| error.to_string())?;
        let token: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        let form = object::text(&token, "/v");
        if form != FORM {
            return Err(format!("server does not recognize this encoded version {form}"));
        }
        let start = object::text(&token, "/start");
        let start = start.strip_prefix('/').unwrap_or(start);
        if start.is_empty() {
            return Err(format!("encoded start key empty (version {FORM})"));
        }
        if start.split('/').any(|part| ["", ".", ".."].contains(&part)) {
            return Err(start.to_owned());
        }
        let version = match token.get("rv").and_then(Value::as_i64) {
            Some(-1) => None,
            Some(number) if number > 0 => u64::try_from(number).ok().map(Version::new),
            _ => return Err(format!("incorrect encoded start resourceVersion (version {FORM})")),
        };
        Ok(Self { version, start: start.to_owned() })
    }
}
