//! Documents in YAML: read into the same values as JSON, so that models need not know the difference.

use serde::Serialize;
use serde_json::Value;

/// The value of a document. Aliases, depth and size are bounded by the reader's own budget.
///
/// # Errors
/// Why it is no YAML document, or holds what JSON cannot.
pub(super) fn read(bytes: &[u8]) -> Result<Value, String> {
    let text = str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    serde_saphyr::from_str(text).map_err(|error| {
        let line = error.to_string();
        format!("is not a YAML document: {}", line.lines().next().unwrap_or_default())
    })
}

/// The document of a value.
///
/// # Errors
/// What cannot be written.
pub(super) fn write(value: &impl Serialize) -> Result<String, String> {
    let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
    serde_saphyr::to_string(&value).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_are_values() {
        let text = "name: web\nlabels: { app: \"1\" }\nports:\n- 80\n- 0x10\nempty:\non: true\n";
        let value = json!({ "name": "web", "labels": { "app": "1" }, "ports": [80, 16], "empty": null, "on": true });
        assert_eq!(read(text.as_bytes()), Ok(value.clone()));
        assert_eq!(read(write(&value).unwrap().as_bytes()), Ok(value));
        assert_eq!(read(b"{\"a\": [1, \"2\"]}"), Ok(json!({ "a": [1, "2"] })));
    }

    #[test]
    fn what_is_no_document_is_told() {
        for broken in [&b"a: ["[..], b"a: b: c", b"\xff", b"? [a]\n: 1\n"] {
            assert!(read(broken).is_err(), "{broken:?}");
        }
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned()
            + &(b'b'..=b'z')
                .map(|c| (char::from(c), char::from(c - 1)))
                .map(|(own, before)| {
                    format!("{own}: &{own} [{}]\n", vec![format!("*{before}"); 9].join(","))
                })
                .collect::<String>();
        assert!(read(bomb.as_bytes()).is_err());
    }
}
